package main

import (
	"testing"

	"github.com/jackc/pgx/v5"
)

// What is no path and no URL of Postgres is a fault, and the value is in no text.
func TestDatabasesThatAreNone(t *testing.T) {
	slow(t)
	const secret = sentinel
	for _, value := range []string{
		"host=db password=" + secret, "password = '" + secret + "' host=db", "dbname=overtime user=u password=" + secret,
		"u:" + secret + "@host/db", "u:" + secret + "@host:5432/db", "//u:" + secret + "@host/db", "u@host/db", secret + "@host",
		"host:5432/db", "postgres:u:" + secret + "@host/db", "postgres:/u:" + secret + "@host/db", "postgres//u:" + secret + "@host/db",
		"jdbc:postgresql://u:" + secret + "@host/db", "jdbc:postgresql:db?password=" + secret, "Server=host;Database=d;Password=" + secret,
		"u/" + secret + "@host:1521/db", "u:" + secret + "@tcp(host)/db", "mysql://u:" + secret + "@host/db", "sqlite:///data/overtime.db",
		"sqlite:overtime.db", "Postgres://u:" + secret + "@host/db", "http://u:" + secret + "@host/db", "postgres://u:" + secret + "#1@host/db",
		"postgres://u:12/" + secret + "@host/db", "postgres://u:12#" + secret + "@host/db", "postgres://u:12/d#" + secret + "@host/db",
		"postgres://u:12?" + secret + "@host/db", "postgres://u:12/d?" + secret + "@host/db", "postgres://u:12/d?%zz=" + secret,
		"postgres://u:" + secret + "%@host/db", "postgres://u:" + secret + "@host", "postgres://u:" + secret + "@host/", "postgres://u:" + secret + "/1@host/db",
		"postgres:// u:" + secret + "@host/db", "postgres://u:" + secret + "@ho st/db", "overtime.db?password=" + secret, "a&b=" + secret,
		"postgres://u:p@" + secret + "@host/db", "postgres://u@tenant:" + secret + "@host/db", "postgres://u:" + secret + "@@host/db",
	} {
		_, warnings, faults := load(t, enough("DATABASE_URL="+value), "") // which looks for the sentinel
		if len(faults) != 1 || faults["DATABASE_URL"] == "" || len(warnings) > 0 {
			t.Errorf("%q: %v %v", value, faults, warnings)
		}
		file := write(t, "secret", value+"\n", 0o400)
		if _, _, faults := load(t, enough("DATABASE_URL_FILE="+file), ""); len(faults) != 1 {
			t.Errorf("%q in a file: %v", value, faults)
		}
	}
}

func TestDatabasesThatAreSome(t *testing.T) {
	for _, value := range []string{
		"overtime.db", "data/over time.db", "/data/overtime.db", "/srv/a@b:c=d/overtime.db", "./a=b.db", "../x?.db",
		"postgres://u:p%40%2F%23@host/overtime", "postgres://u@h1,h2:5433/overtime?target_session_attrs=read-write",
		"postgresql:///overtime?host=/run/postgresql", "postgres://host/?dbname=overtime&user=u", "postgres://host?dbname=d&user=u@tenant&password=a@b",
	} {
		if _, _, faults := load(t, enough("DATABASE_URL="+value), ""); len(faults) > 0 {
			t.Errorf("%q: %v", value, faults)
		}
	}
}

// Whatever character a password has as it is, the URL is a fault, or Postgres's client reads the same password and host.
func TestPasswordsOfAnyCharacter(t *testing.T) {
	slow(t)
	for character := rune(' '); character <= '~'; character++ {
		password := "pass" + string(character) + "word"
		value := "postgres://u:" + password + "@host/db"
		if _, _, faults := load(t, enough("DATABASE_URL="+value), ""); len(faults) > 0 {
			continue
		}
		switch parsed, err := pgx.ParseConfig(value); {
		case err != nil:
			t.Errorf("%q: %v", value, err)
		case parsed.Host != "host" || parsed.Password != password:
			t.Errorf("%q: the host is %q, the password %q", value, parsed.Host, parsed.Password)
		}
	}
}
