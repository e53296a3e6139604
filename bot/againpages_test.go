package bot

import (
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler/store"
)

// A press that turns pages is answered also after a wait, since it only tells.
func TestTurningPagesAfterAWait(t *testing.T) {
	for _, command := range []string{"list", "list all", "history"} {
		inBubble(t, func(w *world) {
			page := store.Action{ID: "P1", Verb: verbPage, Command: command, Expires: time.Now().Add(time.Hour)}
			w.must(w.store.Inbox.PutActions(w.t.Context(), []store.Action{page}))
			w.leaves(clicked("e1", admin, "P1"), 3*time.Minute)
		}, func(t *testing.T, w *world) {
			if <-w.observed; strings.Contains(w.desk.texts()[0], "nothing was done") {
				t.Errorf("%q", w.desk.texts())
			}
		})
	}
}
