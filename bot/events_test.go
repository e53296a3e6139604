package bot

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/socket"
)

const theBot = "U0BOT"

// happened is an envelope with an event in it. The inner event's fields are given in pairs.
func happened(id string, at time.Time, fields ...any) socket.Envelope {
	inner := make(map[string]any)
	for i := 0; i < len(fields); i += 2 {
		inner[fields[i].(string)] = fields[i+1]
	}
	return socket.Envelope{ID: "around " + id, Type: "events_api", Payload: encoded(map[string]any{
		"type": "event_callback", "event_id": id, "event_time": at.Unix(), "team_id": theTeam,
		"authorizations": []map[string]any{{"team_id": theTeam, "user_id": theBot, "is_bot": true}},
		"event":          inner,
	})}
}

// mentioning is an envelope with a mention of the bot in it, in a thread unless that is empty.
func mentioning(id, user, text, thread string, more ...any) socket.Envelope {
	fields := append([]any{"type", "app_mention", "user", user, "channel", general, "text", text, "ts", "1700000001.000100"}, more...)
	if thread != "" {
		fields = append(fields, "thread_ts", thread)
	}
	return happened(id, time.Now(), fields...)
}

// wrote is an envelope with a direct message to the bot in it.
func wrote(id, user, text string, more ...any) socket.Envelope {
	fields := []any{"type", "message", "channel_type", "im", "user", user, "channel", directOf(user), "text", text, "ts", "1700000001.000100"}
	return happened(id, time.Now(), append(fields, more...)...)
}

// told is what somebody was told so far: where they typed and pressed, in a channel alone, and by direct messages.
func (w *world) told(user string) [3][]heard {
	var shown []heard
	for _, post := range w.poster.shownTo(user) {
		shown = append(shown, post.heard)
	}
	return [3][]heard{w.desk.heard(), shown, w.poster.heardBy(user)}
}

// A mention and a direct message do what the command does. The answer to a mention is for the person alone, in the thread
// if it was in one; in the bot's direct message it is an ordinary message.
func TestCommandsThatComeAsEvents(t *testing.T) {
	for _, test := range []struct {
		name     string
		envelope func() socket.Envelope
		whispers int
		thread   string
	}{
		{"a mention in a channel", func() socket.Envelope { return mentioning("Ev1", admin, "<@U0BOT> extend 914083136 30", "") }, 1, ""},
		{"a mention in a thread", func() socket.Envelope { return mentioning("Ev1", admin, "<@U0BOT> 914083136 30", "1700000000.000100") }, 1, "1700000000.000100"},
		{"a mention at the end", func() socket.Envelope { return mentioning("Ev1", admin, "extend 914083136 30 <@U0BOT|overtime>", "") }, 1, ""},
		{"a number that Slack takes for a telephone's", func() socket.Envelope { return mentioning("Ev1", admin, "<@U0BOT>  <tel:914083136|914083136> 30", "") }, 1, ""},
		{"a direct message", func() socket.Envelope { return wrote("Ev1", admin, "extend 914083136 30") }, 0, ""},
		{"a direct message with the command's name", func() socket.Envelope { return wrote("Ev1", admin, "/extend 914083136 30") }, 0, ""},
		{"a direct message in a thread", func() socket.Envelope { return wrote("Ev1", admin, "914083136 30", "thread_ts", "1700000000.000200") }, 0, "1700000000.000200"},
		{"a direct message pasted as code", func() socket.Envelope { return wrote("Ev1", admin, "`/extend 914083136 30`") }, 0, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, nil, func(t *testing.T, w *world) {
				said := w.answerTo(admin, test.envelope())
				if said.tone != Done || !said.private || len(said.buttons) == 0 {
					t.Errorf("%+v", said)
				}
				if got := len(w.service.Effects(theID)); got != 1 {
					t.Errorf("%d extensions", got)
				}
				shown, posts := w.poster.shownTo(admin), w.poster.all()
				if len(shown) != test.whispers || len(shown)+len(posts) != 1 || len(w.desk.texts()) != 0 {
					t.Fatalf("shown to one: %+v, posted: %+v", shown, posts)
				}
				answer := append(shown, posts...)[0]
				if answer.thread != test.thread || test.whispers == 1 && answer.place != general || test.whispers == 0 && answer.place != directOf(admin) {
					t.Errorf("the answer went to %q, thread %q", answer.place, answer.thread)
				}
			})
		})
	}
}

// Where Slack refuses to show the answer in the channel, it comes as a direct message.
func TestAnswersToMentionsThatSlackRefuses(t *testing.T) {
	for _, code := range []string{"user_not_in_channel", "not_in_channel", "channel_not_found", "is_archived", "internal_error"} {
		t.Run(code, func(t *testing.T) {
			inBubble(t, nil, func(t *testing.T, w *world) {
				w.poster.fail(general, slackSays(code), slackSays(code))
				said := w.answerTo(admin, mentioning("Ev1", admin, "<@U0BOT> 914083136 30", ""))
				if said.tone != Done || len(w.poster.heardBy(admin)) != 1 || len(w.poster.shownTo(admin)) != 0 {
					t.Errorf("%+v", said)
				}
			})
		})
	}
}

// The retries of an event come in envelopes of their own.
func TestEventsThatComeAgain(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, w *world) {
		first := mentioning("Ev1", admin, "<@U0BOT> 914083136 30", "")
		w.answerTo(admin, first)
		again := first
		again.ID, again.RetryAttempt = "another envelope", 1
		w.receives(again)
		w.answerTo(admin, mentioning("Ev2", admin, "<@U0BOT> list", ""))
		if got := len(w.service.Effects(theID)); got != 1 {
			t.Errorf("%d extensions", got)
		}
		if shown := w.poster.shownTo(admin); len(shown) != 2 {
			t.Errorf("%d answers", len(shown))
		}
	})
}

// What was asked more than two minutes ago is offered, and not done: whether it comes late, or waited for a worker.
func TestEventsThatComeLate(t *testing.T) {
	for _, test := range []struct {
		ago  time.Duration
		done int
	}{{time.Minute, 1}, {freshFor - time.Second, 1}, {freshFor + 2*time.Second, 0}, {time.Hour, 0}} {
		t.Run(test.ago.String(), func(t *testing.T) {
			inBubble(t, nil, func(t *testing.T, w *world) {
				late := happened("Ev1", time.Now().Add(-test.ago), "type", "message", "channel_type", "im", "user", admin,
					"channel", directOf(admin), "text", "914083136 30", "ts", "1.1")
				late.RetryAttempt = 1
				said := w.answerTo(admin, late)
				if got := len(w.service.Effects(theID)); got != test.done {
					t.Errorf("%d extensions, want %d", got, test.done)
				}
				if test.done == 1 {
					return
				}
				if said.tone != Failed || len(said.buttons) != 1 || !strings.Contains(said.text, "too late") {
					t.Fatalf("%+v", said)
				}
				if said := w.presses(admin, said.buttons[0].id); said.tone != Done || len(w.service.Effects(theID)) != 1 {
					t.Errorf("the button: %+v", said)
				}
			})
		})
	}
}

// Nothing else that comes late is done either, and nobody reads that it might have been.
func TestOtherEventsThatComeLate(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, w *world) {
		for i, text := range []string{"watch 914083136 ask", "list", "pause", "frobnicate", "status 914083136"} {
			said := w.answerTo(admin, happened(fmt.Sprint("Ev", i), time.Now().Add(-time.Hour), "type", "message", "channel_type", "im",
				"user", admin, "channel", directOf(admin), "text", text))
			if said.tone != Failed || !strings.Contains(said.text, "too late") || said.small() == "" {
				t.Errorf("%s: %+v", text, said)
			}
		}
		if rules, err := w.store.Automation.Rules(t.Context()); err != nil || len(rules) != 0 {
			t.Errorf("rules: %v, %v", rules, err)
		}
	})
}

// Nobody answers a program, or the bot itself, and what it does not answer leaves nothing behind.
func TestEventsThatAreNotForUs(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, w *world) {
		const text = "<@U0BOT> 914083136 30"
		for i, envelope := range []socket.Envelope{
			mentioning("Ev1", admin, text, "", "bot_id", "B1"),
			mentioning("Ev2", admin, text, "", "app_id", "A1"),
			mentioning("Ev3", admin, text, "", "subtype", "message_changed"),
			mentioning("Ev4", admin, text, "", "edited", map[string]string{"user": admin, "ts": "1.2"}),
			mentioning("Ev5", theBot, text, ""),
			mentioning("Ev6", "", text, ""),
			mentioning("", admin, text, ""),
			wrote("Ev7", admin, text, "bot_id", "B1"),
			wrote("Ev8", admin, text, "subtype", "bot_message"),
			wrote("Ev9", admin, text, "subtype", "message_deleted", "user", nil),
			wrote("Ev10", admin, text, "channel_type", "channel", "channel", general),
			wrote("Ev11", admin, text, "edited", map[string]string{"user": admin}),
			wrote("Ev12", theBot, text),
			happened("Ev13", time.Now(), "type", "reaction_added", "user", admin),
			{ID: "e14", Type: "events_api", Payload: encoded("nothing")},
			{ID: "e15", Type: "events_api", Payload: encoded(map[string]any{"type": "app_rate_limited", "minute_rate_limited": 5})},
		} {
			w.receives(envelope)
			for _, id := range []string{envelope.ID, strings.TrimPrefix(envelope.ID, "around ")} {
				if _, err := w.store.Inbox.Envelope(t.Context(), id); err == nil {
					t.Errorf("%d: %s is stored", i, id)
				}
			}
		}
		time.Sleep(time.Minute)
		if len(w.service.Effects(theID)) != 0 || len(w.poster.all())+len(w.poster.shownTo(admin)) != 0 || w.log.count(`"level":"ERROR"`) != 0 {
			t.Errorf("it was answered: %v\n%s", w.poster.texts(), w.log.String())
		}
	})
}

// Who waits for long reads a first word once, in the place of the answer.
func TestFirstWordOfEvents(t *testing.T) {
	for name, envelope := range map[string]func() socket.Envelope{
		"mention": func() socket.Envelope { return mentioning("Ev1", admin, "<@U0BOT> 914083136 30", "1700000000.000100") },
		"direct":  func() socket.Envelope { return wrote("Ev1", admin, "914083136 30") },
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, takes(workingDue+time.Second), func(t *testing.T, w *world) {
				w.receives(envelope())
				<-w.observed
				time.Sleep(time.Minute)
				var texts []string
				for _, post := range append(w.poster.shownTo(admin), w.poster.all()...) {
					texts = append(texts, post.whole)
				}
				wantTexts(t, texts, "Still working", "Extended by 30")
			})
		})
	}
}

// What the bot does not use of an event may come in any shape.
func TestSenderOfEventsWithOddities(t *testing.T) {
	const inner = `"type":"app_mention","user":"U1","channel":"C1","text":"<@UB> list","ts":"1.1"`
	const around = `"event_id":"Ev1","event_time":1700000000,"team_id":"T1"`
	const bot = `"authorizations":[{"user_id":"UB","is_bot":true}]`
	want := sender{envelope: "Ev1", kind: eventKind, Event: mentionEvent, Team: "T1", User: "U1", Channel: "C1", Text: "list", place: amongOthers("C1", "")}
	for name, payload := range map[string]string{
		"plain":                          `{%s,"event":{%s},` + bot + `}`,
		"blocks and files":               `{%s,"event":{%s,"blocks":5,"files":{}},` + bot + `}`,
		"null for what is not there":     `{%s,"event":{%s,"edited":null,"bot_id":null,"thread_ts":null},` + bot + `}`,
		"no authorizations":              `{%s,"event":{%s}}`,
		"authorizations of another kind": `{%s,"event":{%s},"authorizations":7}`,
	} {
		t.Run(name, func(t *testing.T) {
			got, err := senderOf("Ev1", eventKind, []byte(fmt.Sprintf(payload, around, inner)))
			if err != nil || got != want {
				t.Errorf("got %#v, %v", got, err)
			}
		})
	}
}

// Who greets the bot, thanks it, or says nothing to it reads a hint in one line, about their own meeting. A guest reads that they
// may do nothing.
func TestGreetings(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, w *world) {
		for i, text := range []string{"<@U0BOT>", "<@U0BOT> hi", "Hello!", "  ", "/extend", "¡Hola!", "你好", "谢谢！", ":wave: hey", "<@U0BOT> 您好", "ok", "Vale!", "好的"} {
			for _, envelope := range []socket.Envelope{mentioning(fmt.Sprint("Em", i), stranger, text, ""), wrote(fmt.Sprint("Ed", i), stranger, text)} {
				said := w.answerTo(stranger, envelope)
				if said.tone != Telling || !strings.Contains(said.whole, " 30`") || strings.Contains(said.whole, theID) || len(said.next) != 0 || len(said.items) != 0 {
					t.Errorf("%q: %+v", text, said)
				}
			}
		}
		if said := w.asks(admin, ""); strings.HasPrefix(said.text, "Hi!") {
			t.Errorf("a command alone: %+v", said)
		}
	})
}

// In a thread, where the command does not work, what to type is a mention.
func TestMentionsSuggestMentions(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, w *world) {
		if said := w.answerTo(admin, mentioning("Ev1", admin, "<@U0BOT> 914083136 999", "1.1")); !strings.Contains(said.small(), "`@overtime 914083136") {
			t.Errorf("%+v", said)
		}
		if said := w.answerTo(admin, wrote("Ev2", admin, "914083136 999")); !strings.Contains(said.small(), "`/extend 914083136") {
			t.Errorf("%+v", said)
		}
	})
}

// A channel that the bot joins reads in two lines what it can do; one that somebody else joins reads nothing. Nothing is
// said twice, late as it may come.
func TestWelcome(t *testing.T) {
	joined := func(id, user string, ago time.Duration) socket.Envelope {
		return happened(id, time.Now().Add(-ago), "type", "member_joined_channel", "user", user, "channel", general, "channel_type", "C", "inviter", admin)
	}
	inBubble(t, nil, func(t *testing.T, w *world) {
		w.receives(joined("Ev1", stranger, 0))
		first := joined("Ev2", theBot, 0)
		w.receives(first)
		<-w.observed
		first.ID = "another envelope"
		w.receives(first)
		time.Sleep(time.Minute)
		posts := w.poster.all()
		if len(posts) != 1 || posts[0].place != general || posts[0].reader != "" || len(posts[0].next) != 1 {
			t.Fatalf("%+v", posts)
		}
		for _, want := range []string{"`/extend 30`", "`@overtime 30`", "`/extend watch ask`", "`/extend help`"} {
			if !strings.Contains(posts[0].whole, want) {
				t.Errorf("no %s in %q", want, posts[0].whole)
			}
		}
		w.receives(joined("Ev3", theBot, 5*time.Minute))
		<-w.observed
		if posts := w.poster.all(); len(posts) != 2 || posts[1].whole != posts[0].whole {
			t.Errorf("late: %+v", posts[1:])
		}
	})
}

// Nobody reads of trouble with what nobody asked for.
func TestWelcomeInTrouble(t *testing.T) {
	for name, set := range map[string]func(*world){
		"store": fault(failing(errors.New("broken")), "StoreEnvelope"), "slow": takes(time.Hour), "posting refused": mayNotPost(general),
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, set, func(t *testing.T, w *world) {
				w.receives(happened("Ev1", time.Now(), "type", "member_joined_channel", "user", theBot, "channel", general))
				time.Sleep(time.Minute)
				for _, text := range append(w.desk.texts(), w.poster.texts()...) {
					if !strings.HasPrefix(text, "Hi!") {
						t.Errorf("%q", text)
					}
				}
			})
		})
	}
}

// The help says how else people can ask, or which scopes are missing.
func TestHelpSaysWhichWaysAreOpen(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, w *world) {
		if said := w.asks(admin, "help"); !strings.Contains(said.small(), "`@overtime list`") {
			t.Errorf("%q", said.small())
		}
	})
	inBubble(t, func(w *world) { w.missing = []string{"app_mentions:read", "im:history"} }, func(t *testing.T, w *world) {
		said := w.asks(admin, "help")
		if !strings.Contains(said.small(), "lacks `app_mentions:read`, `im:history`") || strings.Contains(said.small(), "@overtime") {
			t.Errorf("%q", said.small())
		}
	})
}
