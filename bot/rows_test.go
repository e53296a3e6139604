package bot

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/meeting/meetingtest"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// choosing presses one after another of the controls of the last list or status.
func choosing(user, command string, elements ...string) func(*world) {
	return func(w *world) {
		shown := w.asks(user, command)
		for _, element := range elements {
			w.chooses(user, w.control(shown, element))
		}
	}
}

func listScenes() []scene {
	subject := func(int) string { return "Daily" }
	return []scene{
		{name: "list, pages", set: many(25, subject), play: func(w *world) {
			list := w.asks(admin, "list")
			last := w.turnsTo(admin, list, 3)
			w.chooses(admin, w.control(last, "page:2"))
		}},
		{name: "list, in a direct message", set: both(many(3, subject), hostedBy(owner), seesAll(owner)), play: typing("D0OWNER", owner, "list")},
		{name: "list all, in a direct message", play: typing("D0OWNER", owner, "list all")},
		{name: "list, of one who sees all, but hosts one", set: both(many(3, subject), hostedBy(owner), seesAll(owner)), play: func(w *world) {
			w.asks(owner, "list")
			w.asks(owner, "list all")
		}},
		{name: "list all, of one who does not see all", user: owner, command: "list all"},
		{name: "resume, more than fit", command: "resume", set: both(many(25, subject), allPaused, watchedEach)},
		{name: "row, twice", play: choosing(admin, "list", "extend:15", "extend:30")},
		{name: "row, watch and why", play: choosing(admin, "list", "watch", "why")},
		{name: "row, unwatch", set: ruledBy(owner), play: choosing(admin, "list", "unwatch")},
		{name: "status, extended", play: choosing(admin, "status 914083136", "extend:60")},
		{name: "status, little is left", set: used(owner, 233), play: choosing(admin, "status 914083136", "extend:7")},
		{name: "status, watched automatically", play: choosing(admin, "status 914083136", "watch:auto")},
	}
}

// watchedEach has a channel watch each meeting.
func watchedEach(w *world) {
	for _, m := range w.meetings {
		rule := theRule()
		rule.Of = m.ID
		_, err := w.store.Automation.PutRule(w.t.Context(), rule)
		w.must(err)
	}
}

// hostedBy makes somebody the host of the first meeting alone.
func hostedBy(user string) func(*world) {
	return func(w *world) {
		for i := range w.meetings[1:] {
			w.meetings[i+1].Host = meetingtest.Host{UUID: "somebody", Email: "somebody@acme.example", Name: "Somebody"}
		}
	}
}

func seesAll(user string) func(*world) {
	return func(w *world) { w.policy.AllowedUsers = append(w.policy.AllowedUsers, user) }
}

// One stored action serves all that is beside a meeting. Of what its action_id says only what it offers counts.
func TestRowsDoOnlyWhatTheyOffer(t *testing.T) {
	for element, want := range map[string]string{
		"extend:15": "Extended by 15", "extend:30": "Extended by 30", "extend:60:2": "Extended by 60", "watch": "ask", "why": "ends",
		"extend:45": "", "extend:0": "", "extend:-15": "", "extend:": "", "extend": "", "extend:15m": "", "extend:9999999999999999999": "",
		"unwatch": "", "keep": "", "stop": "", "pause": "", "row": "", "page:2": "", "": "", "offer:0": "", "more:15": "", "help": "",
	} {
		t.Run(element, func(t *testing.T) {
			inBubble(t, nil, func(t *testing.T, w *world) {
				for _, menu := range []bool{false, true} {
					row := w.control(w.asks(admin, "list"), "extend:15")
					row.element, row.menu = element, menu
					said := w.chooses(admin, row)
					stale := strings.Contains(said.text, "I no longer know this button")
					if stale != (want == "") || !strings.Contains(said.all(), want) || len(said.next) == 0 || said.replaces {
						t.Errorf("%v: %s", menu, said.shown())
					}
					if want == "" && len(w.effects()) > 0 {
						t.Errorf("the service added %v", w.effects())
					}
					if want != "" {
						return
					}
				}
			})
		})
	}
}

// longEnded ends the meeting, and waits until the list that all share no longer has it.
func longEnded(w *world) {
	w.service.EndMeeting(theID)
	time.Sleep(5 * time.Minute)
}

// A press is checked when it comes: the person's rights, the run, and its end.
func TestRowsThatDoNothing(t *testing.T) {
	for _, test := range []struct {
		name, user, element string
		after               func(*world) // after the list was shown
		want                string
	}{
		{"moved", admin, "extend:15", func(w *world) { w.service.SetEnd(theID, noon.Add(90*time.Minute)) }, "The end has changed"},
		{"ended", admin, "extend:15", func(w *world) { w.service.EndMeeting(theID) }, "has already ended"},
		{"long ended, its host", owner, "extend:15", longEnded, "it may have ended"},
		{"long ended, its host, why", owner, "why", longEnded, "it may have ended"},
		{"long ended, its host, watch", owner, "watch", longEnded, "it may have ended"},
		{"ended, why", admin, "why", func(w *world) { w.service.EndMeeting(theID) }, "Meeting 914083136 isn't running"},
		{"without rights", stranger, "extend:60", func(*world) {}, "isn't among your running meetings"},
		{"without rights, why", stranger, "why", func(*world) {}, "isn't among your running meetings"},
		{"without rights, watch", stranger, "watch", func(*world) {}, "isn't among your running meetings"},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, nil, func(t *testing.T, w *world) {
				pressed := w.control(w.asks(admin, "list"), test.element)
				test.after(w)
				said := w.chooses(test.user, pressed)
				if !strings.Contains(said.text, test.want) || len(said.next) == 0 || said.replaces || len(w.effects()) > 0 {
					t.Errorf("added %v: %s", w.effects(), said.shown())
				}
				if test.user == stranger && strings.Contains(said.all(), theMeeting().Subject) {
					t.Errorf("it tells a title: %s", said.shown())
				}
			})
		})
	}
}

// A button of last week is known no more, and says what to type.
func TestRowsOfLastWeek(t *testing.T) {
	row := store.Action{ID: "OLD", Verb: verbRow, MeetingID: theID, OfferedEnd: noon.Add(-7 * 24 * time.Hour), Expires: noon}
	page := store.Action{ID: "PAGE", Verb: verbPage, Command: "list", Expires: noon}
	inBubble(t, offered(row, page), func(t *testing.T, w *world) {
		for _, pressed := range []heardButton{{"+15", "OLD", "extend:15", false}, {"Why", "OLD", "why", true}, {"Next", "PAGE", "page:2", false}} {
			said := w.chooses(admin, pressed)
			if !strings.Contains(said.text, "I no longer know this button") || !strings.Contains(said.small(), "/extend list") || len(w.effects()) > 0 {
				t.Error(said.shown())
			}
		}
	})
}

// All that press beside a meeting in their lists, whatever they choose, make one wish for its end.
func TestRowsOfAllListsAreOneWish(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, w *world) {
		first, second := w.asks(admin, "list"), w.asks(owner, "list")
		status := w.asks(admin, "status 914083136")
		w.chooses(admin, w.control(first, "extend:15"))
		for _, again := range []heard{w.chooses(owner, w.control(second, "extend:60")), w.chooses(admin, w.control(status, "extend:30"))} {
			if !strings.Contains(again.text, "Already done") || len(again.buttons) != 3 {
				t.Error(again.shown())
			}
		}
		if !slices.Equal(w.effects(), []int{15}) {
			t.Errorf("the service added %v", w.effects())
		}
	})
}

// An old list turns its pages as things are now, and never beyond the last.
func TestPagesOfAnOldList(t *testing.T) {
	inBubble(t, many(25, func(int) string { return "Daily" }), func(t *testing.T, w *world) {
		list := w.asks(admin, "list")
		for i := 1; i < 25; i++ {
			w.service.EndMeeting(w.meetings[i].ID)
		}
		time.Sleep(time.Minute / 2)
		for _, element := range []string{"page:2", "page:999", "page:-1", "page:x", "page"} {
			turning := list.buttons[0]
			turning.element = element
			if said := w.chooses(admin, turning); len(said.items) != 1 || !said.replaces || len(said.buttons) != 0 {
				t.Errorf("%s: %s", element, said.shown())
			}
		}
	})
}

// A list stores one action for each of its meetings, and one for its pages.
func TestAListStoresOneActionForEachMeeting(t *testing.T) {
	inBubble(t, many(25, func(int) string { return "Daily" }), func(t *testing.T, w *world) {
		rows := map[string]bool{}
		for _, control := range w.asks(admin, "list").controls() {
			rows[control.id] = true
		}
		if len(rows) != pageSize+1 || w.faults.count("PutActions") != 1 {
			t.Errorf("%d actions in %d writes", len(rows), w.faults.count("PutActions"))
		}
	})
}

// Buttons under messages of the version before, which were called by their place, do what their stored actions say.
func TestButtonsOfTheVersionBefore(t *testing.T) {
	typed := more()
	typed.Verb, typed.Minutes, typed.Command = verbTyped, 0, "watch 914083136 ask"
	extend := more()
	extend.Verb = verbExtend
	for name, action := range map[string]store.Action{"more": more(), "extend": extend, "again": again(), "typed": typed, "ask again": {ID: "B3", Verb: verbAskAgain, Expires: theMeeting().End}, "quiet": {ID: "B4", Verb: verbQuiet, Expires: theMeeting().End}} {
		for _, element := range []string{"offer:0", "offer:5", "extend:60", "page:2", ""} {
			t.Run(name+" "+element, func(t *testing.T) {
				inBubble(t, offered(action), func(t *testing.T, w *world) {
					said := w.chooses(admin, heardButton{"old", action.ID, element, false})
					if strings.Contains(said.text, "I no longer know this button") || said.tone != Done && said.tone != Telling {
						t.Error(said.shown())
					}
					if added := w.effects(); len(added) > 0 && added[0] == 60 {
						t.Errorf("the action_id counted: %v", added)
					}
				})
			})
		}
	}
}
