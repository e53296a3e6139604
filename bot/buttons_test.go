package bot

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/bot/socket"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/meeting/meetingtest"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// theOffer is the key of all wishes for theMeeting's end.
const theOffer = "914083136@1795173120 until 1795180320"

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
	for _, minutes := range []int{15, 30, 60, 0, -15, 14, 45, 120} {
		action := more()
		action.Minutes = minutes
		inBubble(t, offered(action), func(t *testing.T, w *world) {
			said := w.presses(admin, "B1")
			if known := slices.Contains(offeredSteps, minutes); known != (said.tone == Done) || known != slices.Equal(w.effects(), []int{minutes}) {
				t.Errorf("%d minutes: %q", minutes, said.text)
			}
		})
	}
}

func TestPressExtends(t *testing.T) {
	inBubble(t, offered(more()), func(t *testing.T, w *world) {
		said := w.presses(admin, "B1")
		wantTexts(t, []string{said.text}, "Extended by 15 minutes")
		want := extension.Request{
			Key: theOffer, Envelope: "envelope-1", Origin: extension.FromButton, Actor: actor(admin), Minutes: 15, OfferedEnd: theMeeting().End,
		}
		requests := w.asked.list()
		if len(requests) != 1 || requests[0].Meeting.ID != theID {
			t.Fatalf("asked for %+v", requests)
		}
		requests[0].Meeting, requests[0].Holder = meeting.Meeting{}, ""
		if requests[0] != want {
			t.Errorf("asked for %+v, want %+v", requests[0], want)
		}
		if len(said.buttons) != 3 || !slices.Equal(w.effects(), []int{15}) {
			t.Errorf("%d further buttons, the service added %v", len(said.buttons), w.effects())
		}
	})
}

// Buttons that were offered for one run and end are one wish, no matter who presses which.
func TestPressesOfOneOfferHaveOneKey(t *testing.T) {
	half, later, other := more(), more(), more()
	half.ID, half.Minutes = "half", 30
	later.ID, later.OfferedEnd = "later", more().OfferedEnd.Add(15*time.Minute)
	other.ID, other.Run = "other", ""
	inBubble(t, offered(more(), half, later, other, again()), func(t *testing.T, w *world) {
		keys := map[string]int{}
		for _, press := range [][2]string{{admin, "B1"}, {owner, "B1"}, {admin, "half"}, {admin, "later"}, {admin, "other"}, {admin, "B2"}, {owner, "B2"}} {
			w.presses(press[0], press[1])
		}
		for _, request := range w.asked.list() {
			keys[request.Key]++
		}
		if len(w.wished()) != 7 || len(keys) != 3 || keys[theOffer] != 5 {
			t.Errorf("keys: %v", keys)
		}
		if !slices.Equal(w.effects(), []int{15, 15}) { // of theOffer, and of the one for the end that it made
			t.Errorf("the service added %v", w.effects())
		}
	})
}

func TestPressThatDoesNothing(t *testing.T) {
	with := func(change func(*store.Action)) func(*world) {
		return func(w *world) {
			for _, action := range []store.Action{more(), again()} {
				action.ID = "other " + action.ID
				change(&action)
				offered(action)(w)
			}
		}
	}
	began := meets(func(m *meetingtest.Meeting) { m.Start = noon.Add(-time.Minute) })
	for _, test := range []struct {
		name, user, value string
		set               func(*world)
		want              string
	}{
		{"unknown", admin, "B9", nil, "I no longer know this button"},
		{"no value", admin, "", nil, "I no longer know this button"},
		{"forged", admin, "914083136:15", nil, "I no longer know this button"},
		{"expired", admin, "other B1", with(func(a *store.Action) { a.Expires = noon }), "I no longer know this button"},
		{"of a later version", admin, "other B1", with(func(a *store.Action) { a.Verb = "of tomorrow" }), "I no longer know this button"},
		{"a command that is none", admin, "other B2", with(func(a *store.Action) { a.Command = "914083136 frobnicate" }), "I no longer know this button"},
		{"a command that extends nothing", admin, "other B2", with(func(a *store.Action) { a.Command = "list" }), "I no longer know this button"},
		{"store failing", admin, "B1", fault(failing(errTrouble), "Action"), "I can't save requests"},
		{"run over, another began", admin, "B1", began, "has already ended"},
		{"again, run over, another began", admin, "B2", began, "has already ended"},
		{"meeting gone", admin, "B1", hasEnded, "has already ended"},
		{"service down", admin, "B1", serviceDown, "isn't answering"},
		{"not the host", stranger, "B1", nil, "isn't among your running meetings"},
		{"not the host, under a prompt", stranger, "other B1", with(func(a *store.Action) { a.Prompt = 7 }), "You can't extend meetings with me"},
		{"not listed", owner, "B1", func(w *world) { w.policy.HostsMayExtend = false }, "You can't"},
		{"excluded", owner, "B1", func(w *world) { w.policy.DeniedUsers = []string{owner} }, "excluded you"},
		{"guest", owner, "B1", changed(owner, func(p *access.Person) { p.Guest = true }), "guests"},
		{"another workspace", owner, "B1", changed(owner, func(p *access.Person) { p.TeamID = "T0OTHER" }), "workspace"},
		{"bot", owner, "B1", changed(owner, func(p *access.Person) { p.Bot = true }), "account"},
		{"deactivated", owner, "B1", changed(owner, func(p *access.Person) { p.Deleted = true }), "account"},
		{"person unknown", nobody, "B1", nil, "couldn't"},
		{"group unknown", stranger, "B1", func(w *world) { w.policy.AllowedGroups = []string{"S0GROUP"} }, "couldn't"},
		{"channel unknown", stranger, "B1", func(w *world) {
			w.policy.AllowedChannels, w.people.channelErr = []string{general}, errors.New("missing_scope")
		}, "couldn't"},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, both(offered(more(), again()), test.set), func(t *testing.T, w *world) {
				said := w.presses(test.user, test.value)
				if !strings.Contains(said.text, test.want) || said.replaces || said.tone == Done || len(said.next) == 0 {
					t.Errorf("%s %q, %q (replaces: %v), want %q", said.tone, said.text, said.next, said.replaces, test.want)
				}
				for _, fault := range lintHeard(said) {
					t.Error(fault)
				}
				if len(w.wished())+len(w.effects()) != 0 {
					t.Errorf("asked for %+v", w.wished())
				}
			})
		})
	}
}

// Only what was done takes the place of the message with the button; otherwise the button stays, to be pressed again.
func TestWhatReplacesTheMessageWithTheButton(t *testing.T) {
	for _, test := range []struct {
		name, value string
		set         func(*world)
		want        string
		replaces    bool
	}{
		{"done", "B1", nil, "Extended by 15", true},
		{"again, done", "B2", nil, "Extended by 30", true},
		{"by another", "B1", doneBefore(theOffer, owner, extension.Confirmed), "Already done: <@U0OWNER> extended *Weekly product sync*, which now ends at <!date^1795181400^", true},
		{"by automation", "B1", doneBefore(theOffer, "", extension.Confirmed), "Already done: Overtime extended", true},
		{"accepted by another", "B1", func(w *world) {
			w.stored(extension.Extension{Key: theOffer, Actor: actor(owner), Minutes: 15}, extension.Accepted)
		}, "accepted it", false},
		{"by another, under way", "B1", taken(owner), "<@U0OWNER> is extending", false},
		{"accepted", "B1", lags(time.Hour), "accepted it", false},
		{"not known", "B1", losesAnswers(false), "Not confirmed yet", false},
		{"end moved", "B1", meets(func(m *meetingtest.Meeting) { m.End = noon.Add(90 * time.Minute) }), "The end has changed in the meantime", false},
		{"ended meanwhile", "B1", whileClaiming(func(w *world) { w.service.EndMeeting(theID) }), "has already ended", false},
		{"void", "B1", settledMeanwhile(extension.Void), "did not take effect", false},
		{"refused", "B1", refuses(400, "MMC.111074003", "conf duration is over limit"), "The meeting service refused", false},
		{"limit of the run", "B1", used(owner, 230), "can only get 10 more minutes (limit: 240)", false},
		{"limit of the day", "B1", usedElsewhere(admin, 300, 1), "You've already used all", false},
		{"too often", "B1", usedElsewhere(admin, 10, 10), "too fast", false},
		{"too many at once by now", "B1", func(w *world) { w.most = 10 }, "the limit is 10", false},
		{"not written", "B1", notWritten, "I can't save requests", false},
		{"broken", "B1", botBreaks, "Something went wrong", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, both(offered(more(), again()), test.set), func(t *testing.T, w *world) {
				said := w.presses(admin, test.value)
				wantTexts(t, []string{said.text}, test.want)
				if said.replaces != test.replaces || !said.private {
					t.Errorf("replaces the message: %v, want %v", said.replaces, test.replaces)
				}
				if _, err := w.store.Inbox.Action(t.Context(), test.value); err != nil {
					t.Errorf("the button does not work any more: %v", err)
				}
			})
		})
	}
}

// A press that nobody may use works for one who may, and one that was refused works afterwards.
func TestButtonWorksAgainAfterARefusal(t *testing.T) {
	inBubble(t, both(offered(more()), func(w *world) { w.fails(meetingtest.OpControlToken, 503) }), func(t *testing.T, w *world) {
		texts := []string{w.presses(owner, "B1").text}
		w.service.ClearFaults()
		texts = append(texts, w.presses(stranger, "B1").text, w.presses(owner, "B1").text)
		wantTexts(t, texts, "isn't answering", "among your running meetings", "Extended by 15")
	})
}

// The workspace of a click is that of the person, or of where it was pressed.
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
			if len(w.wished()) != 0 {
				t.Error("it was extended")
			}
		})
	}
}

// A click is understood whatever else it holds, and what is no click of a button of ours does nothing.
func TestClicksAsSlackSendsThem(t *testing.T) {
	const known, unknown = "Extended by 15", "I no longer know this button"
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
		inBubble(t, offered(action), func(t *testing.T, w *world) {
			said := w.presses(admin, "B2")
			requests := w.asked.list()
			if len(requests) != 1 || requests[0].Minutes != want || requests[0].Key != theOffer || said.tone != Done || !slices.Equal(w.effects(), []int{want}) {
				t.Errorf("%s: %+v, %q", command, requests, said.text)
			}
		})
	}
}
