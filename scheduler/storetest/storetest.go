package storetest

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// Database is an empty database of one test.
type Database interface {
	// Open opens one more Store on the database; it is closed when the test ends, at the latest.
	Open(t *testing.T) *store.Store
	// Advance lets time go by on the database's clock.
	Advance(t *testing.T, by time.Duration)
	// URL is what DATABASE_URL says of it.
	URL() string
}

// part is one part of a contract.
type part struct {
	name string
	run  func(*testing.T, Database)
}

// Run runs the contracts, each part of them on a fresh database.
func Run(t *testing.T, fresh func(t *testing.T) Database) {
	for _, contract := range []struct {
		of    string
		parts []part
	}{
		{"ledger", ledgerContract},
		{"history", historyContract},
		{"record", recordContract},
		{"automation", automationContract},
		{"prompts", promptsContract},
		{"approvals", approvalsContract},
		{"inbox", inboxContract},
		{"database", databaseContract},
	} {
		t.Run(contract.of, func(t *testing.T) {
			for _, p := range contract.parts {
				t.Run(p.name, func(t *testing.T) { p.run(t, fresh(t)) })
			}
		})
	}
}

func succeed(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func equal(t *testing.T, what string, got, want any) {
	t.Helper()
	if difference := cmp.Diff(want, got); difference != "" {
		t.Errorf("%s (-want +got):\n%s", what, difference)
	}
}

func failsWith(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Fatalf("error is %v, want %v", err, want)
	}
}
