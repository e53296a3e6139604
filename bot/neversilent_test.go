package bot

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/bot/socket"
	"github.com/overtime-bot/overtime/meeting/meetingtest"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// faultsOfAllKinds are all that may go wrong around the bot, one at a time.
func faultsOfAllKinds() map[string]func(*world) {
	broken := errors.New("broken")
	return map[string]func(*world){
		"nothing":              nil,
		"store":                fault(failing(broken), "StoreEnvelope"),
		"note of the answer":   fault(failing(broken), "AnswerEnvelopes"),
		"people":               func(w *world) { w.people.err = broken },
		"groups":               func(w *world) { w.policy.AllowedGroups = []string{"S0GROUP"} },
		"channel":              func(w *world) { w.policy.AllowedChannels = []string{general}; w.people.channelErr = broken },
		"hosts":                fault(failing(broken), "Accounts", "Host"),
		"booked":               both(gone, fault(failing(broken), "Booked")),
		"reads":                fault(failing(broken), "Find", "Look", "Listed"),
		"service":              serviceDown,
		"extension":            fault(failing(fmt.Errorf("reading the end of the meeting: %w", broken)), "Extend"),
		"extension refused":    refuses(400, "MMC.111074003", ""),
		"password refused":     func(w *world) { w.fails(meetingtest.OpControlToken, 503) },
		"moved by others":      settledMeanwhile(extension.Refused),
		"outcome not written":  fault(failing(broken), "Move"),
		"extension, no result": func(w *world) { w.results = func(r *extension.Result) { *r = extension.Result{} } },
		"refused for no reason": func(w *world) {
			w.results = func(r *extension.Result) { r.Outcome, r.Err = extension.DidRefuse, nil }
		},
		"not written":           notWritten,
		"panic":                 botBreaks,
		"limits":                fault(failing(broken), "Added"),
		"response_url":          func(w *world) { w.desk = newSlackDesk(says(410, "")) },
		"response_url, slow":    func(w *world) { w.desk = newSlackDesk(hangs) },
		"direct message":        func(w *world) { w.poster.err = broken },
		"slow extension":        takes(time.Hour),
		"answers lost":          losesAnswers(true),
		"new ends not shown":    lags(time.Hour),
		"rules":                 rulesFail,
		"explanation":           fault(failing(broken), "Why"),
		"answers":               fault(failing(broken), "Answer"),
		"edits":                 fault(failing(broken), "FollowNow"),
		"prompt not posted yet": func(w *world) { w.promptState = scheduler.PromptPosting },
		"buttons":               fault(failing(broken), "Action"),
		"posting":               func(w *world) { w.poster.fail(general, broken, broken, broken, broken) },
		"posting refused":       mayNotPost(general),
	}
}

// Never silent: every command and every button, whatever fails, is answered: at its response_url, by a direct message, or
// by the prompt. So is every other way in.
func TestNeverSilent(t *testing.T) {
	var commands []string
	built(t, nil, func(_ *testing.T, w *world) {
		for _, command := range w.inbox.desk.(*Desk).table.commands {
			commands = append(commands, grammar.ExampleOf(command.verb, "").String(), string(command.verb))
		}
	})
	commands = append(commands, "", "914083136 max", "914083136 until 15:00", "914083136 1.5", "frobnicate", "watch 1", hostile)
	slices.Sort(commands)
	commands = slices.Compact(commands)
	kinds := faultsOfAllKinds()
	for i, name := range slices.Sorted(maps.Keys(kinds)) {
		set := kinds[name]
		if testing.Short() && i%6 > 0 {
			continue
		}
		for _, user := range []string{admin, owner, stranger} {
			inBubble(t, set, func(t *testing.T, w *world) {
				var later []string // that are over when they are settled
				received := 0
				hears := func(what string, does func()) {
					before := w.heardOf(user)
					if what != "their Home" { // where nothing is asked
						received++
					}
					said := len(w.over())
					does()
					<-w.observed
					if len(w.over()) == said {
						later = append(later, what)
					}
					if w.heardOf(user) == before {
						t.Errorf("%s: no answer to %s of %s\n%s", name, user, what, w.log)
					}
				}
				for i, command := range commands {
					hears(fmt.Sprintf("%q", command), func() { w.receives(typed(fmt.Sprint("e", i), user, command)) })
				}
				for _, button := range w.everyButton() {
					hears("the button "+button.Verb, func() { w.receives(clicked("click "+button.ID, user, button.ID)) })
				}
				ways := waysIn(user)
				if name == "direct message" { // nobody takes their answers: away_test.go waits for Slack
					ways = nil
				}
				for what, envelope := range ways {
					hears(what, func() { w.receives(envelope) })
				}
				time.Sleep(15 * time.Minute) // by then, what is in doubt is settled, and what was not delivered is taken over
				if name == "outcome not written" && user != stranger {
					received-- // the one extension: as long as nothing can be written, nothing is over
				}
				if over := w.over(extension.HowTyped, extension.HowButton, extension.HowHandedOver); len(over) != received {
					t.Errorf("%s as %s: %d of %d were over; not at once: %q", name, user, len(over), received, later)
				}
				for _, line := range w.script.lines() {
					for _, fault := range lintHeard(line.heard) {
						t.Errorf("%s: %s %q: %s", name, line.what, line.whole, fault)
					}
				}
			})
		}
	}
}

// everyButton is one of each kind, under a prompt where it can be under one: each under its own, for none has been
// answered.
func (w *world) everyButton() []store.Action {
	var buttons []store.Action
	verbs := append(slices.Sorted(maps.Keys(w.inbox.desk.(*Desk).table.buttons)), "of a later version")
	for i, verb := range verbs {
		occasion := asked()
		occasion.Prompt.End = occasion.Prompt.End.Add(time.Duration(i) * time.Minute) // one for each end
		prompt, _, err := w.store.Prompts.ClaimPrompt(w.t.Context(), occasion.Prompt)
		w.must(err)
		if w.promptState != scheduler.PromptPosting {
			w.must(w.store.Prompts.MovePrompt(w.t.Context(), prompt.ID, scheduler.PromptPosted, scheduler.Posted{
				Channel: theChannel, Timestamp: fmt.Sprint("9.", i), Reader: scheduler.Reader{ID: theChannel},
			}))
		}
		button := under(verb, prompt.ID)
		button.ID, button.Command = "button "+verb, cmp.Or(commandsOfButtons[verb], "watch 914083136 auto")
		if end, running := w.service.End(theID); running {
			button.OfferedEnd, button.Expires = end, end.Add(promptLife)
		}
		buttons = append(buttons, button)
	}
	offered(buttons...)(w)
	return buttons
}

// commandsOfButtons are the commands in the stored rows of those buttons that need one of their own.
var commandsOfButtons = map[string]string{
	verbAgain: "914083136 until 17:30", verbPage: "list", verbTurn: "history", verbRequest: "914083136 180", verbApprove: "1", verbDeny: "1",
}

// waysIn are envelopes of one person by which something is asked that is neither typed as a command nor pressed.
func waysIn(user string) map[string]socket.Envelope {
	view := map[string]any{"id": "V1", "callback_id": "extend", "private_metadata": "nobody's", "state": map[string]any{"values": map[string]any{}}}
	return map[string]socket.Envelope{
		"a mention":                     mentioning("mention", user, "<@U0BOT> extend 914083136 5", ""),
		"a mention in a thread":         mentioning("threaded", user, "<@U0BOT> status 914083136", "1700000000.000100"),
		"a mention without words":       mentioning("greeting", user, "<@U0BOT>", ""),
		"their Home":                    opensHome("home", user, "home"),
		"a press in their Home":         pressedAtHome("press", user, "extend:15", "button row"),
		"a direct message":              wrote("direct", user, "extend 914083136 5"),
		"the dialog":                    dialogCommand("dialog", user),
		"the shortcut":                  interactiveOf("shortcut", user, "shortcut", map[string]any{"callback_id": "extend_meeting"}),
		"the shortcut of a message":     interactiveOf("message", user, "message_action", map[string]any{"callback_id": "extend_from_message", "message": map[string]string{"text": "join 914083136"}}),
		"a dialog that nobody knows of": interactiveOf("submission", user, typeSubmission, map[string]any{"view": view}),
	}
}

// heardOf counts what a person could read: answers, direct messages, and prompts that say what they did.
func (w *world) heardOf(user string) int {
	heard := len(w.desk.texts()) + len(w.poster.heardBy(user)) + len(w.poster.edited()) + len(w.poster.shownTo(user))
	return heard + len(w.modals.opened) + len(w.modals.updated) + len(w.poster.homesOf(user))
}
