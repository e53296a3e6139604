package bot

import (
	"fmt"
	"testing"
	"time"
)

// The end: what was received is finished and answered.
func TestEndFinishesWhatWasReceived(t *testing.T) {
	inBubble(t, both(many(10, func(i int) string { return fmt.Sprint("Meeting ", i) }), takes(1900*time.Millisecond), func(w *world) { w.workers = 2 }), func(t *testing.T, w *world) {
		for _, m := range w.meetings {
			w.receives(typed("of "+m.ID, admin, m.ID+" 30"))
		}
		began := time.Now()
		w.stop()
		if n := w.desk.countOf("Extended by 30"); n != 10 {
			t.Errorf("%d answers, want 10: %q", n, w.desk.texts())
		}
		if took, work := time.Since(began), 5*1900*time.Millisecond; took < work || took > work+100*time.Millisecond {
			t.Errorf("the end took %v", took)
		}
	})
}

// Work that takes too long is cut off, and people read what came of it. The end takes 20 s at most.
func TestEndIsBounded(t *testing.T) {
	for _, test := range []struct {
		name    string
		desk    func() *slackDesk
		within  time.Duration
		answers int
	}{
		{"slow service", func() *slackDesk { return newSlackDesk() }, finishWithin - answersWithin + time.Second, 3},
		{"slow service, and Slack never answers", func() *slackDesk { return newSlackDesk(hangs) }, finishWithin + time.Second, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, both(oneWorker, takes(time.Hour), func(w *world) { w.desk = test.desk() }), func(t *testing.T, w *world) {
				for i := range 3 {
					w.receives(typed(fmt.Sprint("e", i), admin, "914083136 30"))
				}
				began := time.Now()
				w.stop()
				if took := time.Since(began); took > test.within {
					t.Errorf("the end took %v", took)
				}
				if n := w.desk.countOf("Not confirmed yet") + w.desk.countOf("I'm restarting"); n != test.answers {
					t.Errorf("%d answers, want %d: %q", n, test.answers, w.desk.texts())
				}
			})
		})
	}
}

func TestInboxNeedsItsParts(t *testing.T) {
	if _, err := NewInbox(Config{}, nil); err == nil {
		t.Error("an inbox of nothing was made")
	}
}
