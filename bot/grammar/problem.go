package grammar

import "strings"

// Problem is what is wrong with a command.
type Problem string

// The problems of a command.
const (
	BadMeeting       Problem = "bad_meeting"       // Word is no meeting ID and no link to a meeting
	AmbiguousMeeting Problem = "ambiguous_meeting" // Suggestions are the ways to read it
	NotANumber       Problem = "not_a_number"
	Zero             Problem = "zero"
	Negative         Problem = "negative"
	Fractional       Problem = "fractional"
	TooLong          Problem = "too_long"       // a number that no clock could count
	BadTime          Problem = "bad_time"       // after "until"; Word is empty if nothing was there
	BareTime         Problem = "bare_time"      // a time of day without "until"
	TooManyWords     Problem = "too_many_words" // Word is what is left over
	BadDate          Problem = "bad_date"       // after "from"; Word is empty if nothing was there
	NoMode           Problem = "no_mode"        // watch, and neither ask nor auto
	NoMaximumGiven   Problem = "no_maximum"     // max, and no number of minutes after it
	UnknownVerb      Problem = "unknown_verb"
	OneMeeting       Problem = "one_meeting" // Word is a second meeting, and a command takes one
)

// ParseError says why a command was not understood. Suggestions are what may have been meant.
type ParseError struct {
	Problem     Problem
	Word        string // what it is about: foreign text, at most 40 characters, links without their secrets
	Suggestions []Command
	Verb        Verb   // what was to be done, as far as that was understood; VerbDialog where it was not
	Meeting     string // digits of the meeting that was named; empty where none was
	Title       string // that was named in the place of a number
}

// Error leaves the word out: people paste passwords.
func (e *ParseError) Error() string { return "command: " + string(e.Problem) }

// Example is an example of what was to be done, with the meeting that was named if there was one. Otherwise it names none,
// so that it is about the person's own.
func (e *ParseError) Example() Command {
	example := ExampleOf(e.Verb, e.Meeting)
	if e.Meeting == "" && example.Meeting != "" {
		example.Meeting, example.Title = "", e.Title
	}
	return example
}

// longestWord is how many characters of foreign text an error quotes.
const longestWord = 40

// problem cuts links off behind the host, since join links hold passwords.
func problem(what Problem, quoted string, suggestions ...Command) *ParseError {
	words := strings.Fields(strings.ReplaceAll(quoted, quote, ""))
	for i, word := range words {
		scheme, rest, found := strings.Cut(word, "://")
		if !found {
			scheme, rest = "", word
		} else {
			scheme += "://"
		}
		if host, _, cut := strings.Cut(rest, "/"); cut {
			words[i] = scheme + host + "/…"
		}
	}
	quoted = strings.Join(words, " ")
	if runes := []rune(quoted); len(runes) > longestWord {
		quoted = string(runes[:longestWord-1]) + "…"
	}
	return &ParseError{Problem: what, Word: quoted, Suggestions: suggestions}
}

// tooMany is the problem of words that are left over; nil if there are none.
func tooMany(words []string) *ParseError {
	if len(words) == 0 {
		return nil
	}
	return problem(TooManyWords, strings.Join(words, " "))
}
