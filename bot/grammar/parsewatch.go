package grammar

import (
	"slices"
	"strconv"
	"strings"

	"github.com/overtime-bot/overtime/scheduler"
)

// parseWatch reads what follows the meeting: ask|auto [minutes] [max <minutes>].
func parseWatch(words []string) (Command, error) {
	mode := modeOf(words)
	if mode == "" {
		return Command{}, noMode(words)
	}
	request := Command{Verb: VerbWatch, Mode: mode}
	minutes, most, hasMost := cutAtMax(words[1:])
	if len(minutes) > 0 {
		count, err := parseMinutes(minutes)
		if err != nil {
			return Command{}, withWatch(err)
		}
		request.Amount = Amount{Kind: ForMinutes, Count: count}
	}
	if !hasMost {
		return request, nil
	}
	if len(most) == 0 {
		request.Maximum = exampleMaximum
		return Command{}, problem(NoMaximumGiven, "", request.watchText())
	}
	count, err := parseMinutes(most)
	request.Maximum = count
	return request.unless(withWatch(err))
}

// exampleMaximum is the number of minutes that a suggestion puts where one is missing.
const exampleMaximum = 60

// modeOf is the mode that the words begin with; empty where they begin with none.
func modeOf(words []string) scheduler.Mode {
	if len(words) == 0 {
		return ""
	}
	switch meaningOf(words[0]) {
	case meaningAsk:
		return scheduler.ModeAsk
	case meaning(VerbAuto):
		return scheduler.ModeAuto
	}
	return ""
}

// noMode suggests both modes, with what else was given where that can be read.
func noMode(words []string) error {
	ask, auto := Command{Verb: VerbWatch, Mode: scheduler.ModeAsk}, Command{Verb: VerbWatch, Mode: scheduler.ModeAuto}
	if with, err := parseWatch(append([]string{string(VerbAuto)}, words...)); len(words) > 0 && err == nil {
		ask.Amount, ask.Maximum = with.Amount, with.Maximum
		auto.Amount, auto.Maximum = with.Amount, with.Maximum
	}
	return problem(NoMode, strings.Join(words, " "), ask.watchText(), auto.watchText())
}

// cutAtMax takes the words apart at the first that means max; a word that says nothing is dropped before numbers.
func cutAtMax(words []string) (before, after []string, found bool) {
	at := slices.IndexFunc(words, func(word string) bool { return meaningOf(word) == meaningMax })
	if at < 0 {
		return withoutFor(words), nil, false
	}
	return withoutFor(words[:at]), withoutFor(words[at+1:]), true
}

func withoutFor(words []string) []string {
	if len(words) > 1 && meaningOf(words[0]) == meaningFor {
		return words[1:]
	}
	return words
}

// withWatch keeps the suggestions of an error that are to be typed after watch: none, for they are about extending.
func withWatch(err error) error {
	if parse, ok := err.(*ParseError); ok {
		parse.Suggestions = nil
	}
	return err
}

// parseWhy reads what follows the meeting: a number of minutes, or nothing.
func parseWhy(words []string) (Command, error) {
	request := Command{Verb: VerbWhy}
	if words = withoutFor(words); len(words) == 0 {
		return request, nil
	}
	count, err := parseMinutes(words)
	request.Amount = Amount{Kind: ForMinutes, Count: count}
	return request.unless(withWatch(err))
}

// watchText is the canonical form of VerbWatch, also without its meeting.
func (r Command) watchText() string {
	words := []string{string(VerbWatch), r.Meeting, string(r.Mode), r.Amount.String()}
	if r.Maximum > 0 {
		words = append(words, "max", strconv.Itoa(r.Maximum))
	}
	words = slices.DeleteFunc(words, func(word string) bool { return word == "" })
	return strings.Join(words, " ")
}
