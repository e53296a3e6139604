package main

import (
	"slices"
	"strings"
	"time"
)

// leftAlone: who lets a run end, and who pauses all, is heeded until somebody wishes otherwise.
func (w *week) leftAlone(l *life) {
	for _, h := range l.happenings() {
		_, now := l.newest(h.at, h.end)
		_, before := l.newest(h.at.Add(-2*time.Second), h.end)
		if now && before {
			w.t.Errorf("%v: %s at %v, and it was to end at %v%s", l, h.key, h.at, h.end, w.story(l))
		}
		if slices.ContainsFunc(w.pauses, func(s span) bool { return s.from.Add(3*time.Second).Before(h.at) && h.at.Before(s.to) }) {
			w.t.Errorf("%v: %s at %v, while all was paused%s", l, h.key, h.at, w.story(l))
		}
	}
}

// acted: what people did about a contested meeting had its effect.
func (w *week) acted(l *life) {
	if l.manner != contested {
		return
	}
	extended := make(map[time.Time]int) // by itself, at this end
	for _, effect := range l.effects {
		if !l.byPerson(effect) {
			extended[effect.Before] = effect.Minutes
		}
	}
	var byHand []time.Time
	for _, effect := range l.effects {
		if l.byPerson(effect) {
			byHand = append(byHand, effect.After)
		}
	}
	later := l.end.Add(weekMinutes * time.Minute)
	want := map[string][2]int{ // minutes at the booked end, and at the one after
		"let it end, then watched": {15, 15}, "stopped": {15, 0}, "stopped, then watched": {15, 20}, "kept, then asked": {15, 0},
		"kept, then stopped": {15, 0}, "moved": {15, 15},
	}[l.script]
	if extended[l.end] != want[0] || extended[later] != want[1] {
		w.t.Errorf("%v, %s: extended by %d, then %d; want %v%s", l, l.script, extended[l.end], extended[later], want, w.story(l))
	}
	if by := l.script == "until, by the distance"; by != (len(byHand) > 0) || by && !byHand[0].Equal(l.end.Add(untilLater)) {
		w.t.Errorf("%v, %s: by hand to %v%s", l, l.script, byHand, w.story(l))
	}
	if l.script == "moved" {
		w.moved(l)
	}
}

// moved: the channel that read of a meeting before is told that it does no longer, and does not.
func (w *week) moved(l *life) {
	since, told := l.end.Add(-15*time.Minute), 0
	for _, m := range w.wire.since(0) {
		if text := m.first().text; m.first().meeting == l.id && m.channel == demoGeneral && m.at.After(since) {
			if told++; !strings.Contains(text, "no longer post about it here") {
				w.t.Errorf("%v: %q in the channel before", l, text)
			}
		}
	}
	if told != 1 {
		w.t.Errorf("%v: the channel before was told %d times%s", l, told, w.story(l))
	}
}

// answered: nobody who types or presses is left without a word.
func (w *week) answered() {
	texts := make(map[string][]string)
	for _, a := range w.wire.answers {
		texts[a.url] = append(texts[a.url], a.text)
	}
	for _, t := range w.typed {
		answers := strings.Join(texts[t.url], " | ")
		wants := ""
		switch words := strings.Fields(t.text); {
		case t.user == zoneless:
			wants = "time zone"
		case words[0] == "watch":
			wants = "watching"
		}
		if answers == "" || !strings.Contains(answers, wants) {
			w.t.Errorf("%s typed %q at %v: answered %q", t.user, t.text, t.at, answers)
		}
	}
	for _, p := range w.presses {
		m := w.wire.byTS[p.ts]
		seen := slices.ContainsFunc(m.shown, func(s shownMessage) bool { return !s.at.Before(p.at) && s.at.Before(p.at.Add(time.Minute)) })
		if !seen && len(texts["https://"+answersHost+"/"+p.ts]) == 0 {
			w.t.Errorf("pressed %q for %s at %v: nothing came of it", p.label, p.meeting, p.at)
		}
	}
}

// discreet: the channel of those who share a room reads of the meetings that they host there, and of no other. While the
// service is down, nobody can find out who hosts a meeting: then it may read of others, without their titles.
func (w *week) discreet(lives map[*gathering]*life) {
	asked := 0
	for g, l := range lives {
		if g.manner != sharedRoom {
			continue
		}
		own := g.turn == 0 && bookedBy(g) == g.host
		for _, m := range l.told {
			inShared := m.channel == sharedChannel
			if inShared && !own && !w.troubled(m.at.Add(-time.Minute), m.at) {
				w.t.Errorf("%v, turn %d, is told of where its room is watched by somebody else%s", l, g.turn, w.story(l))
			} else if inShared && own {
				asked++
			}
		}
	}
	for _, m := range w.wire.since(0) {
		for _, seen := range m.shown {
			if m.channel == sharedChannel && slices.ContainsFunc(seen.titles, func(title string) bool { return !strings.HasSuffix(title, " turn 0") }) {
				w.t.Errorf("the channel that watches the room reads %v: %q", seen.titles, seen.text)
			}
		}
	}
	if asked == 0 {
		w.t.Error("the channel that watches a room read nothing: nothing is proven")
	}
}
