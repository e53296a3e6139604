//go:build unix

package store

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// What access(2) asks for.
const (
	mayReadWrite = 6
	mayEnter     = 1
)

// remedyOfRights tells what keeps this process from writing to a file or folder; "" if nothing does, or it is not there.
func remedyOfRights(path string) string {
	info, err := os.Stat(path)
	if err != nil {
		return ""
	}
	need := uint32(mayReadWrite)
	if info.IsDir() {
		need |= mayEnter
	}
	err = syscall.Access(path, need)
	owner, known := info.Sys().(*syscall.Stat_t)
	switch {
	case errors.Is(err, syscall.EROFS):
		return path + " is on a volume that is mounted read-only; mount it for writing"
	case errors.Is(err, syscall.EACCES) && known:
		remedy := fmt.Sprintf("chown %d %s", os.Geteuid(), path)
		if int(owner.Uid) == os.Geteuid() {
			remedy = "chmod u+rwX " + path
		}
		return fmt.Sprintf("%s belongs to user %d and group %d with mode %v, and this process, user %d, may not write there; %s",
			path, owner.Uid, owner.Gid, info.Mode(), os.Geteuid(), remedy)
	}
	return ""
}
