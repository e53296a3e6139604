package store

import (
	"context"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler"
)

// SetPatience makes a test with a server that never answers short.
func SetPatience(s *Store, patience time.Duration) {
	s.database.(*postgresDatabase).patience = patience
}

// Setting is a parameter of the server as a connection has it.
func Setting(t *testing.T, s *Store, name string) (value string) {
	t.Helper()
	if err := s.database.read().row(t.Context(), "SELECT current_setting(?)", name).Scan(&value); err != nil {
		t.Fatal(err)
	}
	return value
}

// claim claims, and waits until that is written down.
func claim(ctx context.Context, s *Store, e scheduler.Extension, limits scheduler.Limits, settleIn time.Duration) (scheduler.Extension, error) {
	claimed, written, err := s.Claim(ctx, e, limits, settleIn)
	if err != nil {
		return claimed, err
	}
	return claimed, written()
}

// storeEnvelope stores an envelope, and waits until that is written down.
func storeEnvelope(ctx context.Context, s *Store, e Envelope, owner string, claimFor time.Duration) (fresh bool, err error) {
	fresh, written, err := s.StoreEnvelope(ctx, e, owner, claimFor)
	if err != nil {
		return false, err
	}
	return fresh, written()
}

// move moves, and waits until that is written down.
func move(ctx context.Context, s *Store, id int64, from, to scheduler.State, ending scheduler.Ending) (scheduler.Extension, error) {
	moved, written, err := s.Move(ctx, id, from, to, ending)
	if err != nil {
		return moved, err
	}
	return moved, written()
}
