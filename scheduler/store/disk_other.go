//go:build !linux && !darwin

package store

import (
	"errors"
	"io/fs"
)

func freeBytes(string) (int64, error) { return 0, errors.ErrUnsupported }

func ownerOf(fs.FileInfo) string { return "" }
