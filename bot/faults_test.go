package bot

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// faults are what calls meet on their way to the real parts, by the name of the method: nothing, unless a test says so.
type faults struct {
	mu    sync.Mutex
	meets map[string]func(context.Context) error
	calls map[string]int
}

// put lets every call of a method meet something first: an error is all that the caller gets.
func (f *faults) put(method string, meets func(context.Context) error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.meets == nil {
		f.meets = make(map[string]func(context.Context) error)
	}
	f.meets[method] = meets
}

// putAll is put for several methods.
func (f *faults) putAll(meets func(context.Context) error, methods ...string) {
	for _, method := range methods {
		f.put(method, meets)
	}
}

// heal takes the faults of these methods back.
func (f *faults) heal(methods ...string) {
	for _, method := range methods {
		f.put(method, nil)
	}
}

// once is a fault that only the first call meets.
func once(meets func(context.Context) error) func(context.Context) error { return times(1, meets) }

// times is a fault that so many calls meet.
func times(left int, meets func(context.Context) error) func(context.Context) error {
	var mu sync.Mutex
	return func(ctx context.Context) error {
		mu.Lock()
		left--
		met := left >= 0
		mu.Unlock()
		if met {
			return meets(ctx)
		}
		return nil
	}
}

// doing is a fault that does something in the background of a call, and lets it go on.
func doing(do func()) func(context.Context) error {
	return func(context.Context) error { do(); return nil }
}

// count tells how often a method was called.
func (f *faults) count(method string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.calls[method]
}

func (f *faults) meet(ctx context.Context, method string) error {
	f.mu.Lock()
	if f.calls == nil {
		f.calls = make(map[string]int)
	}
	f.calls[method]++
	meets := f.meets[method]
	f.mu.Unlock()
	if meets == nil {
		return nil
	}
	return meets(ctx)
}

// through calls a method that meets its faults first.
func through[T any](ctx context.Context, f *faults, method string, call func() (T, error)) (T, error) {
	if err := f.meet(ctx, method); err != nil {
		var none T
		return none, err
	}
	return call()
}

// Faults of the test.
func failing(err error) func(context.Context) error {
	return func(context.Context) error { return err }
}

func panicking(words string) func(context.Context) error {
	return func(context.Context) error { panic(words) }
}

func hanging(ctx context.Context) error {
	<-ctx.Done()
	return ctx.Err()
}

// faultyExtender notes what it is asked for.
type faultyExtender struct {
	Extender
	*faults
	requests *requests
	lists    func([]meeting.Meeting) // changes what a list says; nil: nothing is changed
	results  func(*extension.Result) // changes what came of a wish
}

// requests are the wishes that reached the extender.
type requests struct {
	mu  sync.Mutex
	all []extension.Request
}

func (r *requests) list() []extension.Request {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]extension.Request(nil), r.all...)
}

func (x faultyExtender) Extend(ctx context.Context, request extension.Request) (extension.Result, error) {
	x.requests.mu.Lock()
	x.requests.all = append(x.requests.all, request)
	x.requests.mu.Unlock()
	result, err := through(ctx, x.faults, "Extend", func() (extension.Result, error) { return x.Extender.Extend(ctx, request) })
	if x.results != nil {
		x.results(&result)
	}
	return result, err
}

func (x faultyExtender) Find(ctx context.Context, id string) (meeting.Meeting, error) {
	return through(ctx, x.faults, "Find", func() (meeting.Meeting, error) { return x.Extender.Find(ctx, id) })
}

func (x faultyExtender) Running(ctx context.Context) ([]meeting.Meeting, error) {
	running, err := through(ctx, x.faults, "Running", func() ([]meeting.Meeting, error) { return x.Extender.Running(ctx) })
	running = slices.Clone(running)
	if x.lists != nil {
		x.lists(running)
	}
	return running, err
}

func (x faultyExtender) Listed(ctx context.Context, than time.Duration) ([]meeting.Meeting, error) {
	return through(ctx, x.faults, "Listed", func() ([]meeting.Meeting, error) { return x.Extender.Listed(ctx, than) })
}

func (x faultyExtender) Look(ctx context.Context, id string) (meeting.Meeting, error) {
	return through(ctx, x.faults, "Look", func() (meeting.Meeting, error) { return x.Extender.Look(ctx, id) })
}

// faultyScheduler may explain otherwise.
type faultyScheduler struct {
	Scheduler
	*faults
	explains func(*scheduler.Explanation) // nil: nothing is changed
}

func (s faultyScheduler) Answer(ctx context.Context, prompt int64, answer scheduler.Answer, by extension.Actor) (scheduler.Prompt, bool, error) {
	if err := s.meet(ctx, "Answer"); err != nil {
		return scheduler.Prompt{}, false, err
	}
	return s.Scheduler.Answer(ctx, prompt, answer, by)
}

func (s faultyScheduler) FollowNow(ctx context.Context, meetingID, run string) error {
	if err := s.meet(ctx, "FollowNow"); err != nil {
		return err
	}
	return s.Scheduler.FollowNow(ctx, meetingID, run)
}

func (s faultyScheduler) Why(ctx context.Context, m meeting.Meeting, minutes int) (scheduler.Explanation, error) {
	explained, err := through(ctx, s.faults, "Why", func() (scheduler.Explanation, error) { return s.Scheduler.Why(ctx, m, minutes) })
	if s.explains != nil {
		s.explains(&explained)
	}
	return explained, err
}

// faultyClient is the meeting service's client, as far as the bot asks it.
type faultyClient struct {
	*meeting.Client
	*faults
}

// View has the service refuse the enterprise's list where its call fails.
func (c faultyClient) View() meeting.View {
	view := c.Client.View()
	_, err := through(context.Background(), c.faults, "View", func() (meeting.View, error) { return view, nil })
	view.Refused = view.Refused || err != nil
	return view
}

func (c faultyClient) Host(ctx context.Context, id string) (meeting.Host, error) {
	return through(ctx, c.faults, "Host", func() (meeting.Host, error) { return c.Client.Host(ctx, id) })
}

func (c faultyClient) Accounts(ctx context.Context, email string) ([]meeting.Host, error) {
	return through(ctx, c.faults, "Accounts", func() ([]meeting.Host, error) { return c.Client.Accounts(ctx, email) })
}

func (c faultyClient) Booked(ctx context.Context, id string) (meeting.Meeting, error) {
	return through(ctx, c.faults, "Booked", func() (meeting.Meeting, error) { return c.Client.Booked(ctx, id) })
}

// faultyLedger is the store of extensions.
type faultyLedger struct {
	extension.Ledger
	*faults
}

func (l faultyLedger) Claim(ctx context.Context, e extension.Extension, limits extension.Limits, settleIn time.Duration) (extension.Extension, error) {
	return through(ctx, l.faults, "Claim", func() (extension.Extension, error) { return l.Ledger.Claim(ctx, e, limits, settleIn) })
}

func (l faultyLedger) Move(ctx context.Context, id int64, from, to extension.State, ending extension.Ending) (extension.Extension, error) {
	return through(ctx, l.faults, "Move", func() (extension.Extension, error) { return l.Ledger.Move(ctx, id, from, to, ending) })
}

func (l faultyLedger) Extension(ctx context.Context, id int64) (extension.Extension, error) {
	return through(ctx, l.faults, "Extension", func() (extension.Extension, error) { return l.Ledger.Extension(ctx, id) })
}

func (l faultyLedger) Asked(ctx context.Context, envelope string) ([]extension.Extension, error) {
	return through(ctx, l.faults, "Asked", func() ([]extension.Extension, error) { return l.Ledger.Asked(ctx, envelope) })
}

func (l faultyLedger) Added(ctx context.Context, run string, by extension.Actor) (extension.Added, error) {
	return through(ctx, l.faults, "Added", func() (extension.Added, error) { return l.Ledger.Added(ctx, run, by) })
}

// renewal is one of a claim.
type renewal struct {
	id string
	at time.Time
}

// faultyInbox is the store of envelopes and buttons. It notes what is answered, and which claims are renewed.
type faultyInbox struct {
	*store.Inbox
	*faults
	notes *inboxNotes
}

type inboxNotes struct {
	mu       sync.Mutex
	answered []string
	renewals []renewal
	pretends bool                  // that it writes: for more envelopes than a test has time for
	lateTake func(context.Context) // after envelopes were taken over, and before that is told
}

func (i faultyInbox) StoreEnvelope(ctx context.Context, envelope store.Envelope, owner string, claimFor time.Duration) (bool, error) {
	return through(ctx, i.faults, "StoreEnvelope", func() (bool, error) {
		if i.notes.pretends {
			return true, nil
		}
		return i.Inbox.StoreEnvelope(ctx, envelope, owner, claimFor)
	})
}

func (i faultyInbox) ConcludeEnvelope(ctx context.Context, envelope store.Envelope, owner string, claimFor time.Duration) (bool, error) {
	return through(ctx, i.faults, "ConcludeEnvelope", func() (bool, error) {
		if i.notes.pretends {
			return true, nil
		}
		return i.Inbox.ConcludeEnvelope(ctx, envelope, owner, claimFor)
	})
}

func (i faultyInbox) AnswerEnvelopes(ctx context.Context, keepPayload map[string]bool) error {
	i.notes.mu.Lock()
	i.notes.answered = append(i.notes.answered, slices.Sorted(maps.Keys(keepPayload))...)
	i.notes.mu.Unlock()
	if err := i.meet(ctx, "AnswerEnvelopes"); err != nil || i.notes.pretends {
		return err
	}
	return i.Inbox.AnswerEnvelopes(ctx, keepPayload)
}

func (i faultyInbox) TakeEnvelopes(ctx context.Context, owner string, claimFor time.Duration, limit int) ([]store.Envelope, error) {
	return through(ctx, i.faults, "TakeEnvelopes", func() ([]store.Envelope, error) {
		taken, err := i.Inbox.TakeEnvelopes(ctx, owner, claimFor, limit)
		if i.notes.lateTake != nil {
			i.notes.lateTake(ctx)
		}
		return taken, err
	})
}

func (i faultyInbox) ExtendClaims(ctx context.Context, owner string, ids []string, claimFor time.Duration) (int, error) {
	if err := i.meet(ctx, "ExtendClaims"); err != nil {
		return 0, err
	}
	i.notes.mu.Lock()
	for _, id := range ids {
		i.notes.renewals = append(i.notes.renewals, renewal{id, time.Now()})
	}
	i.notes.mu.Unlock()
	return i.Inbox.ExtendClaims(ctx, owner, ids, claimFor)
}

func (i faultyInbox) PutActions(ctx context.Context, actions []store.Action) error {
	if err := i.meet(ctx, "PutActions"); err != nil {
		return err
	}
	return i.Inbox.PutActions(ctx, actions)
}

func (i faultyInbox) Action(ctx context.Context, id string) (store.Action, error) {
	return through(ctx, i.faults, "Action", func() (store.Action, error) { return i.Inbox.Action(ctx, id) })
}

// faultyApprovals are late to note where a card is.
type faultyApprovals struct {
	*store.Approvals
	*faults
}

func (a faultyApprovals) Show(ctx context.Context, seen store.Approval) error {
	if err := a.meet(ctx, "Show"); err != nil {
		return err
	}
	return a.Approvals.Show(ctx, seen)
}

// faultyRules is the store of rules and prompts as the bot sees it; the scheduler's own goes without faults.
type faultyRules struct {
	*store.Automation
	prompts *store.Prompts
	*faults
}

// rulesMethods are those of the bot's Rules.
var rulesMethods = []string{"Rules", "PutRule", "DeleteRule", "PauseAll", "ResumeAll", "Paused", "SetQuiet", "Quiet", "Prompt", "FollowedPrompts"}

func (r faultyRules) FollowedPrompts(ctx context.Context) ([]scheduler.Prompt, error) {
	return through(ctx, r.faults, "FollowedPrompts", func() ([]scheduler.Prompt, error) { return r.prompts.FollowedPrompts(ctx) })
}

func (r faultyRules) Rules(ctx context.Context) ([]scheduler.Rule, error) {
	return through(ctx, r.faults, "Rules", func() ([]scheduler.Rule, error) { return r.Automation.Rules(ctx) })
}

func (r faultyRules) PutRule(ctx context.Context, rule scheduler.Rule) (scheduler.Rule, error) {
	return through(ctx, r.faults, "PutRule", func() (scheduler.Rule, error) { return r.Automation.PutRule(ctx, rule) })
}

func (r faultyRules) DeleteRule(ctx context.Context, of string) (scheduler.Rule, error) {
	return through(ctx, r.faults, "DeleteRule", func() (scheduler.Rule, error) { return r.Automation.DeleteRule(ctx, of) })
}

func (r faultyRules) PauseAll(ctx context.Context, by extension.Actor) (scheduler.Pause, error) {
	return through(ctx, r.faults, "PauseAll", func() (scheduler.Pause, error) { return r.Automation.PauseAll(ctx, by) })
}

func (r faultyRules) ResumeAll(ctx context.Context) (scheduler.Pause, error) {
	return through(ctx, r.faults, "ResumeAll", func() (scheduler.Pause, error) { return r.Automation.ResumeAll(ctx) })
}

func (r faultyRules) Paused(ctx context.Context) (scheduler.Pause, error) {
	return through(ctx, r.faults, "Paused", func() (scheduler.Pause, error) { return r.Automation.Paused(ctx) })
}

func (r faultyRules) SetQuiet(ctx context.Context, person extension.Actor, quiet bool) (bool, error) {
	return through(ctx, r.faults, "SetQuiet", func() (bool, error) { return r.Automation.SetQuiet(ctx, person, quiet) })
}

func (r faultyRules) Quiet(ctx context.Context, person extension.Actor) (bool, error) {
	return through(ctx, r.faults, "Quiet", func() (bool, error) { return r.Automation.Quiet(ctx, person) })
}

func (r faultyRules) Prompt(ctx context.Context, id int64) (scheduler.Prompt, error) {
	return through(ctx, r.faults, "Prompt", func() (scheduler.Prompt, error) { return r.prompts.Prompt(ctx, id) })
}
