package storetest

import (
	"errors"
	"strconv"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// ledgerContract is the contract of store.Ledger.
var ledgerContract = []part{
	{"claim is stored as it was asked", claimIsStored},
	{"claim with a mistake is refused", claimWithMistake},
	{"claim needs the envelope that it is for", claimNeedsItsEnvelope},
	{"what holds the run takes it", holderTakesRun},
	{"key is used until it is freed", keyIsUsed},
	{"limit of a run", limitOfRun},
	{"limit of a day", limitOfDay},
	{"limit of a day at a wish", limitOfDayAtAWish},
	{"limit of a minute", limitOfMinute},
	{"limits in their order", limitsInOrder},
	{"limit that leaves least", limitThatLeavesLeast},
	{"every move is a compare-and-swap", moves},
	{"effect that comes late", lateEffect},
	{"move writes its ending", moveWritesEnding},
	{"aim", aim},
	{"abandon", abandon},
	{"settling comes in order", settlingOrder},
	{"settling goes on after the clock was set back", settlingFromTheFuture},
	{"claim is shortened before it is aimed", shortens},
	{"one claim of a run wins", raceForRun},
	{"claims of a run whose rows end meanwhile", raceWithEnds},
	{"one claim of a key wins", raceForKey},
	{"claims of a person race for a limit", raceForLimit},
	{"one move wins", raceForMove},
	{"owed notice is given until it is told", owedNotice},
	{"owed notice stays while its extension moves on", owedNoticeStays},
	{"owed by a promise", owedByPromise},
	{"owed notices come in order", owedOrder},
	{"owed notice is of no interest after a day", owedTooLate},
	{"one of many gets an owed notice", raceForNotices},
	{"extensions of an envelope", asked},
	{"what is not settled is counted", unsettled},
	{"what nobody knows yet of a run is awaited", awaited},
}

var alice = extension.Actor{Team: "T1", User: "U1"}

var states = []extension.State{
	extension.Sent, extension.Unknown, extension.Confirmed, extension.Accepted, extension.Refused,
	extension.Void, extension.Unclear,
}

// wish is a claim that differs from the others by its number: its own key and its own run.
func wish(number int) extension.Extension {
	name := strconv.Itoa(number)
	return extension.Extension{
		Key: "key " + name, Envelope: "envelope " + name, Run: "run " + name, MeetingID: "914083136",
		Origin: extension.FromCommand, Actor: alice, Minutes: 30,
	}
}

func claim(t *testing.T, s *store.Store, e extension.Extension) extension.Extension {
	t.Helper()
	claimed, err := s.Ledger.Claim(t.Context(), e, extension.Limits{}, time.Minute)
	if err != nil {
		t.Fatalf("Claim: %v", err)
	}
	return claimed
}

func move(t *testing.T, s *store.Store, id int64, from, to extension.State) extension.Extension {
	t.Helper()
	moved, err := s.Ledger.Move(t.Context(), id, from, to, extension.Ending{SettleIn: time.Minute})
	if err != nil {
		t.Fatalf("Move from %s to %s: %v", from, to, err)
	}
	return moved
}

// inState claims e and leads it to a state.
func inState(t *testing.T, s *store.Store, e extension.Extension, state extension.State) extension.Extension {
	t.Helper()
	claimed := claim(t, s, e)
	if state == extension.Sent {
		return claimed
	}
	return move(t, s, claimed.ID, extension.Sent, state)
}

func taken(t *testing.T, err error, by extension.Extension) {
	t.Helper()
	var got *extension.TakenError
	if !errors.As(err, &got) {
		t.Fatalf("error is %v, want a TakenError", err)
	}
	equal(t, "taken by", got.By, by)
}

func duplicate(t *testing.T, err error, of extension.Extension) {
	t.Helper()
	var got *extension.DuplicateError
	if !errors.As(err, &got) {
		t.Fatalf("error is %v, want a DuplicateError", err)
	}
	equal(t, "duplicate of", got.Of, of)
}

func unchanged(t *testing.T, s *store.Store, row extension.Extension) {
	t.Helper()
	read, err := s.Ledger.Extension(t.Context(), row.ID)
	succeed(t, err)
	equal(t, "row that nobody moved", read, row)
}

func claimIsStored(t *testing.T, db Database) {
	s := db.Open(t)
	asked := []extension.Extension{
		wish(1),
		{Key: "run 2 15:00", Run: "run 2", MeetingID: "2", Origin: extension.FromTick, RuleOf: "25587", Minutes: 15}, // automation
		{Key: "key 3", Run: "run 3 日本 'x' ?", Origin: extension.FromButton, Actor: alice, Platform: true, Each: 20, Host: "uuid", Room: "980001", Subject: "日本 'x' ?"},
	}
	for _, e := range asked {
		claimed, err := s.Ledger.Claim(t.Context(), e, extension.Limits{}, 1500*time.Millisecond)
		succeed(t, err)
		if claimed.ID == 0 || claimed.CreatedAt.IsZero() || claimed.CreatedAt.Location() != time.UTC {
			t.Errorf("claimed without an ID, or a time in UTC: %+v", claimed)
		}
		e.ID, e.Token, e.CreatedAt = claimed.ID, claimed.Token, claimed.CreatedAt
		e.Attempt, e.State, e.UpdatedAt = 1, extension.Sent, e.CreatedAt
		e.SettleAt = e.CreatedAt.Add(1500 * time.Millisecond)
		equal(t, "claimed", claimed, e)
		read, err := s.Ledger.Extension(t.Context(), claimed.ID)
		succeed(t, err)
		equal(t, "read", read, e)
	}
}

func claimWithMistake(t *testing.T, db Database) {
	s := db.Open(t)
	mistakes := map[string]func(*extension.Extension){
		"no key":                func(e *extension.Extension) { e.Key = "" },
		"no run":                func(e *extension.Extension) { e.Run = "" },
		"minutes below zero":    func(e *extension.Extension) { e.Minutes = -1 },
		"minutes by platform":   func(e *extension.Extension) { e.Platform = true },
		"each without platform": func(e *extension.Extension) { e.Each = 1 },
		"each below zero":       func(e *extension.Extension) { e.Platform, e.Minutes, e.Each = true, 0, -1 },
		"team without a person": func(e *extension.Extension) { e.Actor.User = "" },
	}
	for name, mistake := range mistakes {
		e := wish(1)
		mistake(&e)
		if _, err := s.Ledger.Claim(t.Context(), e, extension.Limits{}, time.Minute); err == nil {
			t.Errorf("%s: claimed", name)
		}
	}
	all, err := s.History.Extensions(t.Context(), "", 10)
	succeed(t, err)
	equal(t, "rows", len(all), 0)
}

func holderTakesRun(t *testing.T, db Database) {
	s := db.Open(t)
	for number, state := range states {
		holder := inState(t, s, wish(number), state)
		other := wish(number)
		other.Key = "other " + other.Key
		_, err := s.Ledger.Claim(t.Context(), other, extension.Limits{}, time.Minute)
		if state.Open() {
			taken(t, err, holder)
		} else if err != nil {
			t.Errorf("%s holds its run: %v", state, err)
		}
	}
}

func keyIsUsed(t *testing.T, db Database) {
	s := db.Open(t)
	for number, state := range states {
		first := inState(t, s, wish(number), state)
		again, err := s.Ledger.Claim(t.Context(), wish(number), extension.Limits{}, time.Minute)
		elsewhere := wish(number)
		elsewhere.Run = "elsewhere"
		switch state {
		case extension.Sent, extension.Unknown:
			taken(t, err, first)
			_, err = s.Ledger.Claim(t.Context(), elsewhere, extension.Limits{}, time.Minute)
			taken(t, err, first)
		case extension.Accepted, extension.Confirmed:
			duplicate(t, err, first)
			_, err = s.Ledger.Claim(t.Context(), elsewhere, extension.Limits{}, time.Minute)
			duplicate(t, err, first)
		default:
			succeed(t, err)
			equal(t, "attempt after "+string(state), again.Attempt, 2)
			again = move(t, s, again.ID, extension.Sent, extension.Void)
			third := claim(t, s, wish(number))
			equal(t, "attempt after two", third.Attempt, 3)
			third = move(t, s, third.ID, extension.Sent, extension.Confirmed)
			_, err = s.Ledger.Claim(t.Context(), wish(number), extension.Limits{}, time.Minute)
			duplicate(t, err, third)
		}
	}
}

// settlingFromTheFuture: the clock was set back after a crash. Nobody waits until it has caught up.
func settlingFromTheFuture(t *testing.T, db Database) {
	s := db.Open(t)
	settles, err := s.Ledger.Claim(t.Context(), wish(1), extension.Limits{}, 13*time.Second)
	succeed(t, err)
	tells, err := s.Ledger.Claim(t.Context(), wish(2), extension.Limits{}, 13*time.Second)
	succeed(t, err)
	_, err = s.Ledger.Move(t.Context(), tells.ID, extension.Sent, extension.Confirmed, extension.Ending{Tell: true})
	succeed(t, err)
	db.Advance(t, -time.Hour)
	due, err := s.Ledger.Due(t.Context(), 10)
	succeed(t, err)
	equal(t, "due", due, []extension.Extension{settles})
	owed, err := s.Ledger.Owed(t.Context(), time.Minute, 10)
	succeed(t, err)
	if len(owed) != 1 || owed[0].ID != tells.ID {
		t.Errorf("owed: %+v", owed)
	}
	another := wish(3)
	_, err = s.Ledger.Claim(t.Context(), another, extension.Limits{PersonRate: 1}, 13*time.Second)
	succeed(t, err) // what the person did an hour from now is not of this minute
}

func settlingOrder(t *testing.T, db Database) {
	s := db.Open(t)
	if _, waits, err := s.Ledger.NextSettle(t.Context()); waits || err != nil {
		t.Fatalf("something waits in an empty store: %v", err)
	}
	var rows []extension.Extension
	for number, settleIn := range []time.Duration{170, 20, 30, 10, 160} {
		row, err := s.Ledger.Claim(t.Context(), wish(number), extension.Limits{}, settleIn*time.Second)
		succeed(t, err)
		rows = append(rows, row)
	}
	due := func(limit int, want ...extension.Extension) {
		t.Helper()
		got, err := s.Ledger.Due(t.Context(), limit)
		succeed(t, err)
		equal(t, "due", got, want)
	}
	due(10)
	wait, waits, err := s.Ledger.NextSettle(t.Context())
	if !waits || err != nil || wait > 10*time.Second || wait < 7*time.Second {
		t.Errorf("NextSettle: %v %v %v", wait, waits, err)
	}
	db.Advance(t, 35*time.Second)
	due(10, rows[3], rows[1], rows[2])
	due(2, rows[3], rows[1])
	due(0)
	wait, waits, err = s.Ledger.NextSettle(t.Context())
	if !waits || err != nil || wait != 0 {
		t.Errorf("NextSettle of what is late: %v %v %v", wait, waits, err)
	}
	move(t, s, rows[3].ID, extension.Sent, extension.Confirmed)
	unknown := move(t, s, rows[1].ID, extension.Sent, extension.Unknown)
	accepted, err := s.Ledger.Move(t.Context(), rows[2].ID, extension.Sent, extension.Accepted, extension.Ending{SettleIn: 30 * time.Second})
	succeed(t, err)
	due(10)
	db.Advance(t, 61*time.Second)
	due(10, accepted, unknown)
}

func asked(t *testing.T, db Database) {
	s := db.Open(t)
	typed := wish(1) // its key is its envelope
	typed.Key = typed.Envelope
	pressed := wish(2) // its key is not
	pressed.Envelope = typed.Envelope
	other := wish(3)
	var rows []extension.Extension
	for _, e := range []extension.Extension{typed, pressed, other, typed, {Key: "tick", Run: "tick"}} {
		rows = append([]extension.Extension{inState(t, s, e, extension.Void)}, rows...)
	}
	last := claim(t, s, typed)
	check := func(envelope string, want ...extension.Extension) {
		t.Helper()
		got, err := s.Ledger.Asked(t.Context(), envelope)
		succeed(t, err)
		equal(t, "asked by "+envelope, got, want)
	}
	check(typed.Envelope, last, rows[1], rows[3], rows[4])
	check(other.Envelope, rows[2])
	check(other.Key)
	check("tick")
	check("")
	last = move(t, s, last.ID, extension.Sent, extension.Confirmed)
	check(typed.Envelope, last, rows[1], rows[3], rows[4])
}
