package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	sqlite3 "modernc.org/sqlite/lib"
)

// inWords adds to what the system or SQLite says of the file where it is and what to do about it.
func inWords(path string, err error) error {
	if err == nil || errors.Is(err, ErrReplaced) { // which says it all
		return err
	}
	if named, ok := errors.AsType[*fs.PathError](err); ok && named.Path == path {
		err = named.Err
	}
	if remedy := remedyFor(path, err); remedy != "" {
		return fmt.Errorf("%s: %w: %s", path, err, remedy)
	}
	return fmt.Errorf("%s: %w", path, err)
}

// remedyFor first goes by what the error says, and then looks at the files: SQLite has one code for most of what can be
// wrong with them.
func remedyFor(path string, err error) string {
	switch {
	case isCode(err, sqlite3.SQLITE_NOTADB), errors.Is(err, errForeign):
		return "move it away, or set DATABASE_URL to another path"
	case isCode(err, sqlite3.SQLITE_CORRUPT):
		return "it is damaged; restore a backup"
	case isCode(err, sqlite3.SQLITE_FULL) || errors.Is(err, syscall.ENOSPC):
		return "the disk is full; make room"
	case isCode(err, sqlite3.SQLITE_BUSY):
		return "another process holds it"
	}
	if remedy := remedyOfFiles(path); remedy != "" {
		return remedy
	}
	if isCode(err, sqlite3.SQLITE_IOERR) || isCode(err, sqlite3.SQLITE_PROTOCOL) {
		return "the disk fails, or the volume has no locks and no shared memory, which SQLite needs; use another volume, or Postgres"
	}
	return ""
}

func remedyOfFiles(path string) string {
	folder := filepath.Dir(path)
	switch info, err := os.Stat(folder); {
	case errors.Is(err, fs.ErrNotExist):
		return "the folder " + folder + " is missing; make it"
	case err == nil && !info.IsDir() || errors.Is(err, syscall.ENOTDIR):
		return folder + " is not a folder"
	}
	switch info, err := os.Stat(path); {
	case err == nil && info.IsDir():
		return "it is a folder; set DATABASE_URL to the path of a file in it"
	case err != nil && isLink(path):
		return "it is a link to a file that is not there"
	}
	for _, need := range []string{folder, path, path + "-wal", path + "-shm"} {
		if remedy := remedyOfRights(need); remedy != "" {
			return remedy
		}
	}
	return ""
}

func isLink(path string) bool {
	info, err := os.Lstat(path)
	return err == nil && info.Mode().Type() == fs.ModeSymlink
}
