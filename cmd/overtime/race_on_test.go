//go:build race

package main

// underRace says that the race detector is on, which makes a simulated week last too long.
const underRace = true
