package scheduler_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

var (
	decideEnd = time.Date(2026, 3, 2, 15, 0, 0, 0, time.UTC)
	decideRun = extension.RunOf(meeting.Meeting{ID: meetingID, Start: decideEnd.Add(-time.Hour)})
)

// situation is what Decide goes by; plain is eight minutes before the end of a meeting that a rule extends.
type situation struct {
	now     time.Time
	meeting meeting.Meeting
	rule    scheduler.Rule
	history scheduler.History
	terms   scheduler.Terms
}

func plain(changes ...func(*situation)) *situation {
	s := &situation{
		now: decideEnd.Add(-8 * time.Minute),
		meeting: meeting.Meeting{
			ID: meetingID, Start: decideEnd.Add(-time.Hour), End: decideEnd, People: 5, Extendable: true,
			ProlongMinutes: meeting.ProlongUnknown,
		},
		rule:    scheduler.Rule{Of: meetingID, Mode: scheduler.ModeAuto, Owner: alice, Channel: "C1"},
		history: scheduler.History{Run: scheduler.RunSummary{Run: decideRun}, Next: scheduler.NextBooking{Checked: true}},
		terms: scheduler.Terms{
			Automation: scheduler.Automation{Lead: 10 * time.Minute, Minutes: 15, Max: 60, MinPeople: 2},
			AtOnce:     120, RunMinutes: 240,
		},
	}
	for _, change := range changes {
		change(s)
	}
	return s
}

func (s *situation) decide() scheduler.Decision {
	return scheduler.Decide(s.now, s.meeting, s.rule, s.history, s.terms)
}

func asks(s *situation) { s.rule.Mode = scheduler.ModeAsk }

func before(d time.Duration) func(*situation) {
	return func(s *situation) { s.now = decideEnd.Add(-d) }
}

func added(minutes, automatic int) func(*situation) {
	return func(s *situation) { s.history.Run.Minutes, s.history.Run.AutoMinutes = minutes, automatic }
}

func bookedIn(d time.Duration) func(*situation) {
	return func(s *situation) { s.history.Next.Start = decideEnd.Add(d) }
}

// prompted adds a prompt for the end that is so long before the meeting's.
func prompted(kind scheduler.PromptKind, answer scheduler.Answer, ago time.Duration) func(*situation) {
	return func(s *situation) {
		s.history.Prompts = append(s.history.Prompts, scheduler.Prompt{
			Kind: kind, Run: decideRun, End: decideEnd.Add(-ago), State: scheduler.PromptPosted, Answer: answer,
		})
	}
}

// lapsed is what the newest prompt's answer has become.
func lapsed(s *situation) { s.history.Prompts[len(s.history.Prompts)-1].Lapsed = true }

// extendedAt is an extension that moved the end by minutes to the one that is read now, made so long before it.
func extendedAt(minutes int, ago time.Duration) func(*situation) {
	return func(s *situation) {
		s.history.Run.Last = extension.Extension{
			ID: 1, Run: decideRun, State: extension.Confirmed, Minutes: minutes, CreatedAt: decideEnd.Add(-ago),
			Before: decideEnd.Add(-time.Duration(minutes) * time.Minute), Target: decideEnd, After: decideEnd,
		}
	}
}

// stale is an extension whose new end the list does not show yet.
func stale(s *situation) {
	s.history.Run.Last = extension.Extension{
		ID: 1, State: extension.Accepted, Minutes: 15, CreatedAt: s.now, Before: decideEnd, Target: decideEnd.Add(15 * time.Minute),
	}
}

// shortened is an end that is earlier than the newest extension's own, which was read back so long ago.
func shortened(ago time.Duration) func(*situation) {
	return func(s *situation) {
		s.history.Run.Last = extension.Extension{
			ID: 2, State: extension.Confirmed, Minutes: 15, CreatedAt: s.now.Add(-ago), UpdatedAt: s.now.Add(-ago),
			Before: decideEnd.Add(10 * time.Minute), Target: decideEnd.Add(25 * time.Minute), After: decideEnd.Add(25 * time.Minute),
		}
	}
}

func handedOver(s *situation) {
	s.history.Run.Handed = extension.Extension{
		ID: 1, State: extension.Confirmed, Platform: true, CreatedAt: decideEnd.Add(-30 * time.Minute), Before: decideEnd, After: decideEnd,
	}
}

// handedUnclearly was sent, and nobody knows whether it took effect.
func handedUnclearly(s *situation) {
	handedOver(s)
	s.history.Run.Handed.State, s.history.Run.Handed.After = extension.Unclear, time.Time{}
}

func TestDecide(t *testing.T) {
	extends := func(minutes int) scheduler.Decision {
		return scheduler.Decision{Act: scheduler.ActExtend, Reason: scheduler.TimeToExtend, Minutes: minutes}
	}
	ask := func(reason scheduler.Reason, offers ...int) scheduler.Decision {
		return scheduler.Decision{Act: scheduler.ActAsk, Reason: reason, Offers: offers}
	}
	nothing := func(reason scheduler.Reason) scheduler.Decision {
		return scheduler.Decision{Act: scheduler.ActNothing, Reason: reason}
	}
	for name, test := range map[string]struct {
		changes []func(*situation)
		want    scheduler.Decision
	}{
		"auto":                         {nil, extends(15)},
		"ask":                          {[]func(*situation){asks}, ask(scheduler.TimeToAsk, 15, 30, 60)},
		"at the lead to the second":    {[]func(*situation){before(10 * time.Minute)}, extends(15)},
		"a second before the lead":     {[]func(*situation){before(10*time.Minute + time.Second)}, nothing(scheduler.NotYet)},
		"ask, a second too early":      {[]func(*situation){asks, before(10*time.Minute + time.Second)}, nothing(scheduler.NotYet)},
		"the quota makes it early":     {[]func(*situation){before(25 * time.Minute), func(s *situation) { s.history.Early = true }}, extends(15)},
		"the rule's minutes and max":   {[]func(*situation){added(100, 20), func(s *situation) { s.rule.Minutes, s.rule.Max = 25, 40 }}, extends(20)},
		"nobody watches":               {[]func(*situation){func(s *situation) { s.rule = scheduler.Rule{} }}, nothing(scheduler.NoRule)},
		"the configuration is off":     {[]func(*situation){func(s *situation) { s.rule = scheduler.Rule{Mode: scheduler.ModeOff} }}, nothing(scheduler.NoRule)},
		"the configuration's own rule": {[]func(*situation){func(s *situation) { s.rule = scheduler.Rule{Mode: scheduler.ModeAuto} }}, extends(15)},
		"off":                          {[]func(*situation){func(s *situation) { s.rule.Mode = scheduler.ModeOff }}, nothing(scheduler.RuleOff)},
		"asked already":                {[]func(*situation){asks, prompted(scheduler.PromptAsk, "", 0)}, nothing(scheduler.AskedAlready)},
		"asked already and not posted": {[]func(*situation){asks, func(s *situation) {
			s.history.Prompts = []scheduler.Prompt{{Kind: scheduler.PromptAsk, End: decideEnd, State: scheduler.PromptPosting}}
		}}, nothing(scheduler.AskedAlready)},
		"asked for the end before": {[]func(*situation){asks, prompted(scheduler.PromptAsk, "", 15*time.Minute)}, ask(scheduler.TimeToAsk, 15, 30, 60)},
		"told of trouble only":     {[]func(*situation){asks, prompted(scheduler.PromptTrouble, "", 0)}, ask(scheduler.TimeToAsk, 15, 30, 60)},
		"extended already":         {[]func(*situation){stale}, nothing(scheduler.ExtendedAlready)},
		"ask, extended already":    {[]func(*situation){asks, stale}, nothing(scheduler.ExtendedAlready)},
		"extended long ago": {[]func(*situation){stale, func(s *situation) {
			s.history.Run.Last.UpdatedAt = s.now.Add(-time.Hour)
		}}, nothing(scheduler.ExtendedAlready)},
		"a list lags behind two extensions":       {[]func(*situation){shortened(2*time.Minute - time.Second)}, nothing(scheduler.ExtendedAlready)},
		"shortened after an extension":            {[]func(*situation){shortened(2 * time.Minute)}, extends(15)},
		"shortened, and the clock set back":       {[]func(*situation){shortened(-time.Hour)}, extends(15)},
		"ask, shortened after an extension":       {[]func(*situation){asks, shortened(2 * time.Minute)}, ask(scheduler.TimeToAsk, 15, 30, 60)},
		"shortened after an extension, too early": {[]func(*situation){before(11 * time.Minute), shortened(2 * time.Minute)}, nothing(scheduler.NotYet)},

		"at the cap it asks":               {[]func(*situation){added(60, 60)}, ask(scheduler.AskAtCap, 15, 30, 60)},
		"at the cap it asks once":          {[]func(*situation){added(60, 60), prompted(scheduler.PromptAsk, "", 0)}, nothing(scheduler.CapReached)},
		"at the cap, not yet":              {[]func(*situation){added(60, 60), before(11 * time.Minute)}, nothing(scheduler.NotYet)},
		"what people added is not the cap": {[]func(*situation){added(90, 45)}, extends(15)},
		"the rest of the cap":              {[]func(*situation){added(55, 55)}, extends(5)},

		"nobody is in":                 {[]func(*situation){func(s *situation) { s.meeting.People = 0 }}, nothing(scheduler.Empty)},
		"one is in":                    {[]func(*situation){asks, func(s *situation) { s.meeting.People = 1 }}, nothing(scheduler.Empty)},
		"two are in":                   {[]func(*situation){func(s *situation) { s.meeting.People = 2 }}, extends(15)},
		"how many are in is not known": {[]func(*situation){func(s *situation) { s.meeting.People = -1 }}, extends(15)},
		"empty and not yet":            {[]func(*situation){before(11 * time.Minute), func(s *situation) { s.meeting.People = 0 }}, nothing(scheduler.NotYet)},

		"the platform extends it":        {[]func(*situation){func(s *situation) { s.meeting.ProlongMinutes = 15 }}, nothing(scheduler.PlatformExtends)},
		"the platform does not":          {[]func(*situation){func(s *situation) { s.meeting.ProlongMinutes = 0 }}, extends(15)},
		"handed over":                    {[]func(*situation){handedOver, before(20 * time.Minute)}, nothing(scheduler.HandedOver)},
		"handed over, and the end comes": {[]func(*situation){handedOver}, extends(15)},
		"handed over, and it has moved": {[]func(*situation){handedOver, func(s *situation) {
			s.history.Run.Handed.Before = decideEnd.Add(-15 * time.Minute)
		}}, nothing(scheduler.HandedOver)},
		"handed over, extended, end comes":  {[]func(*situation){handedOver, extendedAt(15, 40*time.Minute), func(s *situation) { s.history.Run.Last.ID = 2 }}, extends(15)},
		"handed over unclearly":             {[]func(*situation){handedUnclearly, before(20 * time.Minute)}, nothing(scheduler.HandedOver)},
		"handed over unclearly, end comes":  {[]func(*situation){handedUnclearly}, extends(15)},
		"handed over, nothing else is read": {[]func(*situation){func(s *situation) { s.history.Run.Handed.ID = 1 }}, nothing(scheduler.HandedOver)},

		"the end has come": {[]func(*situation){before(0)}, nothing(scheduler.RunOver)},
		"the end is past":  {[]func(*situation){before(-time.Minute)}, nothing(scheduler.RunOver)},

		"the next booking clips":            {[]func(*situation){bookedIn(10 * time.Minute)}, scheduler.Decision{Act: scheduler.ActExtend, Reason: scheduler.TimeToExtend, Minutes: 10, Clipped: true}},
		"the next booking clips offers":     {[]func(*situation){asks, bookedIn(40 * time.Minute)}, scheduler.Decision{Act: scheduler.ActAsk, Reason: scheduler.TimeToAsk, Offers: []int{15, 30, 40}, Clipped: true}},
		"the next booking leaves one offer": {[]func(*situation){asks, bookedIn(5 * time.Minute)}, scheduler.Decision{Act: scheduler.ActAsk, Reason: scheduler.TimeToAsk, Offers: []int{5}, Clipped: true}},
		"an offer that just fits":           {[]func(*situation){asks, bookedIn(30 * time.Minute)}, scheduler.Decision{Act: scheduler.ActAsk, Reason: scheduler.TimeToAsk, Offers: []int{15, 30}, Clipped: true}},
		"the next booking is far":           {[]func(*situation){asks, bookedIn(60 * time.Minute)}, ask(scheduler.TimeToAsk, 15, 30, 60)},
		"the next booking begins at once":   {[]func(*situation){bookedIn(0)}, nothing(scheduler.NoGap)},
		"the next booking began":            {[]func(*situation){asks, bookedIn(-5 * time.Minute)}, nothing(scheduler.NoGap)},
		"the next booking is in 59 s":       {[]func(*situation){bookedIn(59 * time.Second)}, nothing(scheduler.NoGap)},
		"what was not checked clips not":    {[]func(*situation){bookedIn(0), func(s *situation) { s.history.Next.Checked = false }}, extends(15)},
		"no gap and not yet":                {[]func(*situation){bookedIn(0), before(time.Hour)}, nothing(scheduler.NotYet)},

		"the rule is paused": {[]func(*situation){func(s *situation) { s.rule.Paused.Reason = scheduler.PausedOwnerLeft }}, nothing(scheduler.RulePaused)},
		"all is paused":      {[]func(*situation){func(s *situation) { s.history.Paused.Reason = scheduler.PausedByAdmin }}, nothing(scheduler.AllPaused)},

		"the quota cannot serve it":     {[]func(*situation){func(s *situation) { s.history.Unserved = true }}, nothing(scheduler.OverQuota)},
		"asking needs no quota":         {[]func(*situation){asks, func(s *situation) { s.history.Unserved = true }}, ask(scheduler.TimeToAsk, 15, 30, 60)},
		"the budget is used up":         {[]func(*situation){added(240, 30)}, nothing(scheduler.OverBudget)},
		"ask, the budget is used up":    {[]func(*situation){asks, added(240, 0)}, nothing(scheduler.OverBudget)},
		"the budget was overdrawn":      {[]func(*situation){added(300, 0)}, nothing(scheduler.OverBudget)},
		"the rest of the budget":        {[]func(*situation){added(230, 0)}, extends(10)},
		"the rest of the budget, asked": {[]func(*situation){asks, added(220, 0)}, ask(scheduler.TimeToAsk, 15, 20)},
		"no budget":                     {[]func(*situation){added(1000, 0), func(s *situation) { s.terms.RunMinutes = 0 }}, extends(15)},
		"no more than at once":          {[]func(*situation){func(s *situation) { s.terms.AtOnce = 10 }}, extends(10)},
		"no more than at once, asked":   {[]func(*situation){asks, func(s *situation) { s.terms.AtOnce = 15 }}, ask(scheduler.TimeToAsk, 15)},
		"no limits at all":              {[]func(*situation){asks, func(s *situation) { s.terms.AtOnce, s.terms.RunMinutes = 0, 0 }}, ask(scheduler.TimeToAsk, 15, 30, 60)},

		"a row is open": {[]func(*situation){func(s *situation) { s.history.Run.Open = true }}, nothing(scheduler.InDoubt)},
		"no password":   {[]func(*situation){func(s *situation) { s.meeting.Extendable = false }}, nothing(scheduler.NotExtendable)},

		"let it end":                     {[]func(*situation){asks, prompted(scheduler.PromptAsk, scheduler.LetEnd, 0)}, nothing(scheduler.ToldToEnd)},
		"auto, let it end":               {[]func(*situation){prompted(scheduler.PromptAsk, scheduler.LetEnd, 0)}, nothing(scheduler.ToldToEnd)},
		"let another end be":             {[]func(*situation){asks, prompted(scheduler.PromptAsk, scheduler.LetEnd, 15*time.Minute)}, ask(scheduler.TimeToAsk, 15, 30, 60)},
		"stopped":                        {[]func(*situation){prompted(scheduler.PromptAuto, scheduler.StopExtending, 15*time.Minute)}, ask(scheduler.TimeToAsk, 15, 30, 60)},
		"keep extending":                 {[]func(*situation){asks, prompted(scheduler.PromptAsk, scheduler.KeepExtending, 0)}, extends(15)},
		"keep extending, the next end":   {[]func(*situation){asks, added(15, 15), prompted(scheduler.PromptAsk, scheduler.KeepExtending, 15*time.Minute)}, extends(15)},
		"keep extending ends at the cap": {[]func(*situation){asks, added(60, 60), prompted(scheduler.PromptAsk, scheduler.KeepExtending, time.Hour)}, ask(scheduler.AskAtCap, 15, 30, 60)},
		"keep extending, lapsed": {[]func(*situation){
			asks, prompted(scheduler.PromptAsk, scheduler.KeepExtending, 15*time.Minute), lapsed,
		}, ask(scheduler.TimeToAsk, 15, 30, 60)},
		"keep extending, lapsed at this end": {[]func(*situation){
			asks, prompted(scheduler.PromptAsk, scheduler.KeepExtending, 0), lapsed,
		}, nothing(scheduler.AskedAlready)},
		"keep extending, lapsed, and another keeps it": {[]func(*situation){
			asks, prompted(scheduler.PromptAsk, scheduler.KeepExtending, 15*time.Minute), lapsed, prompted(scheduler.PromptAsk, scheduler.KeepExtending, 0),
		}, extends(15)},
		"keep, then stop": {[]func(*situation){
			asks, prompted(scheduler.PromptAsk, scheduler.KeepExtending, 30*time.Minute), prompted(scheduler.PromptAuto, scheduler.StopExtending, 15*time.Minute),
		}, ask(scheduler.TimeToAsk, 15, 30, 60)},
		"stop, then keep": {[]func(*situation){
			prompted(scheduler.PromptAuto, scheduler.StopExtending, 30*time.Minute), prompted(scheduler.PromptAsk, scheduler.KeepExtending, 0),
		}, extends(15)},

		"an extension before has its time": {[]func(*situation){extendedAt(15, 24*time.Minute)}, extends(15)},
		"a long lead waits as long as was added": {[]func(*situation){
			func(s *situation) { s.terms.Automation.Lead = time.Hour }, extendedAt(15, 40*time.Minute), before(26 * time.Minute),
		}, nothing(scheduler.NotYet)},
		"a long lead has waited as long as was added": {[]func(*situation){
			func(s *situation) { s.terms.Automation.Lead = time.Hour }, extendedAt(15, 40*time.Minute), before(25 * time.Minute),
		}, extends(15)},
		"a long lead waits till the end that was": {[]func(*situation){
			func(s *situation) { s.terms.Automation.Lead = 30 * time.Minute }, extendedAt(15, 16*time.Minute), before(15 * time.Minute),
		}, extends(15)},
		"ask, a long lead rests too": {[]func(*situation){
			asks, func(s *situation) { s.terms.Automation.Lead = 30 * time.Minute }, extendedAt(15, 16*time.Minute), before(16 * time.Minute),
		}, nothing(scheduler.NotYet)},
		"early, but not twice in a row": {[]func(*situation){
			extendedAt(15, 26*time.Minute), before(20 * time.Minute), func(s *situation) { s.history.Early = true },
		}, nothing(scheduler.NotYet)},
	} {
		t.Run(name, func(t *testing.T) {
			got := plain(test.changes...).decide()
			if got.Reason == scheduler.NotYet == got.At.IsZero() && got.Act == scheduler.ActNothing {
				t.Errorf("%s at %v", got.Reason, got.At)
			}
			got.At, got.AutoLeft, got.Left = time.Time{}, 0, 0
			if got.Act != scheduler.ActAsk {
				got.Offers = nil // TestDecideOffersPeopleOtherwise
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// What is said beside a prompt may have buttons too: "let it end" is not the last word, and where automation fails a
// person may press. A button for no minutes there is never.
func TestDecideOffersPeopleOtherwise(t *testing.T) {
	letEnd := prompted(scheduler.PromptAsk, scheduler.LetEnd, 0)
	for name, test := range map[string]struct {
		changes []func(*situation)
		reason  scheduler.Reason
		want    []int
	}{
		"it extends":                       {nil, scheduler.TimeToExtend, []int{15, 30, 60}},
		"the quota is used up":             {[]func(*situation){func(s *situation) { s.history.Unserved = true }}, scheduler.OverQuota, []int{15, 30, 60}},
		"let it end":                       {[]func(*situation){asks, letEnd}, scheduler.ToldToEnd, []int{15, 30, 60}},
		"let it end, before a booking":     {[]func(*situation){asks, letEnd, bookedIn(20 * time.Minute)}, scheduler.ToldToEnd, []int{15, 20}},
		"let it end, nothing fits between": {[]func(*situation){asks, letEnd, bookedIn(0)}, scheduler.ToldToEnd, nil},
		"keep extending, lapsed": {[]func(*situation){
			asks, prompted(scheduler.PromptAsk, scheduler.KeepExtending, 0), lapsed,
		}, scheduler.AskedAlready, []int{15, 30, 60}},
		"asked already": {[]func(*situation){asks, prompted(scheduler.PromptAsk, "", 0)}, scheduler.AskedAlready, nil},
		"too early":     {[]func(*situation){before(time.Hour)}, scheduler.NotYet, nil},
	} {
		t.Run(name, func(t *testing.T) {
			got := plain(test.changes...).decide()
			if diff := cmp.Diff(test.want, got.Offers); diff != "" || got.Reason != test.reason {
				t.Errorf("%s offers %v, want %s and %v", got.Reason, got.Offers, test.reason, test.want)
			}
		})
	}
}

func TestDecideTellsWhatIsLeft(t *testing.T) {
	got := plain(added(200, 15)).decide()
	if got.Left != 40 || got.AutoLeft != 40 {
		t.Errorf("left %d and %d, want 40 and 40: the budget bounds the cap", got.Left, got.AutoLeft)
	}
	got = plain(added(15, 15), func(s *situation) { s.terms.RunMinutes = 0 }).decide()
	if got.Left != -1 || got.AutoLeft != 45 {
		t.Errorf("left %d and %d, want -1 and 45", got.Left, got.AutoLeft)
	}
	if got := plain(before(time.Hour)).decide(); !got.At.Equal(decideEnd.Add(-10 * time.Minute)) {
		t.Errorf("acts at %v", got.At)
	}
}

// Whatever lead and minutes are, automation keeps the end ahead of a clock that ticks each minute until the cap is
// used up, one extension at a time, and never adds more than one in a minute that the end does not need.
func TestDecideOverARun(t *testing.T) {
	for _, lead := range []time.Duration{time.Minute, 10 * time.Minute, 30 * time.Minute, 3 * time.Hour} {
		for _, minutes := range []int{1, 5, 15, 60} {
			s := plain(func(s *situation) {
				s.terms.Automation.Lead, s.terms.Automation.Minutes, s.terms.Automation.Max = lead, minutes, 60
				s.now = decideEnd.Add(-9 * time.Minute) // the rule comes late
			})
			acted := time.Time{}
			for s.now.Before(decideEnd.Add(60 * time.Minute)) {
				decision := s.decide()
				if decision.Act == scheduler.ActExtend {
					added := time.Duration(decision.Minutes) * time.Minute
					if rest := s.now.Sub(acted); rest < min(added, 9*time.Minute) {
						t.Errorf("lead %v, %d minutes: two extensions within %v", lead, minutes, rest)
					}
					if !s.meeting.End.After(s.now) {
						t.Fatalf("lead %v, %d minutes: extended at %v a meeting that ended at %v", lead, minutes, s.now, s.meeting.End)
					}
					acted = s.now
					s.history.Run.Last = extension.Extension{
						ID: 1, State: extension.Confirmed, CreatedAt: s.now, Minutes: decision.Minutes,
						Before: s.meeting.End, Target: s.meeting.End.Add(added), After: s.meeting.End.Add(added),
					}
					s.meeting.End = s.meeting.End.Add(added)
					s.history.Run.Minutes += decision.Minutes
					s.history.Run.AutoMinutes += decision.Minutes
				}
				s.now = s.now.Add(30 * time.Second)
			}
			if s.history.Run.AutoMinutes != 60 {
				t.Errorf("lead %v, %d minutes: %d added in all", lead, minutes, s.history.Run.AutoMinutes)
			}
		}
	}
}
