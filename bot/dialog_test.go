package bot

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/bot/dialog"
)

// endsIn says in how many minutes after its end the meeting ends by now.
func (w *world) added() int {
	end, _ := w.service.End(theID)
	return int(end.Sub(theMeeting().End) / time.Minute)
}

// A host of one running meeting extends it with one press: it is chosen already, with the default minutes.
func TestOnePressExtendsTheOnlyMeeting(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, w *world) {
		form := w.opens(owner)
		ack, said := w.submits(owner, form, nil)
		if ack.Action != "" || w.added() != 15 || !strings.Contains(said.whole, "15") || len(w.desk.heard()) != 1 {
			t.Errorf("%+v, +%d, %q", ack, w.added(), said.whole)
		}
		if _, again := w.submits(owner, form, nil); w.added() != 15 || again.whole == "" {
			t.Errorf("submitted twice: +%d, %q", w.added(), again.whole)
		}
	})
}

// Minutes that are typed count for more than those that are chosen, and what was left as it was opened is no second wish.
func TestWhatIsFilledIn(t *testing.T) {
	for name, test := range map[string]struct {
		changes map[string]string
		added   int
		says    string // in the answer
	}{
		"chosen":           {map[string]string{dialog.Choices: "30"}, 30, "30"},
		"typed":            {map[string]string{dialog.Minutes: "20"}, 20, "20"},
		"typed as words":   {map[string]string{dialog.Minutes: "0h20 "}, 20, "20"},
		"typed, chosen":    {map[string]string{dialog.Minutes: "20", dialog.Choices: "45"}, 20, "20"},
		"until":            {map[string]string{dialog.Until: "14:32"}, 20, "20"},
		"until, untouched": {map[string]string{dialog.Until: "until 14:32", dialog.Choices: "15"}, 20, "20"},
		"ask":              {map[string]string{dialog.Mode: "ask"}, 0, "watching"},
		"auto":             {map[string]string{dialog.Mode: "auto", dialog.Minutes: "20"}, 0, "20"},
	} {
		inBubble(t, nil, func(t *testing.T, w *world) {
			ack, said := w.submits(owner, w.opens(owner), test.changes)
			if ack.Action != "" || w.added() != test.added || !strings.Contains(said.whole, test.says) {
				t.Errorf("%s: %+v, +%d, %q", name, ack, w.added(), said.whole)
			}
		})
	}
}

// What is wrong stands at its field, and nothing is done; where the ack may not say it, a message does.
func TestErrorsStandAtTheirField(t *testing.T) {
	for name, test := range map[string]struct {
		changes map[string]string
		at      string
	}{
		"no number":        {map[string]string{dialog.Minutes: "soon"}, dialog.Minutes},
		"a fraction":       {map[string]string{dialog.Minutes: "1.5"}, dialog.Minutes},
		"nothing":          {map[string]string{dialog.Minutes: "0"}, dialog.Minutes},
		"a time":           {map[string]string{dialog.Minutes: "15:30"}, dialog.Minutes},
		"an end":           {map[string]string{dialog.Minutes: "until 15:30"}, dialog.Minutes},
		"too many":         {map[string]string{dialog.Minutes: "121"}, dialog.Minutes},
		"far too many":     {map[string]string{dialog.Minutes: "99999999999999999999"}, dialog.Minutes},
		"both":             {map[string]string{dialog.Minutes: "20", dialog.Until: "15:30"}, dialog.Until},
		"no time":          {map[string]string{dialog.Until: "later"}, dialog.Until},
		"a time just past": {map[string]string{dialog.Until: "12:59"}, dialog.Until},
		"too late":         {map[string]string{dialog.Until: "23:00"}, dialog.Until},
		"until, ask":       {map[string]string{dialog.Until: "15:30", dialog.Mode: "ask"}, dialog.Until},
		"max, auto":        {map[string]string{dialog.Choices: "max", dialog.Mode: "auto"}, dialog.Choices},
		"more match":       {map[string]string{dialog.Meeting: dialog.More}, dialog.Meeting},
		"made up":          {map[string]string{dialog.Meeting: theID}, dialog.Meeting},
		"of another":       {map[string]string{dialog.Meeting: dialog.Seal("another", dialog.Choice{Meeting: theID})}, dialog.Meeting},
	} {
		inBubble(t, nil, func(t *testing.T, w *world) {
			form := w.opens(owner)
			w.receives(submissionOf("asked", owner, form, test.changes))
			<-w.observed
			if ack := w.ack(); ack.Action != "errors" || ack.Errors[test.at] == "" || len(ack.Errors) != 1 {
				t.Errorf("%s: %s", name, w.acked)
			}
			if envelope := w.kept("asked"); !envelope.Answered || envelope.Payload != nil {
				t.Errorf("%s: the envelope is %+v", name, envelope)
			}
			silent := submissionOf("silent", owner, form, test.changes)
			silent.AcceptsResponsePayload = false
			if said := w.answerTo(owner, silent); w.acked != nil || said.whole == "" {
				t.Errorf("%s: acked %s, then %q", name, w.acked, said.whole)
			}
			if w.added() != 0 || len(w.desk.heard()) != 1 {
				t.Errorf("%s: +%d, %d answers", name, w.added(), len(w.desk.heard()))
			}
		})
	}
}

// More than an hour is confirmed in a second view with the absolute end. Its submit does it, unless the end has moved.
func TestMoreThanAnHourIsConfirmed(t *testing.T) {
	for name, changes := range map[string]map[string]string{
		"chosen": {dialog.Choices: "90"}, "typed": {dialog.Minutes: "1h30"}, "until": {dialog.Until: "15:42"},
	} {
		for _, moved := range []bool{false, true} {
			inBubble(t, nil, func(t *testing.T, w *world) {
				form := w.opens(owner)
				w.submits(owner, form, changes)
				ack := w.ack()
				if ack.Action != "push" || w.added() != 0 || len(w.desk.heard()) > 0 {
					t.Fatalf("%s: %s", name, w.acked)
				}
				second := readView(t, ack.View)
				if end := theMeeting().End.Add(90 * time.Minute); !strings.Contains(second.texts(), dateToken(end, nil, noon)[:16]) {
					t.Errorf("%s: no end in %q", name, second.texts())
				}
				before := 0
				if moved {
					before = 30
					w.service.SetEnd(theID, theMeeting().End.Add(30*time.Minute))
				}
				ack, said := w.submits(owner, second, nil)
				want := 90
				if moved && name != "until" {
					want = before
				}
				if ack.Action != "clear" || w.added() != want || said.whole == "" {
					t.Errorf("%s, moved %v: %+v, +%d, %q", name, moved, ack, w.added(), said.whole)
				}
			})
		}
	}
}

// Where the ack cannot hold the second view, a message asks, and its button does it.
func TestConfirmedByMessage(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, w *world) {
		silent := submissionOf("silent", owner, w.opens(owner), map[string]string{dialog.Minutes: "90"})
		silent.AcceptsResponsePayload = false
		said := w.answerTo(owner, silent)
		if w.added() != 0 || len(said.buttons) != 1 {
			t.Fatalf("+%d, %q", w.added(), said.whole)
		}
		if w.presses(owner, said.buttons[0].id); w.added() != 90 {
			t.Errorf("+%d", w.added())
		}
	})
}

// If Slack does not open the view, or does not take what is in it, the list answers; never nothing.
func TestListAnswersInsteadOfTheDialog(t *testing.T) {
	for name, set := range map[string]func(*world){
		"expired":    func(w *world) { w.modals.openErr = slackSays("expired_trigger_id") },
		"used":       func(w *world) { w.modals.openErr = slackSays("exchanged_trigger_id") },
		"refused":    func(w *world) { w.modals.openErr = slackSays("invalid_arguments") },
		"panics":     func(w *world) { w.modals.beforeOpen = func() { panic("now") } },
		"closed":     func(w *world) { w.modals.updErr = slackSays("not_found") },
		"changed":    func(w *world) { w.modals.updErr = slackSays("hash_conflict") },
		"not stored": func(w *world) { w.modals.beforeUpdate = func() { panic("now") } },
	} {
		inBubble(t, set, func(t *testing.T, w *world) {
			said := w.answerTo(owner, dialogCommand(w.nextID(), owner))
			if said.whole == "" || name != "not stored" && !strings.Contains(said.all(), theID) {
				t.Errorf("%s: %q", name, said.whole)
			}
		})
	}
}

// The shortcuts come without a response_url: whatever has to be said is said by direct message.
func TestShortcutsOpenTheDialog(t *testing.T) {
	message := func(text string) map[string]any {
		return map[string]any{
			"callback_id": shortcutFromMessage, "channel": map[string]string{"id": general}, "response_url": answerAt + "/" + admin,
			"message": map[string]any{"ts": "1.1", "text": "see below", "blocks": []any{map[string]any{
				"type": "section", "text": map[string]string{"type": "mrkdwn", "text": text},
			}}},
		}
	}
	for name, test := range map[string]struct {
		kind   string
		fields map[string]any
		chosen bool
		note   string
	}{
		"global":  {typeShortcut, map[string]any{"callback_id": shortcutExtend}, false, ""},
		"number":  {typeMessage, message("join 914 083 136 please, or call 12"), true, ""},
		"link":    {typeMessage, message("<https://meeting.huaweicloud.com/#/j/914083136/abc|join>"), true, ""},
		"none":    {typeMessage, message("at 12:30 on 2026-11-20"), false, "no meeting number"},
		"another": {typeMessage, message("ID 920417765"), false, "isn't running"},
	} {
		inBubble(t, nil, func(t *testing.T, w *world) {
			w.receives(interactiveOf("shortcut", admin, test.kind, test.fields))
			<-w.observed
			if len(w.modals.updated) != 1 {
				t.Fatalf("%s: no view\n%s", name, w.log)
			}
			form := readView(t, w.modals.updated[0])
			if chosen := strings.Contains(string(encoded(w.modals.updated[0])), "Weekly product sync"); chosen != test.chosen {
				t.Errorf("%s: chosen %v", name, chosen)
			}
			if !strings.Contains(form.texts(), test.note) || test.note == "" && form.texts() != "" {
				t.Errorf("%s: %q", name, form.texts())
			}
		})
		inBubble(t, func(w *world) { w.modals.openErr = slackSays("expired_trigger_id") }, func(t *testing.T, w *world) {
			if said := w.answerTo(admin, interactiveOf("shortcut", admin, test.kind, test.fields)); !strings.Contains(said.all(), theID) {
				t.Errorf("%s: %q", name, said.whole)
			}
		})
	}
}

// Who may do nothing reads in the view why, and learns of no meeting.
func TestStrangersDialog(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, w *world) {
		form := w.opens(stranger)
		if text := string(encoded(w.modals.updated)); strings.Contains(text, theID) || strings.Contains(text, "Weekly") {
			t.Error(text)
		}
		if options := w.suggests(stranger, form, "weekly"); len(options) > 0 {
			t.Errorf("%+v", options)
		}
	})
	inBubble(t, func(w *world) { w.policy.DeniedUsers = []string{stranger} }, func(t *testing.T, w *world) {
		if form := w.opens(stranger); form.CallbackID != "" || form.texts() == "" {
			t.Errorf("%+v", form)
		}
	})
}

// What is searched is found by title, number and host, and chosen with a value that says nothing.
func TestTheDialogSearches(t *testing.T) {
	inBubble(t, func(w *world) {
		for i := range 300 {
			w.meetings = append(w.meetings, booked("9200000"+string(rune('0'+i/100))+string(rune('0'+i/10%10))+string(rune('0'+i%10)), strings.Repeat("Planning 会议 🎉 ", 40)))
		}
	}, func(t *testing.T, w *world) {
		form := w.opens(admin)
		for _, typed := range []string{"weekly", "914083136", "914 083 136"} {
			options := w.suggests(admin, form, typed)
			if len(options) != 1 || options[0].Text != "Weekly product sync" || strings.Contains(options[0].Value, theID) {
				t.Fatalf("%q: %+v", typed, options)
			}
		}
		all := w.suggests(admin, form, "")
		if last := all[len(all)-1]; len(all) > 100 || last.Value != dialog.More || !strings.Contains(last.Text, "more match") || len(w.acked) > 16<<10 {
			t.Errorf("%d options in %d bytes, the last %+v", len(all), len(w.acked), all[len(all)-1])
		}
		if unknown := w.suggests(admin, form, "nobody's"); len(unknown) != 0 {
			t.Errorf("%+v", unknown)
		}
		chosen := w.suggests(admin, form, "weekly")[0].Value
		if w.submits(admin, form, map[string]string{dialog.Meeting: chosen}); w.added() != 15 {
			t.Errorf("+%d", w.added())
		}
		if w.submits(admin, w.opens(admin), map[string]string{dialog.Meeting: chosen}); w.ack().Errors[dialog.Meeting] == "" {
			t.Errorf("the value of one dialog is taken in another: %s", w.acked)
		}
	})
}

// The meeting ended, the rights ended, the dialog is somebody else's or a week old: each reads why, and nothing is done.
func TestSubmittedTooLate(t *testing.T) {
	for name, test := range map[string]struct {
		happens func(w *world)
		user    string
	}{
		"ended":    {func(w *world) { w.service.EndMeeting(theID) }, owner},
		"rights":   {func(w *world) { w.people.change(owner, func(p *access.Person) { p.Deleted = true }) }, owner},
		"somebody": {func(*world) {}, admin},
		"old":      {func(*world) { time.Sleep(25 * time.Hour) }, owner},
	} {
		if testing.Short() && name == "old" { // a day of sweeps
			continue
		}
		inBubble(t, nil, func(t *testing.T, w *world) {
			form := w.opens(owner)
			test.happens(w)
			synctest.Wait()
			if _, said := w.submits(test.user, form, nil); len(said.next) == 0 || w.added() > 0 {
				t.Errorf("%s: +%d, %q", name, w.added(), said.all())
			}
		})
	}
}
