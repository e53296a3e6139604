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
func Setting(t *testing.T, s *Store, name string) string {
	t.Helper()
	value, err := readOne(t.Context(), s.database, "read a setting", nil, scanValue[string], "SELECT current_setting(?)", name)
	if err != nil {
		t.Fatal(err)
	}
	return value
}
