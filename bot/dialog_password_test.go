package bot

import (
	"strings"
	"testing"

	"github.com/overtime-bot/overtime/bot/dialog"
)

// Where the service does not show a meeting's host password, its host types it into the dialog, and nobody else is asked. It
// is in no payload that is stored, and in no line of the log. A wrong one is not tried twice.
func TestHostsPasswordOpensTheMeeting(t *testing.T) {
	const right, wrong = "735129", "735120"
	hidden := func(w *world) { w.meetings[0].HideChair, w.meetings[0].ChairPassword = true, right }
	inBubble(t, hidden, func(t *testing.T, w *world) {
		if text := string(encoded(w.opens(admin))); strings.Contains(text, dialog.Password) {
			t.Errorf("an administrator is asked: %s", text)
		}
		for _, typed := range []string{wrong, wrong, right} {
			form := w.opens(owner)
			envelope := submissionOf(w.nextID(), owner, form, map[string]string{dialog.Password: typed})
			from, err := senderOf(envelope.ID, envelope.Type, envelope.Payload)
			w.must(err)
			if stored := string(w.inbox.desk.(*Desk).stored(t.Context(), from)); strings.Contains(stored, typed) {
				t.Errorf("stored: %s", stored)
			}
			if text := string(encoded(form)); !strings.Contains(text, dialog.Password) {
				t.Errorf("%s: the dialog does not ask for the password", typed)
			}
			said := w.answerTo(owner, envelope)
			if typed == wrong && (!strings.Contains(said.text, "doesn't accept that host password") || len(said.buttons) != 1 || said.buttons[0].element != verbOpenDialog) {
				t.Errorf("a wrong one: %s", said.shown())
			}
			if extended := w.added() > 0; extended != (typed == right) {
				t.Errorf("%s: +%d, %q", typed, w.added(), said.all())
			}
		}
		for _, secret := range []string{right, wrong} {
			if strings.Contains(w.log.String(), secret) || strings.Contains(strings.Join(w.desk.texts(), "\n"), secret) {
				t.Errorf("%s is told", secret)
			}
		}
	})
}

// A host who types a command is shown where the password can be typed; others are not.
func TestHostIsShownWhereToTypeThePassword(t *testing.T) {
	for user, want := range map[string]bool{owner: true, admin: false} {
		inBubble(t, hidden, func(t *testing.T, w *world) {
			said := w.answerTo(user, typed("e1", user, "914083136 15"))
			opens := len(said.buttons) == 1 && said.buttons[0].element == verbOpenDialog
			if opens != want || strings.Contains(said.whole, "host password in the dialog") != want {
				t.Errorf("%s reads %q with buttons %+v", user, said.whole, said.buttons)
			}
			if want {
				w.receives(triggered(chosen("e2", user, said.buttons[0])))
				<-w.observed
				if len(w.modals.opened) != 1 {
					t.Errorf("%d dialogs\n%s", len(w.modals.opened), w.log)
				}
			}
		})
	}
}
