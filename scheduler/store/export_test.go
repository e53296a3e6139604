package store

import (
	"testing"
	"time"
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
