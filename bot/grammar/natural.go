package grammar

import (
	"regexp"
	"slices"
)

// politeness says nothing around a command, as in "could you extend it, please".
var politeness = wordSet(
	"please", "pls", "can", "could", "would", "you", "hi", "hey", "hello", "ok", "okay", "thanks", "thank", "thx",
	"por", "favor", "puedes", "podrías", "podrias", "hola", "gracias", "请", "請", "请问", "請問", "麻烦", "麻煩", "谢谢", "謝謝",
)

// The words for the meeting that somebody is in, as in "my current meeting". What is said of it may be left out.
var (
	mine   = wordSet("my", "the", "this", "our", "mi", "la", "esta", "nuestra")
	nouns  = wordSet("meeting", "call", "reunión", "reunion", "llamada")
	rather = wordSet("current", "running", "actual")
	itself = wordSet(
		"it", "this", "esto", "extiéndela", "我的会议", "我的會議", "会议", "會議", "这个会议", "這個會議", "本会议", "本會議", "本次会议", "本次會議",
		"这场会议", "這場會議", "当前会议", "當前會議",
	)
)

// labels say nothing before a number, as in "the meeting's number is".
var labels = wordSet(
	"the", "my", "our", "this", "of", "number", "no", "nº", "room", "conference", "call", "is",
	"de", "la", "el", "mi", "número", "numero", "sala", "号码", "號碼", "号", "號", "房间", "房間",
)

// wanting is how people ask for time without a verb of ours, as in "we need 10 more minutes".
var wanting = wordSet(
	"i", "we", "need", "want", "have", "get", "give", "me", "us", "add", "just", "dame", "danos", "da", "quiero", "queremos", "necesito", "necesitamos",
	"añade", "añadir", "给", "給", "给我", "給我", "给我们", "給我們", "加", "再", "再加", "多加", "加时", "加時", "续", "續", "需要", "我要", "我们要",
)

// plainly leaves politeness out, and writes what people say as Parse reads it: a question as its verb, a length in digits.
func plainly(words []string) []string {
	words = withPhrases(words)
	words, isQuestion := politely(words)
	if isQuestion {
		return words
	}
	words = inDigits(words)
	if amount, ok := wanted(words); ok {
		return amount
	}
	if command, ok := added(words); ok {
		return command
	}
	return words
}

// politely leaves politeness out: in front of a verb, a number or an amount, and at the end. A question is its verb.
func politely(words []string) (_ []string, isQuestion bool) {
	if len(words) > 0 {
		words = append(splitWish(words), words[1:]...)
	}
	rest := words
	for len(rest) > 1 && isIn(politeness, rest[0]) {
		rest = rest[1:]
	}
	if len(rest) > 0 && (isVerb(rest[0]) || len(readingsOf(rest)) > 0) {
		words = rest
	}
	words, rest = withoutThanks(words), withoutThanks(rest)
	if command, ok := asked(rest); ok {
		return command, true
	}
	return words, false
}

// wanted is the amount that somebody asks for in words that name no meeting.
func wanted(words []string) ([]string, bool) {
	rest := words
	for len(rest) > 1 && (isIn(wanting, rest[0]) || isIn(politeness, rest[0])) {
		rest = rest[1:]
	}
	return rest, len(rest) < len(words) && isLength(rest)
}

// withoutThanks leaves out what says nothing at the end. A "you" belongs to a "thank".
func withoutThanks(words []string) []string {
	for last := len(words) - 1; last > 0 && isIn(politeness, words[last]); last = len(words) - 1 {
		if isIn(yours, words[last]) && !isIn(thanking, words[last-1]) {
			break
		}
		words = words[:last]
	}
	return words
}

var yours, thanking = wordSet("you"), wordSet("thank")

func isVerb(word string) bool {
	_, ok := verbOf(word)
	return ok
}

// A wish as Chinese writes it, without spaces: "请延长产品周会" and "把产品周会延长".
var (
	wishFirst = regexp.MustCompile(`^(?:请|請|麻烦|麻煩|帮我|幫我|帮忙|幫忙)*(延长|延長|延时|延時|关注|關注|取消关注|取消關注|不再关注|不再關注)(?:一下)?(.+)$`)
	wishInner = regexp.MustCompile(`^(.+?)(延长|延長|延时|延時)(?:一下)?(到|至)?$`) // before an amount
	wishLast  = regexp.MustCompile(`^(?:请|請|麻烦|麻煩|帮我|幫我|帮忙|幫忙)*(?:把|将|將)(.+?)(延长|延長|延时|延時)(?:一下)?(到|至)?$`)
)

// splitWish sets the verb of a Chinese wish apart from its meeting, in the first of the words.
func splitWish(words []string) []string {
	word, length := words[0], ""
	if apart := inChinese(words[:1]); len(apart) == 2 { // as in "把产品周会延长半小时"
		word, length = apart[0], apart[1]
	}
	var parts []string
	hasLength := length != "" || len(words) > 1 && isLength(words[1:])
	if named, ok := givenIn(word); ok && hasLength {
		parts = []string{string(VerbExtend), named}
	} else if found := wishLast.FindStringSubmatch(word); found != nil {
		parts = []string{found[2], found[1], found[3]}
	} else if found := wishFirst.FindStringSubmatch(word); found != nil {
		parts = found[1:]
	} else if found := wishInner.FindStringSubmatch(word); found != nil && hasLength {
		parts = []string{found[2], found[1], found[3]}
	} else {
		return words[:1:1]
	}
	parts = append(parts, length)
	return slices.DeleteFunc(parts, func(part string) bool { return part == "" })
}

// withoutName leaves out the words that mean the meeting that somebody is in; false where there are none.
func withoutName(words []string) ([]string, bool) {
	rest := words
	if len(rest) > 1 && isIn(ofMine, rest[0]) && (isIn(mine, rest[1]) || isIn(nouns, rest[1]) || isIn(itself, rest[1])) {
		if left, named := withoutName(rest[1:]); named {
			return left, true
		}
	}
	for len(rest) > 1 && isIn(mine, rest[0]) {
		rest = rest[1:]
	}
	for len(rest) > 1 && isIn(rather, rest[0]) {
		rest = rest[1:]
	}
	if len(rest) > 0 && isIn(nouns, rest[0]) {
		if rest = rest[1:]; len(rest) > 0 && isIn(rather, rest[0]) {
			rest = rest[1:]
		}
		return rest, true
	}
	if len(words) > 0 && isIn(itself, words[0]) {
		return words[1:], true
	}
	return words, false
}

// mostLabels is how many words may stand before a number that say nothing.
const mostLabels = 6

// afterLabels leaves out what says nothing before a number.
func afterLabels(words []string) []string {
	rest := words
	for i := 0; i < mostLabels && len(rest) > 1; i++ {
		if len(readingsOf(rest)) > 0 {
			return rest
		}
		if meaningOf(rest[0]) != meaningMeeting && !isIn(labels, rest[0]) {
			break
		}
		rest = rest[1:]
	}
	if len(readingsOf(rest)) > 0 {
		return rest
	}
	return words
}
