package grammar

import (
	"strconv"
	"strings"

	"github.com/overtime-bot/overtime/scheduler"
)

// Verb is what a command asks for.
type Verb string

// The verbs. vocabulary.go has their words and examples.
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

// Command is what was typed, understood.
type Command struct {
	Verb    Verb
	Meeting string // digits; empty where the verb takes none
	Amount  Amount // of VerbExtend; of VerbWatch and VerbWhy the default or ForMinutes
	HelpOn  string // of VerbHelp: the verb that help is about, as "extend"

	// Of VerbWatch.
	Mode    scheduler.Mode // ModeAsk or ModeAuto
	Maximum int            // minutes in all; 0 = not given
}

// wholeID is how many digits make a word an ID, and never a part of one.
const wholeID = 9

// Instead is what does the same as a command that is not carried out, or what tells what can be done.
func (c Command) Instead() Command {
	if c.Verb == VerbAuto && c.Meeting != "" {
		return Command{Verb: VerbWatch, Meeting: c.Meeting, Mode: scheduler.ModeAuto}
	}
	return Command{Verb: VerbHelp}
}

// String is the canonical form: what to type after the command's name. Parse reads it back as the same Command.
func (c Command) String() string {
	amount := c.Amount.String()
	if c.Amount.Kind == ForMinutes && c.Verb != VerbWatch && len(c.Meeting) < wholeID {
		amount += "m" // a bare number could be the rest of so short an ID
	}
	verb, maximum := string(c.Verb), ""
	switch c.Verb {
	case VerbExtend:
		verb = ""
	case VerbAuto:
		return strings.TrimSpace(c.Meeting + " " + verb)
	case VerbWatch:
		if c.Maximum > 0 {
			maximum = "max " + strconv.Itoa(c.Maximum)
		}
	}
	words := []string{verb, c.Meeting, string(c.Mode), amount, maximum, c.HelpOn}
	return strings.Join(strings.Fields(strings.Join(words, " ")), " ")
}
