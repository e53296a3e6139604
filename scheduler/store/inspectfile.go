package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"
)

// checkWithin bounds the look for damage: a large file takes long, and its faults often show at once.
const checkWithin = 5 * time.Second

// file inspects an SQLite file.
func (i *Inspection) file(ctx context.Context, name string) (err error) {
	i.Server = "SQLite"
	if i.Known, err = knownVersion("sqlite"); err != nil {
		return err
	}
	if i.Where, err = fullPath(name); err != nil {
		return err
	}
	if i.Free, err = freeBytes(filepath.Dir(i.Where)); err != nil {
		i.Free = -1 // the folder may be missing, which is told below
	}
	if remedy := remedyOfFiles(i.Where); remedy != "" {
		return fmt.Errorf("%s: %s", i.Where, remedy)
	}
	info, err := os.Stat(i.Where)
	if err != nil {
		i.Missing = true
		return lostFile(i.Where)
	}
	i.Mode, i.Owner = info.Mode(), ownerOf(info)
	return inWords(i.Where, i.look(ctx))
}

// look reads the file as it is. Where no process has it open, it is opened as one that nobody changes, so that nothing is made
// beside it.
func (i *Inspection) look(ctx context.Context) (err error) {
	options := url.Values{"mode": {"ro"}, "_busy_timeout": {"2000"}, "_error_rc": {"true"}}
	if !isThere(i.Where + "-wal") {
		options.Set("immutable", "1")
	}
	db, err := openWith(i.Where, options, 1)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := checkOurs(ctx, db); err != nil {
		return err
	}
	if err := checkWhole(ctx, db); err != nil {
		return err
	}
	var tables int
	err = db.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_master WHERE name = 'goose_db_version'").Scan(&tables)
	if i.Missing = err == nil && tables == 0; err != nil || i.Missing {
		return err
	}
	return i.tables(ctx, db, forSQLite, time.Now())
}

// errDamaged stands for what SQLite found, which may quote what is in the file.
var errDamaged = errors.New("it is damaged; restore a backup")

func checkWhole(ctx context.Context, db *sql.DB) error {
	within, cancel := context.WithTimeout(ctx, checkWithin)
	defer cancel()
	var verdict string
	err := db.QueryRowContext(within, "PRAGMA quick_check(1)").Scan(&verdict)
	switch {
	case within.Err() != nil && ctx.Err() == nil: // so far it is whole
		return nil
	case err != nil:
		return err
	case verdict != "ok":
		return errDamaged
	}
	return nil
}
