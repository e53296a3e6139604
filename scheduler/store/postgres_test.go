package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
	"github.com/overtime-bot/overtime/scheduler/storetest"
)

// server is one database of a Postgres server.
type server struct {
	url    *url.URL
	db     *sql.DB
	offset time.Duration // of its clock from the true one
}

// newServer makes another database on a server.
func newServer(t *testing.T, at *url.URL, name string) *server {
	t.Helper()
	made := *at
	made.Path = "/" + name
	for place, address := range []string{at.String(), made.String()} {
		db, err := sql.Open("pgx", address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { db.Close() })
		if place == 1 {
			return &server{url: &made, db: db}
		}
		if _, err := db.ExecContext(t.Context(), "CREATE DATABASE "+name); err != nil {
			t.Fatal(err)
		}
	}
	return nil
}

func (s *server) Open(t *testing.T) *store.Store {
	t.Helper()
	opened, err := store.Open(t.Context(), store.Config{URL: s.url.String()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := opened.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return opened
}

func (s *server) URL() string { return s.url.String() }

func (s *server) Advance(t *testing.T, by time.Duration) {
	t.Helper()
	s.offset += by
	_, err := s.db.ExecContext(t.Context(), fmt.Sprintf(`CREATE OR REPLACE FUNCTION overtime_now() RETURNS BIGINT
		LANGUAGE sql STABLE
		AS 'SELECT (extract(epoch FROM statement_timestamp()) * 1000)::BIGINT + %d'`, s.offset.Milliseconds()))
	if err != nil {
		t.Fatal(err)
	}
}

// empty leaves the database as the migrations made it, for the next part. DELETE removes no file of a table or an index, as
// TRUNCATE does; here the tables hold few rows.
func (s *server) empty(t *testing.T) {
	t.Helper()
	if _, err := s.db.ExecContext(t.Context(), `DO $$ DECLARE name TEXT; BEGIN
		SET LOCAL session_replication_role = replica; -- in any order
		FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'goose_db_version' LOOP
			EXECUTE format('DELETE FROM %I', name);
		END LOOP;
		PERFORM setval(format('%I', sequencename)::regclass, start_value, false) FROM pg_sequences
			WHERE schemaname = 'public' AND sequencename NOT LIKE 'goose%';
	END $$`); err != nil {
		t.Fatal(err)
	}
	s.Advance(t, -s.offset)
}

func TestPostgresKeepsTheContract(t *testing.T) {
	s := newServer(t, storetest.StartPostgres(t), "contract")
	s.Open(t)
	storetest.Run(t, func(t *testing.T) storetest.Database {
		s.empty(t)
		return s
	})
}

// Only the few rules are read as a whole.
func TestPostgresPlansUseTheirIndexes(t *testing.T) {
	opened, err := store.Open(t.Context(), store.Config{URL: storetest.StartPostgres(t).String()})
	if err != nil {
		t.Fatal(err)
	}
	defer opened.Close(context.Background())
	for text, plan := range store.PostgresPlans(t, opened) {
		if strings.Contains(strings.ReplaceAll(plan, "Seq Scan on rules", ""), "Seq Scan on") {
			t.Errorf("%s\nwalks:\n%s", text, plan)
		}
	}
}

func TestPostgresThatWasGoneComesBack(t *testing.T) {
	s := newServer(t, storetest.StartPostgres(t), "gone")
	opened := s.Open(t)
	claim := func(key string) error {
		_, err := opened.Ledger.Claim(t.Context(), extension.Extension{Key: key, Run: key}, extension.Limits{}, time.Minute)
		return err
	}
	if err := claim("before"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.db.ExecContext(t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
		WHERE pid <> pg_backend_pid() AND datname = current_database()`); err != nil {
		t.Fatal(err)
	}
	told := map[string]bool{"before": true}
	for attempt := range postgresAttempts {
		key := fmt.Sprint("attempt ", attempt)
		told[key] = claim(key) == nil
	}
	if last := fmt.Sprint("attempt ", postgresAttempts-1); !told[last] {
		t.Error("the store did not recover")
	}
	rows, err := opened.History.Extensions(t.Context(), "", 100)
	if err != nil {
		t.Fatal(err)
	}
	stored := map[string]bool{}
	for _, row := range rows {
		stored[row.Key] = true
	}
	for key, yes := range told {
		if yes && !stored[key] {
			t.Errorf("%s was stored, and is lost", key)
		}
	}
}

// postgresAttempts is more than there are connections: each of them may fail once.
const postgresAttempts = 20

func TestPostgresURLStaysSecret(t *testing.T) {
	for _, address := range []string{
		"postgres://user:secret@127.0.0.1:1/overtime?connect_timeout=1", "postgres://user:secret@[broken/x", "postgresql://user:secret@localhost:nan/x",
		"postgres://user:secret@localhost/x?sslmode=secret", "postgres://user:secret@localhost/x?sslrootcert=/secret",
	} {
		opened, err := store.Open(t.Context(), store.Config{URL: address})
		if err == nil {
			opened.Close(context.Background())
			t.Fatalf("%s was opened", address)
		}
		if strings.Contains(err.Error(), "secret") {
			t.Errorf("an error with a password: %v", err)
		}
		if !strings.Contains(address, ":1/") && !strings.Contains(err.Error(), "DATABASE_URL") {
			t.Errorf("an error that does not name the variable: %v", err)
		}
	}
}

// BenchmarkPostgres is BenchmarkExtension on Postgres, whose server does not sync here.
func BenchmarkPostgres(b *testing.B) {
	opened, err := store.Open(b.Context(), store.Config{URL: storetest.StartPostgres(b).String()})
	if err != nil {
		b.Fatal(err)
	}
	defer opened.Close(context.Background())
	b.Run("extension", func(b *testing.B) { extend(b, opened, int(time.Now().UnixMilli()%1e9)+b.N*1000) })
}
