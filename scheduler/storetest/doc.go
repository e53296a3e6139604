// Package storetest has the contracts that every store passes, on SQLite and on Postgres: one for each part of store.Store,
// and one for the database itself. Run runs them all.
//
// A new method of a store gets a part in the contract of its type, a line in the list at the head of that file, and, where
// replicas may race for it, a part that has many stores at it (races.go). StartPostgres starts a server for a test.
package storetest
