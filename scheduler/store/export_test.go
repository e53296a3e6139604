package store

import (
	"context"
	"testing"
	"time"
)

// SetPatience makes a test with a server that never answers short.
func SetPatience(s *Store, patience time.Duration) {
	s.database.(*probed).database.(*postgresDatabase).patience = patience
}

// Setting is a parameter of the server as a connection has it.
func Setting(t *testing.T, s *Store, name string) string {
	t.Helper()
	value, err := readOne(t.Context(), s.database, "read a setting", nil, scanValue[string], "SELECT current_setting(?)", name)
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// SettingIn is a parameter of the server as a transaction has it.
func SettingIn(t *testing.T, s *Store, name string) string {
	t.Helper()
	value, err := write(t.Context(), s.database, several, "read a setting", func(ctx context.Context, tx session) (string, error) {
		return one(ctx, tx, nil, scanValue[string], "SELECT current_setting(?)", name)
	})
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// Disconnect breaks a transaction: the next one opens the SQLite file again.
func Disconnect(t *testing.T, s *Store) {
	t.Helper()
	if _, err := exec(t.Context(), s.database, "break", "ROLLBACK"); err == nil {
		t.Error("the transaction is whole")
	}
}
