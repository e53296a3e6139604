package grammar

import (
	"cmp"
	"strings"
)

// Verb is what a command asks for.
type Verb string

// The verbs. Those that take a meeting name it before or after them; see Parse.
const (
	VerbDialog  Verb = "" // nothing was typed
	VerbExtend  Verb = "extend"
	VerbList    Verb = "list"
	VerbStatus  Verb = "status"
	VerbHelp    Verb = "help"
	VerbAuto    Verb = "auto"
	VerbHistory Verb = "history"
	VerbWhy     Verb = "why"
	VerbWatch   Verb = "watch"
	VerbUnwatch Verb = "unwatch"
	VerbPause   Verb = "pause"
	VerbResume  Verb = "resume"
)

// exampleMeeting is the number of the meeting in the examples.
const exampleMeeting = "914083136"

var examples = map[Verb]string{
	VerbExtend:  exampleMeeting + " 30",
	VerbList:    "list",
	VerbStatus:  "status " + exampleMeeting,
	VerbWhy:     "why " + exampleMeeting,
	VerbWatch:   "watch " + exampleMeeting + " ask",
	VerbUnwatch: "unwatch " + exampleMeeting,
	VerbPause:   "pause",
	VerbResume:  "resume",
	VerbHelp:    "help",
}

// ExampleOf is an example of a verb for the meeting that was named, if any was. A verb without one of its own gets that of extend.
func ExampleOf(verb Verb, meeting string) string {
	example := cmp.Or(examples[verb], examples[VerbExtend])
	return strings.ReplaceAll(example, exampleMeeting, cmp.Or(meeting, exampleMeeting))
}
