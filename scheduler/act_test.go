package scheduler_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// Automatic extensions go on to the cap, each is told, and then people are asked.
func TestAutoThenAsk(t *testing.T) {
	inOffice(t, scheduler.ModeAuto, func(o *office) {
		o.start(o.replica)
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
			if row.Origin != extension.FromTick || row.Actor != (extension.Actor{}) {
				t.Errorf("row %d is of %s by %v", row.ID, row.Origin, row.Actor)
			}
			if row.Key != extension.OfferKey(o.run1, row.Before) {
				t.Errorf("the key %q is not that of a button for the same end", row.Key)
			}
		}
	})
}

func (o *office) history() []extension.Extension {
	o.t.Helper()
	rows, err := o.store.History.Extensions(o.ctx, meetingID, 100)
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
		o.start(o.replica)
		o.until(15 * time.Second)
		o.answer(o.prompts()[0], scheduler.KeepExtending)
		time.Sleep(3 * time.Second)
		synctest.Wait()
		o.wantEffects(15)
		o.until(-55 * time.Minute)
		o.wantEffects(15, 15, 15, 15)
		for _, said := range o.wantSaid(scheduler.PromptAuto, 0, 15, 30, 45) {
			if said.Kept != bob {
				t.Errorf("it says that %q told it to, want %q", said.Kept.User, bob.User)
			}
		}
		o.wantSaid(scheduler.PromptAsk, 0, 60)
	})
}

func TestStopExtending(t *testing.T) {
	inOffice(t, scheduler.ModeAuto, func(o *office) {
		o.start(o.replica)
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
		o.inRoom("25587")
		m, _ := o.service.Meeting(meetingID)
		next := &bookings{list: []meeting.Booking{
			{ID: "1", RoomID: "another", HostUUID: m.Host.UUID, Start: o.end.Add(10 * time.Minute), End: o.end.Add(time.Hour)},
			{ID: "2", RoomID: "25587", Subject: "Next", Start: o.end.Add(20 * time.Minute), End: o.end.Add(time.Hour)},
			{ID: meetingID, RoomID: "25587", HostUUID: m.Host.UUID, Start: m.Start, End: o.end.Add(time.Minute)},
		}}
		o.config.Bookings = next
		o.start(o.another())
		o.until(time.Minute)
		o.until(-19 * time.Minute)
		o.wantEffects(15, 5)
		said := o.wantSaid(scheduler.PromptAuto, 0, 15)
		if !said[0].Next.Checked || said[0].Next.Subject != "Next" || said[1].Last.Minutes != 5 {
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

// One account may book for everybody. What its host has elsewhere is mentioned. It shortens nothing, and keeps nobody from
// being asked.
func TestHostBookedElsewhere(t *testing.T) {
	for _, mode := range []scheduler.Mode{scheduler.ModeAsk, scheduler.ModeAuto} {
		inOffice(t, mode, func(o *office) {
			o.inRoom("25587")
			m, _ := o.service.Meeting(meetingID)
			o.config.Bookings = &bookings{list: []meeting.Booking{
				{ID: "1", RoomID: "another", HostUUID: m.Host.UUID, Start: o.end, End: o.end.Add(time.Hour)},
				{ID: "2", HostUUID: m.Host.UUID, Start: o.end, End: o.end.Add(time.Hour)},
			}}
			o.start(o.another())
			o.until(9 * time.Minute)
			kind := scheduler.PromptAsk
			if mode == scheduler.ModeAuto {
				o.wantEffects(15)
				kind = scheduler.PromptAuto
			}
			said := o.wantSaid(kind, 0)[0]
			if said.Decision.Clipped || mode == scheduler.ModeAsk && !said.Next.Host.Equal(o.end) {
				t.Errorf("%s: it said %+v with %+v", mode, said.Decision, said.Next)
			}
		})
	}
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

// A rule acts for its owner. Where the owner left, or may not extend, it pauses, and the channel hears of it once.
func TestOwnerLeft(t *testing.T) {
	for _, mode := range []scheduler.Mode{scheduler.ModeAuto, scheduler.ModeAsk} {
		inOffice(t, scheduler.ModeOff, func(o *office) {
			o.watch(scheduler.Rule{Mode: mode})
			o.announcer.verdict = scheduler.PausedOwnerLeft
			over := o.logged()
			o.start(o.replica)
			o.start(o.another())
			o.until(0)
			if lines := over("pause"); len(lines) != 1 || lines[0]["how"] != "automatic" || lines[0]["reason"] != "owner left" || lines[0]["meeting"] != meetingID || lines[0]["user"] != "UALICE" {
				t.Errorf("%s: the log has %v", mode, lines)
			}
			o.wantEffects()
			o.wantSaid(scheduler.PromptAsk)
			if len(o.announcer.paused) != 1 || o.announcer.paused[0].Paused.Reason != scheduler.PausedOwnerLeft {
				t.Errorf("told %v", o.announcer.paused)
			}
			rules, _ := o.store.Automation.Rules(o.ctx)
			if len(rules) != 1 || rules[0].Paused.Reason != scheduler.PausedOwnerLeft {
				t.Errorf("rules are %v", rules)
			}
		})
	}
}

// A pause that nobody could be told of is not one yet: a later tick, or another process, tells it.
func TestOwnerLeftWhileSlackIsDown(t *testing.T) {
	inOffice(t, scheduler.ModeOff, func(o *office) {
		o.watch(scheduler.Rule{Mode: scheduler.ModeAuto})
		o.announcer.verdict, o.announcer.unheard = scheduler.PausedOwnerLeft, errors.New("Slack is down")
		o.start(o.replica)
		o.until(8 * time.Minute)
		if rules, _ := o.store.Automation.Rules(o.ctx); !rules[0].Paused.IsZero() {
			t.Error("it paused without a word")
		}
		o.announcer.mu.Lock()
		o.announcer.unheard = nil
		o.announcer.mu.Unlock()
		o.until(5 * time.Minute)
		if rules, _ := o.store.Automation.Rules(o.ctx); len(o.announcer.paused) != 1 || rules[0].Paused.Reason != scheduler.PausedOwnerLeft {
			t.Errorf("told %v, rules %v", o.announcer.paused, rules)
		}
		o.wantEffects()
	})
}

func TestOwnerMay(t *testing.T) {
	inOffice(t, scheduler.ModeOff, func(o *office) {
		o.watch(scheduler.Rule{Mode: scheduler.ModeAuto, Minutes: 20, Max: 30})
		o.start(o.replica)
		o.until(-25 * time.Minute)
		o.wantEffects(20, 10)
		if o.announcer.asked < 3 { // each extension, and the prompt at the cap, beside what is foreseen
			t.Errorf("the owner was authorised %d times", o.announcer.asked)
		}
		if said := o.wantSaid(scheduler.PromptAuto, 0, 20); said[0].Rule.Channel != "C1" {
			t.Errorf("rule is %v", said[0].Rule)
		}
	})
}

// An owner who cannot be looked up may not extend. Nothing is done, and the channel hears of it while there is time.
func TestOwnerUnknown(t *testing.T) {
	inOffice(t, scheduler.ModeOff, func(o *office) {
		o.watch(scheduler.Rule{Mode: scheduler.ModeAuto})
		o.announcer.unknown = errors.New("Slack is down")
		o.start(o.replica)
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

// An extension that is accepted is told when it is read.
func TestAcceptedIsToldWhenRead(t *testing.T) {
	inOffice(t, scheduler.ModeAuto, func(o *office) {
		o.service.SetListLag(40 * time.Second)
		o.start(o.replica)
		o.until(9*time.Minute + 40*time.Second)
		o.wantSaid(scheduler.PromptAuto)
		o.until(8 * time.Minute)
		o.wantEffects(15)
		if said := o.wantSaid(scheduler.PromptAuto, 0); said[0].Last.State != extension.Confirmed {
			t.Errorf("told an extension that is %s", said[0].Last.State)
		}
		o.wantSaid(scheduler.PromptTrouble)
	})
}

// A watched meeting that cannot be extended does not end without a word: the channel was promised one.
func TestWatchedMeetingsThatCannotBeExtended(t *testing.T) {
	for _, watched := range []bool{true, false} {
		want := 0
		if watched {
			want = 1
		}
		inOffice(t, scheduler.ModeAuto, func(o *office) {
			if watched {
				o.watch(scheduler.Rule{Mode: scheduler.ModeAuto})
			}
			o.inRoom("25587")
			o.config.Bookings = &bookings{list: []meeting.Booking{{ID: "2", RoomID: "25587", Start: o.end, End: o.end.Add(time.Hour)}}}
			o.start(o.another())
			o.until(11 * time.Minute)
			o.wantSaid(scheduler.PromptTrouble)
			o.until(0)
			if said := o.announcer.of(scheduler.PromptTrouble); len(said) != want || watched && said[0].Trouble != scheduler.TroubleBooked {
				t.Errorf("watched %v: %v", watched, said)
			}
			o.wantEffects()
		})
		inOffice(t, scheduler.ModeAsk, func(o *office) {
			if watched {
				o.watch(scheduler.Rule{Mode: scheduler.ModeAsk})
			}
			o.doorConfig.Limits.RunMinutes, o.config.RunMinutes = 15, 15
			made := o.another()
			found, err := made.extender.Look(o.ctx, meetingID)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := made.extender.Extend(o.ctx, extension.Request{Key: "e", Envelope: "e", Meeting: found, Origin: extension.FromCommand, Actor: alice, Minutes: 15}); err != nil {
				t.Fatal(err)
			}
			o.start(made)
			o.until(0)
			o.wantSaid(scheduler.PromptTrouble)
			time.Sleep(15 * time.Minute)
			if said := o.announcer.of(scheduler.PromptTrouble); len(said) != want || watched && said[0].Trouble != scheduler.TroubleSpent {
				t.Errorf("watched %v: %v", watched, said)
			}
		})
	}
}

// inRoom moves the meeting into a cloud room.
func (o *office) inRoom(room string) {
	m, _ := o.service.Meeting(meetingID)
	m.RoomID = room
	o.service.Add(m)
}

// hide takes the sight of the host's password from the account.
func (o *office) hide() {
	m, _ := o.service.Meeting(meetingID)
	m.HideChair = true
	o.service.Add(m)
}

// Nobody is asked about what cannot be extended. Those who would have been are told so, once, however often the host
// extends it in the client.
func TestHiddenPasswordOfWhatNobodyWatches(t *testing.T) {
	for _, mode := range []scheduler.Mode{scheduler.ModeAsk, scheduler.ModeAuto} {
		inOffice(t, mode, func(o *office) {
			o.hide()
			o.start(o.replica)
			o.until(11 * time.Minute)
			o.wantSaid(scheduler.PromptTrouble)
			o.until(2 * time.Minute)
			if said := o.wantSaid(scheduler.PromptTrouble, 0); said[0].Trouble != scheduler.TroubleHidden {
				t.Errorf("trouble is %s", said[0].Trouble)
			}
			o.service.SetEnd(meetingID, o.end.Add(15*time.Minute))
			o.until(-13 * time.Minute)
			o.wantSaid(scheduler.PromptTrouble, 0)
			o.wantSaid(scheduler.PromptAsk)
		})
	}
}

func TestHiddenPasswordOfAnEmptyMeeting(t *testing.T) {
	inOffice(t, scheduler.ModeAsk, func(o *office) {
		o.hide()
		o.service.SetPeople(meetingID, 1)
		o.start(o.replica)
		o.until(time.Minute)
		o.wantSaid(scheduler.PromptTrouble)
	})
}

// Those who watch a meeting are promised a word before each end.
func TestHiddenPasswordOfWhatIsWatched(t *testing.T) {
	inOffice(t, scheduler.ModeOff, func(o *office) {
		o.watch(scheduler.Rule{Mode: scheduler.ModeAsk})
		o.hide()
		o.start(o.replica)
		o.until(2 * time.Minute)
		o.service.SetEnd(meetingID, o.end.Add(15*time.Minute))
		o.until(-13 * time.Minute)
		o.wantSaid(scheduler.PromptTrouble, 0, 15)
	})
}
