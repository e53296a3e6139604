//go:build linux || darwin

package store

import (
	"fmt"
	"io/fs"
	"os/user"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// freeBytes is what this process may still write on the disk of a folder.
func freeBytes(folder string) (int64, error) {
	var disk unix.Statfs_t
	if err := unix.Statfs(folder, &disk); err != nil {
		return 0, fmt.Errorf("read the free space of %s: %w", folder, err)
	}
	return int64(disk.Bavail) * int64(disk.Bsize), nil
}

// ownerOf is the name of a file's user, or the number of one without a name.
func ownerOf(info fs.FileInfo) string {
	owner, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return ""
	}
	number := strconv.Itoa(int(owner.Uid))
	if named, err := user.LookupId(number); err == nil {
		return named.Username
	}
	return "user " + number
}
