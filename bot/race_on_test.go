//go:build race

package bot

// underRace says that the race detector is on: the database in these worlds is some ten times slower then.
const underRace = true
