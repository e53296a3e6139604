package store

import (
	"context"
	"testing"
	"time"
)

// Old rows, one every ten seconds, and the youngest of an age in milliseconds: nothing is to be done about them but to
// prune them. SQLite's clock is the true one.
const (
	numbers        = `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT ?) `
	fillExtensions = numbers + `INSERT INTO extensions (key, attempt, envelope, run, meeting_id, origin, team, person,
		minutes, platform, state, created_at, updated_at, settle_at, counted)
		SELECT lower(hex(randomblob(18))), 1, 'press ' || i, (914083136 + i % 1000) || '@' || i, 914083136 + i % 1000,
		'button', 'T012345', 'U' || i % 2000, 30, 0, 'confirmed', @now - ? - 10000 * i, @now, 0, 30 FROM n`
	fillEnvelopes = numbers + `INSERT INTO envelopes (id, type, owner, stored_at, claimed_until, answered_at)
		SELECT lower(hex(randomblob(18))), 'interactive', 'one', @now - ? - 10000 * i, 1, 1 FROM n`
	fillActions = numbers + `INSERT INTO actions (id, verb, run, meeting_id, minutes, command, offered_end, created_at,
		expires_at) SELECT lower(hex(randomblob(16))), 'extend', 'run ' || i, '914083136', 15, '', 0, 1, @now - ? - i FROM n`
	fillPrompts = numbers + `INSERT INTO prompts (kind, run, meeting_id, end_at, rule_of, state, created_at)
		SELECT 'ask', 'run ' || i, '914083136', 1, '914083136', 'posted', @now - ? - 10000 * i FROM n`
)

// Fill stores so many old rows of each kind. Their keys are random: a cache that has room for all takes a fraction of
// the time.
func Fill(t testing.TB, s *Store, rows int, age time.Duration) {
	t.Helper()
	execute(t, s, "PRAGMA cache_size(-1000000)")
	defer execute(t, s, "PRAGMA cache_size(-2000)")
	for _, text := range []string{fillExtensions, fillEnvelopes, fillActions, fillPrompts} {
		execute(t, s, text, rows, age.Milliseconds())
	}
}

func execute(t testing.TB, s *Store, text string, args ...any) {
	t.Helper()
	if err := s.database.write(t.Context(), several, func(ctx context.Context, tx session) error {
		_, err := tx.exec(ctx, text, args...)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}
