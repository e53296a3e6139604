package main

import (
	"context"
	"database/sql"
	"net/url"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // opens the databases of the table

	"github.com/overtime-bot/overtime/cmd/overtime/doctor"
	"github.com/overtime-bot/overtime/scheduler/store"
	"github.com/overtime-bot/overtime/scheduler/storetest"
)

// brokenServer is one Postgres server for all faults. Each has a database or a user of its own.
type brokenServer struct{ url, pooled *url.URL }

func newBrokenServer(t *testing.T) *brokenServer {
	t.Helper()
	at := storetest.NewPostgres(t)
	s := &brokenServer{url: at.URL()}
	s.pooled = storetest.StartPgBouncer(t, at, 2, "[databases]", "statements = host="+s.url.Query().Get("host")+" dbname=postgres user=postgres pool_mode=statement")
	s.execute(t, "postgres",
		"CREATE DATABASE standby", "ALTER DATABASE standby SET default_transaction_read_only = on", "CREATE DATABASE mine", "CREATE DATABASE newer",
		"CREATE ROLE reader LOGIN", "GRANT pg_read_all_data TO reader", "CREATE ROLE many LOGIN CONNECTION LIMIT 0")
	for _, name := range []string{"mine", "newer"} {
		made, err := store.Open(t.Context(), store.Config{URL: s.at(s.url, name, "postgres")})
		if err != nil {
			t.Fatal(err)
		}
		must(t, made.Close(context.Background()))
	}
	s.execute(t, "newer", newerSchema)
	return s
}

func (s *brokenServer) at(server *url.URL, name, user string) string {
	address := *server
	address.Path = "/" + name
	address.RawQuery = strings.Replace(address.RawQuery, "user=postgres", "user="+user, 1)
	return address.String()
}

func (s *brokenServer) execute(t *testing.T, name string, statements ...string) {
	t.Helper()
	db, err := sql.Open("pgx", s.at(s.url, name, "postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, statement := range statements {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
}

func brokenServers() map[string]broken {
	of := func(name, user string) func(*testing.T, *patient) {
		return func(_ *testing.T, p *patient) { p.set("DATABASE_URL=" + p.server.at(p.server.url, name, user)) }
	}
	pooled := func(name string) func(*testing.T, *patient) {
		return func(_ *testing.T, p *patient) {
			p.set("DATABASE_URL=" + p.server.at(p.server.pooled, name, "postgres"))
		}
	}
	waits := func(do func(*testing.T, *patient), says ...string) broken {
		says = append([]string{"DATABASE_URL"}, says...)
		return broken{do: do, check: doctor.Store, result: doctor.Fail, says: says, serve: goesOn(append([]string{"waiting for the database"}, says...)...)}
	}
	fails := func(do func(*testing.T, *patient), says ...string) broken {
		says = append([]string{"DATABASE_URL"}, says...)
		return broken{do: do, check: doctor.Store, result: doctor.Fail, says: says, serve: ends(append([]string{"open database"}, says...)...)}
	}
	return map[string]broken{
		"Postgres is down": waits(func(t *testing.T, p *patient) {
			p.set("DATABASE_URL=postgres://u:" + sentinel + "@" + nobody(t) + "/d")
		}, "refused", "start the server"),
		"Postgres refuses the password":          waits(of("mine", storetest.AskedUser+"&password="+sentinel), "password authentication failed", "put the user and the password right"),
		"Postgres does not know the user":        waits(of("mine", "stranger"), `role`, "does not exist", "put the user and the password right"),
		"Postgres has no such database":          waits(of("missing", "postgres"), "does not exist", "create the database, or name another"),
		"Postgres has no connection left":        waits(of("mine", "many"), "too many connections", "raise max_connections"),
		"Postgres is a stand-by":                 waits(of("standby", "postgres"), "read-only", "name the server that takes writes"),
		"a user who may only read":               fails(of("mine", "reader"), "may not make tables and write to them", "GRANT CREATE"),
		"a user who may make no tables":          fails(of("postgres", "reader"), "GRANT CREATE"),
		"Postgres with a newer schema":           fails(of("newer", "postgres"), "version 9999", "start the newer version", "restore a backup"),
		"a pooler that parts transactions":       waits(pooled("statements"), "pool_mode = transaction or session"),
		"a pooler that keeps transactions whole": {do: pooled("mine"), check: doctor.Store, result: doctor.OK, says: []string{"behind a pooler of transactions, which is fine"}},
	}
}
