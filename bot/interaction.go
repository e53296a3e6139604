package bot

import (
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// interaction is one command or press of one person, understood.
type interaction struct {
	from      sender
	team      string // our workspace
	person    access.Person
	say       i18n.Printer
	zone      *time.Location // of the person; nil if it is not known
	now       time.Time      // when the answer was begun
	command   grammar.Command
	action    *store.Action // of a button; nil for what was typed
	subject   access.Subject
	verdict   access.Verdict // without regard to a host
	submitted *submission    // of the dialog; nil for what was typed or pressed
	sight     access.Sight   // what the person may know of the meeting that was found
}

// typed is a command as the person would type it, for sentences that say what to type.
func (in interaction) typed(rest string) string { return commandText(in.from.Command, rest) }

// reply says what happened, and what to do next: two sentences with the same data. An empty next is none.
func (in interaction) reply(tone Tone, text, next i18n.Key, data i18n.Data) Reply {
	reply := Reply{Tone: tone, Text: in.say.Say(text, data), Why: text}
	if next != "" {
		reply.Next = in.say.Say(next, data)
	}
	return reply
}

// named is the name of a meeting as the person may know it.
func (in interaction) named(m meeting.Meeting) string { return headingOf(in.sight, m).Name }

// date shows a moment to the person.
func (in interaction) date(at time.Time) string { return dateToken(at, in.zone, in.now) }

// day shows a moment with its day, where that is another day than today on the person's clock.
func (in interaction) day(at time.Time) string { return timeOfDayToken(at, in.zone, in.now) }

// actor is who acts.
func (in interaction) actor() extension.Actor { return actorOf(in.team, in.person.Key()) }

// is says whether they are the one who did something, by whichever of their IDs.
func (in interaction) is(actor extension.Actor) bool {
	return actor.Team == in.team && in.person.Is(actor.User)
}

// actorOf is the key of a person's budgets, rules and wishes. It stands whatever Slack tells of the person, and wherever
// they act: the workspace in it is always ours.
func actorOf(team, user string) extension.Actor { return extension.Actor{Team: team, User: user} }
