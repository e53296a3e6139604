package main

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/slacksim"
	"github.com/overtime-bot/overtime/meeting/meetingtest"
)

func TestExtendEndToEnd(t *testing.T) {
	p := newPlay(t)
	before := p.end("914083136")
	answer := p.types(demoAlice, "/extend 914083136 30")
	after := p.end("914083136")
	if !after.Equal(before.Add(30 * time.Minute)) {
		t.Errorf("the meeting ends %v, want half an hour after %v", after, before)
	}
	wantContains(t, answer, "✅ Extended by 30 minutes", after.Local().Format("15:04"), "Weekly product sync", "can get 210 more minutes (limit: 240)")
	if warnings := p.slack.Warnings(); len(warnings) > 0 {
		t.Errorf("Slack would warn: %q", warnings)
	}
}

// Each person, and what they read. Nobody's wish may go unanswered, and each refusal says what to do next.
func TestWhatPeopleRead(t *testing.T) {
	p := newPlay(t, "DENIED_USERS="+demoErik)
	for _, test := range []struct {
		name, user, line string
		want             []string
		extends          string // the meeting that is longer afterwards
	}{
		{"host by e-mail", demoAlice, "/extend 955512340 15", []string{"✅ Extended by 15 minutes"}, "955512340"},
		{"cloud room", demoAlice, "/extend 881 234 567 15", []string{"✅ Extended by 15 minutes", "955512340"}, "955512340"},
		{"group, in Spanish", demoBob, "/extend 914083136 20", []string{"✅ 20 minutos más: Weekly product sync termina ahora"}, "914083136"},
		{"administrator", demoDana, "/extend 920417765", []string{"✅ Extended by 15 minutes"}, "920417765"},
		{"not the host", demoAlice, "/extend 920417765 15", []string{"⛔ I couldn't find 920417765 among your meetings", "ask @"}, ""},
		{"not there, for one who hosts", demoAlice, "/extend 111222333 15", []string{"⛔ I couldn't find", "among your meetings"}, ""},
		{"guest", demoGina, "/extend 914083136 15", []string{"⛔", "guests", "Ask @"}, ""},
		{"denied", demoErik, "/extend 914083136 15", []string{"⛔", "excluded", "Ask @"}, ""},
		{"no such meeting", demoDana, "/extend 111222333 15", []string{"⛔ Meeting 111222333 isn't running", "/extend list"}, ""},
		{"not running yet", demoDana, "/extend 971103355 15", []string{"isn't running yet", "someone has joined"}, ""},
		{"host password hidden", demoDana, "/extend 938840127 15", []string{"⛔", "host password", "You host this meeting"}, ""},
		{"not a number", demoAlice, "/extend 914083136 thirty", []string{"⛔ This isn't a number of minutes: “thirty”", "For example, type /extend 914083136 30"}, ""},
		{"zero", demoAlice, "/extend 914083136 0", []string{"⛔ Zero minutes", "Nothing was extended"}, ""},
		{"negative", demoAlice, "/extend 914083136 -5", []string{"⛔", "more than zero", "Nothing was extended"}, ""},
		{"fraction", demoAlice, "/extend 914083136 1.5", []string{"⛔", "whole minutes", "Nothing was extended"}, ""},
		{"too many", demoAlice, "/extend 914083136 121", []string{"⛔ Weekly product sync · 121 minutes is too much at once: the limit is 120", "Type /extend 914083136 120"}, ""},
		{"overflow", demoAlice, "/extend 914083136 99999999999999999999", []string{"⛔ That's too many minutes", "Nothing was extended"}, ""},
		{"more words", demoAlice, "/extend 914083136 30 please now", []string{"⛔ I don't understand the rest", "Nothing was extended"}, ""},
		{"unknown verb", demoAlice, "/extend hlep", []string{"⛔ I couldn't find “hlep” among your meetings", "/extend help"}, ""},
		{"until a time that has passed the end", demoAlice, "/extend 914083136 until", []string{"⛔ Until when?"}, ""},
		{"help", demoErik, "/extend help", []string{"/extend <meeting>", "/extend list", "/extend status"}, ""},
		{"list", demoAlice, "/extend list", []string{"2 of your meetings are running", "914083136", "955512340"}, ""},
		{"list of everything", demoDana, "/extend list all", []string{"6 meetings are running", "962274518", "季度规划会议", "0 participants"}, ""},
		{"status", demoAlice, "/extend status 914083136", []string{"Weekly product sync ends at", "minutes left)", "220 more minutes (limit: 240)"}, ""},
		{"status of one that the platform extends", demoDana, "/extend status 962274518", []string{"extends it automatically, by 15 minutes"}, ""},
		{"status, in Chinese", demoChen, "/extend status 962274518", []string{"季度规划会议 将于", "平台就会自动延长"}, ""},
		{"status of another's", demoAlice, "/extend status 920417765", []string{"⛔ I couldn't find", "among your meetings"}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			ends := p.ends()
			answer := p.types(test.user, test.line)
			wantContains(t, answer, test.want...)
			for id, end := range p.ends() {
				if extended := end.After(ends[id]); extended != (id == test.extends) {
					t.Errorf("meeting %s: extended %v; it was:\n%s", id, extended, answer)
				}
			}
		})
	}
	if warnings := p.slack.Warnings(); len(warnings) > 0 {
		t.Errorf("Slack would warn: %q", warnings)
	}
}

func (p *play) ends() map[string]time.Time {
	ends := make(map[string]time.Time)
	for _, m := range p.meetings.Meetings() {
		ends[m.ID] = m.End
	}
	return ends
}

// A meeting whose run is over cannot be extended; who may see everything reads why.
func TestMeetingThatHasEnded(t *testing.T) {
	p := newPlay(t)
	p.meetings.EndMeeting("914083136")
	wantContains(t, p.types(demoDana, "/extend 914083136 30"), "⛔", "914083136")
	if n := len(p.meetings.Effects("914083136")); n != 0 {
		t.Errorf("%d effects", n)
	}
}

// The service in trouble: nothing extended, nothing lost, a sentence and a next step.
func TestServiceInTrouble(t *testing.T) {
	for _, test := range []struct {
		name   string
		fault  meetingtest.Fault
		want   []string
		second []string // of the second answer, if one follows
	}{
		{"400 limit reached", meetingtest.Fault{Op: meetingtest.OpExtend, Kind: meetingtest.Refuse, Status: 400, Code: "MMC.111074003"}, []string{"⛔", "longest time", "Nothing was extended", "MMC.111074003"}, nil},
		{"400 of any kind", meetingtest.Fault{Op: meetingtest.OpExtend, Kind: meetingtest.Refuse, Status: 400, Code: "MMC.111070001"}, []string{"⛔", "Nothing was extended"}, nil},
		{"401", meetingtest.Fault{Op: meetingtest.OpExtend, Kind: meetingtest.Refuse, Status: 401, Times: 2}, []string{"⛔", "won't let me sign in", "Nothing was extended"}, nil},
		{"403", meetingtest.Fault{Op: meetingtest.OpExtend, Kind: meetingtest.Refuse, Status: 403}, []string{"⛔", "can't extend this meeting", "Nothing was extended"}, nil},
		{"429", meetingtest.Fault{Op: meetingtest.OpExtend, Kind: meetingtest.Refuse, Status: 429, Times: -1}, []string{"⚠️", "any more calls", "Nothing was extended"}, nil},
		{"login refused", meetingtest.Fault{Op: meetingtest.OpLogin, Kind: meetingtest.Refuse, Status: 401, Code: "USG.206010000", Times: -1}, []string{"⚠️", "won't let me sign in", "Nothing was extended"}, nil},
		{"reads fail", meetingtest.Fault{Op: meetingtest.OpOnlineDetail, Kind: meetingtest.Refuse, Status: 500, Times: -1}, []string{"⚠️", "isn't answering", "Nothing was extended"}, nil},
		{"500", meetingtest.Fault{Op: meetingtest.OpExtend, Kind: meetingtest.Refuse, Status: http.StatusInternalServerError}, []string{"⏳ Not confirmed yet"}, []string{"⏳ Weekly product sync still ends", "/extend status 914083136"}},
		{"answer lost", meetingtest.Fault{Op: meetingtest.OpExtend, Kind: meetingtest.HangUp, Applied: true}, []string{"⏳ Not confirmed yet"}, []string{"✅ Confirmed"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := newPlay(t)
			if test.fault.Op == meetingtest.OpLogin {
				p.meetings.ExpireTokens()
			}
			p.meetings.Inject(test.fault)
			envelope, err := p.slack.Command(demoDana, demoGeneral, "/extend 914083136 30")
			if err != nil {
				t.Fatal(err)
			}
			wantContains(t, p.answerTo(envelope), test.want...)
			if test.second == nil {
				if n := len(p.meetings.Effects("914083136")); n != 0 {
					t.Errorf("%d effects", n)
				}
				return
			}
			p.clock.Forward(14 * time.Second) // past the time when doubt is settled
			wantContains(t, p.waitAnswers(envelope, 2)[1], test.second...)
		})
	}
}

// A slow service: a first word comes before its answer, and the outcome when it is known. The bot's own tests have a clock to
// hold the word to its 8 s.
func TestFirstWordWhenTheServiceIsSlow(t *testing.T) {
	slow(t)
	p := newPlay(t, "MEETING_TIMEOUT=1m")
	hold := make(chan struct{})
	p.meetings.Inject(meetingtest.Fault{Op: meetingtest.OpExtend, HoldBefore: hold})
	envelope, err := p.slack.Command(demoDana, demoGeneral, "/extend 914083136 30")
	if err != nil {
		t.Fatal(err)
	}
	wantContains(t, p.answerTo(envelope), "⏳ Still working on it")
	close(hold)
	wantContains(t, p.waitAnswers(envelope, 2)[1], "✅ Extended by 30 minutes")
}

// Slack refusing the answer: again, and else as a direct message.
func TestAnswerThatSlackRefuses(t *testing.T) {
	p := newPlay(t)
	p.slack.FailNext("response_url", slacksim.Failure{Status: 500, Times: 2})
	wantContains(t, p.types(demoAlice, "/extend 914083136 15"), "✅ Extended by 15 minutes")

	p.slack.FailNext("response_url", slacksim.Failure{Status: 404, Times: 100})
	if _, err := p.slack.Command(demoAlice, demoGeneral, "/extend 914083136 10"); err != nil {
		t.Fatal(err)
	}
	p.waitMessage(func(m slacksim.Message) bool {
		return m.EphemeralTo == "" && m.User == slacksim.BotUserID && strings.Contains(m.Text, "Extended by 10 minutes")
	})
}

func (p *play) waitMessage(want func(slacksim.Message) bool) slacksim.Message {
	p.t.Helper()
	found := make(chan slacksim.Message, 1)
	ctx, cancel := withTimeout(p.t, 30*time.Second)
	defer cancel()
	err := p.slack.Wait(ctx, func(state slacksim.State) bool {
		for _, message := range state.Messages(slacksim.Filter{}) {
			if want(message) {
				found <- message
				return true
			}
		}
		return false
	})
	if err != nil {
		p.t.Fatalf("no such message: %v\n%s", err, p.log)
	}
	return <-found
}

// Garbage on the socket is logged once and survived.
func TestGarbageOnTheSocket(t *testing.T) {
	p := newPlay(t)
	for range 3 {
		p.slack.Garbage([]byte("this is no JSON"))
		p.slack.Garbage([]byte(`{"type":"slash_commands","payload":{}}`))
		p.slack.Garbage([]byte(`{"type":"slash_commands","envelope_id":"x1","payload":"what?"}`))
	}
	wantContains(t, p.types(demoAlice, "/extend 914083136 15"), "✅ Extended by 15 minutes")
}

// The same envelope twice is one extension and one answer.
func TestRepeatedEnvelope(t *testing.T) {
	p := newPlay(t)
	p.slack.DuplicateNext(1)
	envelope, err := p.slack.Command(demoAlice, demoGeneral, "/extend 914083136 15")
	if err != nil {
		t.Fatal(err)
	}
	p.answerTo(envelope)
	if err := p.slack.Redeliver(envelope); err != nil {
		t.Fatal(err)
	}
	wantContains(t, p.types(demoAlice, "/extend status 914083136"), "can get 225 more minutes (limit: 240)")
	if n := len(p.meetings.Effects("914083136")); n != 1 {
		t.Errorf("%d effects, want 1", n)
	}
	if answers := p.answers(envelope); len(answers) != 1 {
		t.Errorf("answers: %q", answers)
	}
}

// A click on a button that nobody knows is answered.
func TestUnknownButton(t *testing.T) {
	p := newPlay(t)
	err := p.slack.Deliver([]byte(`{"envelope_id":"click-1","type":"interactive","accepts_response_payload":false,"payload":{"type":"block_actions",
		"team":{"id":"T0ACME"},"user":{"id":"U0ALICE","team_id":"T0ACME"},"channel":{"id":"C0GENERAL"},"trigger_id":"1.2.3",
		"actions":[{"type":"button","action_id":"x","block_id":"b","value":"forged"}]}}`))
	if err != nil {
		t.Fatal(err)
	}
	p.waitMessage(func(m slacksim.Message) bool { return strings.Contains(m.Text, "I no longer know this button") })
}

// An account whose list the service restricts, and the other login.
func TestAppIDLogin(t *testing.T) {
	p := newPlay(t)
	if err := p.stop(); err != nil {
		t.Fatal(err)
	}
	p.start("MEETING_ACCOUNT=", "MEETING_PASSWORD=", "MEETING_APP_ID="+p.secrets.appID, "MEETING_APP_KEY="+p.secrets.appKey)
	wantContains(t, p.types(demoAlice, "/extend 914083136 15"), "✅ Extended by 15 minutes")
}

// No secret is in what people read or in what is logged, also not in the worst weather.
func TestSecretsStayIn(t *testing.T) {
	p := newPlay(t, "LOG_LEVEL=debug")
	p.meetings.Inject(meetingtest.Fault{Op: meetingtest.OpExtend, Kind: meetingtest.Refuse, Status: 400, Code: "MMC.111072065"})
	p.slack.FailNext("response_url", slacksim.Failure{Status: 500, Times: 1})
	p.types(demoAlice, "/extend 914083136 15")
	p.slack.DropSockets()
	p.waitSockets(2)
	p.slack.FailNext("response_url", slacksim.Failure{HangUp: true, Times: 1})
	p.types(demoAlice, "/extend 914083136 15")
	if err := p.stop(); err != nil {
		t.Fatal(err)
	}
	read := p.log.String()
	for _, message := range p.slack.Messages(slacksim.Filter{}) {
		read += message.Text + string(message.Blocks)
	}
	secrets := []string{p.secrets.botToken, p.secrets.appToken, p.secrets.password, "ticket=", "/commands/T"}
	for _, m := range p.meetings.Meetings() {
		secrets = append(secrets, m.ChairPassword)
	}
	for _, secret := range secrets {
		if strings.Contains(read, secret) {
			t.Errorf("%q is in the log or in a message:\n%s", secret, read)
		}
	}
}

// The end of the process: the sockets close politely, what is under way is finished, and it was told.
func TestGoodbye(t *testing.T) {
	p := newPlay(t)
	p.meetings.Inject(meetingtest.Fault{Op: meetingtest.OpExtend, Before: time.Second})
	envelope, err := p.slack.Command(demoAlice, demoGeneral, "/extend 914083136 15")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := withTimeout(t, 10*time.Second)
	defer cancel()
	if err := p.slack.WaitAck(ctx, envelope); err != nil {
		t.Fatal(err)
	}
	if err := p.stop(); err != nil {
		t.Fatal(err)
	}
	wantContains(t, strings.Join(p.answers(envelope), "\n"), "✅ Extended by 15 minutes")
	for _, closing := range p.slack.Closings() {
		if closing.Code != 1000 && closing.Code != 1001 {
			t.Errorf("a socket was closed with %+v", closing)
		}
	}
	if live := p.meetings.LiveTokens(); live != 0 {
		t.Errorf("%d access tokens were left behind", live)
	}
}
