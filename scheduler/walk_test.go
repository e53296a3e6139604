package scheduler_test

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/meeting/meetingtest"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// slow is for tests that take seconds, and much more with the race detector.
func slow(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("slow: make test runs it")
	}
}

// Whatever people wish for a run, in whatever order, and whatever stands in the way: what is foreseen after each act, and
// what each message says comes next, is what happens, unless something else happens before.
func TestWhatIsForeseenHappens(t *testing.T) {
	bubbles, runs := 30, 12
	if testing.Short() {
		bubbles = 4
	}
	for seed := range bubbles {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			random := rand.New(rand.NewPCG(uint64(seed), 1))
			modes := []scheduler.Mode{scheduler.ModeOff, scheduler.ModeAsk, scheduler.ModeAsk, scheduler.ModeAuto}
			inOffice(t, modes[random.IntN(len(modes))], func(o *office) {
				o.service.EndMeeting(meetingID)
				pick := func(from ...int) int { return from[random.IntN(len(from))] }
				o.config.Automation.Schedule = []string{"* * * * *", "* * * * *", "*/3 * * * *", "@every 7m", "15/20 * * * * *"}[random.IntN(5)]
				o.config.Automation.Lead = time.Duration(pick(2, 5, 10)) * time.Minute
				o.config.Automation.Minutes, o.config.Automation.Max = pick(5, 10), pick(10, 15, 30)
				o.config.RunMinutes = pick(15, 30, 240)
				o.config.Daily = pick(0, 0, 8, 15)
				o.doorConfig.Limits = extension.Limits{RunMinutes: o.config.RunMinutes, DailyMinutes: o.config.Daily}
				diary := &sharedDiary{}
				o.config.Bookings = diary
				o.replica = o.another()
				o.start(o.replica)
				pausing := &pausing{}
				var walks sync.WaitGroup
				for number := range runs {
					id, own := fmt.Sprint(914000000+number), rand.New(rand.NewPCG(uint64(seed), uint64(number)))
					w := &walk{office: o, random: own, diary: diary, id: id, pausing: pausing, alarms: make(map[time.Time]bool)}
					walks.Go(w.run)
				}
				walks.Wait()
			})
		})
	}
}

// sharedDiary is what is booked, while others read it.
type sharedDiary struct {
	mu   sync.Mutex
	list []meeting.Booking
}

func (d *sharedDiary) Scheduled(context.Context, time.Time) ([]meeting.Booking, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.list), nil
}

func (d *sharedDiary) SeesAll() bool { return true }

// pausing are the times at which an administrator paused or resumed all.
type pausing struct {
	mu sync.Mutex
	at []time.Time
}

func (p *pausing) times() []time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.at)
}

// walk is a run of a meeting, and what people do about it.
type walk struct {
	*office
	random *rand.Rand
	diary  *sharedDiary
	*pausing
	id     string
	begun  time.Time
	log    []string
	wishes []wished
	ruled  scheduler.Mode // by the rule that there is; empty without one
	acts   []time.Time    // when people acted
	told   []foreseen
	alarms map[time.Time]bool // ends about which trouble was told
}

// wished is one wish, as the test remembers it.
type wished struct {
	mode   scheduler.Mode // of a rule
	answer scheduler.Answer
	end    time.Time
	prompt int64
}

// foreseen is what was said of the future, and when.
type foreseen struct {
	by string
	at time.Time
	scheduler.Outlook
}

func (w *walk) meeting() meeting.Meeting {
	w.t.Helper()
	found, err := w.extender.Look(w.ctx, w.id)
	w.must(nil, err)
	return found
}

func (w *walk) note(format string, args ...any) {
	w.log = append(w.log, fmt.Sprintf("%s ", time.Now().Format("15:04:05"))+fmt.Sprintf(format, args...))
}

func (w *walk) run() {
	w.begun = time.Now().Truncate(time.Minute).Add(time.Minute)
	time.Sleep(time.Until(w.begun))
	end, onTime := w.begun.Add(time.Duration(16+w.random.IntN(6))*time.Minute), 0
	if w.random.IntN(2) == 0 {
		start := end.Add(time.Duration(w.random.IntN(5)) * 5 * time.Minute)
		w.diary.mu.Lock()
		w.diary.list = append(w.diary.list, meeting.Booking{ID: "b" + w.id, RoomID: "room " + w.id, Start: start, End: start.Add(time.Hour)})
		w.diary.mu.Unlock()
		w.note("booked %s", start.Format("15:04"))
	}
	w.service.Add(meetingtest.Meeting{
		ID: w.id, RoomID: "room " + w.id, Subject: "Walk", Start: w.begun, End: end, People: 3, ProlongMinutes: &onTime,
	})
	time.Sleep(4 * time.Minute) // by then the bookings are read again
	for range 4 + w.random.IntN(8) {
		time.Sleep(time.Duration(5+w.random.IntN(200)) * time.Second)
		if m, err := w.extender.Look(w.ctx, w.id); err != nil || time.Until(m.End) < 20*time.Second {
			break
		}
		w.act()
		if w.t.Failed() {
			return
		}
	}
	for { // until it ends
		m, err := w.extender.Look(w.ctx, w.id)
		if err != nil {
			break
		}
		time.Sleep(time.Until(m.End) + time.Second)
	}
	w.check()
}

// act lets a person do something, and keeps what is foreseen then.
func (w *walk) act() {
	m := w.meeting()
	who := extension.Actor{Team: "T1", User: fmt.Sprint("U", w.random.IntN(2), w.id)}
	atOnce := false
	w.acts = append(w.acts, time.Now())
	switch choice := w.random.IntN(14); {
	case choice > 9:
		atOnce = w.answers(m, who)
	case choice < 3:
		rule := scheduler.Rule{Of: w.id, Mode: []scheduler.Mode{scheduler.ModeAsk, scheduler.ModeAuto}[w.random.IntN(2)], Owner: who, Channel: "C1"}
		if w.random.IntN(2) == 0 {
			rule.Minutes, rule.Max = 5, 20
		}
		w.must(w.store.Automation.PutRule(w.ctx, rule))
		w.ruled, atOnce = rule.Mode, true
		w.wishes = append(w.wishes, wished{mode: rule.Mode})
		w.note("%s watches: %s %d of %d", who.User, rule.Mode, rule.Minutes, rule.Max)
	case choice < 7:
		atOnce = w.answers(m, who)
	case choice == 7:
		w.pauses()
	case choice == 8:
		w.must(w.store.Automation.DeleteRule(w.ctx, w.id))
		w.ruled = ""
		w.wishes = slices.DeleteFunc(w.wishes, func(wish wished) bool { return wish.mode != "" })
		w.note("nobody watches")
	default:
		result, err := w.extender.Extend(w.ctx, extension.Request{
			Key: fmt.Sprint(w.id, " ", len(w.log)), Envelope: "e", Meeting: m, Origin: extension.FromCommand, Actor: who, Minutes: 5,
		})
		w.must(nil, err)
		w.note("%s extends by hand: %s", who.User, result.Outcome)
	}
	w.foresee(atOnce)
}

// pauses lets an administrator pause all, or resume it, which is an act in every run.
func (w *walk) pauses() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.at = append(w.at, time.Now())
	if len(w.at)%2 == 1 {
		w.must(w.store.Automation.PauseAll(w.ctx, alice))
	} else {
		w.must(w.store.Automation.ResumeAll(w.ctx))
	}
}

// answers lets a person answer a message of the run, if there is one.
func (w *walk) answers(m meeting.Meeting, who extension.Actor) bool {
	found, err := w.store.Prompts.Prompts(w.ctx, []string{extension.RunOf(m)})
	w.must(nil, err)
	prompts := slices.DeleteFunc(found[extension.RunOf(m)], func(p scheduler.Prompt) bool { return p.Kind == scheduler.PromptTrouble })
	if len(prompts) == 0 {
		return false
	}
	prompt := prompts[w.random.IntN(len(prompts))]
	answer := []scheduler.Answer{scheduler.KeepExtending, scheduler.StopExtending, scheduler.LetEnd}[w.random.IntN(3)]
	if answer == scheduler.LetEnd && !prompt.End.Equal(m.End) {
		return false // the bot does not take it
	}
	_, first, err := w.Answer(w.ctx, prompt.ID, answer, who)
	w.must(nil, err)
	if first {
		w.wishes = slices.DeleteFunc(w.wishes, func(wish wished) bool { return wish.prompt == prompt.ID })
		w.wishes = append(w.wishes, wished{answer: answer, end: prompt.End, prompt: prompt.ID})
	}
	w.note("%s answers %s about %s: %v", who.User, answer, prompt.End.Format("15:04"), first)
	return first
}

func (w *walk) must(_ any, err error) {
	w.t.Helper()
	if err != nil {
		w.t.Errorf("%v\n%v", err, w.log)
		runtime.Goexit()
	}
}

// foresee keeps what the answer to an act says.
func (w *walk) foresee(atOnce bool) {
	m := w.meeting()
	m.People = 3 // a meeting's own detail does not say
	var next scheduler.Outlook
	var err error
	if atOnce {
		next, err = w.Wished(w.ctx, m)
	} else {
		var all []scheduler.Outlook
		all, err = w.Foresee(w.ctx, []meeting.Meeting{m})
		next = slices.Concat(all, []scheduler.Outlook{{}})[0]
	}
	w.must(nil, err)
	w.note("foreseen: %s (%s) by %d at %s, ends %s", next.Act, next.Reason, next.Minutes, next.At.Format("15:04:05"), next.End.Format("15:04"))
	w.told = append(w.told, foreseen{"the answer", time.Now(), next})
	mode, letEnd := w.wish(next.End)
	if acts := mode == scheduler.ModeAsk || mode == scheduler.ModeAuto; acts && (next.Wish.Mode != mode || next.Wish.LetEnd != letEnd) {
		w.t.Errorf("the wish is %s (let it end: %v), want %s (%v)\n%s", next.Wish.Mode, next.Wish.LetEnd, mode, letEnd, w.story())
	}
}

// wish is the newest wish, as the test remembers them.
func (w *walk) wish(end time.Time) (scheduler.Mode, bool) {
	base := cmp.Or(w.ruled, w.config.Automation.Mode)
	for _, wish := range slices.Backward(w.wishes) {
		switch {
		case wish.mode != "":
			return wish.mode, false
		case wish.answer == scheduler.KeepExtending && base != scheduler.ModeOff:
			return scheduler.ModeAuto, false
		case wish.answer == scheduler.StopExtending && base == scheduler.ModeAuto:
			return scheduler.ModeAsk, false
		case wish.answer == scheduler.StopExtending:
			return base, false
		case wish.answer == scheduler.LetEnd && wish.end.Equal(end):
			return base, true
		}
	}
	return base, false
}

// happened is something that automation did.
type happened struct {
	act     scheduler.Act
	minutes int
	end     time.Time // that it was done about
	at      time.Time
}

// happenings are what automation did in the run, in order.
func (w *walk) happenings() []happened {
	var all []happened
	history, err := w.store.History.Extensions(w.ctx, w.id, 100)
	w.must(nil, err)
	for _, e := range history {
		if e.Origin == extension.FromTick && !e.Before.IsZero() {
			all = append(all, happened{scheduler.ActExtend, e.Minutes, e.Before, e.CreatedAt})
		}
	}
	w.announcer.mu.Lock()
	defer w.announcer.mu.Unlock()
	for i, o := range w.announcer.said {
		if o.Prompt.MeetingID != w.id {
			continue
		}
		if o.Prompt.Kind == scheduler.PromptAsk {
			all = append(all, happened{scheduler.ActAsk, 0, o.Prompt.End, w.announcer.at[i]})
		} else {
			w.alarms[o.Prompt.End] = w.alarms[o.Prompt.End] || o.Prompt.Kind == scheduler.PromptTrouble
			w.told = append(w.told, foreseen{"the message " + string(o.Prompt.Kind), w.announcer.at[i], o.Outlook})
		}
	}
	slices.SortFunc(all, func(a, b happened) int { return a.at.Compare(b.at) })
	return all
}

const (
	takesAtMost = 20 * time.Second // an act
	slightly    = 2 * time.Second  // how much sooner a look may be
)

// check holds each sentence against what happened until somebody acted again.
func (w *walk) check() {
	w.t.Helper()
	happenings := w.happenings()
	for _, said := range w.told {
		until := said.End
		for _, act := range w.acts {
			if act.After(said.at) && act.Before(until) {
				until = act
			}
		}
		for _, act := range w.pausing.times() { // another's, perhaps: of what was said in that very moment nobody knows which was first
			if !act.Before(said.at) && act.Before(until) {
				until = act
			}
		}
		fault := said.against(happenings, until)
		// A look comes before the end.
		stopped := (said.Reason == scheduler.NoGap || said.Reason == scheduler.OverBudget) && said.End.Sub(said.at) > 8*time.Minute
		if stopped && until.Equal(said.End) && len(happenings) > 0 && !w.alarms[said.End] {
			fault = "nobody was told before the end"
		}
		if fault != "" {
			w.t.Errorf("%s said at %s of the end %s that it will %s (%s) by %d at %s, until %s: %s\n%s", said.by, said.at.Format("15:04:05"),
				said.End.Format("15:04"), said.Act, said.Reason, said.Minutes, said.At.Format("15:04:05"), until.Format("15:04:05"), fault, w.story())
			return
		}
	}
}

// against is what is wrong with a sentence that holds until then.
func (f foreseen) against(happenings []happened, until time.Time) string {
	if f.Reason == scheduler.InDoubt || f.Reason == scheduler.ExtendedAlready || f.Reason == "" {
		return "" // nothing was said
	}
	for _, h := range happenings {
		if h.at.Before(f.at) || !h.end.Equal(f.End) || !h.at.Before(until) {
			continue
		}
		asked := f.Reason == scheduler.AskedAlready || f.Reason == scheduler.CapReached
		switch {
		case asked && h.act == scheduler.ActAsk && h.at.Before(f.at.Add(slightly)): // that is on its way
		case f.Act == scheduler.ActNothing:
			return fmt.Sprintf("%s at %s", h.act, h.at.Format("15:04:05"))
		case h.act != f.Act || h.minutes != f.Minutes && f.Act == scheduler.ActExtend:
			return fmt.Sprintf("%s by %d at %s", h.act, h.minutes, h.at.Format("15:04:05"))
		case h.at.Before(f.At.Add(-slightly)) || h.at.After(f.At.Add(takesAtMost)):
			return fmt.Sprintf("%s at %s", h.act, h.at.Format("15:04:05"))
		default:
			return ""
		}
	}
	if f.Act != scheduler.ActNothing && f.At.Add(takesAtMost).Before(until) {
		return "nothing happened"
	}
	return ""
}

func (w *walk) story() string {
	for _, at := range w.pausing.times() {
		w.log = append(w.log, at.Format("15:04:05")+" all is paused or resumed")
	}
	slices.Sort(w.log)
	text := fmt.Sprintf("%+v, %d of a run, %d of a day\n", w.config.Automation, w.config.RunMinutes, w.config.Daily)
	for _, line := range w.log {
		text += line + "\n"
	}
	for _, h := range w.happenings() {
		text += fmt.Sprintf("%s %s by %d about %s\n", h.at.Format("15:04:05"), h.act, h.minutes, h.end.Format("15:04"))
	}
	return text
}
