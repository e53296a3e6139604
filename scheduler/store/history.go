package store

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// History tells what was done.
type History struct{ database }

const (
	selectHistory   = `SELECT ` + extensionColumns + ` FROM extensions ORDER BY id DESC LIMIT ?`
	selectHistoryOf = `SELECT ` + extensionColumns + ` FROM extensions WHERE meeting_id = ? ORDER BY id DESC LIMIT ?`
	selectPast      = `SELECT ` + extensionColumns + ` FROM extensions WHERE id < ? ORDER BY id DESC LIMIT ?`
	selectPastOf    = `SELECT ` + extensionColumns + ` FROM extensions WHERE meeting_id = ? AND id < ? ORDER BY id DESC LIMIT ?`
	selectPastBy    = `SELECT ` + extensionColumns + ` FROM extensions
		WHERE team = ? AND person = ? AND person <> '' AND id < ? AND ` + pastOfNumber + ` ORDER BY id DESC LIMIT ?`
	selectPastHosted = `SELECT ` + extensionColumns + ` FROM extensions
		WHERE host = ? AND host <> '' AND id < ? AND ` + pastOfNumber + ` ORDER BY id DESC LIMIT ?`
	selectPastIn = `SELECT ` + extensionColumns + ` FROM extensions
		WHERE room = ? AND room <> '' AND id < ? AND ` + pastOfNumber + ` ORDER BY id DESC LIMIT ?`
	pastOfNumber = `(? = '' OR meeting_id = ? OR room = ?)`
	selectRuns   = `SELECT ` + countedColumns + ` FROM extensions WHERE run IN `
)

// Extensions lists rows, newest first, of one meeting, or of all where meetingID is empty.
func (h *History) Extensions(ctx context.Context, meetingID string, limit int) ([]extension.Extension, error) {
	if meetingID == "" {
		return readAll(ctx, h, "read history", scanExtension, selectHistory, max(limit, 0))
	}
	return readAll(ctx, h, "read history of "+meetingID, scanExtension, selectHistoryOf, meetingID, max(limit, 0))
}

// Past says which extensions are wanted: those of a person, of a host's meetings, of what met in a cloud room, or of all
// where these are empty.
type Past struct {
	By        extension.Actor
	Host      string // HostUUID
	Room      string // a cloud room's number
	MeetingID string // of this meeting alone; empty: of any. Beside one of the above, it may be that of a cloud room, too
	Before    int64  // with an ID below this one; 0: from the newest on
}

// pageOfAll is how many extensions are read at once to list all.
const pageOfAll = 200

// Since gives every extension of a meeting that was asked for at that time or later, newest first; of all meetings where
// meetingID is empty, and of all times where the time is zero.
func (h *History) Since(ctx context.Context, meetingID string, since time.Time, give func(extension.Extension) error) error {
	of := Past{MeetingID: meetingID}
	for {
		page, err := h.Past(ctx, of, pageOfAll)
		if err != nil {
			return err
		}
		for _, row := range page {
			if row.CreatedAt.Before(since) { // rows are numbered in the order of their age
				return nil
			}
			if err := give(row); err != nil {
				return err
			}
		}
		if len(page) < pageOfAll {
			return nil
		}
		of.Before = page[len(page)-1].ID
	}
}

// Past lists extensions, newest first.
func (h *History) Past(ctx context.Context, of Past, limit int) ([]extension.Extension, error) {
	before, limit := cmp.Or(of.Before, math.MaxInt64), max(limit, 0)
	text, args := selectPast, []any{before, limit}
	switch {
	case of.By.User != "":
		text, args = selectPastBy, []any{of.By.Team, of.By.User, before, of.MeetingID, of.MeetingID, of.MeetingID, limit}
	case of.Host != "":
		text, args = selectPastHosted, []any{of.Host, before, of.MeetingID, of.MeetingID, of.MeetingID, limit}
	case of.Room != "":
		text, args = selectPastIn, []any{of.Room, before, of.MeetingID, of.MeetingID, of.MeetingID, limit}
	case of.MeetingID != "":
		text, args = selectPastOf, []any{of.MeetingID, before, limit}
	}
	return readAll(ctx, h, "read history", scanExtension, text, args...)
}

// Runs implements scheduler.Runs. What one run adds up to was so at one moment; of many runs not all at the same.
func (h *History) Runs(ctx context.Context, runs []string) (map[string]scheduler.RunSummary, error) {
	found := make(map[string]scheduler.RunSummary, len(runs))
	for _, run := range runs {
		found[run] = scheduler.RunSummary{Run: run}
	}
	rows, err := readRuns(ctx, h, "sum runs up", scanExtension, selectRuns, runs)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		sum := found[row.Run]
		sum.Minutes += row.Minutes
		if row.Origin == extension.FromTick {
			sum.AutoMinutes += row.Minutes
		}
		sum.Open = sum.Open || row.State.Open()
		handed := row.Platform && row.State != extension.Refused && row.State != extension.Void
		if handed && row.ID > sum.Handed.ID {
			sum.Handed = row
		}
		done := row.State == extension.Accepted || row.State == extension.Confirmed
		if done && !row.Platform && row.ID > sum.Last.ID {
			sum.Last = row
		}
		found[row.Run] = sum
	}
	return found, nil
}

// DailyMinutes implements scheduler.RunStore.
func (h *History) DailyMinutes(ctx context.Context, people []extension.Actor) (map[extension.Actor]int, error) {
	found := make(map[extension.Actor]int, len(people))
	for _, person := range people {
		if _, known := found[person]; known {
			continue
		}
		minutes, err := readOne(ctx, h, "read the minutes of a day", nil, scanValue[int], selectDaily,
			person.Team, person.User, 1, person.Team, person.User, 1)
		if err != nil {
			return nil, err
		}
		found[person] = minutes
	}
	return found, nil
}

// runsTogether bounds the runs of one statement.
const runsTogether = 1024

// readRuns returns the rows of all runs, for a text that ends in "run IN ".
func readRuns[T any](ctx context.Context, on database, what string, scan func(scanner) (T, error), text string, runs []string) ([]T, error) {
	var found []T
	runs = slices.Compact(slices.Sorted(slices.Values(runs))) // one that is named twice is read once
	for some := range slices.Chunk(runs, runsTogether) {
		list, values := listOf(some)
		rows, err := readAll(ctx, on, what, scan, text+list, values...)
		if err != nil {
			return nil, err
		}
		found = append(found, rows...)
	}
	return found, nil
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
