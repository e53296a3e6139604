package scheduler_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/meeting/meetingtest"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// brittleStore does not answer while it is down.
type brittleStore struct {
	scheduler.RuleStore
	scheduler.LeaseStore
	down atomic.Bool
}

// brittle is the office's store from now on.
func (o *office) brittle() *brittleStore {
	brittle := &brittleStore{RuleStore: o.store.Automation, LeaseStore: o.store.Automation}
	o.config.Store.RuleStore, o.config.Store.LeaseStore = brittle, brittle
	return brittle
}

func (b *brittleStore) Lease(ctx context.Context, name, owner string, ttl time.Duration) (bool, error) {
	if b.down.Load() {
		return false, errors.New("no database")
	}
	return b.LeaseStore.Lease(ctx, name, owner, ttl)
}

func (b *brittleStore) Paused(ctx context.Context) (scheduler.Pause, error) {
	if b.down.Load() {
		return scheduler.Pause{}, errors.New("no database")
	}
	return b.RuleStore.Paused(ctx)
}

// Without the store nothing can be written down, and nothing is done: those who depend on it hear of it all the same,
// once, and what was missed is caught up with as soon as the store answers.
func TestStoreIsDown(t *testing.T) {
	inOffice(t, scheduler.ModeAuto, func(o *office) {
		brittle := o.brittle()
		o.start(o.another())
		o.until(12*time.Minute + 30*time.Second)
		brittle.down.Store(true)
		o.until(5 * time.Minute)
		said := o.wantSaid(scheduler.PromptTrouble, 0)
		if said[0].Trouble != scheduler.TroubleNoTick || said[0].Prompt.ID != 0 {
			t.Errorf("said %s under prompt %d", said[0].Trouble, said[0].Prompt.ID)
		}
		o.wantEffects()
		brittle.down.Store(false)
		o.until(4*time.Minute + 45*time.Second)
		o.wantEffects(15)
	})
}

// sumless cannot sum runs up while it is down.
type sumless struct {
	scheduler.RunStore
	down atomic.Bool
}

func (s *sumless) Runs(ctx context.Context, runs []string) (map[string]scheduler.RunSummary, error) {
	if s.down.Load() {
		return nil, errors.New("no database")
	}
	return s.RunStore.Runs(ctx, runs)
}

// Where the histories alone cannot be read, that is told once and in time, as for all the store.
func TestHistoriesCannotBeRead(t *testing.T) {
	inOffice(t, scheduler.ModeAuto, func(o *office) {
		store := &sumless{RunStore: o.store.History}
		o.config.Store.RunStore = store
		o.start(o.another())
		o.until(12*time.Minute + 30*time.Second)
		store.down.Store(true)
		o.until(7*time.Minute + 30*time.Second)
		o.wantSaid(scheduler.PromptTrouble, 0)
		o.until(30 * time.Second)
		o.wantSaid(scheduler.PromptTrouble, 0)
	})
}

// While all automation is paused, nobody hears that it fails.
func TestPausedAndTheStoreIsDown(t *testing.T) {
	inOffice(t, scheduler.ModeAuto, func(o *office) {
		brittle := o.brittle()
		if _, err := o.store.Automation.PauseAll(o.ctx, alice); err != nil {
			t.Fatal(err)
		}
		o.start(o.another())
		o.until(12*time.Minute + 30*time.Second)
		brittle.down.Store(true)
		o.until(time.Minute)
		o.wantSaid(scheduler.PromptTrouble)
	})
}

// alarms sums the failures of all ticks up.
func (r *reports) alarms(trouble scheduler.Trouble) (sum int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, report := range r.seen {
		sum += report.Alarms[trouble]
	}
	return sum
}

// Metrics hear of each failure, whatever it was.
func TestFailuresAreReported(t *testing.T) {
	for _, test := range []struct {
		trouble scheduler.Trouble
		fail    func(o *office, brittle *brittleStore)
	}{
		{scheduler.TroubleRefused, func(o *office, _ *brittleStore) {
			o.service.Inject(meetingtest.Fault{Op: meetingtest.OpExtend, Kind: meetingtest.Refuse, Code: "MMC.111074003"})
		}},
		{scheduler.TroubleUnclear, func(o *office, _ *brittleStore) {
			o.service.Inject(meetingtest.Fault{Op: meetingtest.OpExtend, Kind: meetingtest.HangUp})
		}},
		{scheduler.TroubleService, func(o *office, _ *brittleStore) { o.failAll(meetingtest.OpOnline, 503) }},
		{scheduler.TroubleOwner, func(o *office, _ *brittleStore) {
			o.announcer.mu.Lock()
			defer o.announcer.mu.Unlock()
			o.announcer.unknown = errors.New("no answer")
		}},
		{scheduler.TroubleNoTick, func(_ *office, brittle *brittleStore) { brittle.down.Store(true) }},
	} {
		inOffice(t, scheduler.ModeOff, func(o *office) {
			brittle := o.brittle()
			o.watch(scheduler.Rule{Mode: scheduler.ModeAuto})
			o.start(o.another())
			o.until(12*time.Minute + 30*time.Second)
			test.fail(o, brittle)
			o.until(7*time.Minute + 30*time.Second)
			brittle.down.Store(false) // a tick reports what happened without one
			o.until(6 * time.Minute)
			if o.reports.alarms(test.trouble) == 0 {
				t.Errorf("no tick reported %s", test.trouble)
			}
		})
	}
}

// forgetful does not take the first prompts of a kind.
type forgetful struct {
	scheduler.PromptStore
	kind  scheduler.PromptKind
	times atomic.Int32
}

func (f *forgetful) ClaimPrompt(ctx context.Context, p scheduler.Prompt) (scheduler.Prompt, bool, error) {
	if p.Kind == f.kind && f.times.Add(-1) >= 0 {
		return scheduler.Prompt{}, false, errors.New("no database")
	}
	return f.PromptStore.ClaimPrompt(ctx, p)
}

// A word that could not be written down stays owed, and is told later.
func TestWordThatWasNotWritten(t *testing.T) {
	inOffice(t, scheduler.ModeAuto, func(o *office) {
		store := &forgetful{PromptStore: o.store.Prompts, kind: scheduler.PromptAuto}
		store.times.Store(1)
		o.config.Store.PromptStore = store
		o.start(o.another())
		o.until(9*time.Minute + 45*time.Second)
		o.wantEffects(15)
		o.wantSaid(scheduler.PromptAuto)
		o.until(3 * time.Minute)
		o.wantSaid(scheduler.PromptAuto, 0)
	})
}

// What another process extended by itself, and did not live to tell, another one tells.
func TestOwedByAnotherProcess(t *testing.T) {
	inOffice(t, scheduler.ModeOff, func(o *office) {
		door := o.doorConfig
		door.Notifier = o.replica
		another, err := extension.New(door)
		if err != nil {
			t.Fatal(err)
		}
		wish := o.wish(extension.OfferKey(o.run1, o.end), extension.Actor{}, 15)
		wish.Envelope, wish.Origin, wish.OfferedEnd = "", extension.FromTick, o.end
		result, err := another.Extend(o.ctx, wish)
		if err != nil {
			t.Fatal(err)
		}
		o.wantOutcome(result, extension.DidConfirm)
		o.start(o.replica)
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		if said := o.wantSaid(scheduler.PromptAuto, 0); said[0].Last.ID != result.Extension.ID {
			t.Errorf("told of extension %d", said[0].Last.ID)
		}
	})
}

// What a rule of a cloud room did is told to those who watch the room, also when the run is over and its room is no
// longer known.
func TestOwedAfterTheRunOfARoom(t *testing.T) {
	inOffice(t, scheduler.ModeOff, func(o *office) {
		id := o.service.Add(meetingtest.Meeting{ID: "914083137", RoomID: "25587", End: o.end, People: 3})
		rule := scheduler.Rule{Of: "25587", Mode: scheduler.ModeAuto, Owner: alice, Channel: "C1"}
		if _, err := o.store.Automation.PutRule(o.ctx, rule); err != nil {
			t.Fatal(err)
		}
		store := &forgetful{PromptStore: o.store.Prompts, kind: scheduler.PromptAuto}
		store.times.Store(1)
		o.config.Store.PromptStore = store
		o.start(o.another())
		o.until(9*time.Minute + 45*time.Second)
		if effects := o.service.Effects(id); len(effects) != 1 {
			t.Fatalf("effects %v", effects)
		}
		o.wantSaid(scheduler.PromptAuto)
		o.service.EndMeeting(id)
		o.until(3 * time.Minute)
		if said := o.wantSaid(scheduler.PromptAuto, 0); said[0].Rule.Channel != "C1" || said[0].Prompt.RuleOf != "25587" {
			t.Errorf("told by the rule %+v", said[0].Rule)
		}
	})
}

// The quota cannot serve them all: who is left out hears of it within the lead, and the earliest are served.
func TestMoreThanTheQuotaServes(t *testing.T) {
	inOffice(t, scheduler.ModeAuto, func(o *office) {
		o.service.EndMeeting(meetingID)
		ids := make([]string, 60)
		for i := range ids {
			ids[i] = o.service.Add(meetingtest.Meeting{End: o.end, People: 3})
		}
		o.config.Quota = fiveAMinute{}
		o.until(6 * time.Minute) // it begins too late
		o.start(o.another())
		o.until(-time.Minute)
		extended, told := 0, len(o.announcer.of(scheduler.PromptTrouble))
		for _, id := range ids {
			extended += len(o.service.Effects(id))
		}
		if extended < 20 || extended > 30 || extended+told < len(ids) {
			t.Errorf("of %d meetings %d were extended, and of %d it was told that they are not", len(ids), extended, told)
		}
		for _, said := range o.announcer.of(scheduler.PromptTrouble) {
			if said.Trouble != scheduler.TroubleQuota {
				t.Errorf("trouble is %s", said.Trouble)
			}
		}
	})
}

// hidingList leaves all meetings out of the list while it hides them.
type hidingList struct {
	extension.Meetings
	hides atomic.Bool
}

func (h *hidingList) Running(ctx context.Context) ([]meeting.Meeting, error) {
	list, err := h.Meetings.Running(ctx)
	if h.hides.Load() {
		return nil, err
	}
	return list, err
}

// A list that is not whole ends no prompt before its time: the meeting is read by itself.
func TestListThatIsNotWhole(t *testing.T) {
	inOffice(t, scheduler.ModeAsk, func(o *office) {
		hiding := &hidingList{Meetings: o.doorConfig.Meetings}
		o.doorConfig.Meetings = hiding
		o.start(o.another())
		o.until(8 * time.Minute)
		o.wantSaid(scheduler.PromptAsk, 0)
		hiding.hides.Store(true)
		o.until(4 * time.Minute)
		if state := o.prompts()[0].State; state != scheduler.PromptPosted {
			t.Errorf("the prompt is %s while its meeting runs", state)
		}
		o.service.EndMeeting(meetingID)
		o.until(2 * time.Minute)
		if state := o.prompts()[0].State; state != scheduler.PromptClosed {
			t.Errorf("the prompt is %s after its meeting was ended early", state)
		}
	})
}

type fiveAMinute struct{}

func (fiveAMinute) ExtendRate() int { return 5 }

// A rule is looked up by the room where the meeting itself has none.
func TestRuleOfARoom(t *testing.T) {
	inOffice(t, scheduler.ModeOff, func(o *office) {
		o.service.Add(meetingtest.Meeting{ID: "914083137", RoomID: "25587", End: o.end, People: 3})
		rule := scheduler.Rule{Of: "25587", Mode: scheduler.ModeAsk, Owner: alice, Channel: "C1"}
		if _, err := o.store.Automation.PutRule(o.ctx, rule); err != nil {
			t.Fatal(err)
		}
		o.start(o.replica)
		o.until(8 * time.Minute)
		if said := o.wantSaid(scheduler.PromptAsk, 0); said[0].Meeting.ID != "914083137" || said[0].Prompt.RuleOf != "25587" {
			t.Errorf("asked about %s by the rule of %s", said[0].Meeting.ID, said[0].Prompt.RuleOf)
		}
	})
}

var _ scheduler.Bookings = (*meeting.Client)(nil)

// The service is down. Those who depend on automation hear of it, once for each end, and it goes on afterwards.
func TestOutage(t *testing.T) {
	inOffice(t, scheduler.ModeAuto, func(o *office) {
		o.start(o.replica)
		o.until(12*time.Minute + 30*time.Second)
		o.failAll(meetingtest.OpOnline, 503)
		o.until(10*time.Minute + 30*time.Second)
		o.wantSaid(scheduler.PromptTrouble)
		o.until(5 * time.Minute)
		if said := o.wantSaid(scheduler.PromptTrouble, 0); said[0].Trouble != scheduler.TroubleService || said[0].Meeting.ID != meetingID {
			t.Errorf("said %+v", said[0])
		}
		o.wantEffects()
		o.service.ClearFaults()
		o.until(3 * time.Minute)
		o.wantEffects(15)
		o.wantSaid(scheduler.PromptAuto, 0)
		trouble := o.prompts()[0]
		if shows := o.announcer.shownIn(trouble); trouble.Kind != scheduler.PromptTrouble || !strings.Contains(shows, "last 1") {
			t.Errorf("%s shows %q", trouble.Kind, shows)
		}
	})
}

// One reading that fails is no trouble while there is time for another.
func TestOneReadingFails(t *testing.T) {
	inOffice(t, scheduler.ModeAuto, func(o *office) {
		o.start(o.replica)
		o.until(10*time.Minute + 30*time.Second)
		o.failAll(meetingtest.OpOnline, 503)
		o.until(9*time.Minute + 30*time.Second)
		o.service.ClearFaults()
		o.until(8 * time.Minute)
		o.wantEffects(15)
		o.wantSaid(scheduler.PromptTrouble)
	})
}

// What the service does to an extension is told at once, and only what proves to have had no effect is tried again.
func TestTroubleOfAnExtension(t *testing.T) {
	for _, test := range []struct {
		name    string
		fault   meetingtest.Fault
		trouble scheduler.Trouble
		applied []int
		auto    []int // the ends that are told to have been extended
	}{
		{"refused once", meetingtest.Fault{Kind: meetingtest.Refuse, Code: "MMC.111074003"}, scheduler.TroubleRefused, []int{15}, []int{0}},
		{"refused for good", meetingtest.Fault{Kind: meetingtest.Refuse, Code: "MMC.111074003", Times: -1}, scheduler.TroubleRefused, nil, nil},
		{"no answer, no effect", meetingtest.Fault{Kind: meetingtest.HangUp}, scheduler.TroubleUnclear, []int{15}, []int{0}},
		{"no answer, effect", meetingtest.Fault{Kind: meetingtest.HangUp, Applied: true}, scheduler.TroubleUnclear, []int{15}, []int{0}},
	} {
		t.Run(test.name, func(t *testing.T) {
			inOffice(t, scheduler.ModeAuto, func(o *office) {
				test.fault.Op = meetingtest.OpExtend
				o.service.Inject(test.fault)
				o.start(o.replica)
				o.until(9*time.Minute + 50*time.Second)
				if said := o.wantSaid(scheduler.PromptTrouble, 0); said[0].Trouble != test.trouble {
					t.Errorf("trouble is %s", said[0].Trouble)
				}
				o.until(time.Minute)
				o.wantEffects(test.applied...)
				o.wantSaid(scheduler.PromptTrouble, 0)
				o.wantSaid(scheduler.PromptAuto, test.auto...)
				if calls := o.service.Count(meetingtest.OpExtend); calls > 5 {
					t.Errorf("%d calls to extend", calls)
				}
			})
		})
	}
}
