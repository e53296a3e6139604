package storetest

import (
	"database/sql"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/overtime-bot/overtime/scheduler/store"
)

const days = 24 * time.Hour

// pruningRules: a rule goes 400 days after it was made and its meeting was last seen, however short the history is. The
// wishes of people stay: the pause, and that a host is not to be asked.
func pruningRules(t *testing.T, db Database) {
	s := db.Open(t)
	claim(t, s, wish(1))
	kept := automate(t, s)
	var gone []string
	for number := range 105 { // more than a batch
		gone = append(gone, fmt.Sprint("gone ", number))
		putRule(t, s, ruleOf(gone[number]))
	}
	is := func(when string, want ...string) {
		t.Helper()
		succeed(t, s.Prune(t.Context(), 1))
		equal(t, when, ofRules(t, s), want)
	}
	watched := kept.Rules[0].Of
	all := slices.Sorted(slices.Values(append([]string{watched}, gone...)))
	db.Advance(t, 390*days)
	is("after 390 days", all...)
	succeed(t, s.Automation.SeeRules(t.Context(), []string{watched, "no rule"}))
	putRule(t, s, ruleOf("gone 7")) // made again
	db.Advance(t, 11*days)
	is("after 401 days", watched, "gone 7")
	equal(t, "what was seen", rulesOf(t, s)[0], kept.Rules[0])
	got, err := s.Automation.Paused(t.Context())
	succeed(t, err)
	equal(t, "pause", got, kept.Paused)
	quiet, err := s.Automation.Quiet(t.Context(), alice)
	succeed(t, err)
	equal(t, "quiet", quiet, true)
	db.Advance(t, 400*days)
	is("after 801 days")
}

// ofRules are what the rules are of, in order.
func ofRules(t *testing.T, s *store.Store) (of []string) {
	t.Helper()
	for _, rule := range rulesOf(t, s) {
		of = append(of, rule.Of)
	}
	return of
}

func unseenRules(t *testing.T, db Database) {
	s := db.Open(t)
	is := func(want ...string) {
		t.Helper()
		got, err := s.Automation.UnseenRules(t.Context(), 7*days)
		succeed(t, err)
		equal(t, "not seen for a week", slices.Sorted(slices.Values(got)), want)
	}
	for _, of := range []string{"1", "2", "3"} {
		putRule(t, s, ruleOf(of))
	}
	is()
	succeed(t, s.Automation.SeeRules(t.Context(), nil))
	db.Advance(t, 8*days)
	is("1", "2", "3")
	succeed(t, s.Automation.SeeRules(t.Context(), []string{"3", "1"}))
	is("2")
	putRule(t, s, ruleOf("2"))
	is()
}

// keeps says how each table is kept from growing for ever. A new table has its line here, and for the Slack admin.
var keeps = map[string]string{
	"envelopes":        "Prune: 7 days",
	"extensions":       "Prune: the history",
	"approvals":        "Prune: the history",
	"prompts":          "Prune: the history",
	"rules":            "Prune: 400 days after the meeting was last seen",
	"actions":          "Prune: a day after they expire",
	"dialogs":          "Prune: a day after they expire",
	"quiet":            "one row a person, until the person chooses otherwise",
	"automation_pause": "at most one row",
	"leases":           "one row a name, replaced in place",
	"probe":            "one row, replaced in place",
	"goose_db_version": "one row a migration",
}

// everyTableIsKept: no table is without a rule of how long its rows are kept, and no rule is of a table that is gone.
func everyTableIsKept(t *testing.T, db Database) {
	db.Open(t)
	tables := tablesOf(t, db)
	for _, table := range tables {
		if keeps[table] == "" {
			t.Errorf("nobody says how long the rows of %s are kept", table)
		}
	}
	if len(tables) != len(keeps) {
		t.Errorf("there are the tables %q, and rules for %d", tables, len(keeps))
	}
}

func tablesOf(t *testing.T, db Database) []string {
	t.Helper()
	query := "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
	if store.IsPostgres(db.URL()) {
		query = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
	}
	return valuesOf[string](t, db, query)
}

// valuesOf reads one column past the store.
func valuesOf[T any](t *testing.T, db Database, query string) (values []T) {
	t.Helper()
	at := openRaw(t, db)
	defer at.Close()
	rows, err := at.QueryContext(t.Context(), query)
	succeed(t, err)
	defer rows.Close()
	for rows.Next() {
		var value T
		succeed(t, rows.Scan(&value))
		values = append(values, value)
	}
	succeed(t, rows.Err())
	return values
}

// openRaw opens the database past the store. It prepares nothing: behind PgBouncer a connection is somebody else's next.
func openRaw(t *testing.T, db Database) *sql.DB {
	t.Helper()
	if !store.IsPostgres(db.URL()) {
		at, err := sql.Open("sqlite", db.URL())
		succeed(t, err)
		return at
	}
	config, err := pgx.ParseConfig(db.URL())
	succeed(t, err)
	config.DefaultQueryExecMode = pgx.QueryExecModeSimpleProtocol
	return stdlib.OpenDB(*config)
}
