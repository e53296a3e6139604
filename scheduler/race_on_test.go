//go:build race

package scheduler_test

// underRace says that the race detector is on: the database in these worlds is some ten times slower then.
const underRace = true
