package main

import (
	"errors"
	"fmt"

	"github.com/overtime-bot/overtime/scheduler/store"
)

// backupCommand copies the database, also while the bot runs.
type backupCommand struct {
	File    string `arg:"" help:"New file for the copy. It holds what the database holds: keep it as safe."`
	EnvFile string `help:"File of NAME=value lines; config.env is read if it is there." placeholder:"FILE" name:"env-file"`
}

// Run writes the copy.
func (b backupCommand) Run(in surroundings) error {
	config, err := loadOnly(in.environ, b.EnvFile, "DATABASE_URL")
	if err != nil {
		return err
	}
	url := config.DatabaseURL.Reveal()
	if store.IsPostgres(url) {
		return errors.New(`the database is Postgres, which has its own tools: pg_dump --format=custom --file=overtime.dump "$DATABASE_URL"` +
			` (and pg_restore --clean --if-exists --dbname="$DATABASE_URL" overtime.dump puts it back)`)
	}
	if err := store.Backup(in.ctx, url, b.File); err != nil {
		return err
	}
	_, err = fmt.Fprintf(in.stdout, "The database is in %s. To go back to it, stop the bot and start it with DATABASE_URL=%s.\n", b.File, b.File)
	return err
}
