package bot

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/meeting/meetingtest"
	"github.com/overtime-bot/overtime/scheduler"
)

// Whatever the meeting service does where its reference leaves that open, people get true answers, and a watched meeting
// is extended before its end, or somebody hears why not.
func TestBotUnderEachReading(t *testing.T) {
	alternatives := meetingtest.Alternatives()
	for i, name := range slices.Sorted(maps.Keys(alternatives)) {
		if testing.Short() && i%10 > 0 {
			continue
		}
		readings := alternatives[name]
		ordinary := readings.QueryAll == meetingtest.Ignored || readings.QueryAll == meetingtest.Honoured
		hides := ordinary || readings.Passwords != meetingtest.ToAdmins
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(w *world) {
				w.service.Close()
				w.service = meetingtest.New(meetingtest.Config{
					Account: "bot@acme.example", Password: "password-1", AccountUUID: "uuid-bot", Quota: -1, NotAdmin: ordinary, Readings: readings,
				})
				w.meetings[0].Invited = []meetingtest.Person{{UUID: "uuid-bot", Account: "bot@acme.example"}}
				w.ticks, w.mode = true, scheduler.ModeAsk
			}, func(t *testing.T, w *world) {
				defer w.service.Close()
				w.underReading(hides)
			})
		})
	}
}

func (w *world) underReading(hides bool) {
	w.t.Helper()
	end := w.meetings[0].End
	for _, command := range []string{"list", "status " + theID, "why " + theID} {
		if said := w.asks(admin, command); said.tone != Telling || !strings.Contains(said.all(), theID) || len(lintHeard(said)) > 0 {
			w.t.Errorf("%s: %+v", command, said)
		}
	}
	said := w.asks(admin, theID+" 15")
	switch effects := w.service.Effects(theID); {
	case hides && (said.tone != Refusal || !strings.Contains(said.all(), "host password") || len(effects) > 0):
		w.t.Errorf("without the host password: %+v, %d effects", said, len(effects))
	case !hides && (said.tone != Done || len(effects) != 1 || !effects[0].After.Equal(end.Add(15*time.Minute))):
		w.t.Errorf("extended: %+v, %+v", said, effects)
	}
	w.asks(admin, "watch "+theID+" auto")
	heard := len(w.poster.heardBy(general))
	time.Sleep(time.Until(end.Add(16 * time.Minute)))
	effects, told := w.service.Effects(theID), w.poster.heardBy(general)[heard:]
	switch {
	case hides && (len(effects) > 0 || len(told) == 0 || !strings.Contains(told[0].all(), "host password")):
		w.t.Errorf("nobody was told that nothing can be extended: %+v", told)
	case !hides && (len(effects) != 2 || !effects[1].After.Equal(end.Add(30*time.Minute))):
		w.t.Errorf("extended by itself: %+v; told %+v", effects, told)
	}
}
