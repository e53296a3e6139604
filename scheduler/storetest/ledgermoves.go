package storetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler/extension"
)

// steps are the moves that a store makes; every other is refused.
var steps = map[extension.State][]extension.State{
	extension.Sent:     states[1:],
	extension.Unknown:  states[1:],
	extension.Accepted: states[2:],
	extension.Void:     {extension.Void, extension.Confirmed},
}

// lateEffect is a void row that takes effect after all: it counts then, unless the run was extended otherwise since.
func lateEffect(t *testing.T, db Database) {
	s := db.Open(t)
	void := inState(t, s, wish(1), extension.Void)
	watched, err := s.Ledger.Move(t.Context(), void.ID, extension.Void, extension.Void, extension.Ending{SettleIn: time.Second})
	succeed(t, err)
	equal(t, "looked at again after", watched.SettleAt.Sub(watched.UpdatedAt), time.Second)
	db.Advance(t, 2*time.Second)
	due, err := s.Ledger.Due(t.Context(), 10)
	succeed(t, err)
	equal(t, "due", len(due), 1)
	inState(t, s, wish(1), extension.Void)
	inState(t, s, wish(1), extension.Refused)
	late := move(t, s, void.ID, extension.Void, extension.Confirmed)
	added, err := s.Ledger.Added(t.Context(), late.Run, late.Actor)
	succeed(t, err)
	equal(t, "minutes that count", added, extension.Added{Run: late.Minutes, Daily: late.Minutes})
	_, err = s.Ledger.Claim(t.Context(), wish(1), extension.Limits{}, time.Minute)
	duplicate(t, err, late)

	for number, state := range states {
		if state == extension.Refused || state == extension.Void {
			continue
		}
		void := inState(t, s, wish(10+number), extension.Void)
		later := wish(100 + number)
		later.Run = void.Run
		inState(t, s, later, state)
		_, err := s.Ledger.Move(t.Context(), void.ID, extension.Void, extension.Confirmed, extension.Ending{})
		failsWith(t, err, extension.ErrMoved)
		move(t, s, void.ID, extension.Void, extension.Void)
	}
}

func moves(t *testing.T, db Database) {
	s := db.Open(t)
	number := 0
	for _, from := range states {
		for _, to := range states {
			number++
			row := inState(t, s, wish(number), from)
			legal := false
			for _, step := range steps[from] {
				legal = legal || step == to
			}
			moved, err := s.Ledger.Move(t.Context(), row.ID, from, to, extension.Ending{Reason: "why"})
			if !legal {
				if err == nil {
					t.Errorf("moved from %s to %s", from, to)
				}
				unchanged(t, s, row)
				continue
			}
			succeed(t, err)
			equal(t, fmt.Sprintf("state after %s", from), moved.State, to)
			if from == to {
				continue
			}
			_, err = s.Ledger.Move(t.Context(), row.ID, from, to, extension.Ending{Reason: "again"})
			failsWith(t, err, extension.ErrMoved)
			unchanged(t, s, moved)
		}
	}
	_, err := s.Ledger.Move(t.Context(), 1<<40, extension.Sent, extension.Void, extension.Ending{})
	failsWith(t, err, extension.ErrMoved)
}

func moveWritesEnding(t *testing.T, db Database) {
	s := db.Open(t)
	end := time.Date(2026, 3, 1, 15, 30, 0, 0, time.FixedZone("elsewhere", 3600))
	for number, to := range states[1:] {
		row := claim(t, s, wish(number))
		db.Advance(t, time.Second)
		moved, err := s.Ledger.Move(t.Context(), row.ID, extension.Sent, to,
			extension.Ending{After: end, Reason: "because", RequestID: "request " + string(to), SettleIn: 3 * time.Second})
		succeed(t, err)
		if age := moved.UpdatedAt.Sub(row.UpdatedAt); age < time.Second {
			t.Errorf("updated %v after the claim", age)
		}
		want := row
		want.RequestID = "request " + string(to)
		want.State, want.Reason, want.After, want.UpdatedAt = to, "because", end.UTC(), moved.UpdatedAt
		want.SettleAt = time.Time{}
		if to == extension.Unknown || to == extension.Accepted || to == extension.Void {
			want.SettleAt = moved.UpdatedAt.Add(3 * time.Second)
		}
		equal(t, "moved to "+string(to), moved, want)
		unchanged(t, s, want)
	}
	row := claim(t, s, wish(100))
	moved, err := s.Ledger.Move(t.Context(), row.ID, extension.Sent, extension.Unknown, extension.Ending{After: end, RequestID: "kept"})
	succeed(t, err)
	equal(t, "unknown without SettleIn is due at once", moved.SettleAt, moved.UpdatedAt)
	moved, err = s.Ledger.Move(t.Context(), row.ID, extension.Unknown, extension.Accepted, extension.Ending{})
	succeed(t, err)
	equal(t, "end that is kept", moved.After, end.UTC())
	equal(t, "request that is kept", moved.RequestID, "kept")
	equal(t, "accepted without SettleIn is not read again", moved.SettleAt, time.Time{})
}

func aim(t *testing.T, db Database) {
	s := db.Open(t)
	before := time.Date(2026, 3, 1, 15, 0, 0, 0, time.UTC)
	target := before.Add(30 * time.Minute)
	for number, state := range states {
		row := inState(t, s, wish(number), state)
		err := s.Ledger.Aim(t.Context(), row.ID, before, target, 13*time.Second)
		if state != extension.Sent {
			failsWith(t, err, extension.ErrMoved)
			unchanged(t, s, row)
			continue
		}
		succeed(t, err)
		read, err := s.Ledger.Extension(t.Context(), row.ID)
		succeed(t, err)
		row.Before, row.Target, row.UpdatedAt = before, target, read.UpdatedAt
		row.SettleAt = read.UpdatedAt.Add(13 * time.Second)
		equal(t, "aimed", read, row)
	}
	failsWith(t, s.Ledger.Aim(t.Context(), 1<<40, before, target, 0), extension.ErrMoved)
}

// abandon: a row that was aimed may have been sent, and is not abandoned by anybody.
func abandon(t *testing.T, database Database) {
	s := database.Open(t)
	claim := func(key string) extension.Extension {
		row, err := s.Ledger.Claim(t.Context(), extension.Extension{
			Key: key, Envelope: key, Run: "run " + key, MeetingID: "914083136", Origin: extension.FromCommand, Minutes: 30,
		}, extension.Limits{}, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		return row
	}
	unsent, aimed := claim("unsent"), claim("aimed")
	end := time.UnixMilli(1_700_000_000_000)
	if err := s.Ledger.Aim(t.Context(), aimed.ID, end, end.Add(time.Hour), time.Minute); err != nil {
		t.Fatal(err)
	}
	row, err := s.Ledger.Abandon(t.Context(), unsent.ID, extension.Ending{Reason: "cut off", Tell: true})
	if err != nil || row.State != extension.Refused || row.Reason != "cut off" || !row.SettleAt.IsZero() {
		t.Errorf("abandoned: %+v, %v", row, err)
	}
	if err := s.Ledger.Aim(t.Context(), unsent.ID, end, end.Add(time.Hour), time.Minute); !errors.Is(err, extension.ErrMoved) {
		t.Errorf("an abandoned row was aimed: %v", err)
	}
	if _, err := s.Ledger.Abandon(t.Context(), aimed.ID, extension.Ending{}); !errors.Is(err, extension.ErrMoved) {
		t.Errorf("an aimed row was abandoned: %v", err)
	}
	database.Advance(t, 31*time.Second)
	owed, err := s.Ledger.Owed(t.Context(), time.Minute, 10)
	if err != nil || len(owed) != 1 || owed[0].ID != unsent.ID {
		t.Errorf("owed: %+v, %v", owed, err)
	}
	claim("unsent") // its key and its run are free
}

func shortens(t *testing.T, db Database) {
	s := db.Open(t)
	row := claim(t, s, wish(1)) // 30 minutes
	shorter, err := s.Ledger.Shorten(t.Context(), row.ID, 10)
	succeed(t, err)
	want := row
	want.Minutes = 10
	equal(t, "shortened", shorter, want)
	added, err := s.Ledger.Added(t.Context(), row.Run, extension.Actor{})
	succeed(t, err)
	equal(t, "minutes that count", added, extension.Added{Run: 10})
	for _, minutes := range []int{10, 30} {
		_, err = s.Ledger.Shorten(t.Context(), row.ID, minutes)
		failsWith(t, err, extension.ErrMoved)
	}
	end := time.Date(2026, 3, 1, 15, 0, 0, 0, time.UTC)
	succeed(t, s.Ledger.Aim(t.Context(), row.ID, end, end.Add(10*time.Minute), time.Minute))
	_, err = s.Ledger.Shorten(t.Context(), row.ID, 5)
	failsWith(t, err, extension.ErrMoved)
}
