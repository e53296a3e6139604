package grammar

import (
	"regexp"
	"slices"
	"strings"
)

// phrases are verbs of more than one word: what the buttons say, among others.
var phrases = []struct {
	words []string
	verb  Verb
}{
	{[]string{"stop", "watching"}, VerbUnwatch}, {[]string{"dejar", "de", "vigilar"}, VerbUnwatch}, {[]string{"deja", "de", "vigilar"}, VerbUnwatch},
}

// withPhrases writes a verb of several words, and a "to" before a time of day, as Parse reads them.
func withPhrases(words []string) []string {
	for _, phrase := range phrases {
		if count := len(phrase.words); len(words) >= count && strings.EqualFold(strings.Join(words[:count], " "), strings.Join(phrase.words, " ")) {
			words = append([]string{string(phrase.verb)}, words[count:]...)
		}
	}
	for i := 1; i < len(words)-1; i++ {
		next := words[i+1]
		if strings.EqualFold(next, "las") && i+2 < len(words) {
			next = words[i+2]
		}
		if isIn(upTo, words[i]) && clockTime.MatchString(next) {
			words = slices.Clone(words)
			words[i] = "until"
			break
		}
	}
	return words
}

// upTo are the words that mean "until" before a time of day alone: elsewhere they are words of titles.
var upTo = wordSet("to", "a")

var clockTime = regexp.MustCompile(`^(?i)[0-9]{1,2}:[0-9]{2}(?:[ap]\.?m\.?)?$`)
