package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Backup copies an SQLite database into a new file, which its owner alone may read. The bot may use the database
// meanwhile: the copy has all that was committed before it began. It is whole or not there.
func Backup(ctx context.Context, url, into string) (err error) {
	if IsPostgres(url) {
		return errors.New("back up the database: a Postgres server has its own tools")
	}
	if into == "" {
		return errors.New("back up the database: name a new file for the copy")
	}
	if _, err := os.Lstat(into); !errors.Is(err, fs.ErrNotExist) {
		return backupFails(into, errOr(err, fs.ErrExist))
	}
	on, err := openToRead(ctx, url)
	if err != nil {
		return doing("back up the database", err)
	}
	defer func() { err = errors.Join(err, on.close(ctx)) }()
	return copyInto(ctx, on, into)
}

// copyInto copies beside the wanted file first, and gives the copy its name once it is on disk.
func copyInto(ctx context.Context, on *onlyRead, into string) error {
	part, err := os.CreateTemp(filepath.Dir(into), filepath.Base(into)+".*.part") // with mode 0600
	if err != nil {
		return backupFails(into, err)
	}
	defer os.Remove(part.Name())
	defer part.Close()
	reading, err := on.read()
	if err == nil {
		_, err = reading.runner.ExecContext(ctx, "VACUUM INTO ?", part.Name())
	}
	if err == nil {
		err = part.Sync()
	}
	if err == nil {
		err = os.Link(part.Name(), into) // which never overwrites
	}
	if err != nil && !errors.Is(err, fs.ErrExist) && isThere(part.Name()) && errors.As(err, new(*os.LinkError)) {
		err = os.Rename(part.Name(), into) // a file system without links
	}
	if err != nil {
		return backupFails(into, err)
	}
	return backupFails(into, syncFolder(filepath.Dir(into)))
}

func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

func backupFails(into string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrExist):
		return fmt.Errorf("%s is there already: name a new file, or move it away", into)
	}
	if named, ok := errors.AsType[*fs.PathError](err); ok {
		err = named.Err
	}
	return fmt.Errorf("back up the database into %s: %w", into, err)
}

func errOr(err, otherwise error) error {
	if err == nil {
		return otherwise
	}
	return err
}
