package bot

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

// The first view opens before anybody is asked anything: at once, for 32 people at the same moment and by every way in, while the
// meeting service answers nobody. Nobody is left with the loading view alone.
func TestTheDialogOpensBeforeTheServiceAnswers(t *testing.T) {
	const atOnce = 32
	ways := map[string]func(w *world, id string){
		"/extend alone": func(w *world, id string) { w.receives(dialogCommand(id, admin)) },
		"the shortcut": func(w *world, id string) {
			w.receives(interactiveOf(id, admin, typeShortcut, map[string]any{"callback_id": shortcutExtend}))
		},
		"a message's shortcut": func(w *world, id string) {
			w.receives(interactiveOf(id, admin, typeMessage, map[string]any{
				"callback_id": shortcutFromMessage, "channel": map[string]string{"id": general}, "message": map[string]any{"ts": "1.1", "text": theID},
			}))
		},
	}
	service := fault(hanging, "Find", "Look", "Running", "Listed", "Host", "Accounts", "Booked")
	for name, opens := range ways {
		inBubble(t, both(service, func(w *world) { w.workers = atOnce }), func(t *testing.T, w *world) {
			began := time.Now()
			for i := range atOnce {
				opens(w, fmt.Sprint("e", i))
			}
			synctest.Wait()
			if took := time.Since(began); took > 0 || len(w.modals.opened) != atOnce {
				t.Errorf("%s: %d views are open after %v", name, len(w.modals.opened), took)
			}
			for range atOnce {
				<-w.observed
			}
			if told := len(w.modals.updated) + len(w.desk.texts()) + len(w.poster.texts()); told < atOnce {
				t.Errorf("%s: %d of %d are filled or answered", name, told, atOnce)
			}
		})
	}
}
