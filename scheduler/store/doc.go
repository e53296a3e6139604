// Package store keeps what a restart must not lose, in SQLite or Postgres. A write that returned nil is on disk.
//
// Open returns a Store: one database and its parts, each behind the interfaces of those who use it.
//
//   - Ledger (ledger.go, claim.go, settling.go) keeps extensions, for scheduler/extension.
//   - History (history.go) tells what was done to a meeting and to its runs.
//   - Automation (automation.go, seen.go) keeps rules, pauses, quiet hosts and leases.
//   - Prompts (prompts.go) keeps the messages of the automation.
//   - Inbox (inbox.go, actions.go, dialogs.go) keeps Slack's envelopes, and what buttons and open dialogs stand for.
//
// Begin with Open in store.go, which chooses by the URL. database.go has what differs between the databases: sqlite.go
// with its one writer (writer.go), and postgres.go. file.go watches over SQLite's files, words.go says what is wrong with
// them, checkpoint.go empties the write-ahead log, and probe.go finds out whether a database takes writes. Queries are written once, in the SQL that both take (query.go): they
// use RETURNING and ON CONFLICT. The schema is in migrations; pgmigrate.go has Postgres
// migrate in one transaction. scheduler/storetest is the contract.
package store
