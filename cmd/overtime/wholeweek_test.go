package main

import (
	"os"
	"strconv"
	"testing"
	"testing/synctest"
	"time"
)

// TestWeek holds every promise of automatic extension over a week of an enterprise with 5,000 meetings and a
// meeting service that is another each day (mixes_test.go). People change their minds (wishes_test.go), and what the bot
// says of the future is held against what then happens (foretold_test.go). OVERTIME_DAYS makes it longer. It is
// too slow for the race detector, whose bookkeeping gives up under so many goroutines.
func TestWeek(t *testing.T) {
	slow(t)
	t.Parallel()
	days := 7
	if more, err := strconv.Atoi(os.Getenv("OVERTIME_DAYS")); err == nil {
		days = more
	}
	synctest.Test(t, func(t *testing.T) {
		w := newWeek(t, firstDay, days)
		defer w.close()
		w.run(firstDay.AddDate(0, 0, days).Add(6 * time.Hour))
		w.check()
	})
}
