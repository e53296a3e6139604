package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"log/slog"

	"github.com/pressly/goose/v3"
)

//go:embed migrations
var migrations embed.FS

func errNewer(is, known int64) error {
	return fmt.Errorf("the schema has version %d, and this version of Overtime knows %d: start the newer version that made "+
		"it, or restore a backup from before", is, known)
}

// knownVersion is the latest of the files of one directory below migrations.
func knownVersion(directory string) (latest int64, err error) {
	files, err := fs.ReadDir(migrations, "migrations/"+directory)
	if err != nil {
		return 0, fmt.Errorf("migrations of %s: %w", directory, err)
	}
	for _, file := range files {
		version, err := goose.NumericComponent(file.Name())
		if err != nil {
			return 0, fmt.Errorf("migration %s: %w", file.Name(), err)
		}
		latest = max(latest, version)
	}
	return latest, nil
}

// migrate brings the schema up to date with the files of one directory below migrations.
func migrate(ctx context.Context, db *sql.DB, d goose.Dialect, directory string, log *slog.Logger,
	more ...goose.ProviderOption,
) error {
	files, err := fs.Sub(migrations, "migrations/"+directory)
	if err != nil {
		return fmt.Errorf("migrations of %s: %w", directory, err)
	}
	options := append([]goose.ProviderOption{goose.WithDisableGlobalRegistry(true), goose.WithSlog(log)}, more...)
	provider, err := goose.NewProvider(d, db, files, options...)
	if err != nil {
		return fmt.Errorf("migrations of %s: %w", directory, err)
	}
	if is, known, err := provider.GetVersions(ctx); err == nil && is > known {
		return errNewer(is, known)
	}
	done, err := provider.Up(ctx)
	if err != nil {
		return fmt.Errorf("migrate the schema: %w", err)
	}
	for _, migration := range done {
		log.InfoContext(ctx, "schema migrated", "file", migration.Source.Path, "took", migration.Duration)
	}
	return nil
}
