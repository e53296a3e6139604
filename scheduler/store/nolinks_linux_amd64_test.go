package store_test

import (
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// withoutLinks is set in the environment of an opener whose volume knows no hard links.
const withoutLinks = "OVERTIME_TEST_WITHOUT_LINKS"

// refuseLinks has the system refuse all hard links of this process, as exFAT, SMB and many FUSE volumes do.
func refuseLinks() error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	const load, jump, answer = unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, unix.BPF_RET | unix.BPF_K
	program := []unix.SockFilter{
		{Code: load, K: 0}, // the number of the system call
		{Code: jump, K: unix.SYS_LINK, Jt: 2},
		{Code: jump, K: unix.SYS_LINKAT, Jt: 1},
		{Code: answer, K: unix.SECCOMP_RET_ALLOW},
		{Code: answer, K: unix.SECCOMP_RET_ERRNO | uint32(syscall.EPERM)},
	}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	filter := unix.SockFprog{Len: uint16(len(program)), Filter: &program[0]}
	_, _, failed := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, unix.SECCOMP_FILTER_FLAG_TSYNC, uintptr(unsafe.Pointer(&filter)))
	if failed != 0 {
		return failed
	}
	return nil
}

func init() {
	if os.Getenv(withoutLinks) == "" {
		return
	}
	if err := refuseLinks(); err != nil {
		panic(err)
	}
	if err := os.Link(os.Args[0], os.Args[0]+".link"); err == nil {
		panic("a link was made")
	}
}

func TestVolumeWithoutLinks(t *testing.T) {
	folder := filepath.Join(folderForAll(t), "data")
	succeeds(t, os.Mkdir(folder, 0o755))
	succeeds(t, os.Chmod(folder, 0o777))
	path := filepath.Join(folder, "overtime.db")
	binary := binaryForAll(t)
	for range 2 { // made, and opened again
		if said := openAs(t, binary, path, withoutLinks+"=1"); said != "" {
			t.Error(said)
		}
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info, err)
	}
}
