package grammar

import (
	"regexp"
	"slices"
	"strings"
)

// giving are the words of a wish whose time is for a meeting that follows: "add 15 minutes to weekly sync".
var giving = wordSet(
	"add", "give", "put", "need", "want", "añade", "añadir", "añádele", "agrega", "agregar", "suma", "sumar", "dale", "dar", "da", "pon", "ponle",
	"quiero", "queremos", "necesito", "necesitamos",
)

// towards are the words between the time and its meeting.
var towards = wordSet("to", "for", "on", "in", "onto", "a", "al", "para", "en")

// added reads a wish that gives a meeting time, as the command that extends it.
func added(words []string) ([]string, bool) {
	rest := words
	for len(rest) > 1 && !isIn(giving, rest[0]) && (isIn(wanting, rest[0]) || isIn(politeness, rest[0]) || isVerb(rest[0])) {
		rest = rest[1:]
	}
	if command, ok := addedBehind(words); ok {
		return command, true
	}
	if len(rest) < 2 || !isIn(giving, rest[0]) || slices.ContainsFunc(rest[:2], isQuoted) {
		return nil, false
	}
	rest = rest[1:]
	for at := 1; at < min(len(rest)-1, mostSpoken+1); at++ {
		if length := inDigits(rest[:at]); isIn(towards, rest[at]) && isLength(length) && hasUnit(length) {
			return slices.Concat([]string{string(VerbExtend)}, rest[at+1:], length), true
		}
	}
	if isIn(towards, rest[0]) { // "dale a la reunión de diseño 15 minutos más"
		rest = rest[1:]
	}
	for at := max(1, len(rest)-mostSpoken); at < len(rest); at++ {
		if isLength(rest[at:]) && hasUnit(rest[at:]) {
			return append([]string{string(VerbExtend)}, rest...), true
		}
	}
	return nil, false
}

// addedBehind is added for a Chinese verb that is a word of its own, between the meeting and its minutes: "给914083136加15分钟".
func addedBehind(words []string) ([]string, bool) {
	for len(words) > 1 && (isIn(politeness, words[0]) || isIn(givesTo, words[0])) {
		words = words[1:]
	}
	at := slices.IndexFunc(words, func(word string) bool { return isIn(adds, word) })
	if at < 1 || slices.ContainsFunc(words[:at], isVerb) || !isLength(words[at+1:]) {
		return nil, false
	}
	return slices.Concat([]string{string(VerbExtend)}, words[:at], words[at+1:]), true
}

var (
	givesTo = wordSet("给", "給", "为", "為", "替", "帮", "幫", "请给", "請給", "请把", "請把", "把", "将", "將")
	adds    = wordSet("加", "再加", "多加", "增加", "加时", "加時", "续", "續", "延长", "延長", "再延长", "再延長")
)

// hasUnit tells a length from a bare number, which many titles have.
func hasUnit(words []string) bool {
	return slices.ContainsFunc(digitsOrNot.FindAllString(strings.Join(words, " "), -1), func(piece string) bool {
		means := meaningOf(strings.TrimSpace(piece))
		return means == meaningMinutes || means == meaningHours
	})
}

// In Chinese the meeting stands before the verb: "给产品周会加15分钟". A bare 加 needs the 给, since it ends other words.
var (
	wishGiven = regexp.MustCompile(`^(?:请|請|麻烦|麻煩|帮我|幫我|帮忙|幫忙)*(?:给|給|为|為|替|帮|幫)(.+?)(?:再|多)?(?:增加|延长|延長|延时|延時|加时|加時|加|续|續)(?:一下|上|了)?$`)
	wishTo    = regexp.MustCompile(`^(?:请|請|麻烦|麻煩)*(?:给|給)(.+)$`) // where 再加 is left out already
	wishMore  = regexp.MustCompile(`^(.+?)(?:增加|加时|加時|多加)(?:一下|上|了)?$`)
	whoAsks   = regexp.MustCompile(`^(?:我|我们|我們|咱们|咱們|大家)(?:的)?(?:会议|會議)?$`)
)

// givenIn is the meeting of a Chinese wish that gives it time, before an amount; empty for that of the one who asks.
func givenIn(word string) (named string, ok bool) {
	found := wishGiven.FindStringSubmatch(word)
	if found == nil {
		found = wishMore.FindStringSubmatch(word)
	}
	if found == nil {
		found = wishTo.FindStringSubmatch(word)
	}
	if found == nil {
		return "", false
	}
	if whoAsks.MatchString(found[1]) {
		return "", true
	}
	return found[1], true
}
