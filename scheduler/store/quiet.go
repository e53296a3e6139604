package store

import (
	"context"
	"errors"

	"github.com/overtime-bot/overtime/scheduler/extension"
)

const (
	insertQuiet = `INSERT INTO quiet (team, person) VALUES (?, ?) ON CONFLICT (team, person) DO NOTHING`
	deleteQuiet = `DELETE FROM quiet WHERE team = ? AND person = ?`
	selectQuiet = `SELECT count(*) FROM quiet WHERE team = ? AND person = ?`
)

// SetQuiet stores whether a host wants to be asked no more, and tells whether they did before.
func (s *Store) SetQuiet(ctx context.Context, person extension.Actor, quiet bool) (before bool, err error) {
	if person.User == "" {
		return false, errors.New("set quiet: a person without a user ID")
	}
	text := deleteQuiet
	if quiet {
		text = insertQuiet
	}
	return writeOne(ctx, s, "set quiet", func(ctx context.Context, tx session) (bool, error) {
		rows, err := tx.exec(ctx, text, person.Team, person.User)
		changed := rows > 0
		return quiet != changed, err
	})
}

// Quiet tells whether a host wants to be asked no more.
func (s *Store) Quiet(ctx context.Context, person extension.Actor) (bool, error) {
	var quiet bool
	err := s.database.read().row(ctx, selectQuiet, person.Team, person.User).Scan(&quiet)
	return quiet, doing("read whether a person is quiet", err)
}
