package bot

import (
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/dialog"
	"github.com/overtime-bot/overtime/meeting/meetingtest"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// handoverScenes are what is asked of the platform, and what is said of a run that was handed to it.
func handoverScenes() []scene {
	handed := func(w *world) { w.asks(owner, "914083136 auto") }
	allowed := func(w *world) { w.policy.AllowedUsers = []string{stranger} }
	return []scene{
		{name: "handed over by the host", user: owner, command: "914083136 auto"},
		{name: "handed over, so much each time", command: "914083136 auto 30"},
		{name: "handed over, by a minute each time", command: "914083136 auto 1"},
		{name: "handed over, in words", command: "auto 914083136 for 20 minutes"},
		{name: "handed over where it is watched", set: watchedBefore("ask"), command: "914083136 auto"},
		{name: "handed over where it is extended", set: watchedBefore("auto"), command: "914083136 auto"},
		{name: "too much each time", command: "914083136 auto 200"},
		{name: "not understood", command: "914083136 auto soon"},
		{name: "by somebody who may extend", user: stranger, set: allowed, command: "914083136 auto"},
		{name: "by a stranger", user: stranger, command: "914083136 auto"},
		{name: "host unknown", user: stranger, set: both(allowed, hostUnknown), command: "914083136 auto"},
		{name: "refused", set: hidden, command: "914083136 auto"},
		{name: "no clear answer", set: losesAnswers(true), play: func(w *world) {
			w.asks(admin, "914083136 auto 30")
			time.Sleep(time.Minute)
		}},
		{name: "the end moved before it was clear", set: losesAnswers(true), play: func(w *world) {
			w.asks(admin, "914083136 auto")
			w.service.EndMeeting(theID)
			time.Sleep(time.Minute)
		}},
		{name: "pressed under a prompt, twice", set: notifying, play: func(w *world) {
			w.prompted(verbHandOver)
			w.presses(owner, "P1")
			w.presses(admin, "P1")
		}},
		{name: "pressed by somebody who may extend", set: both(allowed, notifying), play: func(w *world) {
			w.prompted(verbHandOver)
			w.presses(stranger, "P1")
		}},
		{name: "status afterwards", play: both(handed, func(w *world) { w.asks(admin, "status 914083136") })},
		{name: "list afterwards", play: both(handed, func(w *world) { w.asks(admin, "list") })},
		{name: "why afterwards", set: watchedBefore("ask"), play: both(handed, func(w *world) { w.asks(admin, "why 914083136") })},
		{name: "why, once the platform extended it", set: both(watchedBefore("ask"), endsIn(20*time.Minute)), play: func(w *world) {
			w.asks(owner, "914083136 auto 15")
			time.Sleep(25 * time.Minute)
			w.asks(admin, "why 914083136")
			w.asks(admin, "status 914083136")
		}},
	}
}

// watchedBefore has the meeting watched by a rule before the scene begins.
func watchedBefore(mode scheduler.Mode) func(*world) {
	return func(w *world) {
		rule := theRule()
		rule.Mode = mode
		_, err := w.store.Automation.PutRule(w.t.Context(), rule)
		w.must(err)
	}
}

// Of all who may extend a meeting, its host and administrators alone hand it over, typed or pressed.
func TestWhoMayHandOver(t *testing.T) {
	for _, person := range []string{admin, owner, stranger} {
		for _, pressed := range []bool{false, true} {
			inBubble(t, func(w *world) { w.policy.AllowedUsers = []string{stranger, owner} }, func(t *testing.T, w *world) {
				if pressed {
					w.prompted(verbHandOver)
					w.presses(person, "P1")
				} else {
					w.asks(person, "914083136 auto")
				}
				want := 1
				if person == stranger {
					want = 0
				}
				if effects := w.service.Effects(theID); len(effects) != want {
					t.Errorf("%s, pressed %v: %+v", person, pressed, effects)
				}
			})
		}
	}
}

// However many hand the same end over, and whatever the crash, the platform is asked once; and the end may still be extended.
func TestHandedOverOnce(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, w *world) {
		prompt := w.prompted(verbHandOver)
		second := under("extend", prompt)
		second.ID = "P2"
		offered(second)(w)
		w.presses(owner, "P1")
		again := w.presses(admin, "P1")
		if !strings.Contains(again.text, "already handed") {
			t.Errorf("the second reads %q", again.text)
		}
		w.presses(admin, "P2")
		effects := w.service.Effects(theID)
		if len(effects) != 2 || !effects[0].Auto || effects[1].Auto {
			t.Errorf("effects %+v", effects)
		}
		if again := w.presses(admin, "P1"); !strings.Contains(again.text, "already handed") || len(w.service.Effects(theID)) != 2 {
			t.Errorf("later it reads %q", again.text)
		}
	})
}

// What a crash left after the PUT is told as it is, and never sent again, also where nobody knows whether it was taken.
func TestHandOverAfterACrash(t *testing.T) {
	for state, want := range map[extension.State]string{
		extension.Sent: "Nobody can tell whether it will", extension.Confirmed: "has agreed to extend", extension.Unclear: "Nobody can tell whether it will",
	} {
		inBubble(t, nil, func(t *testing.T, w *world) {
			envelope := typedIn(general, "e1", admin, "/extend", "914083136 auto 20")
			row, err := w.store.Ledger.Claim(t.Context(), extension.Extension{
				Key: "e1", Envelope: "e1", Run: extension.RunOf(theMeeting()), MeetingID: theID, Origin: extension.FromCommand,
				Actor: actor(admin), Platform: true, Each: 20,
			}, extension.Limits{}, 10*time.Minute)
			w.must(err)
			w.must(w.store.Ledger.Aim(t.Context(), row.ID, theMeeting().End, time.Time{}, 10*time.Minute))
			if state != extension.Sent {
				_, err = w.store.Ledger.Move(t.Context(), row.ID, extension.Sent, state, extension.Ending{After: theMeeting().End})
				w.must(err)
			}
			w.leaves(envelope, 6*time.Second)
			time.Sleep(time.Minute) // the sweep answers, and what was sent is settled
			texts := w.desk.texts()
			all := strings.Join(texts, "\n")
			if len(texts) == 0 || !strings.Contains(all, want) || len(w.service.Effects(theID)) != 0 {
				t.Errorf("%s: %q, effects %+v", state, texts, w.service.Effects(theID))
			}
		})
	}
}

// Automation leaves a run alone that was handed over, while the platform moves its end; where it does not, automation acts
// at the lead after all, as it said. Both readings of the service's reference.
func TestAutomationAfterHandingOver(t *testing.T) {
	for _, once := range []bool{false, true} {
		set := both(ticking, otherwise(scheduler.ModeAuto), notifying, endsIn(30*time.Minute), reads(meetingtest.Readings{AutoOnce: once}))
		inBubble(t, set, func(t *testing.T, w *world) {
			said := w.asks(owner, "914083136 auto 60").all()
			if !strings.Contains(said, "If that hasn't changed by") || !strings.Contains(said, "I'll extend it by 15 minutes") {
				t.Errorf("it says %q", said)
			}
			time.Sleep(18 * time.Minute)
			if ours := len(w.service.Effects(theID)) - 1; ours != 0 {
				t.Errorf("ahead of the lead automation extended %d times", ours)
			}
			time.Sleep(4 * time.Minute)
			if ours := len(w.service.Effects(theID)) - 1; ours != 1 {
				t.Errorf("at the lead automation extended %d times", ours)
			}
		})
	}
	set := both(ticking, otherwise(scheduler.ModeAuto), notifying, endsIn(5*time.Hour))
	inBubble(t, set, func(t *testing.T, w *world) {
		w.asks(owner, "914083136 auto 60")
		w.service.SetEnd(theID, noon.Add(9*time.Minute)) // the platform moved it, as far as anybody can tell
		time.Sleep(5 * time.Minute)
		if ours := len(w.service.Effects(theID)) - 1; ours != 0 {
			t.Errorf("automation extended %d times what the platform has moved", ours)
		}
	})
}

// The button stands in channels, and in direct messages to those who may press it.
func TestWhoSeesTheHandOverButton(t *testing.T) {
	for name, test := range map[string]struct {
		rule  scheduler.Rule
		fails bool
		want  bool
	}{
		"a channel":        {rule: theRule(), want: true},
		"an administrator": {rule: scheduler.Rule{Of: theID, Mode: scheduler.ModeAsk, Owner: actor(admin)}, want: true},
		"the host":         {rule: scheduler.Rule{Mode: scheduler.ModeAsk}, want: true},
		"another":          {rule: scheduler.Rule{Of: theID, Mode: scheduler.ModeAsk, Owner: actor(stranger)}},
	} {
		inBubble(t, nil, func(t *testing.T, w *world) {
			_, err := w.posts(with(foreseen(askedAt()), func(o *scheduler.Occasion) { o.Rule = test.rule }))
			w.must(err)
			last, has := w.poster.last(), false
			for _, button := range last.buttons {
				has = has || strings.Contains(button.label, "Hand over")
			}
			if has != test.want {
				t.Errorf("%s: %+v", name, last.buttons)
			}
		})
	}
}

func init() { groups["handover"] = handoverScenes }

func TestGoldenHandover(t *testing.T) { golden(t, "handover") }

// More than an hour is confirmed for the platform too. What is asked promises no end, and the answer hands over, without
// extending anything: in the dialog, and by the message where the ack can't ask.
func TestConfirmedHandOverExtendsNothing(t *testing.T) {
	changes := map[string]string{dialog.Mode: dialog.ModePlatform, dialog.Minutes: "90"}
	for name, confirm := range map[string]func(*world) (asked, said string){
		"in the dialog": func(w *world) (asked, said string) {
			ack, _ := w.submits(owner, w.opens(owner), changes)
			second := readView(w.t, ack.View)
			_, answer := w.submits(owner, second, nil)
			return second.texts(), answer.whole
		},
		"by message": func(w *world) (asked, said string) {
			silent := submissionOf("silent", owner, w.opens(owner), changes)
			silent.AcceptsResponsePayload = false
			question := w.answerTo(owner, silent)
			return question.whole, w.chooses(owner, question.buttons[0]).whole
		},
	} {
		inBubble(t, nil, func(t *testing.T, w *world) {
			asked, said := confirm(w)
			if !strings.Contains(asked, "Let the platform extend it by 90 minutes each time?") || strings.Contains(asked, "more than now") {
				t.Errorf("%s asks %q", name, asked)
			}
			if effects := w.service.Effects(theID); len(effects) != 1 || !effects[0].Auto || effects[0].Minutes != 90 || w.added() != 0 {
				t.Errorf("%s: %+v, %q", name, effects, said)
			}
		})
	}
}

// Who may not hand over is refused at once, by message too, and not asked to confirm it first.
func TestNobodyIsAskedWhoMayNotHandOver(t *testing.T) {
	for person, may := range map[string]bool{admin: true, owner: true, stranger: false} {
		inBubble(t, func(w *world) { w.policy.AllowedUsers = []string{stranger, owner} }, func(t *testing.T, w *world) {
			form := w.opens(person)
			silent := submissionOf("silent", person, form, map[string]string{
				dialog.Meeting: w.suggests(person, form, "weekly")[0].Value, dialog.Mode: dialog.ModePlatform, dialog.Minutes: "90",
			})
			silent.AcceptsResponsePayload = false
			said := w.answerTo(person, silent)
			if asked := said.tone == Asking && len(said.buttons) > 0; asked != may || !may && said.tone != Refusal {
				t.Errorf("%s: %s", person, said.shown())
			}
		})
	}
}
