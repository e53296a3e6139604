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
	words = withPartsOfDay(words)
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

// withPartsOfDay writes the name of a time of day behind "until" as a clock has it.
func withPartsOfDay(words []string) []string {
	for i, word := range words {
		at := i + 1
		for at < len(words) && isIn(articles, words[at]) {
			at++
		}
		if meaningOf(word) != meaningUntil || at == len(words) {
			continue
		}
		if clock := partsOfDay[strings.ToLower(words[at])]; clock != "" {
			return slices.Concat(words[:i+1], []string{clock}, words[at+1:])
		}
	}
	return words
}

// upTo are the words that mean "until" before a time of day alone: elsewhere they are words of titles.
var upTo = wordSet("to", "a")

var clockTime = regexp.MustCompile(`^(?i)[0-9]{1,2}:[0-9]{2}(?:[ap]\.?m\.?)?$`)

// partsOfDay are the times of day that have names.
var (
	partsOfDay = map[string]string{"noon": "12:00", "midday": "12:00", "midnight": "0:00", "mediodía": "12:00", "mediodia": "12:00", "medianoche": "0:00"}
	articles   = wordSet("el", "la")
)
