package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/overtime-bot/overtime/bot/slacksim"
	"github.com/overtime-bot/overtime/meeting/meetingtest"
)

// People of the week beside those of the demo. Slack tells the zone of one by its distance from UTC alone, and of another
// not at all.
const (
	byOffset      = "U0OFFSET"
	zoneless      = "U0ZONELESS"
	sharedChannel = "C0SHARED" // where those who share a room with others watch it
	offsetOfOne   = -5 * 3600
)

func addWeekPeople(sim *slacksim.Server) {
	sim.AddUser(slacksim.User{ID: byOffset, Name: "offset", Email: "offset@acme.example", Instead: map[string]any{"tz": nil, "tz_offset": offsetOfOne}})
	sim.AddUser(slacksim.User{ID: zoneless, Name: "zoneless", Email: "zoneless@acme.example", Instead: map[string]any{"tz": slacksim.Absent, "tz_offset": slacksim.Absent}})
	members := []string{slacksim.BotUserID, demoAlice}
	for number := sharedFrom; number < roomsOfIt; number++ {
		host := hostOf(roomHost(number))
		sim.AddUser(slacksim.User{ID: slackIDOf(host), Name: host.Name, Email: host.Email})
		members = append(members, slackIDOf(host))
	}
	sim.AddChannel(slacksim.Channel{ID: sharedChannel, Name: "shared", Members: members})
}

func slackIDOf(host meetingtest.Host) string { return "U0" + strings.ToUpper(host.Name) }

// typed is a command that somebody typed.
type typed struct {
	at                           time.Time
	user, channel, meeting, text string
	url                          string // of the answer
}

// step is one thing that somebody does about a contested meeting: they type, or press a button under the newest message
// that has it.
type step struct {
	before        int // minutes, the booked end
	user, channel string
	text          string // %s is the meeting
	label         string
}

func typing(before int, text string) step {
	return step{before: before, user: demoAlice, channel: demoOps, text: text}
}

func (s step) by(user string) step    { s.user = user; return s }
func (s step) in(channel string) step { s.channel = channel; return s }

func pressing(before int, label string) step { return step{before: before, label: label} }

// scripts are what people do about a meeting: of what they wish, the newest counts.
var scripts = map[string][]step{
	"let it end":               {pressing(8, "Let it end")},
	"let it end, then watched": {pressing(8, "Let it end"), typing(6, "watch %s auto")},
	"let it end, then asked":   {pressing(8, "Let it end"), typing(6, "watch %s ask")},
	"stopped":                  {typing(20, "watch %s auto"), pressing(4, "Stop extending")},
	"stopped, then watched":    {typing(20, "watch %s auto"), pressing(4, "Stop extending"), typing(2, "watch %s auto 20")},
	"kept, then asked":         {pressing(8, "Keep extending"), typing(2, "watch %s ask")},
	"kept, then stopped":       {pressing(8, "Keep extending"), pressing(3, "Stop extending")},
	"moved":                    {typing(30, "watch %s auto").in(demoGeneral), typing(15, "watch %s auto")},
	"unwatched":                {typing(20, "watch %s auto"), typing(14, "unwatch %s")},
	"looked at":                {typing(20, "why %s"), typing(19, "status %s"), typing(4, "why %s"), typing(3, "status %s")},
	"until, by the distance":   {typing(15, "%s until").by(byOffset)},
	"until, without a zone":    {typing(15, "%s until").by(zoneless)},
}

var scriptNames = slices.Sorted(maps.Keys(scripts))

// untilLater is how long after the booked end those who type a time let a meeting end.
const untilLater = 20 * time.Minute

// contest plans what people do about a contested meeting. Where something is out of order meanwhile it is as any other.
func (w *week) contest(g *gathering) {
	if g.manner != contested {
		return
	}
	if from, to := g.start, g.end.Add(time.Hour); w.troubled(from, to) || overlaps(w.pauses, from, to) {
		g.manner = unwatched
		return
	}
	for _, s := range scripts[g.script] {
		w.at(g.end.Add(-time.Duration(s.before)*time.Minute), func() { w.whileOn(g, func() { w.take(g, s) }) })
	}
}

func (w *week) take(g *gathering, s step) {
	if s.label != "" {
		for _, message := range slices.Backward(w.wire.since(0)) {
			if shown := message.last(); message.first().meeting == g.id {
				w.press(message, shown, s.label)
				return
			}
		}
		return
	}
	text := fmt.Sprintf(s.text, g.id)
	if strings.HasSuffix(text, "until") {
		text += " " + g.end.Add(untilLater).In(time.FixedZone("", offsetOfOne)).Format("15:04")
	}
	w.types(s.user, s.channel, g.id, text)
}

// pause lets an administrator pause all automation for a while.
func (w *week) pause(from time.Time, lasts time.Duration) {
	w.pauses = append(w.pauses, span{from.Add(besideLooks), from.Add(lasts + besideLooks), "pause"})
	w.at(from, func() { w.types(demoDana, demoOps, "", "pause") })
	w.at(from.Add(lasts), func() { w.types(demoDana, demoOps, "", "resume") })
}

func overlaps(spans []span, from, to time.Time) bool {
	return slices.ContainsFunc(spans, func(s span) bool { return s.from.Before(to) && from.Before(s.to) })
}

// wishKind is what somebody wished for a run.
type wishKind string

const (
	wishesAuto    wishKind = "auto"
	wishesAsk     wishKind = "ask"
	wishesNothing wishKind = "unwatch"
	wishesKeep    wishKind = "keep"
	wishesStop    wishKind = "stop"
	wishesEnd     wishKind = "end"
	wishesMore    wishKind = "more" // by hand
)

// wished is one wish for a run.
type wished struct {
	at   time.Time
	kind wishKind
	end  time.Time // that it was about, of a press
}

// wishesOf are the wishes for a run in their order.
func (w *week) wishesOf(l *life) []wished {
	var all []wished
	switch l.manner {
	case watchedAuto:
		all = append(all, wished{kind: wishesAuto})
	case watchedAsk, sharedRoom:
		all = append(all, wished{kind: wishesAsk})
	}
	for _, p := range l.presses {
		kind := map[string]wishKind{"Ke": wishesKeep, "St": wishesStop, "Le": wishesEnd}[p.label[:2]]
		if kind == "" {
			kind = wishesMore
		}
		all = append(all, wished{p.at, kind, p.end})
	}
	for _, t := range w.typedOf[l.id] {
		if kind := t.wish(); kind != "" && l.manner == contested {
			all = append(all, wished{at: t.at, kind: kind})
		}
	}
	slices.SortStableFunc(all, func(a, b wished) int { return a.at.Compare(b.at) })
	return all
}

func (t typed) wish() wishKind {
	switch words := strings.Fields(t.text); {
	case words[0] == "watch":
		return wishKind(words[2])
	case words[0] == "unwatch":
		return wishesNothing
	case strings.Contains(t.text, "until") && t.user != zoneless:
		return wishesMore
	}
	return ""
}

// newest is what the newest wish at a time comes to: that automation extends, rather than asks, or that the run is left
// alone at that end.
func (l *life) newest(at, end time.Time) (extends, letEnd bool) {
	var known []wished
	for _, wish := range l.wishes {
		if wish.at.After(at) {
			break
		}
		if known = append(known, wish); wish.kind == wishesNothing { // the rule that was ended does not count
			known = slices.DeleteFunc(known, func(w wished) bool { return w.kind == wishesAuto || w.kind == wishesAsk })
		}
	}
	for _, wish := range slices.Backward(known) {
		switch wish.kind {
		case wishesEnd:
			if wish.end.Equal(end) {
				return false, true
			}
		case wishesAuto, wishesKeep:
			return true, false
		case wishesAsk, wishesStop:
			return false, false
		}
	}
	return false, false
}
