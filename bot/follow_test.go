package bot

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/scheduler"
)

// A message is edited when, and only when, it shows what is no longer true.
func TestFollows(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, w *world) {
		for i, s := range occasionScenes() {
			occasion := s.occasion
			occasion.Prompt = in(theChannel, fmt.Sprint("1.", i), occasion.Prompt)
			shown, err := w.follows(occasion)
			edits := w.poster.edited()
			if err != nil || len(edits) != i+1 {
				t.Fatalf("%s: %+v, %v, %d edits", s.name, shown, err, len(edits))
			}
			if edit := edits[i]; edit.place != theChannel || edit.timestamp != occasion.Prompt.Timestamp || edit.whole == "" {
				t.Errorf("%s: %+v", s.name, edit)
			}
			occasion.Prompt.Shown = shown
			if again, err := w.follows(occasion); again != shown || err != nil || len(w.poster.edited()) != i+1 {
				t.Errorf("%s, a second time: %+v after %+v, %v", s.name, again, shown, err)
			}
		}
	})
}

// in is a prompt that was posted to a channel, and shows something else than it should.
func in(channel, timestamp string, prompt scheduler.Prompt) scheduler.Prompt {
	prompt.Posted = scheduler.Posted{Channel: channel, Timestamp: timestamp, Reader: scheduler.Reader{ID: channel}}
	return prompt
}

// at is a prompt where it was posted.
func at(posted scheduler.Posted, prompt scheduler.Prompt) scheduler.Prompt {
	prompt.Posted = posted
	return prompt
}

// Two states that read differently are told apart, and those that read the same are not.
func TestStages(t *testing.T) {
	open := askedAt()
	keep := with(open, answeredBy(admin, scheduler.KeepExtending))
	byAdmin, byOwner := with(open, extendedBy(admin, 15)), with(open, extendedBy(owner, 15))
	fewer := with(open, func(o *scheduler.Occasion) { o.Meeting.People, o.Decision.Left = 2, 7 })
	lagging := with(extendedAt(), func(o *scheduler.Occasion) { o.Meeting.End = o.Prompt.End })
	unsure := with(open, func(o *scheduler.Occasion) { o.Unsure = true })
	tests := []struct {
		name string
		a, b scheduler.Occasion
		same bool
	}{
		{"fewer people, less left", open, fewer, true},
		{"answered", open, keep, false},
		{"another answer", keep, with(open, answeredBy(admin, scheduler.LetEnd)), false},
		{"another person", keep, with(open, answeredBy(owner, scheduler.KeepExtending)), false},
		{"of somebody who no longer may", keep, with(keep, lapsed), false},
		{"extended", open, byAdmin, false},
		{"extended by another", byAdmin, byOwner, false},
		{"extended further", byAdmin, with(open, extendedBy(admin, 30)), false},
		{"over", open, with(open, over), false},
		{"over, let end by another", with(open, answeredBy(admin, scheduler.LetEnd), over), with(open, answeredBy(owner, scheduler.LetEnd), over), false},
		{"over, extended by another", with(byAdmin, over), with(byOwner, over), false},
		{"over, handed over", with(open, over), with(open, handedBy(owner, 2), over), false},
		{"a list that lags", extendedAt(), lagging, true},
		{"stopped", extendedAt(), with(extendedAt(), answeredBy(admin, scheduler.StopExtending)), false},
		{"perhaps asked before", open, unsure, false},
		{"perhaps asked before, later on", unsure, open, true},
	}
	inBubble(t, nil, func(t *testing.T, w *world) {
		for _, test := range tests {
			posted, err := w.posts(test.a)
			if err != nil {
				t.Fatal(err)
			}
			before := len(w.poster.edited())
			test.b.Prompt = at(posted, test.b.Prompt)
			if _, err := w.follows(test.b); err != nil {
				t.Fatal(err)
			}
			if same := len(w.poster.edited()) == before; same != test.same {
				t.Errorf("%s: %q, then %+v", test.name, w.poster.last().whole, w.poster.edited()[before:])
			}
		}
	})
}

// A direct message goes on in its reader's language, with their buttons, no matter which replica edits it.
func TestFollowsInADirectMessage(t *testing.T) {
	inBubble(t, changed(owner, func(p *access.Person) { p.Locale = "es-ES" }), func(t *testing.T, w *world) {
		occasion := askedAt()
		occasion.Rule = scheduler.Rule{Mode: scheduler.ModeAsk}
		posted, err := w.posts(occasion)
		if err != nil || !isDirect(posted.Channel) {
			t.Fatal(posted, err)
		}
		occasion.Prompt = at(posted, occasion.Prompt)
		if _, err := w.follows(with(occasion, answeredBy(owner, scheduler.KeepExtending))); err != nil {
			t.Fatal(err)
		}
		edits := w.poster.edited()
		if len(edits) != 1 || !strings.Contains(edits[0].whole, "me ha pedido que siga ampliando *") {
			t.Fatalf("%+v", edits)
		}
		for _, said := range []heard{w.poster.last(), edits[0].heard} {
			w.button(said, "quiet")
		}
	})
}

// A message that nobody can edit any more is given up; other trouble is tried again by the next tick.
func TestFollowsAsFarAsSlackAllows(t *testing.T) {
	for _, test := range []struct {
		err    error
		gaveUp bool
	}{
		{slackSays("message_not_found"), true},
		{slackSays("edit_window_closed"), true},
		{slackSays("is_archived"), true},
		{slackSays("internal_error"), false},
		{errors.New("connection reset by peer"), false},
	} {
		inBubble(t, func(w *world) { w.poster.fail(theChannel, test.err) }, func(t *testing.T, w *world) {
			occasion := with(askedAt(), extendedBy(admin, 15))
			occasion.Prompt = in(theChannel, "1.1", occasion.Prompt)
			shown, err := w.follows(occasion)
			if (err == nil) != test.gaveUp || (shown == occasion.Prompt.Shown) == test.gaveUp {
				t.Errorf("%v: %+v, %v", test.err, shown, err)
			}
		})
	}
	inBubble(t, nil, func(t *testing.T, w *world) {
		if _, err := w.follows(askedAt()); err == nil {
			t.Error("a prompt without a message was followed")
		}
	})
}
