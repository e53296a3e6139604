package storetest

import (
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler/extension"
)

func claimIsStored(t *testing.T, db Database) {
	s := db.Open(t)
	asked := []extension.Extension{
		wish(1),
		{Key: "run 2 15:00", Run: "run 2", MeetingID: "2", Origin: extension.FromTick, RuleOf: "25587", Minutes: 15}, // automation
		{Key: "key 3", Run: "run 3 日本 'x' ?", Origin: extension.FromButton, Actor: alice, Platform: true},
	}
	for _, e := range asked {
		claimed, err := s.Claim(t.Context(), e, extension.Limits{}, 1500*time.Millisecond)
		succeed(t, err)
		if claimed.ID == 0 || claimed.CreatedAt.IsZero() || claimed.CreatedAt.Location() != time.UTC {
			t.Errorf("claimed without an ID, or a time in UTC: %+v", claimed)
		}
		e.ID, e.Token, e.CreatedAt = claimed.ID, claimed.Token, claimed.CreatedAt
		e.Attempt, e.State, e.UpdatedAt = 1, extension.Sent, e.CreatedAt
		e.SettleAt = e.CreatedAt.Add(1500 * time.Millisecond)
		equal(t, "claimed", claimed, e)
		read, err := s.Extension(t.Context(), claimed.ID)
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
		"team without a person": func(e *extension.Extension) { e.Actor.User = "" },
	}
	for name, mistake := range mistakes {
		e := wish(1)
		mistake(&e)
		if _, err := s.Claim(t.Context(), e, extension.Limits{}, time.Minute); err == nil {
			t.Errorf("%s: claimed", name)
		}
	}
	all, err := s.History(t.Context(), "", 10)
	succeed(t, err)
	equal(t, "rows", len(all), 0)
}

func holderTakesRun(t *testing.T, db Database) {
	s := db.Open(t)
	for number, state := range states {
		holder := inState(t, s, wish(number), state)
		other := wish(number)
		other.Key = "other " + other.Key
		_, err := s.Claim(t.Context(), other, extension.Limits{}, time.Minute)
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
		again, err := s.Claim(t.Context(), wish(number), extension.Limits{}, time.Minute)
		elsewhere := wish(number)
		elsewhere.Run = "elsewhere"
		switch state {
		case extension.Sent, extension.Unknown:
			taken(t, err, first)
			_, err = s.Claim(t.Context(), elsewhere, extension.Limits{}, time.Minute)
			taken(t, err, first)
		case extension.Accepted, extension.Confirmed:
			duplicate(t, err, first)
			_, err = s.Claim(t.Context(), elsewhere, extension.Limits{}, time.Minute)
			duplicate(t, err, first)
		default:
			succeed(t, err)
			equal(t, "attempt after "+string(state), again.Attempt, 2)
			again = move(t, s, again.ID, extension.Sent, extension.Void)
			third := claim(t, s, wish(number))
			equal(t, "attempt after two", third.Attempt, 3)
			third = move(t, s, third.ID, extension.Sent, extension.Confirmed)
			_, err = s.Claim(t.Context(), wish(number), extension.Limits{}, time.Minute)
			duplicate(t, err, third)
		}
	}
}
