package scheduler_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/meeting/meetingtest"
	"github.com/overtime-bot/overtime/scheduler"
)

// A prompt comes at the lead, once, says what it offers, and follows its meeting to the end.
func TestAsk(t *testing.T) {
	inOffice(t, scheduler.ModeAsk, func(o *office) {
		o.start(o.scheduler)
		o.until(10*time.Minute + 30*time.Second)
		o.wantSaid(scheduler.PromptAsk)
		o.until(9 * time.Minute)
		said := o.wantSaid(scheduler.PromptAsk, 0)[0]
		if said.Decision.Reason != scheduler.TimeToAsk || said.Meeting.People != 3 || said.Decision.Left != 240 || said.Next.Checked {
			t.Errorf("it said %+v", said)
		}
		o.until(-time.Minute)
		o.wantSaid(scheduler.PromptAsk, 0)
		o.wantEffects()
		prompt := o.prompts()[0]
		if prompt.State != scheduler.PromptClosed || !strings.Contains(o.announcer.shownIn(prompt), "over true") {
			t.Errorf("after the end the prompt is %s and shows %q", prompt.State, o.announcer.shownIn(prompt))
		}
	})
}

// A press moves the end: the prompt says so at once, and the next end has a prompt of its own.
func TestAskFollowsAnExtension(t *testing.T) {
	inOffice(t, scheduler.ModeAsk, func(o *office) {
		o.start(o.scheduler)
		o.until(9 * time.Minute)
		wish := o.wish(scheduler.OfferKey(o.run1, o.end), alice, 30)
		wish.Origin, wish.OfferedEnd = scheduler.FromButton, o.end
		o.wantOutcome(o.extend(wish), scheduler.DidConfirm)
		time.Sleep(time.Second)
		synctest.Wait()
		if shows := o.announcer.shownIn(o.prompts()[0]); !strings.Contains(shows, `by "UALICE"`) {
			t.Errorf("after the press the prompt shows %q", shows)
		}
		o.until(-21 * time.Minute)
		o.wantSaid(scheduler.PromptAsk, 0, 30)
	})
}

// Automatic extensions go on to the cap, each is told, and then people are asked.
func TestAutoThenAsk(t *testing.T) {
	inOffice(t, scheduler.ModeAuto, func(o *office) {
		o.start(o.scheduler)
		o.until(-55 * time.Minute)
		o.wantEffects(15, 15, 15, 15)
		told := o.wantSaid(scheduler.PromptAuto, 0, 15, 30, 45)
		if left := told[3].Decision.AutoLeft; left != 0 || told[0].Decision.AutoLeft != 45 || told[0].Last.Minutes != 15 {
			t.Errorf("left after the last %d, after the first %d", left, told[0].Decision.AutoLeft)
		}
		if !told[0].Meeting.End.Equal(o.end.Add(15 * time.Minute)) {
			t.Errorf("told the end %v", told[0].Meeting.End)
		}
		if said := o.wantSaid(scheduler.PromptAsk, 60); said[0].Decision.Reason != scheduler.AskAtCap {
			t.Errorf("asked because %s", said[0].Decision.Reason)
		}
		o.wantSaid(scheduler.PromptTrouble)
		if o.announcer.asked != 0 {
			t.Errorf("the owner of the configuration was authorised %d times", o.announcer.asked)
		}
		for i, effect := range o.service.Effects(meetingID) {
			if ahead := effect.Before.Sub(effect.At); ahead < 9*time.Minute || ahead > 10*time.Minute {
				t.Errorf("extension %d came %v before the end", i, ahead)
			}
		}
		for _, row := range o.history() {
			if row.Origin != scheduler.FromTick || row.Actor != (scheduler.Actor{}) {
				t.Errorf("row %d is of %s by %v", row.ID, row.Origin, row.Actor)
			}
			if row.Key != scheduler.OfferKey(o.run1, row.Before) {
				t.Errorf("the key %q is not that of a button for the same end", row.Key)
			}
		}
	})
}

func (o *office) history() []scheduler.Extension {
	o.t.Helper()
	rows, err := o.store.History(o.ctx, meetingID, 100)
	if err != nil {
		o.t.Fatal(err)
	}
	return rows
}

func TestLongLead(t *testing.T) {
	inOffice(t, scheduler.ModeAuto, func(o *office) {
		o.config.Automation.Lead = 25 * time.Minute
		o.start(o.another())
		o.until(-60 * time.Minute)
		o.wantEffects(15, 15, 15, 15)
		var last time.Time
		for _, effect := range o.service.Effects(meetingID) {
			if effect.At.Sub(last) < 14*time.Minute {
				t.Errorf("two extensions within %v", effect.At.Sub(last))
			}
			last = effect.At
		}
	})
}

// "Keep extending" does not wait for the next tick.
func TestKeepExtending(t *testing.T) {
	inOffice(t, scheduler.ModeAsk, func(o *office) {
		o.start(o.scheduler)
		o.until(15 * time.Second)
		o.answer(o.prompts()[0], scheduler.KeepExtending)
		time.Sleep(3 * time.Second)
		synctest.Wait()
		o.wantEffects(15)
		o.until(-55 * time.Minute)
		o.wantEffects(15, 15, 15, 15)
		o.wantSaid(scheduler.PromptAuto, 0, 15, 30, 45)
		o.wantSaid(scheduler.PromptAsk, 0, 60)
	})
}

func TestLetItEnd(t *testing.T) {
	inOffice(t, scheduler.ModeAsk, func(o *office) {
		o.start(o.scheduler)
		o.until(9 * time.Minute)
		o.answer(o.prompts()[0], scheduler.LetEnd)
		o.until(-time.Minute)
		o.wantSaid(scheduler.PromptAsk, 0)
		o.wantEffects()
		if shows := o.announcer.shownIn(o.prompts()[0]); !strings.Contains(shows, `answer "end"`) {
			t.Errorf("the prompt shows %q", shows)
		}
	})
}

func TestStopExtending(t *testing.T) {
	inOffice(t, scheduler.ModeAuto, func(o *office) {
		o.start(o.scheduler)
		o.until(8 * time.Minute)
		o.wantEffects(15)
		o.answer(o.prompts()[0], scheduler.StopExtending)
		o.until(-14 * time.Minute)
		o.wantEffects(15)
		o.wantSaid(scheduler.PromptAsk, 15)
	})
}

type bookings struct {
	list  []meeting.Booking
	err   error
	reads int

	partial bool
}

func (b *bookings) Scheduled(context.Context, time.Time) ([]meeting.Booking, error) {
	b.reads++
	return b.list, b.err
}

func (b *bookings) SeesAll() bool { return !b.partial }

func TestNextBooking(t *testing.T) {
	inOffice(t, scheduler.ModeAuto, func(o *office) {
		m, _ := o.service.Meeting(meetingID)
		next := &bookings{list: []meeting.Booking{
			{ID: "1", HostUUID: "another", Start: o.end, End: o.end.Add(time.Hour)},
			{ID: "2", HostUUID: m.Host.UUID, Subject: "Next", Start: o.end.Add(20 * time.Minute), End: o.end.Add(time.Hour)},
			{ID: meetingID, HostUUID: m.Host.UUID, Start: m.Start, End: o.end.Add(time.Minute)},
		}}
		o.config.Bookings = next
		o.start(o.another())
		o.until(time.Minute)
		o.until(-19 * time.Minute)
		o.wantEffects(15, 5)
		said := o.wantSaid(scheduler.PromptAuto, 0, 15)
		if !said[0].Next.Checked || said[0].Next.Room || said[0].Next.Subject != "Next" || said[1].Last.Minutes != 5 {
			t.Errorf("it said %+v", said[0].Next)
		}
		if reason := o.reports.last().Reasons; reason[scheduler.NoGap] != 1 {
			t.Errorf("the last tick saw %v", reason)
		}
		if next.reads < 2 || next.reads > 14 {
			t.Errorf("the bookings were read %d times in 49 minutes, of which 30 were near an end", next.reads)
		}
	})
}

func TestBookingsThatCannotBeRead(t *testing.T) {
	inOffice(t, scheduler.ModeAuto, func(o *office) {
		o.config.Bookings = &bookings{err: errors.New("no such thing")}
		o.start(o.another())
		o.until(5 * time.Minute)
		o.wantEffects(15)
		if said := o.wantSaid(scheduler.PromptAuto, 0); said[0].Next.Checked {
			t.Error("it says that the next booking was checked")
		}
	})
}

// A rule acts for its owner: one who left, or may not, has it paused, and the channel hears of it once.
func TestOwnerLeft(t *testing.T) {
	for _, mode := range []scheduler.Mode{scheduler.ModeAuto, scheduler.ModeAsk} {
		inOffice(t, scheduler.ModeOff, func(o *office) {
			o.watch(scheduler.Rule{Mode: mode})
			o.announcer.verdict = scheduler.PausedOwnerLeft
			o.start(o.scheduler)
			o.start(o.another())
			o.until(0)
			o.wantEffects()
			o.wantSaid(scheduler.PromptAsk)
			if len(o.announcer.paused) != 1 || o.announcer.paused[0].Paused.Reason != scheduler.PausedOwnerLeft {
				t.Errorf("told %v", o.announcer.paused)
			}
			rules, _ := o.store.Rules(o.ctx)
			if len(rules) != 1 || rules[0].Paused.Reason != scheduler.PausedOwnerLeft {
				t.Errorf("rules are %v", rules)
			}
		})
	}
}

func TestOwnerMay(t *testing.T) {
	inOffice(t, scheduler.ModeOff, func(o *office) {
		o.watch(scheduler.Rule{Mode: scheduler.ModeAuto, Minutes: 20, Max: 30})
		o.start(o.scheduler)
		o.until(-25 * time.Minute)
		o.wantEffects(20, 10)
		if o.announcer.asked != 3 { // each extension, and the prompt at the cap
			t.Errorf("the owner was authorised %d times", o.announcer.asked)
		}
		if said := o.wantSaid(scheduler.PromptAuto, 0, 20); said[0].Rule.Channel != "C1" {
			t.Errorf("rule is %v", said[0].Rule)
		}
	})
}

// Whoever cannot be looked up may not: nothing is done, and the channel hears of it while there is time.
func TestOwnerUnknown(t *testing.T) {
	inOffice(t, scheduler.ModeOff, func(o *office) {
		o.watch(scheduler.Rule{Mode: scheduler.ModeAuto})
		o.announcer.unknown = errors.New("Slack is down")
		o.start(o.scheduler)
		o.until(7 * time.Minute)
		if said := o.wantSaid(scheduler.PromptTrouble, 0); said[0].Trouble != scheduler.TroubleOwner {
			t.Errorf("trouble is %s", said[0].Trouble)
		}
		o.wantEffects()
		o.announcer.mu.Lock()
		o.announcer.unknown = nil
		o.announcer.mu.Unlock()
		o.until(5 * time.Minute)
		o.wantEffects(15)
	})
}

func TestPauseAll(t *testing.T) {
	inOffice(t, scheduler.ModeAuto, func(o *office) {
		if _, err := o.store.PauseAll(o.ctx, alice); err != nil {
			t.Fatal(err)
		}
		o.start(o.scheduler)
		o.until(5 * time.Minute)
		o.wantEffects()
		if reasons := o.reports.last().Reasons; reasons[scheduler.AllPaused] != 1 {
			t.Errorf("the tick saw %v", reasons)
		}
		if _, err := o.store.ResumeAll(o.ctx); err != nil {
			t.Fatal(err)
		}
		o.until(3 * time.Minute)
		o.wantEffects(15)
	})
}

// Restarts, and a replica beside, change nothing: one extension and one message for each end.
func TestRestartsAndReplicas(t *testing.T) {
	inOffice(t, scheduler.ModeAuto, func(o *office) {
		other := o.config
		other.Store = o.open(o.dir + "/overtime.db")
		other.AutomationStore = other.Store.(scheduler.AutomationStore)
		beside, err := scheduler.New(other)
		if err != nil {
			t.Fatal(err)
		}
		o.start(beside)
		stop := o.start(o.scheduler)
		for minutes := 12; minutes > -65; minutes-- {
			o.until(time.Duration(minutes)*time.Minute - 100*time.Millisecond*time.Duration(12-minutes))
			stop()
			o.scheduler = o.another()
			stop = o.start(o.scheduler)
		}
		o.wantEffects(15, 15, 15, 15)
		o.wantSaid(scheduler.PromptAsk, 60)
		o.wantSaid(scheduler.PromptAuto, 0, 15, 30, 45)
	})
}

// Two that tick at the same moment without a lease are harmless: what is done and said is done and said once.
func TestTwoTicksAtOnce(t *testing.T) {
	both := func(o *office) {
		o.t.Helper()
		o.until(5 * time.Minute)
		other := o.another()
		done := make(chan error)
		go func() { done <- other.Tick(o.ctx, time.Now()) }()
		if err := errors.Join(o.scheduler.Tick(o.ctx, time.Now()), <-done); err != nil {
			o.t.Error(err)
		}
	}
	inOffice(t, scheduler.ModeAuto, func(o *office) {
		both(o)
		o.wantEffects(15)
		o.wantSaid(scheduler.PromptAuto, 0)
	})
	inOffice(t, scheduler.ModeAsk, func(o *office) {
		o.announcer.takes = time.Second
		both(o)
		o.wantSaid(scheduler.PromptAsk, 0)
	})
	inOffice(t, scheduler.ModeOff, func(o *office) {
		o.watch(scheduler.Rule{Mode: scheduler.ModeAuto})
		o.announcer.verdict = scheduler.PausedOwnerMay
		both(o)
		o.wantEffects()
		if len(o.announcer.paused) != 1 {
			t.Errorf("the pause was told %d times", len(o.announcer.paused))
		}
	})
}

// While the holder of the lease is dead, another takes over within a minute.
func TestLeaseIsTakenOver(t *testing.T) {
	inOffice(t, scheduler.ModeAuto, func(o *office) {
		if held, err := o.store.Lease(o.ctx, "tick", "somebody who died", 45*time.Second); err != nil || !held {
			t.Fatal(held, err)
		}
		o.start(o.scheduler)
		time.Sleep(30 * time.Second)
		if o.reports.count() != 0 {
			t.Error("it ticked beside the holder")
		}
		if last, on := o.scheduler.LastTick(); !on || time.Since(last) > 20*time.Second {
			t.Errorf("last tick %v, %t: the holder is taken for alive", last, on)
		}
		time.Sleep(40 * time.Second)
		if o.reports.count() != 2 { // when it gained the lease, and at the minute
			t.Errorf("%d ticks", o.reports.count())
		}
	})
}

// The lease is given up at the end: another goes on at once.
func TestLeaseIsGivenUp(t *testing.T) {
	inOffice(t, scheduler.ModeAuto, func(o *office) {
		stop := o.start(o.scheduler)
		time.Sleep(time.Second)
		if o.reports.count() != 1 {
			t.Errorf("%d ticks at once", o.reports.count())
		}
		stop()
		if held, err := o.store.Lease(o.ctx, "tick", "another", time.Minute); err != nil || !held {
			t.Error(held, err)
		}
	})
}

// The service is down: whoever depends on automation hears of it, once for each end, and it goes on afterwards.
func TestOutage(t *testing.T) {
	inOffice(t, scheduler.ModeAuto, func(o *office) {
		o.start(o.scheduler)
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
		o.start(o.scheduler)
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
				o.start(o.scheduler)
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

// An extension that is accepted is told when it is read.
func TestAcceptedIsToldWhenRead(t *testing.T) {
	inOffice(t, scheduler.ModeAuto, func(o *office) {
		o.service.SetListLag(40 * time.Second)
		o.start(o.scheduler)
		o.until(9*time.Minute + 40*time.Second)
		o.wantSaid(scheduler.PromptAuto)
		o.until(8 * time.Minute)
		o.wantEffects(15)
		if said := o.wantSaid(scheduler.PromptAuto, 0); said[0].Last.State != scheduler.Confirmed {
			t.Errorf("told an extension that is %s", said[0].Last.State)
		}
		o.wantSaid(scheduler.PromptTrouble)
	})
}

func TestHiddenPassword(t *testing.T) {
	inOffice(t, scheduler.ModeAuto, func(o *office) {
		m, _ := o.service.Meeting(meetingID)
		m.HideChair = true
		o.service.Add(m)
		o.start(o.scheduler)
		o.until(11 * time.Minute)
		o.wantSaid(scheduler.PromptTrouble)
		o.until(time.Minute)
		if said := o.wantSaid(scheduler.PromptTrouble, 0); said[0].Trouble != scheduler.TroubleHidden {
			t.Errorf("trouble is %s", said[0].Trouble)
		}
	})
}

// What died between writing a prompt down and posting it is posted once, and says that it may be a second one.
func TestPromptThatNobodyFinished(t *testing.T) {
	inOffice(t, scheduler.ModeAsk, func(o *office) {
		o.until(9 * time.Minute)
		_, won, err := o.store.ClaimPrompt(o.ctx, scheduler.Prompt{Kind: scheduler.PromptAsk, Run: o.run1, MeetingID: meetingID, End: o.end})
		if err != nil || !won {
			t.Fatal(won, err)
		}
		o.start(o.scheduler)
		o.until(7*time.Minute + 10*time.Second)
		o.wantSaid(scheduler.PromptAsk)
		o.until(5 * time.Minute)
		if said := o.wantSaid(scheduler.PromptAsk, 0); !said[0].Unsure {
			t.Error("it does not say that it is unsure")
		}
		if state := o.prompts()[0].State; state != scheduler.PromptPosted {
			t.Errorf("it is %s", state)
		}
	})
}

// Slack's certain refusals are tried again; what may have arrived is not, but once its time is over.
func TestPostingFails(t *testing.T) {
	inOffice(t, scheduler.ModeAsk, func(o *office) {
		refusals := 2
		o.announcer.fail = func(scheduler.Occasion) error {
			if refusals--; refusals >= 0 {
				return errors.New("throttled")
			}
			return nil
		}
		o.start(o.scheduler)
		o.until(9 * time.Minute)
		if said := o.wantSaid(scheduler.PromptAsk, 0); said[0].Unsure {
			t.Error("it is unsure of what was certainly not posted")
		}
	})
	inOffice(t, scheduler.ModeAsk, func(o *office) {
		lost := true
		o.announcer.after = func(scheduler.Occasion) (err error) {
			if lost {
				lost, err = false, scheduler.ErrInDoubt
			}
			return err
		}
		o.start(o.scheduler)
		o.until(8*time.Minute + 10*time.Second)
		o.wantSaid(scheduler.PromptAsk, 0)
		o.until(time.Minute)
		if said := o.wantSaid(scheduler.PromptAsk, 0, 0); !said[1].Unsure {
			t.Error("the second message does not say that it may be a second")
		}
	})
	inOffice(t, scheduler.ModeAsk, func(o *office) {
		o.announcer.fail = func(scheduler.Occasion) error { return scheduler.ErrNobodyToTell }
		o.start(o.scheduler)
		o.until(time.Minute)
		if state := o.prompts()[0].State; len(o.prompts()) != 1 || state != scheduler.PromptClosed {
			t.Errorf("%d prompts, %s", len(o.prompts()), state)
		}
	})
}

// A panic over one meeting costs that meeting, and the next tick is as good as any.
func TestPanicCostsOneMeeting(t *testing.T) {
	inOffice(t, scheduler.ModeAsk, func(o *office) {
		o.service.Add(meetingtest.Meeting{ID: "914083137", End: o.end, People: 3})
		o.announcer.fail = func(occasion scheduler.Occasion) error {
			if occasion.Meeting.ID == meetingID && !occasion.Unsure {
				panic("a bug")
			}
			return nil
		}
		o.start(o.scheduler)
		o.until(9 * time.Minute)
		said := o.announcer.of(scheduler.PromptAsk)
		if len(said) != 1 || said[0].Meeting.ID != "914083137" {
			t.Fatalf("said %v", said)
		}
		o.until(5 * time.Minute)
		if len(o.announcer.of(scheduler.PromptAsk)) != 2 {
			t.Error("the one that it cost was not posted anew")
		}
	})
}

// movedClock is a clock that is moved by hand.
type movedClock struct {
	mu    sync.Mutex
	ahead time.Duration
	moved chan struct{}
}

func (c *movedClock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.ahead)
}

func (c *movedClock) wake() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.moved
}

// move sets how far the clock is ahead, and wakes those who wait or leaves them asleep.
func (c *movedClock) move(ahead time.Duration, wakes bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead = ahead
	if wakes {
		close(c.moved)
		c.moved = make(chan struct{})
	}
}

// A machine that slept ticks once when it wakes, however much it has missed, and clock moves wake it.
func TestSuspendedMachine(t *testing.T) {
	inOffice(t, scheduler.ModeAuto, func(o *office) {
		clock := &movedClock{moved: make(chan struct{})}
		o.config.Clock = scheduler.Clock{Now: clock.now, Moved: clock.wake}
		o.start(o.another())
		time.Sleep(90 * time.Second)
		synctest.Wait()
		if o.reports.count() != 2 {
			t.Fatalf("%d ticks in 90 s", o.reports.count())
		}
		clock.move(20*time.Minute, true)
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if o.reports.count() != 3 {
			t.Errorf("%d ticks after it slept, want one more", o.reports.count())
		}
		time.Sleep(25 * time.Second) // the next minute
		synctest.Wait()
		if o.reports.count() != 4 {
			t.Errorf("%d ticks, want one at the minute", o.reports.count())
		}
		clock.move(-time.Hour, false)
		time.Sleep(2 * time.Minute)
		if got := o.reports.count(); got < 5 || got > 7 {
			t.Errorf("%d ticks after the clock was set back", got)
		}
	})
}

// A tick that lasts begins nothing after the next is due, and none overlaps another.
func TestSlowTick(t *testing.T) {
	inOffice(t, scheduler.ModeAsk, func(o *office) {
		for i := range 60 {
			o.service.Add(meetingtest.Meeting{ID: "9140840" + string(rune('0'+i/10)) + string(rune('0'+i%10)), End: o.end, People: 3})
		}
		o.announcer.takes = 12 * time.Second
		o.start(o.scheduler)
		o.until(-time.Minute)
		if asked := len(o.announcer.of(scheduler.PromptAsk)); asked != 61 {
			t.Errorf("%d were asked", asked)
		}
		o.reports.mu.Lock()
		defer o.reports.mu.Unlock()
		for _, report := range o.reports.seen {
			if report.Took > 73*time.Second {
				t.Errorf("a tick took %v", report.Took)
			}
		}
	})
}

func TestWhy(t *testing.T) {
	inOffice(t, scheduler.ModeOff, func(o *office) {
		o.watch(scheduler.Rule{Mode: scheduler.ModeAuto})
		m, err := o.scheduler.Look(o.ctx, meetingID)
		if err != nil {
			t.Fatal(err)
		}
		why, err := o.scheduler.Why(o.ctx, m, 30)
		if err != nil {
			t.Fatal(err)
		}
		if why.Decision.Reason != scheduler.NotYet || why.Rule.Owner != alice || !why.Decision.At.Equal(o.end.Add(-10*time.Minute)) {
			t.Errorf("because %+v", why.Decision)
		}
		for _, check := range why.Checks {
			if check.Holds != (check.Reason == scheduler.NotYet) {
				t.Errorf("%s holds: %t", check.Reason, check.Holds)
			}
		}
		if why.Trial.Outcome != scheduler.DidConfirm || !why.Trial.End.Equal(o.end.Add(30*time.Minute)) {
			t.Errorf("30 minutes: %+v", why.Trial)
		}
		for minutes, want := range map[int]scheduler.Outcome{121: scheduler.TooMany, 0: ""} {
			if why, _ := o.scheduler.Why(o.ctx, m, minutes); why.Trial.Outcome != want {
				t.Errorf("%d minutes: %+v", minutes, why.Trial)
			}
		}
		o.wantEffects()
	})
}
