package bot

import (
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler"
)

// The message of a prompt keeps who decided what after the meeting is over, however they decided, and names nobody who did
// not.
func TestAPromptKeepsWhoDecidedWhat(t *testing.T) {
	presses := func(label string) func(*world) {
		return func(w *world) { w.pressesNewest(owner, label) }
	}
	types := func(user, text string) func(*world) { return func(w *world) { w.asks(user, text) } }
	for name, c := range map[string]struct {
		decide func(*world)
		want   []string
	}{
		"extended by a press":    {presses("+15"), []string{"<@" + owner + "> extended it to"}},
		"extended by typing":     {types(admin, "914083136 15"), []string{"<@" + admin + "> extended it to"}},
		"let end":                {presses("Let it end"), []string{"<@" + owner + "> chose to let it end"}},
		"kept":                   {presses("Keep extending"), []string{"<@" + owner + "> asked me to"}},
		"handed over":            {types(owner, "914083136 auto 20"), []string{"<@" + owner + "> handed it over to the platform"}},
		"let end, then extended": {func(w *world) { presses("Let it end")(w); w.asks(admin, "914083136 15") }, []string{"<@" + owner + "> chose to let it end", "<@" + admin + "> extended it to"}},
		"extended, and again by another": {func(w *world) { presses("+15")(w); w.asks(admin, "914083136 15") }, []string{
			"<@" + owner + "> extended it to", "<@" + admin + "> extended it again",
		}},
		"approved": {func(w *world) {
			card, _ := w.wants(owner, "914083136 180")
			w.presses(second, w.button(card, verbApprove))
		}, []string{"<@" + owner + "> extended it to", "<@" + second + "> approved that"}},
		"stopped": {presses("Stop extending"), []string{"<@" + owner + "> told me to stop extending it"}},
		"nobody":  {func(*world) {}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			mode := scheduler.ModeAsk
			if name == "stopped" { // which is offered where automation extends
				mode = scheduler.ModeAuto
			}
			inBubble(t, both(approving, atWork(mode), func(w *world) { w.channel = theChannel }), func(t *testing.T, w *world) {
				w.until(6 * time.Minute)
				c.decide(w)
				w.until(8 * time.Minute)
				w.service.EndMeeting(theID)
				w.until(16 * time.Minute)
				said := w.firstOver()
				if said == "" {
					t.Fatalf("no message says that the meeting is over: %v", w.poster.edited())
				}
				for _, want := range c.want {
					if !strings.Contains(said, want) {
						t.Errorf("no %q in %s", want, said)
					}
				}
				for _, user := range []string{owner, admin, second} {
					if wanted := strings.Contains(strings.Join(c.want, " "), user); strings.Contains(said, user) != wanted {
						t.Errorf("%s is named: %v: %s", user, !wanted, said)
					}
				}
			})
		})
	}
}

// firstOver is what the first message of automation says when its meeting is over.
func (w *world) firstOver() string {
	for _, edit := range w.poster.edited() {
		if edit.place == theChannel && strings.Contains(edit.whole, "is over") {
			return edit.whole
		}
	}
	return ""
}

// promptOverScenes are what a prompt shows when others decided too.
func promptOverScenes() []scene {
	return []scene{{
		name: "approved, extended again and over",
		set:  both(approving, atWork(scheduler.ModeAsk), func(w *world) { w.channel = theChannel }),
		play: func(w *world) {
			w.until(6 * time.Minute)
			card, _ := w.wants(owner, "914083136 180")
			w.presses(second, w.button(card, verbApprove))
			w.asks(admin, "914083136 15")
			w.until(8 * time.Minute)
			w.service.EndMeeting(theID)
			w.until(16 * time.Minute)
		},
	}}
}

func init() { groups["promptover"] = promptOverScenes }

func TestGoldenPromptOver(t *testing.T) { golden(t, "promptover") }
