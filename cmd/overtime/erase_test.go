package main

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/overtime-bot/overtime/scheduler/store"
	"github.com/overtime-bot/overtime/scheduler/storetest"
)

// The placeholders of the statements in the page for the Slack admin, and somebody else.
const (
	erasedUser, erasedHost = "U0123456789", "HOST-ID"
	keptUser, keptHost     = "U9876543210", "OTHER-HOST"
)

// naming are the columns of text that tell who somebody is or what they wrote, with what may surround the ID there.
var naming = map[string]map[string]string{
	"extensions":       {"person": "%s", "wisher_person": "%s", "host": "HOST", "title": "HOST"},
	"approvals":        {"person": "%s", "reason": "%s's own words", "decider": "%s", "note": "%s's own words", "host": "HOST", "title": "HOST"},
	"prompts":          {"person": "%s", "reader": "%s", "shown": "posted %s", "shown_who": "%s", "meant_for": "%s 1790000000000"},
	"rules":            {"person": "%s", "paused_person": "%s"},
	"automation_pause": {"person": "%s"},
	"quiet":            {"person": "%s"},
	"dialogs":          {"person": "%s", "wish": "%s's own words"},
}

// impersonal are the other columns of text, by their names: IDs of workspaces, meetings, channels and replicas, and words of
// our own.
var impersonal = strings.Fields(`id key envelope run meeting_id origin team state token rule_of wisher_team reason paused
	paused_team channel ts kind answer stage shown_answer shown_state trouble verb command asked_in beyond decider_team outcome
	shown told secret response_url held mode name owner type room request_id`)

// checked are values that a column takes.
var checked = map[string]string{"state": "closed", "kind": "ask", "answer": "keep", "mode": "ask", "extensions.state": "confirmed"}

// A person is nowhere in the database once the statements of the page have run, and everybody else is where they were. A new
// column of text has to be named above.
func TestAdminPageErasesAPerson(t *testing.T) {
	t.Parallel()
	t.Run("SQLite", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "overtime.db")
		erases(t, path, "sqlite", path, `SELECT m.name, c.name, c.type, 'NO' FROM sqlite_master m, pragma_table_info(m.name) c
			WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, c.cid`)
	})
	t.Run("Postgres", func(t *testing.T) {
		at := storetest.StartPostgres(t).String()
		erases(t, at, "pgx", at, `SELECT table_name, column_name, data_type, is_identity FROM information_schema.columns
			WHERE table_schema = 'public' ORDER BY table_name, ordinal_position`)
	})
}

func erases(t *testing.T, url, driver, source, schema string) {
	t.Helper()
	opened, err := store.Open(t.Context(), store.Config{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	defer opened.Close(context.Background()) // it stays open: the bot may run meanwhile
	db, err := sql.Open(driver, source)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	tables := columnsOf(t, db, schema)
	page := readPage(t, adminPage)
	stored := rowsOf(sectionOf(t, page, "What is stored"))
	for table, columns := range tables {
		if stored[table] == nil {
			t.Errorf("the page does not say what is in %s", table)
		}
		plant(t, db, table, columns, erasedUser, erasedHost)
		if table != "automation_pause" { // which has one row
			plant(t, db, table, columns, keptUser, keptHost)
		}
	}
	before := occurrences(t, db, tables, keptUser, keptHost)
	if len(occurrences(t, db, tables, erasedUser, erasedHost)) < len(naming) {
		t.Fatal("the person is hardly in the database: this test sees nothing")
	}
	_, block, _ := strings.Cut(sectionOf(t, page, "Erase a person"), "```sql\n")
	statements, _, _ := strings.Cut(block, "```")
	for statement := range strings.SplitSeq(strings.TrimSpace(statements), ";\n") {
		if word := strings.Trim(statement, ";"); word == "BEGIN" || word == "COMMIT" {
			continue // the pool may take another connection for each
		}
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Errorf("%s: %v", statement, err)
		}
	}
	for _, place := range occurrences(t, db, tables, erasedUser, erasedHost) {
		t.Errorf("the person is left in %s", place)
	}
	if after := occurrences(t, db, tables, keptUser, keptHost); !slices.Equal(before, after) {
		t.Errorf("others were in %v, and are in %v", before, after)
	}
}

// column is one of a table that a row must fill.
type column struct {
	name       string
	text, blob bool
}

func columnsOf(t *testing.T, db *sql.DB, schema string) map[string][]column {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), schema)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	tables := make(map[string][]column)
	for rows.Next() {
		var table, name, kind, identity string
		if err := rows.Scan(&table, &name, &kind, &identity); err != nil {
			t.Fatal(err)
		}
		c := column{name: name, text: strings.EqualFold(kind, "text"), blob: strings.EqualFold(kind, "blob") || kind == "bytea"}
		if c.text && naming[table][name] == "" && !slices.Contains(impersonal, name) {
			t.Errorf("%s.%s is new: does it tell who somebody is? Then the page must erase it", table, name)
		}
		if identity == "NO" && !c.blob {
			tables[table] = append(tables[table], c)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return tables
}

// plant stores a row that names a person wherever it can.
func plant(t *testing.T, db *sql.DB, table string, columns []column, user, host string) {
	t.Helper()
	if naming[table] == nil {
		return
	}
	var names, values []string
	for _, c := range columns {
		value := "'" + checked[c.name] + "'"
		switch named := naming[table][c.name]; {
		case named == "HOST":
			value = "'" + host + "'"
		case named != "":
			value = "'" + strings.ReplaceAll(fmt.Sprintf(named, user), "'", "''") + "'"
		case checked[table+"."+c.name] != "":
			value = "'" + checked[table+"."+c.name] + "'"
		case c.name == "id" && !c.text && table == "automation_pause":
			value = "1"
		case c.name == "id" && !c.text:
			continue // numbers itself
		case c.text && checked[c.name] == "":
			value = "'of " + user[:2] + "'" // which names nobody, and is each row's own
		case !c.text:
			value = "0"
		}
		names, values = append(names, c.name), append(values, value)
	}
	text := fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)", table, strings.Join(names, ", "), strings.Join(values, ", "))
	if _, err := db.ExecContext(t.Context(), text); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
}

// occurrences are the columns of text in which one of the IDs is, in order.
func occurrences(t *testing.T, db *sql.DB, tables map[string][]column, ids ...string) (places []string) {
	t.Helper()
	for table, columns := range tables {
		for _, c := range columns {
			if !c.text {
				continue
			}
			for _, id := range ids {
				var count int
				query := fmt.Sprintf("SELECT count(*) FROM %s WHERE %s LIKE '%%%s%%'", table, c.name, id)
				if err := db.QueryRowContext(t.Context(), query).Scan(&count); err != nil {
					t.Fatalf("%s: %v", query, err)
				}
				if count > 0 {
					places = append(places, fmt.Sprint(table, ".", c.name, " ", count))
				}
			}
		}
	}
	slices.Sort(places)
	return places
}
