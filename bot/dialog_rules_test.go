package bot

import (
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/dialog"
	"github.com/overtime-bot/overtime/scheduler"
)

// The dialog chooses what a command without a number would act on: here the only meeting that the channel watches.
func TestTheDialogChoosesWhatTheChannelWatches(t *testing.T) {
	for _, watched := range [][]string{{theID}, {theID, "920417765"}, nil} {
		inBubble(t, func(w *world) {
			w.meetings = append(w.meetings, booked("920417765", "Design review"))
		}, func(t *testing.T, w *world) {
			for _, id := range watched {
				rule := scheduler.Rule{Of: id, Mode: scheduler.ModeAsk, Owner: actor(admin), Channel: general, Created: time.Now()}
				_, err := w.store.Automation.PutRule(t.Context(), rule)
				w.must(err)
			}
			w.opens(admin)
			view := string(encoded(w.modals.updated[0]))
			if chosen := strings.Contains(view, "Weekly product sync"); chosen != (len(watched) == 1) || strings.Contains(view, "Design") {
				t.Errorf("%v are watched: %s", watched, view)
			}
		})
	}
}

// A form that shows a run that is over by now does nothing to the next one.
func TestTheChosenRunAlone(t *testing.T) {
	for _, mode := range []string{dialog.ModeNow, dialog.ModePlatform} {
		inBubble(t, nil, func(t *testing.T, w *world) {
			form := w.opens(owner)
			row, err := w.store.Inbox.Dialog(t.Context(), form.Metadata)
			w.must(err)
			earlier := dialog.Choice{Meeting: theID, Start: theMeeting().Start.Add(-24 * time.Hour), End: theMeeting().End}
			_, said := w.submits(owner, form, map[string]string{
				dialog.Meeting: dialog.Seal(row.Secret.Reveal(), earlier), dialog.Mode: mode,
			})
			if n := len(w.service.Effects(theID)); n != 0 || said.silent() {
				t.Errorf("%s: %d effects, %q", mode, n, said.all())
			}
			// Nor is a confirmation asked for, by a message.
			silent := submissionOf("silent", owner, form, map[string]string{
				dialog.Meeting: dialog.Seal(row.Secret.Reveal(), earlier), dialog.Minutes: "90",
			})
			silent.AcceptsResponsePayload = false
			if said := w.answerTo(owner, silent); said.silent() || len(said.buttons) != 0 {
				t.Errorf("%s: %q", mode, said.all())
			}
		})
	}
}

// offersApproval says that it has the button that asks administrators.
func (h heard) offersApproval() bool {
	for _, block := range h.blocks {
		if strings.Contains(string(block), `"`+verbRequest) {
			return true
		}
	}
	return false
}

// Where administrators can be asked for more, the refusal of too many minutes offers that, and asks for no confirmation of
// what it refuses. Other modes have no such way.
func TestTheDialogAsksForApproval(t *testing.T) {
	for name, changes := range map[string]map[string]string{
		"typed": {dialog.Minutes: "180"}, "until": {dialog.Until: "17:30"},
	} {
		inBubble(t, approving, func(t *testing.T, w *world) {
			ack, said := w.submits(owner, w.opens(owner), changes)
			if ack.Action != "" || w.added() != 0 || !said.offersApproval() {
				t.Errorf("%s: %s, +%d, %q", name, w.acked, w.added(), said.all())
			}
		})
	}
	inBubble(t, approving, func(t *testing.T, w *world) {
		w.receives(submissionOf("asked", owner, w.opens(owner), map[string]string{dialog.Minutes: "180", dialog.Mode: dialog.ModeAuto}))
		if <-w.observed; w.ack().Errors[dialog.Minutes] == "" {
			t.Errorf("%s", w.acked)
		}
	})
}
