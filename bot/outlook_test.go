package bot

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// sentences are those about the future, whatever message they stand in.
var sentences = regexp.MustCompile(
	`I'll (extend) it by (\d+) minutes? (?:now|at <!date\^(\d+)\^)|I'll (ask) (?:now|at <!date\^(\d+)\^)|` +
		`(I won't ask or extend it before) it ends at <!date\^(\d+)\^|I've already (asked) whether to extend it: unless someone does, it ends at <!date\^(\d+)\^`)

// promise is what a sentence says that will be done, and when; at an end, where nothing is done before it.
type promise struct {
	text    string
	said    time.Time
	act     scheduler.Act
	minutes int
	at      time.Time
}

// promisesIn reads the sentences about the future in a text.
func promisesIn(text string, said time.Time) []promise {
	var all []promise
	if strings.Contains(text, "*Secret merger*") { // about the meeting that comes next
		return nil
	}
	for _, found := range sentences.FindAllStringSubmatch(text, -1) {
		p := promise{text: text, said: said, act: scheduler.ActNothing, at: said}
		switch {
		case found[1] != "":
			p.act = scheduler.ActExtend
			p.minutes, _ = strconv.Atoi(found[2])
		case found[4] != "":
			p.act = scheduler.ActAsk
		}
		if seconds, err := strconv.ParseInt(found[3]+found[5]+found[7]+found[9], 10, 64); err == nil {
			p.at = time.Unix(seconds, 0)
		}
		all = append(all, p)
	}
	return all
}

// Whatever people type and press, in whatever order: each sentence about the future, in answers, in the messages of
// channels and in their edits, is what then happens, unless somebody does something before.
func TestSentencesAboutTheFutureHold(t *testing.T) {
	walks := 40
	if testing.Short() {
		walks = 6
	}
	seen := make(map[scheduler.Act]int)
	for seed := range walks {
		random := rand.New(rand.NewPCG(uint64(seed), 7))
		set := func(w *world) {
			w.ticks, w.channel, w.total = true, []string{"", "C0NOTIFY"}[random.IntN(2)], []int{30, 45, 240}[random.IntN(3)]
			w.mode = []scheduler.Mode{scheduler.ModeOff, scheduler.ModeAsk, scheduler.ModeAuto}[random.IntN(3)]
			endsIn(time.Duration(12+random.IntN(10)) * time.Minute)(w)
			if random.IntN(3) == 0 {
				inRoom("771234")(w)
				next := booked("777888999", "Secret merger")
				next.Scheduled, next.RoomID = true, "771234"
				next.Start = w.meetings[0].End.Add(time.Duration(random.IntN(4)) * 10 * time.Minute)
				next.End = next.Start.Add(time.Hour)
				w.meetings = append(w.meetings, next)
			}
		}
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			inBubble(t, set, func(t *testing.T, w *world) {
				for act, count := range (&stroll{world: w, random: random}).walk() {
					seen[act] += count
				}
			})
		})
	}
	for _, act := range []scheduler.Act{scheduler.ActNothing, scheduler.ActAsk, scheduler.ActExtend} {
		if seen[act] < walks/4 {
			t.Errorf("%d sentences say that it will %s: that proves nothing", seen[act], act)
		}
	}
}

// stroll is what people do about one meeting, and what they read.
type stroll struct {
	*world
	random *rand.Rand
	acts   []time.Time
	read   []promise
	log    []string
}

func (s *stroll) walk() map[scheduler.Act]int {
	for range 4 + s.random.IntN(4) {
		time.Sleep(time.Duration(10+s.random.IntN(300)) * time.Second)
		m, running := s.service.Meeting(theID)
		if !running || time.Until(m.End) < time.Minute {
			break
		}
		s.act()
	}
	for began := time.Now(); ; { // the platform may extend it for ever
		m, running := s.service.Meeting(theID)
		if !running || !m.End.After(time.Now()) || time.Since(began) > 2*time.Hour {
			s.acts = append(s.acts, time.Now()) // nobody looks from here on
			break
		}
		time.Sleep(time.Until(m.End) + time.Second)
	}
	return s.check()
}

func (s *stroll) act() {
	user := []string{admin, owner}[s.random.IntN(2)]
	s.acts = append(s.acts, time.Now())
	typed := []string{
		"watch 914083136 ask", "watch 914083136 auto", "watch 914083136 auto 10 max 20", "unwatch 914083136", "pause", "resume",
		"status 914083136", "why 914083136", "list", "914083136 5",
	}
	choice := s.random.IntN(len(typed) + 8)
	var said heard
	if choice < len(typed) {
		said = s.asksFrom(theChannel, user, typed[choice])
		s.note(user+" types "+typed[choice], said)
	} else if button, ok := s.anyButton(); ok {
		said = s.presses(user, button.id)
		s.note(user+" presses "+button.label, said)
	}
	s.read = append(s.read, promisesIn(said.whole, time.Now())...)
}

func (s *stroll) note(what string, said heard) {
	s.log = append(s.log, fmt.Sprintf("%s %s: %s", time.Now().Format("15:04:05"), what, said.whole))
}

// anyButton is a button for an answer under one of the messages, as it stands by now.
func (s *stroll) anyButton() (heardButton, bool) {
	s.poster.mu.Lock()
	defer s.poster.mu.Unlock()
	last := make(map[string]post)
	for _, p := range slices.Concat(s.poster.posts, s.poster.edits) {
		last[p.timestamp] = p
	}
	var buttons []heardButton
	for _, p := range last {
		for _, button := range p.buttons {
			if !strings.HasPrefix(button.label, "+") && button.label != "Don't ask me again" {
				buttons = append(buttons, button)
			}
		}
	}
	if len(buttons) == 0 {
		return heardButton{}, false
	}
	slices.SortFunc(buttons, func(a, b heardButton) int { return strings.Compare(a.label, b.label) })
	return buttons[s.random.IntN(len(buttons))], true
}

// done is what automation did.
type done struct {
	act     scheduler.Act
	minutes int
	at      time.Time
}

func (s *stroll) done() []done {
	var all []done
	rows, err := s.store.History.Extensions(s.t.Context(), theID, 100)
	s.must(err)
	for _, e := range rows {
		if e.Origin == extension.FromTick && !e.Before.IsZero() {
			all = append(all, done{scheduler.ActExtend, e.Minutes, e.CreatedAt})
		}
	}
	s.poster.mu.Lock()
	defer s.poster.mu.Unlock()
	for i, p := range slices.Concat(s.poster.posts, s.poster.edits) {
		if p.tone == Asking && i < len(s.poster.posts) {
			all = append(all, done{act: scheduler.ActAsk, at: p.at})
		}
		s.log = append(s.log, fmt.Sprintf("%s %s reads: %s", p.at.Format("15:04:05"), p.place, p.whole))
		s.read = append(s.read, promisesIn(p.whole, p.at)...)
	}
	slices.Sort(s.log)
	return all
}

// check holds what was read against what was done.
func (s *stroll) check() map[scheduler.Act]int {
	seen, done := make(map[scheduler.Act]int), s.done()
	for _, p := range s.read {
		seen[p.act]++
		if fault := s.against(p, done); fault != "" {
			s.t.Errorf("%s: %q was read at %s\n%s", fault, p.text, p.said.Format("15:04:05"), strings.Join(s.log, "\n"))
			break
		}
	}
	return seen
}

const (
	afterwards = 25 * time.Second // an act and its message
	slightly   = 2 * time.Second
)

func (s *stroll) against(p promise, all []done) string {
	limit := p.at.Add(afterwards)
	if p.act == scheduler.ActNothing {
		limit = p.at
	}
	for _, act := range s.acts {
		if act.After(p.said) && act.Before(limit) {
			limit = act
		}
	}
	kept := p.act == scheduler.ActNothing
	for _, d := range all {
		before := d.at.Before(p.said) || d.at.Equal(p.said) && p.at.After(p.said)
		inTime := !d.at.Before(p.at.Add(-slightly)) && d.at.Before(p.at.Add(afterwards))
		switch {
		case before || !d.at.Before(limit):
		case p.act == scheduler.ActNothing && d.act == scheduler.ActAsk && d.at.Before(p.said.Add(slightly)): // on its way
		case d.act != p.act || d.minutes != p.minutes || !inTime:
			return fmt.Sprintf("%s by %d at %s", d.act, d.minutes, d.at.Format("15:04:05"))
		default:
			kept = true
		}
	}
	if !kept && limit.Equal(p.at.Add(afterwards)) {
		for _, d := range all { // or it was done just before it was said
			kept = kept || d.act == p.act && d.at.Before(p.said) && d.at.After(p.said.Add(-afterwards))
		}
		if !kept {
			return "nothing was done"
		}
	}
	return ""
}
