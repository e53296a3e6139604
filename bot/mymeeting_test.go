package bot

import (
	"fmt"
	"testing"
	"time"
)

// "Extend my meeting" extends the only meeting that the person hosts: as a command, in a mention, and in a direct message.
func TestExtendMyMeeting(t *testing.T) {
	for text, minutes := range map[string]int{
		"extend my meeting": 15, "please extend my meeting by 30 minutes": 30, "extiende mi reunión 30 minutos": 30, "延长我的会议30分钟": 30,
	} {
		for way, ask := range map[string]func(*world) heard{
			"typed":            func(w *world) heard { return w.asks(owner, text) },
			"a mention":        func(w *world) heard { return w.answerTo(owner, inChannel("Ev1", owner, general, theThread, text)) },
			"a direct message": func(w *world) heard { return w.answerTo(owner, wrote("Ev1", owner, text)) },
		} {
			t.Run(fmt.Sprint(text, ", ", way), func(t *testing.T) {
				inBubble(t, nil, func(t *testing.T, w *world) {
					said := ask(w)
					end, _ := w.service.End(theID)
					if got := end.Sub(theMeeting().End); said.tone != Done || got != time.Duration(minutes)*time.Minute {
						t.Errorf("by %v: %s %q", got, said.tone, said.text)
					}
				})
			})
		}
	}
}
