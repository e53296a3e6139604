// Package storetest has the contract that every store passes.
package storetest

import (
	"context"
	"errors"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// Store is what the contract is about.
type Store interface {
	extension.Ledger
	scheduler.AutomationStore
	History(ctx context.Context, meetingID string, limit int) ([]extension.Extension, error)
	StoreEnvelope(ctx context.Context, e store.Envelope, owner string, claimFor time.Duration) (fresh bool, err error)
	AnswerEnvelope(ctx context.Context, id string, keepPayload bool) error
	Envelope(ctx context.Context, id string) (store.Envelope, error)
	ErasePayload(ctx context.Context, id string) error
	TakeEnvelopes(ctx context.Context, owner string, claimFor time.Duration, limit int) ([]store.Envelope, error)
	ExtendClaim(ctx context.Context, id, owner string, claimFor time.Duration) error
	ExtendClaims(ctx context.Context, owner string, ids []string, claimFor time.Duration) error
	PutActions(ctx context.Context, actions []store.Action) error
	Action(ctx context.Context, id string) (store.Action, error)
	SetQuiet(ctx context.Context, person extension.Actor, quiet bool) (before bool, err error)
	Quiet(ctx context.Context, person extension.Actor) (bool, error)
	Prune(ctx context.Context, historyDays int) error
	Ping(ctx context.Context) error
	Close() error
}

// Database is an empty database of one test.
type Database interface {
	// Open opens one more Store on the database; it is closed when the test ends, at the latest.
	Open(t *testing.T) Store
	// Advance lets time go by on the database's clock.
	Advance(t *testing.T, by time.Duration)
}

// Run runs the contract, each part of it on a fresh database.
func Run(t *testing.T, fresh func(t *testing.T) Database) {
	parts := []struct {
		name string
		part func(*testing.T, Database)
	}{
		{"claim is stored as it was asked", claimIsStored},
		{"claim with a mistake is refused", claimWithMistake},
		{"what holds the run takes it", holderTakesRun},
		{"key is used until it is freed", keyIsUsed},
		{"limit of a run", limitOfRun},
		{"limit of a day", limitOfDay},
		{"limit of a minute", limitOfMinute},
		{"limits in their order", limitsInOrder},
		{"every move is a compare-and-swap", moves},
		{"move writes its ending", moveWritesEnding},
		{"aim", aim},
		{"abandon", abandon},
		{"settling comes in order", settlingOrder},
		{"history is newest first", history},
		{"nothing is lost by closing", reopening},
		{"context that has ended", endedContext},
		{"one claim of a run wins", raceForRun},
		{"claims of a run whose rows end meanwhile", raceWithEnds},
		{"one claim of a key wins", raceForKey},
		{"claims of a person race for a limit", raceForLimit},
		{"one move wins", raceForMove},
		{"envelope is stored once", envelopeOnce},
		{"envelope is taken over by its repeat", envelopeRepeated},
		{"answered envelope is dropped", envelopeAnswered},
		{"claim of an envelope is extended", envelopeExtended},
		{"claims of envelopes are extended together", envelopesExtended},
		{"one sweeper takes an envelope", raceForEnvelopes},
		{"one of the same envelopes is fresh", raceForFresh},
		{"owed notice is given until it is told", owedNotice},
		{"owed notice stays while its extension moves on", owedNoticeStays},
		{"owed notices come in order", owedOrder},
		{"owed notice is of no interest after a day", owedTooLate},
		{"one of many gets an owed notice", raceForNotices},
		{"extensions of an envelope", asked},
		{"action is stored", actionIsStored},
		{"actions are stored together", actionsAllOrNone},
		{"action expires", actionExpires},
		{"confirmed extension offers more", extensionOffersMore},
		{"confirmed extension offers more until its end", extensionOffersInTime},
		{"lease is held by one", leaseIsHeld},
		{"lease under a clock that is set back", leaseUnderAClockSetBack},
		{"lease is released", leaseIsReleased},
		{"one of many gets a lease", raceForLease},
		{"rule is stored", ruleIsStored},
		{"rules of one meeting", rulesOfOneMeeting},
		{"rule with a mistake is refused", ruleWithMistake},
		{"rule is replaced and deleted", ruleIsReplaced},
		{"rule is paused for its owner", ruleIsPaused},
		{"all automation is paused and resumed", allIsPaused},
		{"host is quiet", hostIsQuiet},
		{"runs are summed up", runsAreSummed},
		{"many runs at once", manyRuns},
		{"prompt is stored", promptIsStored},
		{"prompt with a mistake is refused", promptWithMistake},
		{"one prompt per kind, run and end", promptOnce},
		{"prompts of runs", promptsOfRuns},
		{"prompt is posted", promptIsPosted},
		{"prompt whose poster died", promptIsUnsure},
		{"prompt that Slack did not take", promptIsUnposted},
		{"prompts that are followed", promptsFollowed},
		{"prompt shows something else", promptShows},
		{"every answer to every other", promptAnswers},
		{"answer lapses", promptLapses},
		{"prompt is closed", promptIsClosed},
		{"one of many stores a rule first", raceForRule},
		{"one of many pauses a rule", raceForRulePause},
		{"one of many pauses and resumes all", raceForPause},
		{"one of many claims a prompt", raceForPrompt},
		{"one of many shows a prompt", raceToShow},
		{"one of many answers a prompt", raceToAnswer},
		{"one of many gives a prompt up", raceForUnsure},
		{"pruning extensions", pruningExtensions},
		{"pruning envelopes", pruningEnvelopes},
		{"pruning prompts", pruningPrompts},
		{"pruning leaves rules alone", pruningRules},
	}
	for _, p := range parts {
		t.Run(p.name, func(t *testing.T) { p.part(t, fresh(t)) })
	}
}

var alice = extension.Actor{Team: "T1", User: "U1"}

// wish is a claim that differs from the others by its number: its own key and its own run.
func wish(number int) extension.Extension {
	name := strconv.Itoa(number)
	return extension.Extension{
		Key: "key " + name, Envelope: "envelope " + name, Run: "run " + name, MeetingID: "914083136",
		Origin: extension.FromCommand, Actor: alice, Minutes: 30,
	}
}

func claim(t *testing.T, s Store, e extension.Extension) extension.Extension {
	t.Helper()
	claimed, err := s.Claim(t.Context(), e, extension.Limits{}, time.Minute)
	if err != nil {
		t.Fatalf("Claim: %v", err)
	}
	return claimed
}

func move(t *testing.T, s Store, id int64, from, to extension.State) extension.Extension {
	t.Helper()
	moved, err := s.Move(t.Context(), id, from, to, extension.Ending{SettleIn: time.Minute})
	if err != nil {
		t.Fatalf("Move from %s to %s: %v", from, to, err)
	}
	return moved
}

// inState claims e and leads it to a state.
func inState(t *testing.T, s Store, e extension.Extension, state extension.State) extension.Extension {
	t.Helper()
	claimed := claim(t, s, e)
	if state == extension.Sent {
		return claimed
	}
	return move(t, s, claimed.ID, extension.Sent, state)
}

func succeed(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func equal(t *testing.T, what string, got, want any) {
	t.Helper()
	if difference := cmp.Diff(want, got); difference != "" {
		t.Errorf("%s (-want +got):\n%s", what, difference)
	}
}

func failsWith(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Fatalf("error is %v, want %v", err, want)
	}
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

func limited(t *testing.T, err error, limit extension.Limit, left int) {
	t.Helper()
	var got *extension.LimitError
	if !errors.As(err, &got) {
		t.Fatalf("error is %v, want a LimitError", err)
	}
	equal(t, "limit", *got, extension.LimitError{Limit: limit, Left: left})
}

var states = []extension.State{
	extension.Sent, extension.Unknown, extension.Confirmed, extension.Accepted, extension.Refused,
	extension.Void, extension.Unclear,
}
