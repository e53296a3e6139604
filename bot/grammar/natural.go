package grammar

import (
	"regexp"
	"slices"
	"strings"
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

func wordSet(words ...string) map[string]bool {
	set := make(map[string]bool, len(words))
	for _, word := range words {
		set[word] = true
	}
	return set
}

func isIn(set map[string]bool, word string) bool { return set[strings.ToLower(word)] }

// plainly leaves politeness out: in front of a verb or a number, and at the end.
func plainly(words []string) []string {
	if len(words) > 0 {
		words = append(splitWish(words[0]), words[1:]...)
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
		return command
	}
	return words
}

func withoutThanks(words []string) []string {
	for len(words) > 1 && isIn(politeness, words[len(words)-1]) {
		words = words[:len(words)-1]
	}
	return words
}

func isVerb(word string) bool {
	_, ok := verbOf(word)
	return ok
}

// A wish as Chinese writes it, without spaces: "请延长产品周会" and "把产品周会延长".
var (
	wishFirst = regexp.MustCompile(`^(?:请|請|麻烦|麻煩|帮我|幫我|帮忙|幫忙)*(延长|延長|延时|延時|关注|關注|取消关注|取消關注)(?:一下)?(.+)$`)
	wishLast  = regexp.MustCompile(`^(?:请|請|麻烦|麻煩|帮我|幫我|帮忙|幫忙)*(?:把|将|將)(.+?)(延长|延長|延时|延時)(?:一下)?(到|至)?$`)
)

// splitWish sets the verb of a Chinese wish apart from its meeting.
func splitWish(word string) []string {
	parts := wishLast.FindStringSubmatch(word)
	if parts != nil {
		parts = []string{parts[2], parts[1], parts[3]}
	} else if parts = wishFirst.FindStringSubmatch(word); parts != nil {
		parts = parts[1:]
	} else {
		return []string{word}
	}
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
