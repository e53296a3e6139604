package grammar

import (
	"slices"
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
	Meeting string // digits; empty where it is named by its title, or not at all
	Title   string // words with a space between; what nobody named by its number may be called
	Amount  Amount // of VerbExtend; of VerbAuto, VerbWatch and VerbWhy the default or ForMinutes
	From    string // of VerbHistory: a date, as 2026-11-27; empty where none is given
	HelpOn  string // of VerbHelp: the verb that help is about, as "extend"
	All     bool   // of VerbList: every meeting that the person may see

	// Of VerbWatch.
	Mode    scheduler.Mode // ModeAsk or ModeAuto
	Maximum int            // minutes in all; 0 = not given
}

// wholeID is how many digits make a word an ID, and never a part of one.
const wholeID = 9

// Instead is what to type in the place of a command that is not carried out.
func (c Command) Instead() Command {
	return Command{Verb: VerbHelp}
}

// Unnamed says that the command is about a meeting that it does not name.
func (c Command) Unnamed() bool { return c.Meeting == "" && c.Title == "" }

// Of is the command for a meeting, by its number.
func (c Command) Of(meeting string) Command {
	c.Meeting, c.Title = meeting, ""
	return c
}

// By is the command that extends the same meeting by so many minutes.
func (c Command) By(minutes int) Command {
	return Command{Verb: VerbExtend, Meeting: c.Meeting, Title: c.Title, Amount: Amount{Kind: ForMinutes, Count: minutes}}
}

// String is the canonical form: what to type after the command's name. Parse reads it back as the same Command.
func (c Command) String() string {
	named, amount := c.Meeting, c.Amount.String()
	if c.Title != "" {
		named = quote + c.Title + quote
	}
	if c.Amount.Kind == ForMinutes && c.Verb != VerbWatch && c.couldBeID() {
		amount += "m"
	}
	verb, maximum, from := string(c.Verb), "", ""
	switch c.Verb {
	case VerbExtend:
		if verb = ""; named == "" && amount == "" {
			return string(VerbExtend)
		}
	case VerbList:
		if c.All {
			return verb + " " + allWords[0]
		}
	case VerbAuto:
		if named != "" {
			return strings.TrimSpace(named + " " + verb + " " + amount)
		}
	case VerbWatch:
		if c.Maximum > 0 {
			maximum = "max " + strconv.Itoa(c.Maximum)
		}
	}
	if c.From != "" {
		from = "from " + c.From
	}
	words := []string{verb, named, string(c.Mode), amount, maximum, from, c.HelpOn}
	words = slices.DeleteFunc(words, func(word string) bool { return word == "" })
	return strings.Join(words, " ")
}

// couldBeID says that a bare number of minutes could be read as an ID, or as the rest of one that is so short.
func (c Command) couldBeID() bool {
	if c.Meeting != "" {
		return len(c.Meeting) < wholeID
	}
	return c.Amount.Count >= 1000
}
