package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/overtime-bot/overtime/bot/slacksim"
	"github.com/overtime-bot/overtime/bot/socket"
	"github.com/overtime-bot/overtime/meeting/meetingtest"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// slowly lets each call of the meeting service last a second. Nothing else takes time in a bubble, so that the seconds of an
// answer are the calls that were made one after the other for it.
type slowly struct{ to http.RoundTripper }

func (s slowly) RoundTrip(request *http.Request) (*http.Response, error) {
	time.Sleep(time.Second)
	return s.to.RoundTrip(request)
}

// unhurried is a bot whose calls of the meeting service are counted by their seconds. It looks at nothing by itself, so that
// it knows of a meeting only what people asked about.
type unhurried struct {
	t       *testing.T
	service *meetingtest.Server
	wire    *slackWire
	program *program
	typed   int
}

func newUnhurried(t *testing.T, settings ...string) *unhurried {
	secrets := newDemoSecrets()
	u := &unhurried{t: t, service: meetingtest.New(meetingtest.Config{Account: secrets.account, Password: secrets.password})}
	slack := slacksim.New(slacksim.Config{BotToken: secrets.botToken, AppToken: secrets.appToken, Team: slacksim.Team{ID: demoTeam, Name: "Acme"}})
	slack.SetURL("http://slack.example")
	addDemoPeople(slack)
	u.wire = &slackWire{slack: slack}
	environ := append(secrets.environ("https://slack.example/api/", "https://service.example", filepath.Join(t.TempDir(), "overtime.db")), settings...)
	config, _, err := LoadConfig(environ, os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	wires := wires{slack: u.wire, meetings: slowly{u.service.Transport()}}
	u.program, err = makeParts(t.Context(), config, extension.Clock{Now: time.Now}, slog.New(slog.DiscardHandler), wires)
	if err != nil {
		t.Fatal(err)
	}
	if err := u.program.join(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var all sync.WaitGroup
	all.Go(func() { _ = u.program.extender.Run(ctx) })
	all.Go(func() { _ = u.program.inbox.Run(ctx) })
	t.Cleanup(func() {
		cancel()
		all.Wait()
		u.program.close()
		u.service.Close()
		slack.Close()
	})
	if err := u.program.meetings.Login(t.Context()); err != nil {
		t.Fatal(err)
	}
	return u
}

// asks types a command, and returns how many seconds its answer took, and the answer.
func (u *unhurried) asks(user, channel, text string) (int, string) {
	u.typed++
	address := fmt.Sprint("https://", answersHost, "/", u.typed)
	payload, err := json.Marshal(map[string]any{
		"team_id": demoTeam, "user_id": user, "channel_id": channel, "command": "/extend", "text": text, "response_url": address,
	})
	if err != nil {
		u.t.Fatal(err)
	}
	began := time.Now()
	u.program.inbox.Receive(u.t.Context(), socket.Envelope{ID: address, Type: "slash_commands", Payload: payload})
	time.Sleep(30 * time.Second)
	u.wire.mu.Lock()
	defer u.wire.mu.Unlock()
	last := u.wire.answers[len(u.wire.answers)-1]
	if last.url != address {
		u.t.Fatalf("%s: no answer", text)
	}
	return int(last.at.Sub(began) / time.Second), last.text
}

var aliceHosts = meetingtest.Host{UUID: "a11ce", Account: "alice@acme", Name: "Alice Ng", Email: "alice@acme.example"}

func TestCallsInARow(t *testing.T) {
	const inRoom, plain = "914083136", "920417765"
	for _, c := range []struct {
		name          string
		settings      []string
		user, meeting string
		readings      meetingtest.Readings
		cold, known   int
	}{
		{name: "in a list", settings: []string{"ALLOWED_USERS=" + demoErik}, user: demoErik, meeting: plain, cold: 4, known: 3},
		{name: "in a group", user: demoBob, meeting: plain, cold: 4, known: 3},
		{name: "an administrator, in a room that is booked next", user: demoDana, meeting: inRoom, cold: 4, known: 3},
		{name: "in a list, and the host untold", user: demoBob, meeting: plain, readings: meetingtest.Readings{AccountUntold: true}, cold: 4, known: 3},
		{
			name: "in a channel, where the host is of interest", settings: []string{"ALLOWED_CHANNELS=" + demoGeneral}, user: demoErik, meeting: plain,
			cold: 5, known: 4,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				u := newUnhurried(t, c.settings...)
				u.service.SetReadings(c.readings)
				now := time.Now().Truncate(time.Minute)
				for _, m := range []meetingtest.Meeting{
					{ID: plain, Subject: "Design review", Start: now.Add(-time.Hour), End: now.Add(50 * time.Minute)},
					{ID: inRoom, Subject: "Planning", RoomID: "881234567", Start: now.Add(-time.Hour), End: now.Add(50 * time.Minute)},
					{ID: "971103355", Subject: "Next", RoomID: "881234567", Start: now.Add(3 * time.Hour), End: now.Add(4 * time.Hour), Scheduled: true},
				} {
					m.Host = aliceHosts
					u.service.Add(m)
				}
				for _, ask := range []struct {
					state string
					after time.Duration
					most  int
				}{{"nothing known", 0, c.cold}, {"soon again", 30 * time.Second, c.known}, {"minutes later", 3 * time.Minute, c.known}} {
					time.Sleep(ask.after)
					took, answer := u.asks(c.user, demoGeneral, c.meeting+" 5")
					if took > ask.most || !strings.Contains(answer, "5") {
						t.Errorf("%s: %d calls in a row, want %d at most: %s", ask.state, took, ask.most, answer)
					}
				}
			})
		})
	}
}

// What is known of a meeting decides nothing: it may be over by now, or meet again under its number.
func TestKnownRunIsOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const number = "914083136"
		u := newUnhurried(t)
		now := time.Now().Truncate(time.Minute)
		run := meetingtest.Meeting{ID: number, Subject: "Standup", Start: now.Add(-time.Hour), End: now.Add(20 * time.Minute), Host: aliceHosts}
		u.service.Add(run)
		u.asks(demoBob, demoGeneral, number+" 5")
		u.service.Remove(number)
		run.Start, run.End = now.Add(-time.Minute), now.Add(30*time.Minute)
		u.service.Add(run)
		if _, answer := u.asks(demoBob, demoGeneral, number+" 5"); !strings.Contains(answer, fmt.Sprint(run.End.Add(5*time.Minute).Unix())) {
			t.Errorf("it meets again: %s", answer)
		}
		if effects := u.service.Effects(number); len(effects) != 2 || !effects[1].RunStart.Equal(run.Start) {
			t.Errorf("%+v", effects)
		}
		u.service.Remove(number)
		_, known := u.asks(demoBob, demoGeneral, number+" 5")
		if _, unknown := u.asks(demoBob, demoGeneral, number+" 5"); known != unknown || !strings.Contains(known, number) {
			t.Errorf("it is gone: %q, and where nothing was known: %q", known, unknown)
		}
	})
}
