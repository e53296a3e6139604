package store

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// ErrReplaced is the error of every write while the file that was opened is not where it was. A write would be lost, and
// the limits with it.
var ErrReplaced = errors.New("the database was removed or replaced while it was in use; nothing is written before it is put " +
	"back, or Overtime starts again")

// besides are the endings of the files that make up a database in use: itself, the log of newest writes, and its index.
var besides = []string{"", "-wal", "-shm"}

// creating is held while a file is made: to close a file drops all locks that SQLite has on it in this process.
var creating sync.Mutex

// fullPath is the path from the root, without links where they lead somewhere.
func fullPath(name string) (string, error) {
	if name == "" || name == ":memory:" || strings.HasPrefix(name, "file:") {
		return "", fmt.Errorf("%q is not the path of a file", name)
	}
	path, err := filepath.Abs(name)
	if err != nil {
		return "", err
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	return path, nil
}

// createFile makes the file before SQLite does, which would let everybody read it. It returns the full path.
func createFile(name string) (string, error) {
	path, err := fullPath(name)
	if err != nil {
		return "", err
	}
	creating.Lock()
	defer creating.Unlock()
	if isThere(path) {
		return path, nil
	}
	if err := lostFile(path); err != nil {
		return "", err
	}
	made, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) && isThere(path) {
		return path, nil
	}
	if err != nil {
		return "", inWords(path, err)
	}
	return path, made.Close()
}

// lostFile says that the log of newest writes is there without the database.
func lostFile(path string) error {
	if isThere(path+"-wal") && !isThere(path) { // still not: another process may have made both
		return fmt.Errorf("%s is missing, and %[1]s-wal, which belongs to it, is there: put the file back, or move the "+
			"other away to begin with an empty database", path)
	}
	return nil
}

// OthersReach says that others on the machine can read or change a file of this mode. A group that may read it is somebody's
// choice.
func OthersReach(mode fs.FileMode) bool { return mode.Perm()&0o027 != 0 }

// warnOfOthers tells of a file that others reach: it names people and meetings. Overtime makes none like that.
func (u *inUse) warnOfOthers(logger *slog.Logger) {
	if mode := u.files[0].Mode(); OthersReach(mode) {
		logger.Warn(fmt.Sprintf("%s can be read by others on this machine (%v): chmod 600 %[1]s", u.path, mode.Perm()))
	}
}

func isThere(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// inUse are the files of an open database as they were when they were opened. There is at least the first.
type inUse struct {
	path  string
	files []fs.FileInfo // in the order of besides
}

func useFile(path string) (*inUse, error) {
	u := &inUse{path: path}
	return u, u.remember(besides[:1])
}

// remember notes what is there now.
func (u *inUse) remember(endings []string) error {
	for _, ending := range endings {
		info, err := os.Stat(u.path + ending)
		if err != nil {
			return err
		}
		u.files = append(u.files, info)
	}
	return nil
}

// forget is for when nothing is open: SQLite removes what is beside the file, and makes it again.
func (u *inUse) forget() { u.files = u.files[:1] }

// check compares what is there with what was opened.
func (u *inUse) check() error {
	for at, opened := range u.files {
		path := u.path + besides[at]
		switch now, err := os.Stat(path); {
		case errors.Is(err, fs.ErrNotExist):
			return fmt.Errorf("%s is gone: %w", path, ErrReplaced)
		case err != nil:
			return err
		case !os.SameFile(now, opened):
			return fmt.Errorf("%s is another file: %w", path, ErrReplaced)
		}
	}
	return nil
}

// size is 0 for what is not there.
func (u *inUse) size(ending string) int64 {
	info, err := os.Stat(u.path + ending)
	if err != nil {
		return 0
	}
	return info.Size()
}
