package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/overtime-bot/overtime/meeting/meetingtest"
)

// ending is one end time of a run, from when it was set until it moved or came.
type ending struct {
	end, from, moved time.Time // moved is zero where the run ended then
	by               *meetingtest.Effect
}

// life is a run as the service saw it, and what Slack saw of it.
type life struct {
	*gathering
	endings []ending
	effects []meetingtest.Effect
	prompts []*postedMessage
	told    []*postedMessage // all that names it while it was on
	presses []press
	wishes  []wished
	next    time.Time // when the same room is booked next after the booked end; zero = never
}

// check holds the promises against the service's log and Slack's.
func (w *week) check() {
	messages := make(map[string][]*postedMessage)
	for _, m := range w.wire.since(0) {
		messages[m.first().meeting] = append(messages[m.first().meeting], m)
	}
	lives := make(map[*gathering]*life)
	var counts struct{ runs, automatic, pressed, prompts, told, cut, contested int }
	for i := range w.plan {
		l := w.lifeOf(&w.plan[i], messages[w.plan[i].id])
		lives[l.gathering] = l
		w.once(l)
		w.allowed(l)
		w.leftAlone(l)
		w.kept(l)
		w.closed(l)
		w.acted(l)
		counts.runs++
		if l.manner == contested {
			counts.contested++
		}
		counts.prompts += len(l.prompts)
		counts.told += len(l.told)
		for _, effect := range l.effects {
			if l.byPerson(effect) {
				counts.pressed++
			} else {
				counts.automatic++
			}
		}
		if last := l.endings[len(l.endings)-1].end; l.leaves.After(last) {
			counts.cut++
		}
	}
	w.t.Logf("%d meetings, %d extended automatically and %d by a press, %d prompts, %d messages, %d ended with people in, %d contested",
		counts.runs, counts.automatic, counts.pressed, counts.prompts, counts.told, counts.cut, counts.contested)
	w.answered()
	w.discreet(lives)
	w.foretold(lives)
	if runs := len(w.plan); counts.automatic < runs/10 || counts.pressed < runs/10 || counts.prompts < runs/3 || counts.contested < runs/100 {
		w.t.Error("so little happened that nothing is proven")
	}
}

func (w *week) lifeOf(g *gathering, messages []*postedMessage) *life {
	l := &life{gathering: g, next: w.nextBooking(g)}
	for _, effect := range w.service.Effects(g.id) {
		if effect.RunStart.Equal(g.start) {
			l.effects = append(l.effects, effect)
		}
	}
	w.trace(l)
	over := l.endings[len(l.endings)-1].end
	for _, m := range messages {
		if first := m.first(); !first.at.Before(g.start) && !first.at.After(over.Add(time.Minute)) {
			l.told = append(l.told, m)
			if first.isPrompt() {
				l.prompts = append(l.prompts, m)
			}
		}
	}
	for _, p := range w.presses {
		if p.meeting == g.id && !p.at.Before(g.start) && p.at.Before(over) {
			l.presses = append(l.presses, p)
		}
	}
	l.wishes = w.wishesOf(l)
	return l
}

// trace puts together when the end was what.
func (w *week) trace(l *life) {
	type change struct {
		at, end time.Time
		by      *meetingtest.Effect
	}
	var changes []change
	for i, effect := range l.effects {
		changes = append(changes, change{effect.At, effect.After, &l.effects[i]})
	}
	for _, effect := range w.service.Prolongations(l.id) {
		if effect.RunStart.Equal(l.start) {
			changes = append(changes, change{effect.At, effect.After, nil})
		}
	}
	if !l.byHand.IsZero() {
		changes = append(changes, change{at: l.byHand})
	}
	slices.SortStableFunc(changes, func(a, b change) int { return a.at.Compare(b.at) })
	now := ending{end: l.end, from: l.start}
	for _, c := range changes {
		if c.end.IsZero() {
			c.end = now.end.Add(20 * time.Minute)
		}
		now.moved = c.at
		l.endings = append(l.endings, now)
		now = ending{end: c.end, from: c.at, by: c.by}
	}
	l.endings = append(l.endings, now)
}

// nextBooking is when the room of a meeting is booked next.
func (w *week) nextBooking(g *gathering) time.Time {
	var next time.Time
	for i := range w.plan {
		other := &w.plan[i]
		same := g.room != "" && other.room == g.room
		if other != g && same && !other.start.Before(g.end) && (next.IsZero() || other.start.Before(next)) {
			next = other.start
		}
	}
	return next
}

func (l *life) pressedAt(end time.Time) bool {
	return slices.ContainsFunc(l.presses, func(p press) bool { return p.end.Equal(end) && strings.HasPrefix(p.label, "+") })
}

// byPerson says that somebody pressed for the extension, or typed.
func (l *life) byPerson(effect meetingtest.Effect) bool {
	typed := strings.HasPrefix(l.script, "until") && effect.At.Before(l.end.Add(-weekLead))
	return typed || l.pressedAt(effect.Before)
}

// extendsItself says that the run was in automatic mode at that time, or up to then, of an act that was under way.
func (l *life) extendsItself(at, end time.Time) bool {
	now, _ := l.newest(at, end)
	before, _ := l.newest(at.Add(-2*time.Second), end)
	return now || before
}

// automatic sums the minutes that automation added before a time.
func (l *life) automatic(before time.Time) int {
	minutes := 0
	for _, effect := range l.effects {
		if effect.At.Before(before) && !l.byPerson(effect) {
			minutes += effect.Minutes
		}
	}
	return minutes
}

// minutes sums all that was added before a time.
func (l *life) minutes(before time.Time) int {
	minutes := 0
	for _, effect := range l.effects {
		if effect.At.Before(before) {
			minutes += effect.Minutes
		}
	}
	return minutes
}

// story tells what happened to a run, for who reads a failure.
func (w *week) story(l *life) string {
	var text strings.Builder
	for _, effect := range l.effects {
		fmt.Fprintf(&text, "\n      %s extended by %d to %s", effect.At.Format("15:04:05"), effect.Minutes, effect.After.Format("15:04"))
	}
	for _, m := range l.told {
		for _, seen := range m.shown {
			fmt.Fprintf(&text, "\n      %s [%s %s] %q %v", seen.at.Format("15:04:05"), m.channel, m.ts, seen.text, seen.labels())
		}
	}
	for _, p := range l.presses {
		fmt.Fprintf(&text, "\n      %s pressed %s for %s", p.at.Format("15:04:05"), p.label, p.end.Format("15:04"))
	}
	return text.String()
}

// once: for one end of one run at most one extension and at most one prompt.
func (w *week) once(l *life) {
	ends := make(map[time.Time]int)
	for _, effect := range l.effects {
		if ends[effect.Before]++; ends[effect.Before] > 1 {
			w.t.Errorf("%v: extended twice at %v%s", l, effect.Before, w.story(l))
		}
	}
	prompts := make(map[time.Time]int)
	for _, prompt := range l.prompts {
		if prompts[prompt.first().end]++; prompts[prompt.first().end] > 1 {
			w.t.Errorf("%v: asked twice about %v%s", l, prompt.first().end, w.story(l))
		}
	}
}

// allowed: nothing is extended or asked that should not be.
func (w *week) allowed(l *life) {
	for _, effect := range l.effects {
		if !l.next.IsZero() && !effect.Before.After(l.next) && effect.After.After(l.next) {
			w.t.Errorf("%v: extended to %v, into the booking at %v%s", l, effect.After, l.next, w.story(l))
		}
		if l.byPerson(effect) {
			continue
		}
		switch early := effect.Before.Add(-weekLead - 2*time.Minute); {
		case !l.extendsItself(effect.At, effect.Before):
			w.t.Errorf("%v: extended by itself at %v%s", l, effect.At, w.story(l))
		case effect.At.Before(early):
			w.t.Errorf("%v: extended at %v, long before %v%s", l, effect.At, effect.Before, w.story(l))
		case !effect.At.Before(l.leaves.Add(time.Minute)) && !l.unseen():
			w.t.Errorf("%v: extended at %v while nobody was in%s", l, effect.At, w.story(l))
		case l.automatic(effect.At)+effect.Minutes > weekMax:
			w.t.Errorf("%v: extended at %v beyond the cap%s", l, effect.At, w.story(l))
		}
	}
	if len(l.prompts)+len(l.effects) > 0 && (l.manner == platformsOwn || l.manner == leftBehind) && !l.unseen() {
		w.t.Errorf("%v: %d prompts, %d extensions%s", l, len(l.prompts), len(l.effects), w.story(l))
	}
}

// kept: what should be asked about, or extended, is; and where the service was down, people hear of it.
func (w *week) kept(l *life) {
	if l.manner == platformsOwn {
		return
	}
	for _, e := range l.endings {
		due := e.end.Add(-weekLead)
		gone := !l.leaves.After(e.end)
		tooShort := e.end.Sub(e.from) < 3*time.Minute
		booked := !l.next.IsZero() && !l.next.After(e.end.Add(time.Minute))
		movedOn := !e.moved.IsZero() && e.moved.Before(due.Add(2*time.Minute))
		if gone || tooShort || movedOn {
			continue
		}
		heard := slices.ContainsFunc(l.told, func(m *postedMessage) bool {
			return m.first().end.Equal(e.end) && !m.at.Before(due.Add(-3*time.Minute)) && m.at.Before(e.end)
		})
		auto, letEnd := l.newest(e.end.Add(-2*time.Minute), e.end)
		spent := l.minutes(e.end)+weekMinutes > weekTotal
		extended := slices.ContainsFunc(l.effects, func(effect meetingtest.Effect) bool { return effect.Before.Equal(e.end) })
		troubled := w.troubled(due.Add(-3*time.Minute), e.end)
		itself := auto && l.automatic(due) < weekMax
		paused := overlaps(w.pauses, e.end.Add(-3*time.Minute), e.end)
		switch {
		case extended, troubled && heard, letEnd, paused:
		case booked || spent:
			if !heard && !troubled && l.countedOn(due) {
				w.t.Errorf("%v: nobody was told that it cannot go on after %v%s", l, e.end, w.story(l))
			}
		case troubled && !w.troubled(e.end.Add(-4*time.Minute), e.end):
			w.t.Errorf("%v: nothing was heard of its end at %v, long after the trouble%s", l, e.end, w.story(l))
		case troubled && w.outageOver(due, e.end):
			w.t.Errorf("%v: nothing was heard of its end at %v, while the service was down%s", l, e.end, w.story(l))
		case troubled:
		case itself:
			w.t.Errorf("%v: not extended at %v%s", l, e.end, w.story(l))
		case !heard:
			w.t.Errorf("%v: not asked about %v%s", l, e.end, w.story(l))
		}
	}
}

// countedOn says that people expect something of automation for the run: its room is watched, or they have read of it.
func (l *life) countedOn(before time.Time) bool {
	return l.manner == watchedAsk || slices.ContainsFunc(l.told, func(m *postedMessage) bool { return m.at.Before(before) })
}

// outageOver says that the service, and not the bot, was down all that time.
func (w *week) outageOver(from, to time.Time) bool {
	return slices.ContainsFunc(w.troubles, func(s span) bool {
		return s.what == "outage" && !s.from.After(from) && !s.to.Before(to)
	})
}

// closed: the messages follow their meeting to its end.
func (w *week) closed(l *life) {
	over := l.endings[len(l.endings)-1].end
	for _, m := range l.told {
		if last := m.last(); len(last.buttons) > 0 && len(m.first().buttons) > 0 {
			w.t.Errorf("%v is over since %v, and its message still shows %v", l, over, last.buttons)
		}
	}
	if len(l.prompts) > 0 && cmp.Compare(len(l.prompts[len(l.prompts)-1].shown), 2) < 0 {
		w.t.Errorf("%v: its last prompt was never brought up to date", l)
	}
}
