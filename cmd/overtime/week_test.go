package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/slacksim"
	"github.com/overtime-bot/overtime/bot/socket"
	"github.com/overtime-bot/overtime/meeting/meetingtest"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// The settings of the simulated enterprise.
const (
	weekLead    = 10 * time.Minute
	weekMinutes = 15
	weekMax     = 60
	weekTotal   = 240
	weekPeople  = 2
	ahead       = 3 * time.Hour // a meeting is booked so long before it begins
)

// span is a time in which something was out of order.
type span struct {
	from, to time.Time
	what     string
}

// week simulates an enterprise around the real program, in a bubble: clients, store and stand-ins are real, the network
// is not. It keeps what people did, and the checker holds the rest against it.
type week struct {
	t       *testing.T
	service *meetingtest.Server
	slack   *slacksim.Server
	wire    *slackWire
	config  Config

	programs []*running // replicas
	plan     []gathering
	byID     map[string][]*gathering
	agenda   []happening
	watched  map[string]bool // by what the rule is of
	read     int             // messages that were looked at
	envelope int

	presses  []press
	typed    []typed
	typedOf  map[string][]typed // by meeting
	troubles []span             // outages and restarts
	pauses   []span             // of all automation
}

type happening struct {
	at time.Time
	do func()
}

// press is what somebody did with a prompt.
type press struct {
	at      time.Time
	meeting string
	end     time.Time // that the prompt was about
	label   string
	ts      string // of the message
}

// running is one replica.
type running struct {
	program *program
	stop    func()
}

// newWeek sleeps until the first day begins.
func newWeek(t *testing.T, from time.Time, days int) *week {
	time.Sleep(time.Until(from))
	w := &week{t: t, byID: make(map[string][]*gathering), watched: make(map[string]bool), typedOf: make(map[string][]typed)}
	secrets := newDemoSecrets()
	w.service = meetingtest.New(meetingtest.Config{Account: secrets.account, Password: secrets.password, AccountUUID: weekAccount, Latency: 50 * time.Millisecond, Quota: 200})
	w.slack = slacksim.New(slacksim.Config{BotToken: secrets.botToken, AppToken: secrets.appToken, Team: slacksim.Team{ID: demoTeam, Name: "Acme"}, MessagesKept: 200})
	w.slack.SetURL("http://slack.example")
	addDemoPeople(w.slack)
	addWeekPeople(w.slack)
	w.wire = &slackWire{slack: w.slack}
	environ := append(secrets.environ("https://slack.example/api/", "https://service.example", filepath.Join(t.TempDir(), "overtime.db")),
		"ALLOWED_USERS="+strings.Join([]string{demoAlice, zoneless, byOffset}, ","), "NOTIFY_CHANNEL="+demoOps, "AUTO_EXTEND=ask", "MEETING_RATE=200",
		"AUTO_EXTEND_SCHEDULE=CRON_TZ=America/New_York * * * * *")
	config, _, err := LoadConfig(environ, os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	w.config = config
	w.plan = planned(1, time.Now(), days)
	w.schedule(days)
	w.start()
	return w
}

// start runs one more replica.
func (w *week) start() {
	ctx, cancel := context.WithCancel(context.Background())
	clock := extension.Clock{Now: time.Now}
	p, err := makeParts(ctx, w.config, clock, slog.New(slog.DiscardHandler), wires{slack: w.wire, meetings: w.service.Transport()})
	if err != nil {
		w.t.Fatal(err)
	}
	if err := p.join(); err != nil {
		w.t.Fatal(err)
	}
	var all sync.WaitGroup
	all.Go(func() { _ = p.extender.Run(ctx) })
	all.Go(func() { _ = p.scheduler.Run(ctx) })
	all.Go(func() { _ = p.inbox.Run(ctx) })
	all.Go(func() { p.tidy(ctx) })
	w.programs = append(w.programs, &running{program: p, stop: func() {
		cancel()
		all.Wait()
		p.close()
	}})
}

// stopOldest ends the replica that has run longest.
func (w *week) stopOldest() {
	w.programs[0].stop()
	w.programs = w.programs[1:]
}

func (w *week) close() {
	for len(w.programs) > 0 {
		w.stopOldest()
	}
	w.service.Close()
	w.slack.Close()
}

// receives hands an envelope to a replica, in turn.
func (w *week) receives(kind string, payload map[string]any) {
	encoded, err := json.Marshal(payload)
	if err != nil {
		w.t.Fatal(err)
	}
	w.envelope++
	replica := w.programs[w.envelope%len(w.programs)]
	replica.program.inbox.Receive(context.Background(), socket.Envelope{ID: fmt.Sprint("envelope-", w.envelope), Type: kind, Payload: encoded})
}

func (w *week) types(user, channel, meeting, text string) {
	url := fmt.Sprint("https://", answersHost, "/typed-", len(w.typed))
	command := typed{time.Now(), user, channel, meeting, text, url}
	w.typed, w.typedOf[meeting] = append(w.typed, command), append(w.typedOf[meeting], command)
	w.receives("slash_commands", map[string]any{
		"team_id": demoTeam, "user_id": user, "channel_id": channel, "command": "/extend", "text": text, "response_url": url,
	})
}

// watch makes the rule of a series as soon as it is booked, and of a room once somebody meets there: the series are extended,
// the rooms asked about. A room that is shared is watched by one of those who meet there.
func (w *week) watch(g *gathering) {
	switch {
	case g.manner == watchedAuto && !w.watched[g.id]:
		w.watched[g.id] = true
		w.types(demoAlice, demoOps, g.id, fmt.Sprintf("watch %s auto %d max %d", g.id, weekMinutes, weekMax))
	case g.manner == watchedAsk && !w.watched[g.room]:
		w.watchRoom(g, demoAlice, demoGeneral)
	case g.manner == sharedRoom && g.turn == 0 && !w.watched[g.room]:
		w.watchRoom(g, slackIDOf(g.host), sharedChannel)
	}
}

func (w *week) watchRoom(g *gathering, user, channel string) {
	w.watched[g.room] = true
	w.at(g.start.Add(2*time.Minute), func() {
		w.whenCalm(func() { w.types(user, channel, g.id, "watch "+g.room+" ask") })
	})
	w.sortAgenda()
}

// schedule turns the plan into what happens when.
func (w *week) schedule(days int) {
	w.disturb(time.Now(), days)
	for i := range w.plan {
		g := &w.plan[i]
		w.byID[g.id] = append(w.byID[g.id], g)
		w.at(g.start.Add(-ahead), func() {
			w.book(g)
			w.whenCalm(func() { w.watch(g) })
		})
		w.at(g.leaves, func() { w.whileOn(g, func() { w.service.SetPeople(g.id, 0) }) })
		if !g.byHand.IsZero() {
			w.at(g.byHand, func() { w.whileOn(g, func() { w.extendByHand(g) }) })
		}
		w.contest(g)
	}
	w.sortAgenda()
}

func (w *week) sortAgenda() {
	slices.SortStableFunc(w.agenda, func(a, b happening) int { return a.at.Compare(b.at) })
}

// whenCalm does something when nothing is out of order: people try again.
func (w *week) whenCalm(do func()) {
	if now := time.Now(); w.troubled(now.Add(-time.Minute), now.Add(time.Minute)) {
		w.at(now.Add(5*time.Minute), func() { w.whenCalm(do) })
		w.sortAgenda()
		return
	}
	do()
}

func (w *week) at(when time.Time, do func()) { w.agenda = append(w.agenda, happening{when, do}) }

// disturb plans what goes wrong: the service is down, a list lags, the bot restarts, a second replica comes and goes.
func (w *week) disturb(first time.Time, days int) {
	for day := range days {
		midnight := first.AddDate(0, 0, day)
		w.at(midnight, func() { w.service.SetReadings(mixOf(midnight).readings) })
		w.at(midnight.Add(12*time.Hour), func() { w.checkMix(mixOf(midnight)) })
		switch midnight.Weekday() {
		case time.Monday:
			w.restart(midnight.Add(15 * time.Hour))
		case time.Tuesday: // the worst
			w.at(midnight.Add(7*time.Hour), w.start) // two replicas
			w.outage(midnight.Add(14*time.Hour), 12*time.Minute, meetingtest.Fault{Kind: meetingtest.Refuse, Status: 503, Times: -1})
			w.at(midnight.Add(15*time.Hour), w.stopOldest)
			w.restart(midnight.Add(16*time.Hour + 7*time.Minute))
			w.pause(midnight.Add(18*time.Hour), 25*time.Minute)
		case time.Wednesday:
			w.outage(midnight.Add(9*time.Hour), 4*time.Minute, meetingtest.Fault{Kind: meetingtest.HangUp, Times: -1})
		case time.Thursday:
			w.at(midnight.Add(8*time.Hour), func() { w.service.SetListLag(4 * time.Second) })
			w.at(midnight.Add(16*time.Hour), func() { w.service.SetListLag(0) })
			w.restart(midnight.Add(13*time.Hour + 7*time.Minute))
			w.pause(midnight.Add(10*time.Hour), 25*time.Minute)
		}
	}
}

// restart lets the bot be away for a minute.
func (w *week) restart(when time.Time) {
	w.troubles = append(w.troubles, span{when, when.Add(2 * time.Minute), "restart"})
	w.at(when, w.stopOldest)
	w.at(when.Add(time.Minute), w.start)
}

func (w *week) outage(from time.Time, lasts time.Duration, fault meetingtest.Fault) {
	w.troubles = append(w.troubles, span{from, from.Add(lasts), "outage"})
	var end func()
	w.at(from, func() { end = w.service.Inject(fault) })
	w.at(from.Add(lasts), func() { end() })
}

func (w *week) book(g *gathering) {
	onTime := 0
	m := meetingtest.Meeting{
		ID: g.id, RoomID: g.room, Subject: g.subject, Host: bookedBy(g), Start: g.start, End: g.end, People: g.people,
		Scheduled: true, ProlongMinutes: &onTime, MaxTotalMinutes: -1,
	}
	if g.manner == platformsOwn {
		prolong := weekMinutes
		m.ProlongMinutes = &prolong
	}
	w.service.Add(m)
}

// whileOn does something to a meeting, if the run that was planned is on.
func (w *week) whileOn(g *gathering, do func()) {
	if m, ok := w.service.Meeting(g.id); ok && !m.Scheduled && m.Start.Equal(g.start) {
		do()
	}
}

func (w *week) extendByHand(g *gathering) {
	if m, ok := w.service.Meeting(g.id); ok {
		w.service.SetEnd(g.id, m.End.Add(20*time.Minute))
	}
}

// besideLooks is how long after a look people act: what they read is then what that look said.
const besideLooks = 13 * time.Second

// run goes through the days a half minute at a time: what is on the agenda, and what people answer.
func (w *week) run(until time.Time) {
	time.Sleep(besideLooks)
	for time.Now().Before(until) {
		for len(w.agenda) > 0 && !w.agenda[0].at.After(time.Now()) {
			next := w.agenda[0]
			w.agenda = w.agenda[1:]
			next.do()
		}
		w.reply()
		time.Sleep(30 * time.Second)
	}
}

// reply presses what people press on the prompts that came meanwhile.
func (w *week) reply() {
	if len(w.programs) == 0 {
		return // Slack tells the person that the app does not answer
	}
	for _, message := range w.wire.since(w.read) {
		w.read++
		if first := message.first(); first.isPrompt() {
			w.replyTo(message, first)
		}
	}
}

func (w *week) replyTo(message *postedMessage, prompt shownMessage) {
	g := w.gatheringAt(prompt.meeting, prompt.at)
	if g == nil || g.reply == "" || g.leaves.Before(prompt.end) {
		return
	}
	label := map[string]string{"keep": "Keep extending", "end": "Let it end"}[g.reply]
	if label == "" {
		label = g.reply
	}
	w.press(message, prompt, label)
}

// press presses a button of a message, if it is there.
func (w *week) press(message *postedMessage, shown shownMessage, label string) {
	button, ok := shown.button(label)
	if !ok {
		return
	}
	w.presses = append(w.presses, press{time.Now(), shown.meeting, shown.end, label, message.ts})
	w.receives("interactive", map[string]any{
		"type": "block_actions", "team": map[string]string{"id": demoTeam}, "user": map[string]string{"id": demoAlice, "team_id": demoTeam},
		"channel": map[string]string{"id": message.channel}, "container": map[string]any{"type": "message", "message_ts": message.ts, "channel_id": message.channel},
		"message": map[string]string{"ts": message.ts}, "response_url": "https://" + answersHost + "/" + message.ts,
		"actions": []map[string]string{{"type": "button", "action_id": button.action, "block_id": "b", "value": button.value}},
	})
}

// gatheringAt is the run of a meeting that is on at that time.
func (w *week) gatheringAt(id string, at time.Time) *gathering {
	var found *gathering
	for _, g := range w.byID[id] {
		if !g.start.After(at) {
			found = g
		}
	}
	return found
}

func (w *week) troubled(from, to time.Time) bool {
	return slices.ContainsFunc(w.troubles, func(s span) bool { return s.from.Before(to) && from.Before(s.to) })
}
