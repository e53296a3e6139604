package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"log/slog"
	"strconv"
	"strings"

	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/pressly/goose/v3"
)

//go:embed migrations
var migrations embed.FS

// migrate brings the schema up to date with the files of one directory below migrations.
func migrate(ctx context.Context, db *sql.DB, d goose.Dialect, directory string, translate func(string) query, log *slog.Logger,
	more ...goose.ProviderOption,
) error {
	files, err := fs.Sub(migrations, "migrations/"+directory)
	if err != nil {
		return fmt.Errorf("migrations of %s: %w", directory, err)
	}
	filling := goose.NewGoMigration(13, &goose.GoFunc{RunTx: func(ctx context.Context, tx *sql.Tx) error {
		return fillShown(ctx, session{runner: tx, queries: &queries{translate: translate}})
	}}, nil)
	options := append([]goose.ProviderOption{
		goose.WithDisableGlobalRegistry(true), goose.WithSlog(log), goose.WithGoMigrations(filling),
	}, more...)
	provider, err := goose.NewProvider(d, db, files, options...)
	if err != nil {
		return fmt.Errorf("migrations of %s: %w", directory, err)
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

// fillShown turns what prompts showed from one string into columns.
func fillShown(ctx context.Context, tx session) error {
	type old struct {
		id    int64
		shown string
	}
	scan := func(from scanner) (o old, err error) {
		err = from.Scan(&o.id, &o.shown)
		return o, err
	}
	prompts, err := all(ctx, tx, scan, `SELECT id, shown FROM prompts WHERE shown <> '' AND state <> 'closed'`)
	if err != nil {
		return err
	}
	const update = `UPDATE prompts SET reader = ?, reader_host = ?, (` + shownColumns + `) = (` + shownValues + `) WHERE id = ?`
	for _, prompt := range prompts {
		reader, shown, ok := parseShown(prompt.shown)
		if !ok {
			continue // it is edited once more
		}
		args := append([]any{reader.ID, number(reader.Host)}, valuesOf(shown)...)
		if _, err := tx.exec(ctx, update, append(args, prompt.id)...); err != nil {
			return err
		}
	}
	return nil
}

// parseShown reads what a prompt showed as version 11 wrote it, without the words that were empty: "to" or "host", who
// reads it, its kind, stage and end, "by", who, the answer, the extension's state, "lapsed", "unsure".
func parseShown(text string) (reader scheduler.Reader, shown scheduler.Shown, ok bool) {
	words := strings.Fields(text)
	if len(words) < 6 || words[5] != "by" {
		return reader, shown, false
	}
	end, err := strconv.ParseInt(words[4], 10, 64)
	reader = scheduler.Reader{ID: words[1], Host: words[0] == "host"}
	shown = scheduler.Shown{Stage: scheduler.Stage(words[3]), End: end}
	for _, word := range words[6:] {
		switch word {
		case "keep", "end", "stop":
			shown.Answer = scheduler.Answer(word)
		case "lapsed":
			shown.Lapsed = true
		case "unsure":
			shown.Unsure = true
		case "sent", "unknown", "confirmed", "accepted", "refused", "void", "unclear":
			shown.State = extension.State(word)
		default:
			shown.Who = word
		}
	}
	return reader, shown, err == nil
}
