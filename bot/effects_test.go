package bot

import (
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/socket"
)

const theThread = "1700000000.000100"

// inChannel is a mention in a channel, in a thread unless that is empty.
func inChannel(id, user, channel, thread, text string) socket.Envelope {
	fields := []any{"type", "app_mention", "user", user, "channel", channel, "text", "<@U0BOT> " + text, "ts", "1700000001.000100"}
	if thread != "" {
		fields = append(fields, "thread_ts", thread)
	}
	return happened(id, time.Now(), fields...)
}

// What somebody does in a thread of the channel that watches the meeting is posted in that thread, once; elsewhere nobody
// but the person reads of an extension.
func TestEffectsAreInTheirThread(t *testing.T) {
	const named = "*Weekly product sync*"
	for _, test := range []struct {
		name, channel, thread, text string
		set                         func(*world)
		in, says                    string // the thread, and what the channel reads there; "" = nothing
	}{
		{"an extension", theChannel, theThread, "914083136 15", ruledBy(owner), theThread, "<@" + owner + "> extended " + named},
		{"settled later", theChannel, theThread, "914083136 15", both(ruledBy(owner), lags(time.Minute)), theThread, "<@" + owner + "> extended " + named},
		{"handed over", theChannel, theThread, "914083136 auto", ruledBy(owner), theThread, "handed it over to the platform"},
		{"not in a thread", theChannel, "", "914083136 15", ruledBy(owner), "", ""},
		{"another channel", general, theThread, "914083136 15", ruledBy(owner), "", ""},
		{"nobody watches", theChannel, theThread, "914083136 15", nil, "", ""},
		{"refused", theChannel, theThread, "914083136 500", ruledBy(owner), "", ""},
		{"only a look", theChannel, theThread, "status 914083136", ruledBy(owner), "", ""},
		{"watch", theChannel, theThread, "watch 914083136 ask", nil, theThread, "watch " + named},
		{"watch, not in a thread", theChannel, "", "watch 914083136 ask", nil, "", "watch " + named},
		{"watch, where another channel did", general, theThread, "watch 914083136 ask", ruledBy(owner), theThread, "watch " + named},
		{"unwatch", theChannel, theThread, "unwatch 914083136", ruledBy(owner), theThread, "stop watching " + named},
		{"unwatch, not in a thread", theChannel, "", "unwatch 914083136", ruledBy(owner), "", "stop watching " + named},
		{"unwatch, from another channel", general, theThread, "unwatch 914083136", ruledBy(owner), "", "stop watching " + named},
		{"the thread is gone", theChannel, theThread, "914083136 15", both(ruledBy(owner), func(w *world) {
			w.poster.fail(theChannel, nil, slackSays("thread_not_found"))
		}), "", "<@" + owner + "> extended " + named},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, test.set, func(t *testing.T, w *world) {
				w.answerTo(owner, inChannel("Ev1", owner, test.channel, test.thread, test.text))
				time.Sleep(5 * time.Minute)
				told := 0
				for _, post := range w.poster.all() {
					if isDirect(post.place) || !strings.Contains(post.whole, test.says) {
						continue
					}
					if told++; post.thread != test.in || test.says == "" {
						t.Errorf("in thread %q of %s: %q", post.thread, post.place, post.whole)
					}
				}
				if want := min(1, len(test.says)); told != want {
					t.Errorf("%d posts with %q: %q", told, test.says, w.poster.texts())
				}
				if answers := w.poster.shownTo(owner); len(answers) == 0 || answers[0].thread != test.thread {
					t.Errorf("the answer: %+v", answers)
				}
			})
		})
	}
}

// A press on the answer in a thread is posted there as well; one under a prompt, which says it itself, is not.
func TestEffectsOfPressesInAThread(t *testing.T) {
	press := func(w *world, button string) heard {
		return w.answerTo(owner, socket.Envelope{ID: w.nextID(), Type: "interactive", Payload: encoded(map[string]any{
			"type": "block_actions", "team": map[string]string{"id": theTeam}, "user": map[string]string{"id": owner, "team_id": theTeam},
			"channel": map[string]string{"id": theChannel}, "response_url": answerAt + "/" + owner,
			"container": map[string]string{"type": "message", "thread_ts": theThread},
			"actions":   []map[string]string{{"type": "button", "block_id": "b", "action_id": "extend:15", "value": button}},
		})})
	}
	inBubble(t, ruledBy(owner), func(t *testing.T, w *world) {
		answer := w.answerTo(owner, inChannel("Ev1", owner, theChannel, theThread, "914083136 500"))
		press(w, w.button(answer, verbExtend, 120))
		if posts := w.poster.all(); len(posts) != 1 || posts[0].thread != theThread || !strings.Contains(posts[0].whole, "extended") {
			t.Errorf("%+v", posts)
		}
	})
	inBubble(t, ruledBy(owner), func(t *testing.T, w *world) {
		w.announces(asked())
		press(w, w.button(w.poster.last(), verbExtend, 15))
		if posts := w.poster.all(); len(posts) != 1 || len(w.service.Effects(theID)) != 1 {
			t.Errorf("%d extensions, %+v", len(w.service.Effects(theID)), posts)
		}
	})
}

// An answer that is told again, after trouble with Slack, the store, or a process that died, is read by others once.
func TestEffectsAreReadOnce(t *testing.T) {
	unheard := func(w *world) {
		w.poster.fail(theChannel, slackSays("channel_not_found"), slackSays("channel_not_found"))
		w.poster.fail(owner, slackSays("channel_not_found"), slackSays("channel_not_found"))
	}
	for name, test := range map[string]struct {
		set    func(*world)
		effect int
	}{
		"the answer is not delivered at first": {unheard, 1},
		"settled later, and not delivered":     {both(unheard, lags(time.Minute)), 1},
		"the note of the answer is not taken":  {fault(once(failing(errTrouble)), "AnswerEnvelopes"), 0}, // perhaps another process answers again
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, both(ruledBy(owner), test.set), func(t *testing.T, w *world) {
				w.answerTo(owner, inChannel("Ev1", owner, theChannel, theThread, "914083136 15"))
				time.Sleep(10 * time.Minute)
				told := 0
				for _, said := range w.poster.texts() {
					told += strings.Count(said, "<@"+owner+"> extended")
				}
				if told != test.effect || len(w.service.Effects(theID)) != 1 {
					t.Errorf("others read it %d times, want %d: %q", told, test.effect, w.poster.texts())
				}
				if len(w.poster.shownTo(owner)) == 0 {
					t.Errorf("no answer: %q", w.poster.texts())
				}
			})
		})
	}
}
