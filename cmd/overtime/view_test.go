package main

import (
	"net/http"
	"strings"
	"testing"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/meeting/meetingtest"
)

// A service that shows the host's password of no meeting, or that nobody can read, is said at the start in the log, on the
// health page and in the answer to a person. Once that changes, the bot is ready.
func TestServiceThatShowsNothing(t *testing.T) {
	slow(t)
	for _, test := range []struct {
		name, reason, answer string
		readings             meetingtest.Readings
	}{
		{"no host password", "sees the host password of none of the", "can't see the host password of any running meeting", meetingtest.Readings{Passwords: meetingtest.ToHosts}},
		{"no form that is known", "can be read: their form is not known", "I can't read what it says", meetingtest.Readings{Times: meetingtest.InWords}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			stage, err := openStage(t.Context(), "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(stage.close)
			stage.meetings.SetReadings(test.readings)
			bot := serve(t, append(stage.secrets.environ(stage.slackURL+"/api/", stage.meetingsURL, t.TempDir()+"/overtime.db"),
				"LOG_LEVEL=info", "AUTO_EXTEND_SCHEDULE=@every 5s")...)
			bot.waitReady(http.StatusServiceUnavailable, test.reason)
			bot.waitLog("level=ERROR msg=\"nothing can be extended: ", 1)
			p := &play{stage: stage, t: t, log: &safeBuffer{}}
			wantContains(t, p.types(demoAlice, "/extend list"), test.answer)
			stage.meetings.SetReadings(meetingtest.Readings{})
			p.types(demoAlice, "/extend list")
			bot.waitReady(http.StatusOK, "")
			bot.waitLog("the account lists the running meetings", 1)
			if status := bot.stop(); status != 0 {
				t.Errorf("exit status %d\n%s", status, bot.log)
			}
			if text := bot.log.String(); strings.Contains(text, stage.secrets.password) {
				t.Errorf("the log has a password:\n%s", text)
			}
		})
	}
}

func TestViewTrouble(t *testing.T) {
	for _, test := range []struct {
		view meeting.View
		want string
	}{
		{meeting.View{}, ""},
		{meeting.View{Meetings: 3, Extendable: 1, Unreadable: 2}, ""},
		{meeting.View{Meetings: 3, Unreadable: 2}, "none of the 3 running"},
		{meeting.View{Unreadable: 2}, "none of the 2 running"},
	} {
		if got := viewTrouble(test.view); (got == "") != (test.want == "") || !strings.Contains(got, test.want) {
			t.Errorf("%+v: %q", test.view, got)
		}
	}
}
