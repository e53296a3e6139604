package bot

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/bot/socket"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// more is the button "+15" under a success of the meeting.
func more() store.Action {
	return store.Action{
		ID: "B1", Verb: store.VerbMore, Run: extension.RunOf(theMeeting()), MeetingID: theID, Minutes: 15,
		OfferedEnd: theMeeting().End, Expires: theMeeting().End,
	}
}

// again is the button "Do it now" of a command that was not carried out.
func again() store.Action {
	return store.Action{
		ID: "B2", Verb: "again", Run: extension.RunOf(theMeeting()), MeetingID: theID, Command: "914083136 30m",
		OfferedEnd: theMeeting().End, Expires: theMeeting().End,
	}
}

// Of the minutes that a button says only those that are offered count.
func TestButtonsForOtherMinutes(t *testing.T) {
	for _, minutes := range []int{15, 30} {
		if request, err := requestOf(store.Action{Verb: store.VerbMore, MeetingID: theID, Minutes: minutes}); err != nil || request.Amount.Count != minutes {
			t.Errorf("%d minutes: %+v, %v", minutes, request, err)
		}
	}
	for _, minutes := range []int{0, 14, 45, 120} {
		if _, err := requestOf(store.Action{Verb: store.VerbMore, MeetingID: theID, Minutes: minutes}); err == nil {
			t.Errorf("%d minutes were never offered", minutes)
		}
	}
}

func offered(actions ...store.Action) func(*world) {
	return func(w *world) {
		w.inbox.now = w.now
		w.inbox.actions = make(map[string]store.Action)
		for _, action := range actions {
			w.inbox.actions[action.ID] = action
		}
	}
}

func both(sets ...func(*world)) func(*world) {
	return func(w *world) {
		for _, set := range sets {
			if set != nil {
				set(w)
			}
		}
	}
}

// clicked is an envelope with the press of a button in it.
func clicked(id, user, value string) socket.Envelope {
	payload, err := json.Marshal(map[string]any{
		"type": "block_actions", "team": map[string]string{"id": theTeam}, "user": map[string]string{"id": user, "team_id": theTeam},
		"channel": map[string]string{"id": "C0GENERAL"}, "response_url": answerAt,
		"actions": []map[string]string{{"type": "button", "block_id": "b", "action_id": "offer:0", "value": value}},
	})
	if err != nil {
		panic(err)
	}
	return socket.Envelope{ID: id, Type: "interactive", Payload: payload}
}

func TestPressExtends(t *testing.T) {
	inBubble(t, offered(more()), func(t *testing.T, w *world) {
		w.receives(clicked("click", admin, "B1"))
		<-w.observed
		wantTexts(t, w.desk.texts(), "Extended by 15 minutes")
		want := extension.Request{
			Key: "914083136@1795173120 until 1795180320", Envelope: "click", Meeting: theMeeting(), Origin: extension.FromButton,
			Actor: extension.Actor{Team: theTeam, User: admin}, Minutes: 15, OfferedEnd: theMeeting().End,
		}
		if len(w.scheduler.requests) != 1 || w.scheduler.requests[0] != want {
			t.Errorf("asked for %+v, want %+v", w.scheduler.requests, want)
		}
		if found := buttonsOf(t, w.desk.got[0]); len(found) != 2 {
			t.Errorf("%d further buttons", len(found))
		}
	})
}

// Buttons that were offered for one run and end are one wish, whoever presses which.
func TestPressesOfOneOfferHaveOneKey(t *testing.T) {
	half, later, other := more(), more(), more()
	half.ID, half.Minutes = "half", 30
	later.ID, later.OfferedEnd = "later", more().OfferedEnd.Add(15*time.Minute)
	other.ID, other.Run = "other", ""
	w := newWorld(t)
	both(offered(more(), half, later, other, again()))(w)
	w.build()
	keys := map[string]int{}
	for _, press := range [][2]string{{admin, "B1"}, {owner, "B1"}, {admin, "half"}, {admin, "later"}, {admin, "other"}, {admin, "B2"}, {owner, "B2"}} {
		w.presses(press[0], press[1])
	}
	for _, request := range w.scheduler.requests {
		keys[request.Key]++
	}
	if len(w.scheduler.requests) != 7 || len(keys) != 3 || keys["914083136@1795173120 until 1795180320"] != 5 {
		t.Errorf("keys: %v", keys)
	}
}

// presses gives the reply to a press, without the ways there and back.
func (w *world) presses(user, value string) Reply {
	reply, _ := w.bot.reply(context.Background(), job{id: "click", kind: "interactive"}, sender{
		Team: theTeam, User: user, Channel: "C0GENERAL", ResponseURL: answerAt, Pressed: value,
	})
	return reply
}

func TestPressThatDoesNothing(t *testing.T) {
	unknownVerb, badCommand, noExtension := more(), again(), again()
	unknownVerb.Verb = "approve"
	badCommand.Command = "914083136 frobnicate"
	noExtension.Command = "list"
	nextRun := theMeeting()
	nextRun.Start = nextRun.Start.Add(time.Hour)
	outside := &meeting.Error{Op: "find meeting", Kind: meeting.ErrUnavailable}
	for _, test := range []struct {
		name, user, value string
		set               func(*world)
		want              string
	}{
		{"unknown", admin, "B9", nil, "I do not know this button"},
		{"no value", admin, "", nil, "I do not know this button"},
		{"forged", admin, "914083136:15", nil, "I do not know this button"},
		{"expired", admin, "B1", func(w *world) { w.inbox.now = func() time.Time { return more().Expires } }, "I do not know this button"},
		{"of a later version", admin, "B1", offered(unknownVerb), "I do not know this button"},
		{"a command that is none", admin, "B2", offered(badCommand), "I do not know this button"},
		{"a command that extends nothing", admin, "B2", offered(noExtension), "I do not know this button"},
		{"store failing", admin, "B1", func(w *world) { w.inbox.find = func(context.Context) error { return errors.New("no store") } }, "I cannot write down"},
		{"run over, another began", admin, "B1", func(w *world) { w.scheduler.meetings[0] = nextRun }, "has already ended"},
		{"again, run over, another began", admin, "B2", func(w *world) { w.scheduler.meetings[0] = nextRun }, "has already ended"},
		{"meeting gone", admin, "B1", missingMeeting("MMC.111072006"), "has already ended"},
		{"service down", admin, "B1", func(w *world) { w.scheduler.findErr = outside }, "does not answer"},
		{"not the host", stranger, "B1", nil, "No such meeting, or not yours: 914083136"},
		{"not the host, under a prompt", stranger, "B1", func(w *world) {
			under := more()
			under.Prompt = 7
			offered(under)(w)
		}, "You may not extend meetings with me"},
		{"not listed", owner, "B1", func(w *world) { w.policy.HostsMayExtend = false }, "You may not"},
		{"excluded", owner, "B1", func(w *world) { w.policy.DeniedUsers = []string{owner} }, "excluded you"},
		{"guest", owner, "B1", changed(owner, func(p *access.Person) { p.Guest = true }), "guests"},
		{"another workspace", owner, "B1", changed(owner, func(p *access.Person) { p.TeamID = "T0OTHER" }), "workspace"},
		{"bot", owner, "B1", changed(owner, func(p *access.Person) { p.Bot = true }), "account"},
		{"deactivated", owner, "B1", changed(owner, func(p *access.Person) { p.Deleted = true }), "account"},
		{"person unknown", "U0NOBODY", "B1", nil, "could not"},
		{"group unknown", stranger, "B1", func(w *world) { w.policy.AllowedGroups = []string{"S0GROUP"} }, "could not"},
		{"channel unknown", stranger, "B1", func(w *world) {
			w.policy.AllowedChannels, w.people.channelErr = []string{"C0GENERAL"}, errors.New("missing_scope")
		}, "could not"},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t)
			both(offered(more(), again()), test.set)(w)
			w.build()
			reply := w.presses(test.user, test.value)
			if !strings.Contains(reply.Text, test.want) || reply.Replaces || reply.Tone == Done || reply.Next == "" {
				t.Errorf("%s %q, %q (replaces: %v), want %q", reply.Tone, reply.Text, reply.Next, reply.Replaces, test.want)
			}
			for _, fault := range lint(render(reply)) {
				t.Error(fault)
			}
			if len(w.scheduler.requests) != 0 {
				t.Errorf("asked for %+v", w.scheduler.requests)
			}
		})
	}
}

// Only what was done takes the place of the message with the button; otherwise the button stays, to be pressed again.
func TestWhatReplacesTheMessageWithTheButton(t *testing.T) {
	accepted := by(owner)
	accepted.State, accepted.Target = extension.Accepted, accepted.After.Add(15*time.Minute)
	for _, test := range []struct {
		name, value string
		set         func(*world)
		want        string
		replaces    bool
	}{
		{"done", "B1", nil, "Extended by 15", true},
		{"again, done", "B2", nil, "Extended by 30", true},
		{"by another", "B1", ends(extension.Result{Outcome: extension.Already, By: by(owner)}), "done already: <@U0OWNER> extended the meeting, which now ends <!date^1795181400^", true},
		{"by automation", "B1", ends(extension.Result{Outcome: extension.Already, By: by("")}), "done already: Overtime extended", true},
		{"accepted by another", "B1", ends(extension.Result{Outcome: extension.Already, By: accepted}), "accepted it", false},
		{"by another, under way", "B1", ends(extension.Result{Outcome: extension.Busy, By: by(owner)}), "<@U0OWNER> is extending", false},
		{"accepted", "B1", ends(extension.Result{Outcome: extension.DidAccept}), "accepted it", false},
		{"not known", "B1", ends(extension.Result{Outcome: extension.NotKnown}), "Not confirmed yet", false},
		{"end moved", "B1", ends(extension.Result{Outcome: extension.Moved}), "The end has changed meanwhile", false},
		{"ended meanwhile", "B1", ends(extension.Result{Outcome: extension.Ended}), "has already ended", false},
		{"void", "B1", ends(extension.Result{Outcome: extension.NoEffect, Extension: extension.Extension{State: extension.Void, Minutes: 15, Before: theMeeting().End}}), "did not take effect", false},
		{"refused", "B1", refuses(meeting.ErrLimitReached, 400, "MMC.111074003", "conf duration is over limit"), "", false},
		{"limit of the run", "B1", ends(limitedTo(extension.LimitRun, 10)), "10 minutes of 240 are left", false},
		{"limit of the day", "B1", ends(limitedTo(extension.LimitDaily, 0)), "You have already added all", false},
		{"too often", "B1", ends(limitedTo(extension.LimitPerson, 0)), "too quick", false},
		{"too many at once by now", "B1", ends(extension.Result{Outcome: extension.TooMany, Left: 10}), "the most is 10", false},
		{"not written", "B1", endsWith(extension.ErrNotWritten), "I cannot write down", false},
		{"broken", "B1", func(w *world) {
			w.scheduler.extend = func(context.Context, extension.Request) (extension.Result, error) { panic("broken") }
		}, "Something went wrong", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, both(offered(more(), again()), test.set), func(t *testing.T, w *world) {
				w.receives(clicked("click", admin, test.value))
				<-w.observed
				wantTexts(t, w.desk.texts(), test.want)
				got := w.desk.got[0]
				if replaces := got.Replaces != nil && *got.Replaces; replaces != test.replaces || got.ResponseType != "ephemeral" {
					t.Errorf("replaces the message: %v, want %v", replaces, test.replaces)
				}
				if _, there := w.inbox.actions[test.value]; !there {
					t.Error("the button does not work any more")
				}
			})
		})
	}
}

// A press that nobody may use works for one who may, and one that was refused works afterwards.
func TestButtonWorksAgainAfterARefusal(t *testing.T) {
	inBubble(t, both(offered(more()), refuses(meeting.ErrUnavailable, 503, "", "")), func(t *testing.T, w *world) {
		w.receives(clicked("first", owner, "B1"))
		<-w.observed
		w.scheduler.extend = nil
		w.receives(clicked("second", stranger, "B1"))
		<-w.observed
		w.receives(clicked("third", owner, "B1"))
		<-w.observed
		wantTexts(t, w.desk.texts(), "does not answer", "not yours", "Extended by 15")
	})
}

// The workspace of a click is that of who presses, or of where it was pressed.
func TestPressFromAnotherWorkspace(t *testing.T) {
	for _, payload := range []string{
		`{"user":{"id":"U0OWNER","team_id":"T0OTHER"},"team":{"id":"T0ACME"},`,
		`{"user":{"id":"U0OWNER"},"team":{"id":"T0OTHER"},`,
	} {
		inBubble(t, offered(more()), func(t *testing.T, w *world) {
			payload += `"response_url":"` + answerAt + `","actions":[{"value":"B1"}]}`
			w.receives(socket.Envelope{ID: "click", Type: "interactive", Payload: json.RawMessage(payload)})
			<-w.observed
			wantTexts(t, w.desk.texts(), "workspace")
			if len(w.scheduler.requests) != 0 {
				t.Error("it was extended")
			}
		})
	}
}

// A click is understood whatever else it holds, and what is no click of a button of ours does nothing.
func TestClicksAsSlackSendsThem(t *testing.T) {
	const known, unknown = "Extended by 15", "I do not know this button"
	for actions, want := range map[string]string{
		`[{"type":"button","value":"B1","text":{"type":"plain_text","text":"+15 min","emoji":true},"style":7,"action_ts":1.5}]`: known,
		`[{"value":"B1"},{"value":"B9"}]`:                                            known,
		`[{"value":"B1"}],"state":null,"message":[],"container":"x","api_app_id":5`:  known,
		`[{"value":"B1"}],"is_enterprise_install":"false","enterprise":17,"view":[]`: known,
		`[{"type":"static_select","selected_option":{"value":"B1"}}]`:                unknown,
		`[{"value":null}]`: unknown, `[{"value":1}]`: unknown, `[{"value":["B1"]}]`: unknown,
		`[null]`: unknown, `["B1"]`: unknown, `{"value":"B1"}`: unknown, `[]`: unknown, `null`: unknown,
		`[{"value":" B1"}]`: unknown, `[{"value":"b1"}]`: unknown, `[{"value":"B1' OR 1=1"}]`: unknown,
		`[{"value":"` + strings.Repeat("B1", 5000) + `"}]`: unknown,
	} {
		inBubble(t, offered(more()), func(t *testing.T, w *world) {
			payload := `{"type":"block_actions","user":{"id":"U0ADMIN","team_id":"T0ACME"},"team":{"id":"T0ACME"},"response_url":"` + answerAt + `","actions":` + actions + `}`
			w.receives(socket.Envelope{ID: "click", Type: "interactive", Payload: json.RawMessage(payload)})
			synctest.Wait()
			texts := w.desk.texts()
			if len(texts) != 1 || !strings.Contains(texts[0], want) {
				t.Errorf("%.80s: %q, want %q", actions, texts, want)
			}
		})
	}
}

// The button of a command says what the command said, also where that is no number.
func TestAgainOfACommand(t *testing.T) {
	for command, want := range map[string]int{"914083136 30m": 30, "914083136": 15, "914083136 max": 120, "914083136 until 15:00": 48} {
		action := again()
		action.Command = command
		w := newWorld(t)
		offered(action)(w)
		w.build()
		reply := w.presses(admin, "B2")
		if len(w.scheduler.requests) != 1 || w.scheduler.requests[0].Minutes != want || w.scheduler.requests[0].Key != "914083136@1795173120 until 1795180320" || reply.Tone != Done {
			t.Errorf("%s: %+v, %q", command, w.scheduler.requests, reply.Text)
		}
	}
}
