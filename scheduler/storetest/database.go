package storetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// databaseContract is the contract of store.Store itself.
var databaseContract = []part{
	{"nothing is lost by closing", reopening},
	{"context that has ended", endedContext},
	{"pruning extensions", pruningExtensions},
	{"pruning envelopes", pruningEnvelopes},
	{"pruning prompts", pruningPrompts},
	{"pruning rules of meetings that are gone", pruningRules},
	{"rules that were not seen", unseenRules},
	{"every table has its retention", everyTableIsKept},
}

func reopening(t *testing.T, db Database) {
	first := db.Open(t)
	row := claim(t, first, wish(1))
	_, err := first.Inbox.StoreEnvelope(t.Context(), envelope(1), "one", time.Minute)
	succeed(t, err)
	automation := automate(t, first)
	succeed(t, first.Ping(t.Context()))
	succeed(t, first.Close(t.Context()))
	succeed(t, first.Close(t.Context()))
	for what, err := range map[string]error{
		"write": first.Inbox.AnswerEnvelopes(t.Context(), map[string]bool{"envelope 1": false}),
		"read":  func() error { _, err := first.Ledger.Extension(t.Context(), row.ID); return err }(),
		"ping":  first.Ping(t.Context()),
	} {
		if err == nil {
			t.Errorf("%s after Close works", what)
		}
		failsWith(t, err, store.ErrClosed)
	}
	second := db.Open(t)
	unchanged(t, second, row)
	_, err = second.Inbox.Envelope(t.Context(), "envelope 1")
	succeed(t, err)
	equal(t, "automation", automated(t, second), automation)
}

// automation is all that a store keeps of rules and prompts.
type automation struct {
	Rules   []scheduler.Rule
	Paused  scheduler.Pause
	Quiet   bool
	Prompts map[string][]scheduler.Prompt
	Runs    map[string]scheduler.RunSummary
}

// automate stores one of each, in a store that has claimed wish 1.
func automate(t *testing.T, s *store.Store) automation {
	t.Helper()
	putRule(t, s, ruleOf("914083136"))
	_, err := s.Automation.PauseAll(t.Context(), alice)
	succeed(t, err)
	_, err = s.Automation.SetQuiet(t.Context(), alice, true)
	succeed(t, err)
	p := posted(t, s, about("run 1", 0), "shown")
	answers(t, s, p.ID, scheduler.KeepExtending, alice, true)
	return automated(t, s)
}

func automated(t *testing.T, s *store.Store) automation {
	t.Helper()
	var found automation
	var err error
	found.Rules = rulesOf(t, s)
	found.Paused, err = s.Automation.Paused(t.Context())
	succeed(t, err)
	found.Quiet, err = s.Automation.Quiet(t.Context(), alice)
	succeed(t, err)
	found.Prompts = promptsOf(t, s, "run 1")
	found.Runs = runsOf(t, s, "run 1")
	if len(found.Rules) != 1 || found.Paused.IsZero() || !found.Quiet || len(found.Prompts) != 1 || !found.Runs["run 1"].Open {
		t.Errorf("something is missing: %+v", found)
	}
	return found
}

func endedContext(t *testing.T, db Database) {
	s := db.Open(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := s.Ledger.Claim(ctx, wish(1), extension.Limits{}, time.Minute)
	failsWith(t, err, context.Canceled)
	_, err = s.Ledger.Due(ctx, 10)
	failsWith(t, err, context.Canceled)
	all, err := s.History.Extensions(t.Context(), "", 10)
	succeed(t, err)
	equal(t, "rows", len(all), 0)
}

func pruningExtensions(t *testing.T, db Database) {
	s := db.Open(t)
	var kept []extension.Extension
	open := inState(t, s, wish(1000), extension.Unknown)
	for number := range 110 { // more than a batch
		inState(t, s, wish(number), states[2+number%5])
	}
	db.Advance(t, 9*24*time.Hour)
	for number := range 3 {
		kept = append([]extension.Extension{inState(t, s, wish(2000+number), extension.Confirmed)}, kept...)
	}
	kept = append(kept, open) // it holds its run, however old it is
	db.Advance(t, 23*time.Hour)
	check := func(historyDays, want int) []extension.Extension {
		t.Helper()
		succeed(t, s.Prune(t.Context(), historyDays))
		left, err := s.History.Extensions(t.Context(), "", 1000)
		succeed(t, err)
		equal(t, "rows that are left", len(left), want)
		return left
	}
	check(0, 114)
	check(10, 114)
	db.Advance(t, 2*time.Hour)
	equal(t, "left", check(10, 4), kept)
	again := claim(t, s, wish(1)) // its key is free again, its number is new
	if again.ID <= kept[0].ID {
		t.Errorf("number %d was given before", again.ID)
	}
}

func pruningEnvelopes(t *testing.T, db Database) {
	s := db.Open(t)
	for number := range 110 { // more than a batch
		arrives(t, s, envelope(number), "one", true)
	}
	succeed(t, s.Inbox.AnswerEnvelopes(t.Context(), map[string]bool{"envelope 0": true}))
	payloads := func(want bool) {
		t.Helper()
		succeed(t, s.Prune(t.Context(), 400))
		for _, id := range []string{"envelope 0", "envelope 1", "envelope 109"} {
			equal(t, "payload of "+id, readEnvelope(t, s, id).Payload != nil, want)
		}
	}
	db.Advance(t, 29*time.Minute)
	payloads(true)
	db.Advance(t, 2*time.Minute)
	payloads(false)
	db.Advance(t, 7*24*time.Hour-time.Hour)
	arrives(t, s, envelope(1000), "one", true)
	payloads(false)
	db.Advance(t, 2*time.Hour)
	succeed(t, s.Prune(t.Context(), 400))
	for _, id := range []string{"envelope 0", "envelope 1", "envelope 109"} {
		_, err := s.Inbox.Envelope(t.Context(), id)
		failsWith(t, err, store.ErrNoEnvelope)
	}
	equal(t, "newer one", readEnvelope(t, s, "envelope 1000").ID, "envelope 1000")
}

// pruningPrompts: what is open is closed after a week, and what is closed goes when the history does.
func pruningPrompts(t *testing.T, db Database) {
	s := db.Open(t)
	var ids []int64
	for number := range 70 { // three of each make more than two batches
		run := fmt.Sprint("run ", number)
		for at, kind := range promptKinds {
			p := about(run, 0)
			p.Kind = kind
			p = claimPrompt(t, s, p, true)
			ids = append(ids, p.ID)
			if at == 1 {
				succeed(t, s.Prompts.MovePrompt(t.Context(), p.ID, scheduler.PromptPosted, inChannel("shown")))
			}
		}
	}
	db.Advance(t, 2*time.Minute)
	_, err := s.Prompts.UnsurePrompts(t.Context(), time.Minute, 70)
	succeed(t, err)
	states := func(historyDays int) map[scheduler.PromptState]int {
		t.Helper()
		succeed(t, s.Prune(t.Context(), historyDays))
		number := map[scheduler.PromptState]int{}
		for _, id := range ids {
			if p, err := s.Prompts.Prompt(t.Context(), id); err == nil {
				number[p.State]++
			} else {
				failsWith(t, err, scheduler.ErrNoPrompt)
			}
		}
		return number
	}
	open := map[scheduler.PromptState]int{scheduler.PromptPosting: 70, scheduler.PromptPosted: 70, scheduler.PromptUnsure: 70}
	closed := map[scheduler.PromptState]int{scheduler.PromptClosed: 210}
	db.Advance(t, 7*24*time.Hour-time.Hour)
	equal(t, "after six days", states(1), open) // whatever the history is
	db.Advance(t, time.Hour)
	young := claimPrompt(t, s, about("young", 0), true)
	equal(t, "after seven days", states(30), closed)
	db.Advance(t, 23*24*time.Hour-time.Hour)
	equal(t, "after 29 days", states(30), closed)
	db.Advance(t, 2*time.Hour)
	equal(t, "without an end", states(0), closed)
	equal(t, "after 30 days", states(30), map[scheduler.PromptState]int{})
	equal(t, "younger one", readPrompt(t, s, young.ID).State, scheduler.PromptClosed)
	claimPrompt(t, s, about("run 1", 0), true)
}
