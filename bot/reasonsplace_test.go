package bot

import (
	"strings"
	"testing"
)

// What comes of a view that asks for a reason is said where the button is that opened it. Nobody has to look elsewhere.
func TestAnsweredBesideThePress(t *testing.T) {
	for name, test := range map[string]struct {
		press         map[string]any
		place, thread string
		alone         bool // shown to the person, in a channel
	}{
		"channel": {map[string]any{}, general, "", true},
		"thread":  {map[string]any{"container": map[string]string{"type": "message", "thread_ts": "1.5"}}, general, "1.5", true},
		"direct":  {map[string]any{"channel": map[string]string{"id": directOf(owner)}}, directOf(owner), "", false},
		"home":    {map[string]any{"channel": nil, "response_url": "", "container": map[string]string{"type": "view"}}, owner, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			views := &fakeViews{}
			inBubble(t, both(approving, func(w *world) { w.views = views }), func(t *testing.T, w *world) {
				refusal := w.asks(owner, "914083136 180")
				w.answerTo(owner, changedPayload(triggered(clicked(w.nextID(), owner, w.button(refusal, verbRequest))), func(fields map[string]any) {
					for field, value := range test.press {
						fields[field] = value
					}
				}))
				w.answerTo(owner, submits(w.nextID(), owner, views.opened[0], "The customer stays"))
				said := w.poster.shownTo(owner)
				if !test.alone {
					said = w.poster.all()
				}
				if len(said) == 0 {
					t.Fatalf("nothing was said in %s", test.place)
				}
				last := said[len(said)-1]
				if last.place != test.place || last.thread != test.thread || !strings.Contains(last.all(), "I asked the administrators") {
					t.Errorf("%+v, want it in %s, thread %q", last, test.place, test.thread)
				}
			})
		})
	}
}
