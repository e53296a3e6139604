package bot

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/meeting/meetingtest"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/slack-go/slack"
)

// Who is told: the rule's channel, its owner, NOTIFY_CHANNEL, the host; a place where the bot may not post is passed over.
func TestAnnouncedTo(t *testing.T) {
	noRule := func(o *scheduler.Occasion) { o.Rule = scheduler.Rule{Mode: scheduler.ModeAsk} }
	direct := func(o *scheduler.Occasion) { o.Rule.Channel = "" }
	refusing := func(places ...string) func(*world) {
		return func(w *world) {
			for i, place := range places {
				w.poster.fail(place, slackSays([]string{"not_in_channel", "channel_not_found", "is_archived"}[i]))
			}
		}
	}
	hostHas := func(email string) func(*world) {
		return meets(func(m *meetingtest.Meeting) { m.Host.Email = email })
	}
	hostFails := fault(failing(context.DeadlineExceeded), "Host")
	for _, test := range []struct {
		name   string
		change func(*scheduler.Occasion)
		set    func(*world)
		want   string // where it was posted
		err    error
	}{
		{name: "channel of the rule", want: theChannel},
		{name: "owner of a rule without a channel", change: direct, set: notifying, want: owner},
		{name: "owner, where the channel refuses", set: both(notifying, refusing(theChannel)), want: owner},
		{name: "NOTIFY_CHANNEL, where both refuse", set: both(notifying, refusing(theChannel, owner)), want: "C0NOTIFY"},
		{name: "NOTIFY_CHANNEL", change: noRule, set: notifying, want: "C0NOTIFY"},
		{name: "host, where it refuses", change: noRule, set: both(notifying, refusing("C0NOTIFY")), want: owner},
		{name: "host", change: noRule, want: owner},
		{name: "nobody: all refuse", set: both(notifying, refusing(theChannel, owner, "C0NOTIFY"), hostHas("")), err: scheduler.ErrNobodyToTell},
		{name: "nobody: host without an address", change: noRule, set: hostHas(""), err: scheduler.ErrNobodyToTell},
		{name: "nobody: host not in Slack", change: noRule, set: hostHas("guest@else.example"), err: scheduler.ErrNobodyToTell},
		{name: "nobody: host's address not confirmed", change: noRule, set: changed(owner, func(p *access.Person) { p.EmailConfirmed = false }), err: scheduler.ErrNobodyToTell},
		{name: "nobody: host a guest", change: noRule, set: changed(owner, func(p *access.Person) { p.Guest = true }), err: scheduler.ErrNobodyToTell},
		{name: "nobody: host deactivated", change: noRule, set: changed(owner, func(p *access.Person) { p.Deleted = true }), err: scheduler.ErrNobodyToTell},
		{name: "nobody: host of another workspace", change: noRule, set: changed(owner, func(p *access.Person) { p.TeamID = "T0OTHER" }), err: scheduler.ErrNobodyToTell},
		{name: "nobody: host wants to be left alone", change: noRule, set: quieted(owner), err: scheduler.ErrNobodyToTell},
		{name: "host not to be found out", change: noRule, set: hostFails, err: context.DeadlineExceeded},
		{name: "host's account not to be found out", change: noRule, set: func(w *world) { w.people.emailErr = context.DeadlineExceeded }, err: context.DeadlineExceeded},
		{name: "host's wish not to be found out", change: noRule, set: rulesFail, err: context.DeadlineExceeded},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, test.set, func(t *testing.T, w *world) {
				occasion := askedAt()
				if test.change != nil {
					test.change(&occasion)
				}
				posted, err := w.posts(occasion)
				if !errors.Is(err, test.err) || (err == nil) != (test.err == nil) {
					t.Fatalf("error %v, want %v", err, test.err)
				}
				var want []string
				if test.want != "" {
					want = []string{test.want}
				}
				if !slices.Equal(w.poster.places(), want) || (err == nil) != (posted.Timestamp != "") {
					t.Errorf("posted to %q (%+v), want %q", w.poster.places(), posted, want)
				}
				if passed := w.poster.tries - len(want); w.log.count(`"remedy":"`) != passed {
					t.Errorf("%d places passed over, and in the log:\n%s", passed, w.log)
				}
			})
		})
	}
}

// Channels read in the default language, people in their own.
func TestAnnouncementsSpeakTheReadersLanguage(t *testing.T) {
	inBubble(t, both(changed(owner, func(p *access.Person) { p.Locale = "es-ES" }), func(w *world) { w.language = "zh" }), func(t *testing.T, w *world) {
		occasion := askedAt()
		for range 2 {
			if _, err := w.posts(occasion); err != nil {
				t.Fatal(err)
			}
			occasion.Rule = scheduler.Rule{Mode: scheduler.ModeAsk}
		}
		wantTexts(t, w.poster.texts(), "要延长吗", "¿La amplío?")
	})
}

// What Slack may have taken is never posted twice; what it certainly did not take says so.
func TestPostedOnceInDoubt(t *testing.T) {
	for _, test := range []struct {
		name  string
		err   error
		doubt bool
	}{
		{"no answer", context.DeadlineExceeded, true},
		{"connection cut", &net.OpError{Op: "read", Err: errors.New("connection reset by peer")}, true},
		{"no connection", &net.OpError{Op: "dial", Err: errors.New("connection refused")}, false},
		{"500", slack.StatusCodeError{Code: 500}, true},
		{"Slack itself does not know", slackSays("internal_error"), true},
		{"nothing that tells of a message", answersWith(`{"ok":true}`), true},
		{"no without a code", answersWith(`{"ok":false}`), true},
		{"a proxy's page", answersWith(`<html>`), true},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, func(w *world) { w.poster.fail(theChannel, test.err) }, func(t *testing.T, w *world) {
				_, err := w.posts(askedAt())
				if err == nil || errors.Is(err, scheduler.ErrInDoubt) != test.doubt || errors.Is(err, scheduler.ErrNobodyToTell) {
					t.Errorf("error %v, in doubt: want %v", err, test.doubt)
				}
				if strings.Contains(err.Error(), "slack.example") {
					t.Errorf("the address is in the error: %v", err)
				}
				if w.poster.tries != 1 {
					t.Errorf("posted %d times", w.poster.tries)
				}
			})
		})
	}
}

// A channel takes about a message a second: what is throttled waits for as long as Slack says, within the context.
func TestPostingWaitsForSlack(t *testing.T) {
	throttled := &slack.RateLimitedError{RetryAfter: 3 * time.Second}
	for _, test := range []struct {
		name   string
		within time.Duration
		tries  int
		took   time.Duration
	}{
		{"in time", 10 * time.Second, 3, 6 * time.Second},
		{"not in time", 5 * time.Second, 2, 3 * time.Second},
	} {
		built(t, func(w *world) { w.poster.fail(theChannel, throttled, throttled) }, func(t *testing.T, w *world) {
			ctx, cancel := context.WithTimeout(t.Context(), test.within)
			defer cancel()
			began := time.Now()
			_, err := w.postsWithin(ctx, askedAt())
			if took := time.Since(began); took != test.took || w.poster.tries != test.tries {
				t.Errorf("%s: %d tries in %v, want %d in %v", test.name, w.poster.tries, took, test.tries, test.took)
			}
			if (err == nil) != (test.tries == 3) || errors.Is(err, scheduler.ErrInDoubt) {
				t.Errorf("%s: error %v", test.name, err)
			}
		})
	}
}

// Blocks that Slack does not take are left out rather than the message.
func TestAnnouncedWithoutItsLayout(t *testing.T) {
	inBubble(t, func(w *world) { w.poster.fail(theChannel, slackSays("invalid_blocks")) }, func(t *testing.T, w *world) {
		if _, err := w.posts(askedAt()); err != nil {
			t.Fatal(err)
		}
		wantTexts(t, w.poster.texts(), "Extend it?")
		if said := w.poster.last(); len(said.blocks) != 0 || w.poster.tries != 2 {
			t.Errorf("%d blocks after %d tries", len(said.blocks), w.poster.tries)
		}
	})
}

// The buttons of a message are rows of their own, of its prompt, run and end, and outlive that by a while.
func TestButtonsOfAnAnnouncement(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, w *world) {
		occasion := w.announces(askedAt())
		var verbs []string
		for _, button := range w.poster.last().buttons {
			action := w.action(button)
			verbs = append(verbs, fmt.Sprint(action.Verb, action.Minutes))
			if action.Prompt != occasion.Prompt.ID || action.Run != occasion.Prompt.Run || !action.OfferedEnd.Equal(occasion.Prompt.End) ||
				!action.Expires.After(occasion.Prompt.End) || action.MeetingID != theID || len(button.id) < 20 {
				t.Errorf("%+v", action)
			}
		}
		slices.Sort(verbs)
		if want := []string{"end0", "extend15", "extend30", "extend60", "hand_over0", "keep0"}; !slices.Equal(verbs, want) {
			t.Errorf("buttons %q, want %q", verbs, want)
		}
		w.faults.put("PutActions", failing(errTrouble))
		if _, err := w.posts(askedAt()); err != nil || len(w.poster.last().buttons) != 0 {
			t.Errorf("without its buttons: %v", err)
		}
	})
}

// Nobody reads of themselves as of the host: not the host who made the rule either, as far as that is known.
func TestHostReadsOfThemselves(t *testing.T) {
	byDirectMessage := func(user string) scheduler.Rule {
		rule := theRule()
		rule.Channel, rule.Owner.User = "", user
		return rule
	}
	for _, test := range []struct {
		name string
		rule scheduler.Rule
		set  func(*world)
		own  bool
	}{
		{"nobody's rule", scheduler.Rule{Mode: scheduler.ModeAsk}, nil, true},
		{"the host's own rule", byDirectMessage(owner), nil, true},
		{"the host's own rule, host not known", byDirectMessage(owner), hostUnknown, false},
		{"another's rule", byDirectMessage(admin), nil, false},
		{"the host's own rule in a channel", theRule(), nil, false},
	} {
		inBubble(t, test.set, func(t *testing.T, w *world) {
			for _, trouble := range allTroubles() {
				occasion := inTrouble(trouble)
				occasion.Rule = test.rule
				if _, err := w.posts(occasion); err != nil {
					t.Fatal(err)
				}
				text := w.poster.last().whole
				if ofAnother := strings.Contains(text, "he host can") || strings.Contains(text, "let the host") || strings.Contains(text, "Its host"); ofAnother && test.own {
					t.Errorf("%s, %s: %q", test.name, trouble, text)
				}
				if toHost := strings.Contains(text, "yourself") || strings.Contains(text, "You have"); toHost && !test.own {
					t.Errorf("%s, %s: %q", test.name, trouble, text)
				}
			}
		})
	}
}

// allTroubles are those that some scene tells of.
func allTroubles() []scheduler.Trouble {
	var all []scheduler.Trouble
	for _, s := range occasionScenes() {
		if trouble := s.occasion.Trouble; trouble != scheduler.NoTrouble && !slices.Contains(all, trouble) {
			all = append(all, trouble)
		}
	}
	return all
}

// What a tick decides is posted, and the message follows what people do about it, and then its meeting's end.
func TestAPromptFromItsTickToItsEnd(t *testing.T) {
	inBubble(t, both(ticking, ruledBy(owner), endsIn(15*time.Minute)), func(t *testing.T, w *world) {
		time.Sleep(6 * time.Minute)
		wantTexts(t, w.poster.texts(), "Extend it?")
		prompt := w.poster.last()
		if said := w.presses(admin, w.button(prompt, "extend", 15)); !said.silent() {
			t.Errorf("%q", said.whole)
		}
		time.Sleep(25 * time.Minute)
		var texts []string
		for _, edit := range w.poster.edited() {
			if edit.timestamp == prompt.timestamp {
				texts = append(texts, edit.text)
			}
		}
		wantTexts(t, texts, "<@U0ADMIN> extended *", "is over")
		if !slices.Equal(w.effects(), []int{15}) || len(w.poster.texts()) != 2 { // the second is of the new end
			t.Errorf("the service added %v\n%q", w.effects(), w.poster.texts())
		}
	})
}

// While an extension is under way, a look may see its end before anybody knows what made it. The message waits, and says then
// who extended the meeting.
func TestAnEndThatALookSeesFirst(t *testing.T) {
	inBubble(t, both(ticking, ruledBy(owner), endsIn(15*time.Minute)), func(t *testing.T, w *world) {
		time.Sleep(6 * time.Minute)
		before := w.meetings[0].End
		row, err := w.store.Ledger.Claim(t.Context(), extension.Extension{
			Key: "e1", Envelope: "e1", Run: extension.RunOf(theMeeting()), MeetingID: theID, Origin: extension.FromCommand, Actor: actor(admin), Minutes: 15,
		}, extension.Limits{}, 170*time.Second)
		w.must(err)
		w.must(w.store.Ledger.Aim(t.Context(), row.ID, before, before.Add(15*time.Minute), 170*time.Second))
		w.service.SetEnd(theID, before.Add(15*time.Minute))
		time.Sleep(2 * time.Minute)
		if edits := w.poster.edited(); len(edits) != 0 {
			t.Fatalf("%d edits, first %q", len(edits), edits[0].text)
		}
		_, err = w.store.Ledger.Move(t.Context(), row.ID, extension.Sent, extension.Confirmed, extension.Ending{After: before.Add(15 * time.Minute)})
		w.must(err)
		time.Sleep(2 * time.Minute)
		if edits := w.poster.edited(); len(edits) != 1 || !strings.HasPrefix(edits[0].text, "<@U0ADMIN> extended *") {
			t.Errorf("%d edits: %v", len(edits), edits)
		}
	})
}

// An automatic extension is told of, with a button that stops more of them.
func TestAnAutomaticExtensionIsToldOf(t *testing.T) {
	inBubble(t, both(ticking, ruledBy(owner, ruleAuto, func(rule *scheduler.Rule) { rule.Channel = theChannel }), endsIn(11*time.Minute)), func(t *testing.T, w *world) {
		time.Sleep(2 * time.Minute)
		wantTexts(t, w.poster.texts(), "I extended *Weekly product sync* by 15 minutes")
		w.presses(owner, w.button(w.poster.last(), "stop"))
		time.Sleep(20 * time.Minute)
		if !slices.Equal(w.effects(), []int{15}) {
			t.Errorf("the service added %v", w.effects())
		}
		rows, err := w.store.History.Extensions(t.Context(), theID, 10)
		if err != nil || len(rows) != 1 || rows[0].Origin != extension.FromTick {
			t.Errorf("%+v, %v", rows, err)
		}
	})
}
