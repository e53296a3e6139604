package bot

import (
	"slices"
	"strings"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

const (
	cards  = "C0CARDS" // where what is beyond a limit is decided
	second = "U0SECOND"
)

// approving lets administrators be asked; two of them.
func approving(w *world) {
	w.approving = cards
	w.policy.AdminUsers = []string{admin, second}
	w.people.change(second, func(p *access.Person) {
		*p = ordinary(second, "second@acme.example", w.people.people[admin].Locale, "Europe/Berlin")
	})
}

// wants lets the owner ask for what is beyond a limit, and gives the card and the answer.
func (w *world) wants(user, command string) (card, answer heard) {
	w.t.Helper()
	refusal := w.asks(user, command)
	answer = w.presses(user, w.button(refusal, verbRequest))
	if all := w.poster.heardBy(cards); len(all) > 0 {
		card = all[len(all)-1]
	}
	return card, answer
}

// wanted is wants, and then something that somebody does.
func wanted(then func(w *world, card heard)) func(*world) {
	return func(w *world) {
		card, _ := w.wants(owner, "914083136 180")
		then(w, card)
	}
}

func pressedBy(user, verb string) func(*world, heard) {
	return func(w *world, card heard) { w.presses(user, w.button(card, verb)) }
}

func approvalScenes() []scene {
	scenes := []scene{
		{name: "approved", set: approving, play: wanted(pressedBy(admin, verbApprove))},
		{name: "denied", set: approving, play: wanted(pressedBy(admin, verbDeny))},
		{name: "approved, and the other presses too", set: approving, play: wanted(func(w *world, card heard) {
			pressedBy(admin, verbApprove)(w, card)
			pressedBy(second, verbDeny)(w, card)
		})},
		{name: "of one's own", set: approving, play: func(w *world) {
			card, _ := w.wants(admin, "914083136 180")
			pressedBy(admin, verbApprove)(w, card)
		}},
		{name: "by nobody who may", set: approving, play: wanted(pressedBy(owner, verbApprove))},
		{name: "asked for twice", set: approving, play: wanted(func(w *world, _ heard) { w.wants(owner, "914083136 180") })},
		{name: "beyond the limit of the run", set: both(approving, used(stranger, 220)), play: func(w *world) { w.wants(owner, "914083136 30") }},
		{name: "beyond the limit of a day", set: both(approving, usedElsewhere(owner, 300, 1)), play: func(w *world) { w.wants(owner, "914083136 30") }},
		{name: "before the next booking", set: both(approving, bookedNext(30*time.Minute)), play: wanted(pressedBy(admin, verbApprove))},
		{name: "to a channel where the bot may not post", set: both(approving, mayNotPost(cards)), play: func(w *world) { w.wants(owner, "914083136 180") }},
		{
			name: "while Slack is down", set: both(approving, func(w *world) { w.poster.fail(cards, slackSays("internal_error")) }),
			play: func(w *world) { w.wants(owner, "914083136 180"); time.Sleep(time.Minute) },
		},
		{name: "the limit was raised", set: approving, play: func(w *world) { w.presses(owner, w.requests(30, theMeeting().End)) }},
		{name: "the end moved before it was asked for", set: approving, play: func(w *world) {
			w.presses(owner, w.requests(180, theMeeting().End.Add(-time.Minute)))
		}},
		{name: "the end moves before the decision", set: approving, play: wanted(func(w *world, card heard) {
			w.asks(second, "914083136 15")
			pressedBy(admin, verbApprove)(w, card)
		})},
		{name: "the meeting ends before the decision", set: approving, play: wanted(func(w *world, card heard) {
			w.service.EndMeeting(theID)
			pressedBy(admin, verbApprove)(w, card)
		})},
		{name: "who asked has left", set: approving, play: wanted(func(w *world, card heard) {
			w.people.change(owner, func(p *access.Person) { p.Deleted = true })
			pressedBy(admin, verbApprove)(w, card)
		})},
		{name: "pressed while it is under way", set: approving, play: wanted(func(w *world, card heard) {
			_, _, err := w.store.Approvals.Decide(w.t.Context(), 1, store.Approved, actor(second), "", time.Minute)
			w.must(err)
			pressedBy(admin, verbApprove)(w, card)
		})},
	}
	return append(scenes, stageScenes()...)
}

// requests stores a button that asks for so many minutes, as a refusal did.
func (w *world) requests(minutes int, end time.Time) string {
	action := store.Action{
		ID: "request", Verb: verbRequest, Run: extension.RunOf(theMeeting()), MeetingID: theID, Minutes: minutes, OfferedEnd: end,
		Expires: end.Add(promptLife),
	}
	offered(action)(w)
	return action.ID
}

// stages are all that there is to say of an approval.
func stages() (all []store.Approval) {
	for state := range approvalStages {
		if state != string(store.Approved) {
			all = append(all, store.Approval{State: store.ApprovalState(state)})
		}
	}
	all = append(all, store.Approval{State: store.ApprovalAsked})
	for outcome := range approvalOutcomes {
		all = append(all, store.Approval{State: store.Approved, Outcome: outcome})
	}
	slices.SortFunc(all, func(a, b store.Approval) int { return strings.Compare(stageOf(a), stageOf(b)) })
	return all
}

// stageScenes show every stage on the card and to the one who asked, with and without a meeting that could be read, and with
// reasons as somebody malicious would give them.
func stageScenes() (scenes []scene) {
	for _, row := range stages() {
		for i, m := range []meeting.Meeting{theMeeting(), {ID: theID, People: -1}} {
			row := row
			row.ID, row.MeetingID, row.Run, row.End, row.Minutes = 7, theID, extension.RunOf(theMeeting()), theMeeting().End, 180-179*i
			row.Actor = actor(owner)
			row.Reason = []string{"", hostile + strings.Repeat("原因 & ", 100)}[i]
			if row.State == store.Approved || row.State == store.ApprovalDenied {
				row.By, row.Note = actor(admin), []string{"", hostile}[i]
			}
			name := "stage: " + stageOf(row) + []string{"", ", of a meeting that cannot be read"}[i]
			scenes = append(scenes, scene{name: name, set: approving, only: true, world: "approvals", play: func(w *world) {
				words := w.approvals.words(w.t.Context(), row, m)
				_, words.say = w.approvals.speaker.person(w.t.Context(), admin)
				posts := []Reply{words.card()}
				if row.State != store.ApprovalAsked {
					told, _ := w.approvals.told(w.t.Context(), row, m)
					posts = append(posts, told)
				}
				for at, reply := range posts {
					_, err := w.approvals.messenger.post(w.t.Context(), []string{cards, owner}[at], reply)
					w.must(err)
				}
			}})
		}
	}
	return scenes
}
