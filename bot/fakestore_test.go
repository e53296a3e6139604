package bot

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// fakeRules is a store of rules in memory.
type fakeRules struct {
	mu     sync.Mutex
	rules  map[string]scheduler.Rule
	paused scheduler.Pause
	quiet  map[extension.Actor]bool
	state  scheduler.PromptState // of each prompt; posted if empty
	err    error                 // of everything
}

func (f *fakeRules) Rules(context.Context) ([]scheduler.Rule, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Collect(maps.Values(f.rules)), f.err
}

func (f *fakeRules) PutRule(_ context.Context, rule scheduler.Rule) (scheduler.Rule, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err != nil {
		return scheduler.Rule{}, f.err
	}
	if f.rules == nil {
		f.rules = make(map[string]scheduler.Rule)
	}
	before := f.rules[rule.Of]
	f.rules[rule.Of] = rule
	return before, nil
}

func (f *fakeRules) DeleteRule(_ context.Context, of string) (scheduler.Rule, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err != nil {
		return scheduler.Rule{}, f.err
	}
	before := f.rules[of]
	delete(f.rules, of)
	return before, nil
}

func (f *fakeRules) PauseAll(_ context.Context, by extension.Actor) (scheduler.Pause, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	before := f.paused
	if f.err == nil && before.IsZero() {
		f.paused = scheduler.Pause{Reason: scheduler.PausedByAdmin, By: by, Since: noon}
	}
	return before, f.err
}

func (f *fakeRules) ResumeAll(context.Context) (scheduler.Pause, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	before := f.paused
	if f.err == nil {
		f.paused = scheduler.Pause{}
	}
	return before, f.err
}

func (f *fakeRules) Paused(context.Context) (scheduler.Pause, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.paused, f.err
}

func (f *fakeRules) Prompt(_ context.Context, id int64) (scheduler.Prompt, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return scheduler.Prompt{ID: id, State: cmp.Or(f.state, scheduler.PromptPosted)}, f.err
}

func (f *fakeRules) SetQuiet(_ context.Context, person extension.Actor, quiet bool) (bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.quiet == nil {
		f.quiet = make(map[extension.Actor]bool)
	}
	before := f.quiet[person]
	f.quiet[person] = quiet
	return before, f.err
}

func (f *fakeRules) Quiet(_ context.Context, person extension.Actor) (bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.quiet[person], f.err
}

// renewal is one of a claim.
type renewal struct {
	id string
	at time.Time
}

// fakeInbox is a store of envelopes in memory.
type fakeInbox struct {
	mu       sync.Mutex
	store    func(ctx context.Context) error // before an envelope is stored; nil = no trouble
	rows     map[string]store.Envelope
	answered []string
	actions  map[string]store.Action
	extended []renewal // of claims
	err      error     // of AnswerEnvelope

	now func() time.Time // by which actions expire; nil = they do not

	// What comes before the others do their work; nil = no trouble.
	take, extend, put, find func(ctx context.Context) error
}

func (f *fakeInbox) StoreEnvelope(ctx context.Context, envelope store.Envelope, _ string, claimFor time.Duration) (bool, error) {
	if f.store != nil {
		if err := f.store(ctx); err != nil {
			return false, err
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, there := f.rows[envelope.ID]; there {
		return false, nil
	}
	if f.rows == nil {
		f.rows = make(map[string]store.Envelope)
	}
	envelope.Stored, envelope.ClaimedUntil = time.Now(), time.Now().Add(claimFor)
	f.rows[envelope.ID] = envelope
	return true, nil
}

func (f *fakeInbox) AnswerEnvelope(_ context.Context, id string, keepPayload bool) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.answered = append(f.answered, id)
	if f.err != nil {
		return f.err
	}
	if row, there := f.rows[id]; there {
		row.Answered = true
		if !keepPayload {
			row.Payload = nil
		}
		f.rows[id] = row
	}
	return nil
}

func (f *fakeInbox) Envelope(_ context.Context, id string) (store.Envelope, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	row, ok := f.rows[id]
	if !ok {
		return store.Envelope{}, store.ErrNoEnvelope
	}
	return row, nil
}

// before is trouble that comes first.
func before(ctx context.Context, trouble func(context.Context) error) error {
	if trouble == nil {
		return nil
	}
	return trouble(ctx)
}

func (f *fakeInbox) TakeEnvelopes(ctx context.Context, _ string, claimFor time.Duration, limit int) ([]store.Envelope, error) {
	if err := before(ctx, f.take); err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	var taken []store.Envelope
	for id, row := range f.rows {
		if len(taken) < limit && !row.Answered && !row.ClaimedUntil.After(time.Now()) {
			row.ClaimedUntil = time.Now().Add(claimFor)
			f.rows[id] = row
			taken = append(taken, row)
		}
	}
	slices.SortFunc(taken, func(a, b store.Envelope) int { return cmp.Or(a.Stored.Compare(b.Stored), cmp.Compare(a.ID, b.ID)) })
	return taken, nil
}

func (f *fakeInbox) ExtendClaims(ctx context.Context, _ string, ids []string, claimFor time.Duration) error {
	if err := before(ctx, f.extend); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, id := range ids {
		f.extended = append(f.extended, renewal{id, time.Now()})
		if row, there := f.rows[id]; there {
			row.ClaimedUntil = time.Now().Add(claimFor)
			f.rows[id] = row
		}
	}
	return nil
}

func (f *fakeInbox) PutActions(ctx context.Context, actions []store.Action) error {
	if err := before(ctx, f.put); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.actions == nil {
		f.actions = make(map[string]store.Action)
	}
	for _, action := range actions {
		if action.ID == "" || action.Verb == "" || action.Expires.IsZero() { // as the store has it
			return errors.New("store actions: one has no ID, no verb or no expiry")
		}
	}
	for _, action := range actions {
		f.actions[action.ID] = action
	}
	return nil
}

func (f *fakeInbox) Action(ctx context.Context, id string) (store.Action, error) {
	if err := before(ctx, f.find); err != nil {
		return store.Action{}, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	action, there := f.actions[id]
	if !there || f.now != nil && !action.Expires.After(f.now()) {
		return store.Action{}, store.ErrNoAction
	}
	return action, nil
}
