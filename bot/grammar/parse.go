package grammar

import (
	"cmp"
	"slices"
	"strings"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler"
)

// Request is a command as it was understood.
type Command struct {
	Verb    Verb
	Meeting string // digits; empty where the verb takes none
	Amount  Amount // of VerbExtend; of VerbWatch and VerbWhy nothing or ForMinutes
	HelpOn  string // of VerbHelp: the verb that it was asked about, as "extend"

	// Of VerbWatch.
	Mode    scheduler.Mode // ModeAsk or ModeAuto
	Maximum int            // minutes in all; 0 = not given
}

// String is the canonical form: what to type after the command's name. Parse reads it back as the same Request.
func (r Command) String() string {
	switch r.Verb {
	case VerbExtend:
		return strings.TrimSpace(r.Meeting + " " + r.Amount.String() + r.unit())
	case VerbAuto:
		return strings.TrimSpace(r.Meeting + " " + string(r.Verb))
	case VerbWatch:
		return r.watchText()
	case VerbWhy:
		return strings.TrimSpace(string(r.Verb) + " " + r.Meeting + " " + r.Amount.String() + r.unit())
	}
	return strings.TrimSpace(string(r.Verb) + " " + r.Meeting + r.HelpOn)
}

// unit tells minutes from the rest of an ID, where the ID is short enough to have a rest.
func (r Command) unit() string {
	if r.Amount.Kind == ForMinutes && len(r.Meeting) < wholeID {
		return "m"
	}
	return ""
}

// Parse reads what was typed after the command's name (design section 6):
//
//	<meeting> [30 | 1h | 1h30m | until 15:30 | max]
//	<meeting> auto …
//	status <meeting> | unwatch <meeting> | why <meeting> [30 | 1h | 1h30m]
//	watch <meeting> ask|auto [30 | 1h | 1h30m] [max <minutes>]
//	list | pause | resume | help [verb] | history …
//
// and nothing at all, which is VerbDialog. The arguments shown as … are not read. Errors are *ParseError.
//
// It forgives what comes of pasting and of keyboards: join links (with Slack's <…|…> around them), spaces and
// dashes in an ID, full-width digits, invisible marks, curly quotes, dashes of all kinds, formatting marks, HTML
// entities, a mention or a command's name in front. It never guesses at numbers. A meeting ID written in
// groups is three or more words of three digits, nine digits or more; one written as a single word has six or
// more. If the words can be read in two ways ("914083 136": the meeting 914083136, or 136 minutes for the
// meeting 914083) the error shows both.
func Parse(text string) (Command, error) {
	words := skipGreeting(wordsOf(text))
	if len(words) == 0 {
		return Command{}, nil
	}
	verb, arguments := takeVerb(words)
	request, err := parseArguments(verb, arguments)
	if fault, ok := err.(*ParseError); ok {
		fault.Verb, fault.Meeting = cmp.Or(fault.Verb, verb), cmp.Or(fault.Meeting, meetingIn(words))
	}
	return request, err
}

// takeVerb tells a command's verb from what follows it. A command that begins with no verb is to extend, unless one was
// misspelt: that gives VerbDialog.
func takeVerb(words []string) (Verb, []string) {
	first := words[0]
	if verb, ok := verbOf(first); ok {
		return verb, words[1:]
	}
	if isLink(first) || strings.ContainsFunc(first, isDigit) || meaningOf(first) != meaningNone {
		return VerbExtend, words
	}
	return VerbDialog, words
}

func parseArguments(verb Verb, words []string) (Command, error) {
	switch verb {
	case VerbDialog:
		return Command{}, misspelt(words)
	case VerbExtend:
		return parseMeeting(verb, words, parseExtend)
	case VerbStatus, VerbUnwatch:
		return parseMeeting(verb, words, func(words []string) (Command, error) {
			return Command{Verb: verb}.unless(tooMany(words))
		})
	case VerbWatch:
		return parseMeeting(verb, words, parseWatch)
	case VerbWhy:
		return parseMeeting(verb, words, parseWhy)
	case VerbHelp:
		return parseHelp(words)
	case VerbList, VerbPause, VerbResume:
		return Command{Verb: verb}.unless(tooMany(words))
	default:
		return Command{Verb: verb}, nil
	}
}

// unless gives the request, or the error alone.
func (r Command) unless(err error) (Command, error) {
	if err != nil {
		return Command{}, err
	}
	return r, nil
}

// misspelt suggests the verbs that may have been meant, with what follows where that can be read.
func misspelt(words []string) error {
	near := nearVerbs(words[0])
	fault := problem(UnknownVerb, words[0])
	if len(near) == 1 {
		fault.Verb = near[0]
	}
	for _, verb := range near {
		suggestion := string(verb)
		if request, err := parseArguments(verb, words[1:]); err == nil {
			suggestion = request.String()
		}
		fault.Suggestions = append(fault.Suggestions, suggestion)
	}
	return fault
}

func parseExtend(words []string) (Command, error) {
	if len(words) > 0 && meaningOf(words[0]) == meaning(VerbAuto) {
		return Command{Verb: VerbAuto}, nil
	}
	amount, err := parseAmount(words)
	return Command{Verb: VerbExtend, Amount: amount}.unless(err)
}

func parseHelp(words []string) (Command, error) {
	if len(words) == 0 {
		return Command{Verb: VerbHelp}, nil
	}
	verb, ok := verbOf(words[0])
	if !ok {
		var topics []string
		for _, near := range nearVerbs(words[0]) {
			topics = append(topics, Command{Verb: VerbHelp, HelpOn: string(near)}.String())
		}
		return Command{}, problem(UnknownVerb, words[0], topics...)
	}
	return Command{Verb: VerbHelp, HelpOn: string(verb)}.unless(tooMany(words[1:]))
}

// parseMeeting reads the meeting and hands the words after it to rest, for every way to take them apart. One
// way that holds is the answer; of several none is.
func parseMeeting(verb Verb, words []string, rest func([]string) (Command, error)) (Command, error) {
	for len(words) > 1 && meaningOf(words[0]) == meaningMeeting {
		words = words[1:]
	}
	if len(words) == 0 {
		return Command{}, problem(NoMeeting, "")
	}
	var requests []Command
	var failure error
	for _, reading := range readingsOf(words) {
		request, err := rest(words[reading.words:])
		if err == nil {
			request.Meeting = reading.id
			requests = append(requests, request)
		} else if failure == nil {
			failure = reading.complete(err)
		}
	}
	switch {
	case len(requests) == 1:
		return requests[0], nil
	case len(requests) > 1:
		return Command{}, ambiguous(words, requests)
	case failure != nil:
		return Command{}, failure
	}
	return Command{}, noReading(verb, words, rest)
}

func ambiguous(words []string, requests []Command) error {
	var suggestions []string
	for _, request := range requests {
		suggestions = append(suggestions, request.String())
	}
	return problem(AmbiguousMeeting, strings.Join(words, " "), suggestions...)
}

// noReading says why the words name no meeting: it was left out, or what stands there is none.
func noReading(verb Verb, words []string, rest func([]string) (Command, error)) error {
	if _, err := parseAmount(words); err == nil {
		return problem(NoMeeting, strings.Join(words, " "))
	}
	return problem(BadMeeting, words[0], likelyCommands(verb, words, rest)...)
}

// reading is one way to find a meeting ID at the beginning of the words.
type reading struct {
	id    string
	words int // how many of them it takes
}

// complete puts the meeting before the suggestions of an error about what follows it.
func (r reading) complete(err error) error {
	if e, ok := err.(*ParseError); ok {
		e.Meeting = r.id
		for i, suggestion := range e.Suggestions {
			if rest, ok := strings.CutPrefix(suggestion, string(VerbWatch)+" "); ok {
				e.Suggestions[i] = string(VerbWatch) + " " + r.id + " " + rest
				continue
			}
			e.Suggestions[i] = r.id + " " + suggestion
		}
	}
	return err
}

const (
	shortestID = 6 // digits of an ID in one word
	wholeID    = 9 // digits from which on one word is an ID and never a part of one
	groupSize  = 3 // digits of a group, as the vendor prints them: 914 083 136
	mostGroups = 7 // words of an ID, or of an amount: no text may keep us busy
)

// readingsOf lists the ways to find a meeting ID at the beginning of the words, the shortest first.
func readingsOf(words []string) []reading {
	first := words[0]
	if !isDigits(first) {
		return oneReading(first)
	}
	var readings []reading
	if len(first) >= shortestID {
		readings = oneReading(first)
	}
	joined := ""
	for i, word := range words[:min(len(words), mostGroups)] {
		if !isDigits(word) || len(word)%groupSize != 0 || len(word) >= wholeID {
			break // a word of nine digits or more is no group
		}
		joined += word
		if i > 0 && len(joined) >= wholeID {
			readings = appendReading(readings, joined, i+1)
		}
	}
	return readings
}

func oneReading(word string) []reading {
	if !isLink(word) && (!strings.ContainsFunc(word, isDigit) || hasLooseGroup(word)) {
		return nil
	}
	return appendReading(nil, word, 1)
}

func appendReading(readings []reading, text string, words int) []reading {
	if id, err := parseMeetingID(text); err == nil {
		return append(readings, reading{id, words})
	}
	return readings
}

// hasLooseGroup says that a word with dashes may be more than an ID, as 914083136-30.
func hasLooseGroup(word string) bool {
	groups := strings.Split(word, "-")
	return len(groups) > 1 && slices.ContainsFunc(groups, func(group string) bool {
		return len(group) < groupSize || len(group) > groupSize+1
	})
}

// likelyCommands is what may have been meant: the meeting behind what belongs after it, the minutes behind a dash, or
// an ID in other groups than ours.
func likelyCommands(verb Verb, words []string, rest func([]string) (Command, error)) []string {
	likely := meetingBehind(words, rest)
	if id, amount, ok := minutesBehindDash(words[0]); ok {
		likely = append(likely, likelyCommand(verb, id, amount))
	}
	joined := ""
	for _, word := range words {
		digits := strings.ReplaceAll(word, "-", "")
		if !isDigits(digits) || len(joined) >= wholeID || joined != "" && len(digits) >= wholeID {
			break
		}
		joined += digits
	}
	if id, ok := wholeMeeting(joined); ok {
		likely = append(likely, likelyCommand(verb, id, Amount{}))
	}
	return likely
}

// likelyCommand is a command for a meeting that was found at last. The amount is for extending alone.
func likelyCommand(verb Verb, id string, amount Amount) string {
	if verb == VerbExtend {
		return Command{Verb: verb, Meeting: id, Amount: amount}.String()
	}
	return ExampleOf(verb, id)
}

func meetingBehind(words []string, rest func([]string) (Command, error)) []string {
	var likely []string
	for i := 1; i < min(len(words), mostGroups); i++ {
		for _, reading := range readingsOf(words[i:]) {
			request, err := rest(words[:i])
			if err == nil && request.Verb != VerbAuto && reading.words == len(words)-i {
				request.Meeting = reading.id
				likely = append(likely, request.String())
			}
		}
	}
	return likely
}

func minutesBehindDash(word string) (id string, amount Amount, ok bool) {
	at := max(strings.LastIndexByte(word, '-'), 0)
	id, ok = wholeMeeting(word[:at])
	amount, err := parseAmount([]string{word[min(at+1, len(word)):]})
	return id, amount, ok && err == nil
}

// meetingIn is the meeting that is named somewhere among the words, as a whole ID or by its link; empty where none is.
func meetingIn(words []string) string {
	for i := range words {
		for _, reading := range readingsOf(words[i:]) {
			if len(reading.id) >= wholeID {
				return reading.id
			}
		}
	}
	return ""
}

func wholeMeeting(text string) (id string, ok bool) {
	digits := strings.ReplaceAll(text, "-", "")
	if !isDigits(digits) || len(digits) < wholeID {
		return "", false
	}
	id, err := parseMeetingID(digits)
	return id, err == nil
}

// parseMeetingID is one word as a meeting's ID.
func parseMeetingID(word string) (string, error) {
	if isLink(word) && !strings.Contains(word, "://") {
		word = "https://" + word
	}
	return meeting.ParseID(word)
}
