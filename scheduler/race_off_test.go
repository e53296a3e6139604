//go:build !race

package scheduler_test

const underRace = false
