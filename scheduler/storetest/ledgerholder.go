package storetest

import (
	"errors"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// claimNeedsItsEnvelope has a process that stood still come back with its envelope in other hands.
func claimNeedsItsEnvelope(t *testing.T, db Database) {
	s := db.Open(t)
	const slept, other = "slept", "other"
	for number, test := range []struct {
		name, holder string
		meanwhile    func(id string)
		lost         bool
	}{
		{name: "its own", holder: slept},
		{name: "of another", holder: other, lost: true},
		{name: "not looked at"},
		{name: "concluded", holder: slept, lost: true, meanwhile: func(id string) {
			mine, err := s.Inbox.ConcludeEnvelope(t.Context(), store.Envelope{ID: id}, slept, time.Minute)
			succeed(t, err)
			equal(t, "mine", mine, true)
		}},
		{name: "answered", holder: slept, lost: true, meanwhile: func(id string) {
			succeed(t, s.Inbox.AnswerEnvelopes(t.Context(), map[string]bool{id: false}))
		}},
	} {
		e := wish(number)
		e.Holder = test.holder
		arrives(t, s, store.Envelope{ID: e.Envelope, Type: "slash_commands", Payload: []byte("{}")}, slept, true)
		if test.meanwhile != nil {
			test.meanwhile(e.Envelope)
		}
		if _, err := s.Ledger.Claim(t.Context(), e, extension.Limits{}, time.Minute); errors.Is(err, extension.ErrTakenOver) != test.lost || !test.lost && err != nil {
			t.Errorf("%s: %v", test.name, err)
		}
	}
	never := wish(99)
	never.Holder = slept
	if _, err := s.Ledger.Claim(t.Context(), never, extension.Limits{}, time.Minute); err != nil {
		t.Errorf("an envelope that was never stored: %v", err)
	}
}
