package store_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/overtime-bot/overtime/scheduler/store"
)

// openerPath is set in the environment of a process that only opens a database.
const openerPath = "OVERTIME_TEST_OPENER"

// opener prints why it could not, and whether Inspect found out before.
func opener(path string) {
	found, fault := store.Inspect(context.Background(), store.Config{URL: path})
	foreseen := fault != nil || found.Free >= 0 && found.Free < 4096
	s, err := store.Open(context.Background(), store.Config{URL: path})
	if err == nil {
		err = claimKey(context.Background(), s, fmt.Sprint("opened by ", os.Getpid()))
	}
	if err == nil {
		err = s.Close(context.Background())
	}
	if err != nil {
		fmt.Println(err)
	}
	if foreseen != (err != nil) {
		fmt.Println("Inspect found otherwise:", fault, found)
	}
}

// openAs opens a database in another process of this binary: root may do everything, so that it becomes nobody.
func openAs(t *testing.T, binary, path string, more ...string) string {
	t.Helper()
	process := exec.Command(binary)
	if os.Getuid() == 0 {
		process.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	}
	process.Dir = "/"
	process.Env = append(os.Environ(), append(more, openerPath+"="+path)...)
	output, err := process.CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, output)
	}
	return string(output)
}

const nobody = 65534

// folderForAll is a folder that everybody may enter.
func folderForAll(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("/tmp", "overtime-words-")
	succeeds(t, err)
	succeeds(t, os.Chmod(folder, 0o755))
	t.Cleanup(func() {
		succeeds(t, os.Chmod(folder, 0o755))
		succeeds(t, os.RemoveAll(folder))
	})
	return folder
}

// binaryForAll is this binary where everybody may run it.
func binaryForAll(t *testing.T) string {
	t.Helper()
	binary, err := os.Executable()
	succeeds(t, err)
	from, err := os.Open(binary)
	succeeds(t, err)
	defer from.Close()
	to, err := os.OpenFile(filepath.Join(folderForAll(t), "opener"), os.O_CREATE|os.O_WRONLY, 0o755)
	succeeds(t, err)
	_, err = io.Copy(to, from)
	succeeds(t, err)
	succeeds(t, to.Close())
	return to.Name()
}

// Whatever keeps the database from being opened, the one line says where it is, whose it is, and what to do.
func TestErrorsOfTheFileNameTheRemedy(t *testing.T) {
	user := os.Getuid()
	give := func(t *testing.T, path string, mode os.FileMode) { succeeds(t, os.Chmod(path, mode)) }
	own := func(t *testing.T, paths ...string) { // makes the other process the owner
		for _, path := range paths {
			if user == 0 {
				succeeds(t, os.Chown(path, nobody, nobody))
			}
		}
	}
	write := func(t *testing.T, path, content string) { succeeds(t, os.WriteFile(path, []byte(content), 0o600)) }
	cases := map[string]struct {
		make   func(t *testing.T, folder, path string)
		wanted []string
	}{
		"all is right": {func(t *testing.T, folder, _ string) { own(t, folder) }, nil},
		"a folder of somebody else": {
			func(t *testing.T, folder, _ string) { give(t, folder, 0o555) },
			[]string{"FOLDER belongs to user", "mode dr-xr-xr-x", "this process, user", "ch"},
		},
		"a file of somebody else": {func(t *testing.T, folder, path string) {
			own(t, folder)
			write(t, path, "")
			give(t, path, 0o400)
		}, []string{"PATH belongs to user", "mode -r--------", "this process, user", "ch"}},
		"a log of somebody else": {func(t *testing.T, folder, path string) {
			own(t, folder)
			write(t, path, "")
			write(t, path+"-wal", "")
			own(t, path)
			give(t, path+"-wal", 0)
		}, []string{"PATH-wal belongs to user", "mode ----------", "ch"}},
		"a file of mine in a folder of somebody else": {func(t *testing.T, folder, path string) {
			write(t, path, "")
			own(t, path)
			give(t, folder, 0o555)
		}, []string{"FOLDER belongs to user", "mode dr-xr-xr-x", "ch"}},
		"no folder": {
			func(t *testing.T, folder, _ string) { succeeds(t, os.Remove(folder)) },
			[]string{"the folder FOLDER is missing", "make it"},
		},
		"a file for a folder": {func(t *testing.T, folder, _ string) {
			succeeds(t, os.Remove(folder))
			write(t, folder, "")
		}, []string{"FOLDER is not a folder"}},
		"a folder for a file": {func(t *testing.T, folder, path string) {
			succeeds(t, os.Mkdir(path, 0o700))
			own(t, folder, path)
		}, []string{"it is a folder", "DATABASE_URL"}},
		"a link to nothing": {func(t *testing.T, folder, path string) {
			own(t, folder)
			succeeds(t, os.Symlink(path+".gone", path))
		}, []string{"a link to a file that is not there"}},
		"another kind of file": {func(t *testing.T, folder, path string) {
			write(t, path, strings.Repeat("This is no database. ", 100))
			own(t, folder, path)
		}, []string{"not a database", "move it away"}},
		"a damaged file": {func(t *testing.T, folder, path string) {
			write(t, path, "SQLite format 3\x00\x10\x00\x02\x02\x00\x40\x20\x20"+strings.Repeat("\xff", 9000))
			own(t, folder, path)
		}, []string{"restore a backup"}},
		"a log without its file": {func(t *testing.T, folder, path string) {
			write(t, path+"-wal", "frames")
			own(t, folder, path+"-wal")
		}, []string{"PATH is missing", "put the file back", "move the other away"}},
		"a volume for reading": {
			func(t *testing.T, folder, _ string) { mounts(t, folder, syscall.MS_RDONLY, "") },
			[]string{"FOLDER is on a volume that is mounted read-only"},
		},
		"a full disk": {func(t *testing.T, folder, path string) {
			mounts(t, folder, 0, "size=64k,mode=777")
			succeeds(t, os.WriteFile(filepath.Join(folder, "filler"), make([]byte, 64<<10), 0o600))
		}, []string{"the disk is full", "make room"}},
	}
	binary := binaryForAll(t)
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			folder := filepath.Join(folderForAll(t), "data")
			succeeds(t, os.Mkdir(folder, 0o755))
			path := filepath.Join(folder, "overtime.db")
			c.make(t, folder, path)
			said := openAs(t, binary, path)
			_ = os.Chmod(folder, 0o755) // for the end of the test
			if c.wanted == nil && said != "" {
				t.Error(said)
			}
			if c.wanted != nil {
				c.wanted = append(c.wanted, "open database: ", "PATH")
			}
			if strings.Contains(said, "Inspect found otherwise") {
				t.Error(said)
			}
			for _, wanted := range c.wanted {
				wanted = strings.NewReplacer("PATH", path, "FOLDER", folder).Replace(wanted)
				if !strings.Contains(said, wanted) {
					t.Errorf("it does not say %q: %s", wanted, said)
				}
			}
		})
	}
}

// mounts makes a file system in memory, which only root may.
func mounts(t *testing.T, folder string, flags uintptr, options string) {
	t.Helper()
	if err := syscall.Mount("tmpfs", folder, "tmpfs", flags, options); err != nil {
		t.Skipf("needs to mount a file system: %v", err)
	}
	t.Cleanup(func() { succeeds(t, syscall.Unmount(folder, syscall.MNT_DETACH)) })
}
