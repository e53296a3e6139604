package bot

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/dialog"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/slack-go/slack"
)

// dialogScenes are what people read by message of the dialog.
func dialogScenes() []scene {
	at := func(callback, metadata string) shown { return shown{CallbackID: callback, Metadata: metadata} }
	return []scene{
		{name: "not opened", user: admin, set: func(w *world) { w.modals.openErr = slackSays("expired_trigger_id") }, play: func(w *world) {
			w.script.does(admin, "types /extend")
			w.answerTo(admin, dialogCommand(w.nextID(), admin))
		}},
		{name: "too old", play: func(w *world) {
			w.script.does(admin, "submits a dialog of last week")
			w.submits(admin, at(dialog.Callback, "of last week"), nil)
		}},
		{name: "password lost", set: func(w *world) { w.meetings[0].HideChair = true }, play: func(w *world) {
			form := w.opens(owner)
			w.script.does(owner, "submits the dialog with the host's password, and the process dies")
			w.leaves(w.asStored(submissionOf("left", owner, form, map[string]string{dialog.Password: "87654321"})), time.Minute)
			<-w.observed
		}},
		{name: "a wrong password, and again", set: hidden, play: func(w *world) {
			for range 2 {
				form := w.opens(owner)
				w.script.does(owner, "submits the dialog with a wrong password")
				w.submits(owner, form, map[string]string{dialog.Password: "87654321"})
			}
		}},
		{name: "a host types a command, and the password is hidden", set: hidden, play: func(w *world) {
			w.script.does(owner, "types 914083136 15")
			w.answerTo(owner, typed(w.nextID(), owner, "914083136 15"))
		}},
		{name: "confirmed by message", play: func(w *world) {
			form := w.opens(owner)
			for _, changes := range []map[string]string{{dialog.Minutes: "90"}, {dialog.Choices: "max"}, {dialog.Minutes: "soon"}} {
				w.script.does(owner, fmt.Sprint("submits the dialog with ", changes))
				silent := submissionOf(w.nextID(), owner, form, changes)
				silent.AcceptsResponsePayload = false
				w.answerTo(owner, silent)
			}
		}},
		{name: "one press", play: func(w *world) {
			form := w.opens(owner)
			w.script.does(owner, "submits the dialog as it was opened")
			w.submits(owner, form, nil)
		}},
	}
}

// hostileTitles are what meetings may be called.
var hostileTitles = []string{
	hostile, strings.Repeat("Weekly ", 72)[:500], strings.Repeat("مراجعة ", 72), strings.Repeat("产品周会🎉", 100), "\u202eevil", "",
}

// dialogViews are all views of the dialog, and all that its fields say, by name.
func dialogViews(say i18n.Printer) map[string]json.RawMessage {
	views := make(map[string]json.RawMessage)
	put := func(name string, view slack.ModalViewRequest) { views[name] = encoded(view) }
	limits := dialog.Limits{Default: 15, Most: 120}
	put("loading", dialog.Loading(say))
	put("form", dialog.Form{ID: "row", Limits: limits, Say: say}.View())
	put("form, one minute", dialog.Form{ID: "row", Limits: dialog.Limits{Default: 1, Most: 1}, Say: say}.View())
	in := interaction{say: say, zone: time.UTC}
	all := sightOfAll()
	for i, title := range hostileTitles {
		m := theMeeting()
		m.Subject, m.HostName = title, title
		option := optionOf(in, all, m, "secret")
		option.Value = "sealed"
		put(fmt.Sprint("form, all of it, title ", i), dialog.Form{
			ID: "row", Note: say.Say(i18n.DialogNoNumber, nil), Chosen: &option, Limits: limits, Platform: true, Password: true, Say: say,
		}.View())
		put(fmt.Sprint("confirm, title ", i), dialog.Confirm{
			ID: "row", Meeting: plain(title, aboutLimit), Say: say,
			Question: say.Say(i18n.DialogConfirmUntil, i18n.Data{"End": dateToken(noon, nil, noon), "Count": 90}),
		}.View())
	}
	put("confirm, the most", dialog.Confirm{
		ID: "row", Meeting: "Weekly", Say: say,
		Question: say.Say(i18n.DialogConfirmMost, i18n.Data{"End": dateToken(noon, nil, noon), "Count": 90}),
	}.View())
	put("confirm, to the platform", dialog.Confirm{
		ID: "row", Meeting: "Weekly", HandOver: true, Say: say,
		Question: say.Say(i18n.DialogConfirmHandOver, i18n.Data{"End": dateToken(noon, nil, noon), "Count": 90}),
	}.View())
	put("told", dialog.Told(say, ours(say.Say(i18n.DeniedGuest, nil)), ours(say.Say(i18n.DeniedNext, i18n.Data{"Whom": "<@U0ADMIN>"}))))
	put("form, another meeting", dialog.Form{ID: "row", Note: say.Say(i18n.DialogNotThat, nil), Limits: limits, Say: say}.View())
	for _, key := range []i18n.Key{
		i18n.DialogChoose, i18n.DialogChooseMore, i18n.DialogTooMany, i18n.DialogBoth, i18n.DialogUntilNow, i18n.DialogMaxNow,
		i18n.DialogBadTime, i18n.DialogTimeBelow, i18n.DialogBadMinutes, i18n.DialogPassed, i18n.DialogNoZone,
	} {
		said := say.Say(key, i18n.Data{"Count": limits.Most})
		views["errors, "+string(key)] = encoded(map[string]string{"text": said})
	}
	for _, key := range []i18n.Key{i18n.DialogMore, i18n.DialogUnread, i18n.DialogNone} {
		views["option, "+string(key)] = encoded(map[string]string{"text": say.Say(key, i18n.Data{"Count": 2937})})
	}
	return views
}

func decoded(t *testing.T, raw json.RawMessage) (value any) {
	t.Helper()
	if err := json.Unmarshal(raw, &value); err != nil {
		t.Fatal(err)
	}
	return value
}

// Every view is as its golden file has it, in each language, and within Slack's limits.
func TestGoldenViews(t *testing.T) {
	for language := range languages {
		views := dialogViews(catalogueOf(t, language).For(languages[language]))
		var text bytes.Buffer
		for _, name := range slices.Sorted(maps.Keys(views)) {
			fmt.Fprintf(&text, "== %s\n", name)
			if err := json.Indent(&text, views[name], "", "  "); err != nil {
				t.Fatal(err)
			}
			text.WriteString("\n")
			if strings.Contains(string(views[name]), `"modal"`) {
				for _, fault := range lintView(views[name]) {
					t.Errorf("%s, %s: %s", language, name, fault)
				}
			}
		}
		compareGolden(t, filepath.Join("testdata", "views", "dialog."+language+".txt"), text.Bytes())
	}
}
