package store

import (
	"context"
	"slices"
	"strings"

	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// runsChunk bounds the runs of one statement.
const runsChunk = 1024

const selectRuns = `SELECT ` + extensionColumns + ` FROM extensions WHERE run IN `

// Runs implements scheduler.AutomationStore. What one run adds up to was so at one moment; of many runs not all at
// the same.
func (s *Store) Runs(ctx context.Context, runs []string) (map[string]scheduler.RunSummary, error) {
	found := make(map[string]scheduler.RunSummary, len(runs))
	for _, run := range runs {
		found[run] = scheduler.RunSummary{Run: run}
	}
	err := ofRuns(ctx, s, scanExtension, selectRuns, runs, func(row extension.Extension) {
		found[row.Run] = summed(found[row.Run], row)
	})
	if err != nil {
		return nil, doing("sum runs up", err)
	}
	return found, nil
}

// summed adds one row to what its run adds up to.
func summed(sum scheduler.RunSummary, row extension.Extension) scheduler.RunSummary {
	failed := row.State == extension.Refused || row.State == extension.Void
	if !failed {
		sum.Minutes += row.Minutes
	}
	if !failed && row.Origin == extension.FromTick {
		sum.AutoMinutes += row.Minutes
	}
	sum.Open = sum.Open || row.State.Open()
	sum.Platform = sum.Platform || row.Platform && !failed
	done := row.State == extension.Accepted || row.State == extension.Confirmed
	if done && row.ID > sum.Last.ID {
		sum.Last = row
	}
	return sum
}

// ofRuns hands over the rows of all runs, for a text that ends in "run IN ".
func ofRuns[T any](ctx context.Context, s *Store, scan func(scanner) (T, error), text string, runs []string, each func(T)) error {
	runs = slices.Compact(slices.Sorted(slices.Values(runs))) // one that is named twice is read once
	for len(runs) > 0 {
		chunk := runs[:min(len(runs), runsChunk)]
		runs = runs[len(chunk):]
		list, values := listOf(chunk)
		rows, err := all(ctx, s.database.read(), scan, text+list, values...)
		if err != nil {
			return err
		}
		for _, row := range rows {
			each(row)
		}
	}
	return nil
}

// listOf is a list of parameters and their values. A few lengths are enough, as each is a statement that is kept: the
// last value fills the list up.
func listOf(of []string) (list string, values []any) {
	length := 1
	for length < len(of) {
		length *= 2
	}
	values = make([]any, length)
	for at := range values {
		values[at] = of[min(at, len(of)-1)]
	}
	return "(?" + strings.Repeat(", ?", length-1) + ")", values
}
