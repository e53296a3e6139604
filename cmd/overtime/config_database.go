package main

import (
	"net/url"
	"slices"
	"strings"
)

const writeDatabase = "write the path of a file, as overtime.db, or postgres://user:password@host/database"

// checkDatabase takes for a path only what cannot be anything else: a connection in another form would make a file whose
// name has the password in it. No fault quotes the value.
func (l *configLoad) checkDatabase(value string) {
	scheme, _, isURL := strings.Cut(value, "://")
	switch {
	case value == "":
		l.fault("DATABASE_URL", "is empty: %s", writeDatabase)
	case value == ":memory:", strings.HasPrefix(value, "file:"):
		l.fault("DATABASE_URL", "is not a plain path (what is extended has to outlive a restart): %s", writeDatabase)
	case isURL && (scheme == "postgres" || scheme == "postgresql"):
		l.checkPostgres(value)
	case isURL:
		l.fault("DATABASE_URL", "names a database that is not known: %s", writeDatabase)
	case strings.HasPrefix(value, "//"), !isPlainPath(value) && strings.ContainsAny(value, "@=:;?&"):
		l.fault("DATABASE_URL", "is neither a path nor a URL: %s (for a file whose name has one of @ = : ; ? & in it, "+
			"write its path from the root, or ./ in front)", writeDatabase)
	}
}

func isPlainPath(value string) bool {
	return slices.ContainsFunc([]string{"/", "./", "../"}, func(start string) bool { return strings.HasPrefix(value, start) })
}

// checkPostgres finds a password with a character in it that ends a part of the URL. The rest of the password would then
// be the database, whose name is no secret.
func (l *configLoad) checkPostgres(value string) {
	const escape = " (in the password, write %%40 for @, %%2F for /, %%23 for #, %%3F for ?)"
	address, err := url.Parse(value)
	var query url.Values
	if err == nil {
		query, err = url.ParseQuery(address.RawQuery)
	}
	strange := func(text string) bool { return strings.ContainsAny(text, "@/:") }
	switch {
	case err != nil:
		l.fault("DATABASE_URL", "is not a URL: %s"+escape, writeDatabase)
	case strings.Count(authority(value), "@") > 1: // Go divides it at the last, Postgres at the first
		l.fault("DATABASE_URL", "has more than one @ in front of the database: %s"+escape, writeDatabase)
	case address.Fragment != "", strange(strings.Trim(address.Path, "/")):
		l.fault("DATABASE_URL", "has more than the name of a database after its host: %s"+escape, writeDatabase)
	case hasKey(query, strange):
		l.fault("DATABASE_URL", "has a setting after its ? that is none: %s"+escape, writeDatabase)
	case strings.Trim(address.Path, "/") == "" && !query.Has("dbname"):
		l.fault("DATABASE_URL", "names no database: %s", writeDatabase)
	}
}

// authority is what a URL has in front of its path.
func authority(value string) string {
	_, value, _ = strings.Cut(value, "://")
	if end := strings.IndexAny(value, "/?#"); end >= 0 {
		return value[:end]
	}
	return value
}

func hasKey(query url.Values, is func(string) bool) bool {
	for name := range query {
		if is(name) {
			return true
		}
	}
	return false
}
