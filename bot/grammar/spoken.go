package grammar

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// lengths are the lengths of time that people say without a digit.
var lengths = map[string]int{
	"half an hour": 30, "half hour": 30, "a half hour": 30, "half a hour": 30,
	"a quarter of an hour": 15, "quarter of an hour": 15, "three quarters of an hour": 45,
	"an hour": 60, "one hour": 60, "hour": 60, "an hour and a half": 90, "one hour and a half": 90, "one and a half hours": 90,
	"two hours":  120,
	"media hora": 30, "un cuarto de hora": 15, "cuarto de hora": 15, "tres cuartos de hora": 45,
	"una hora": 60, "hora": 60, "una hora y media": 90, "hora y media": 90, "dos horas": 120,
}

// chineseLengths are those of Chinese, which end a word that has the meeting in front of them.
var chineseLengths = []struct {
	minutes int
	said    *regexp.Regexp
}{
	{90, regexp.MustCompile(`^(.*?)一(?:个|個)?半(?:小时|小時|钟头|鐘頭)$`)},
	{30, regexp.MustCompile(`^(.*?)半(?:个|個)?(?:小时|小時|钟头|鐘頭)$`)},
	{60, regexp.MustCompile(`^(.*?)一(?:个|個)?(?:小时|小時|钟头|鐘頭)$`)},
	{120, regexp.MustCompile(`^(.*?)(?:两|兩)(?:个|個)?(?:小时|小時|钟头|鐘頭)$`)},
	{15, regexp.MustCompile(`^(.*?)一刻(?:钟|鐘)$`)},
	{45, regexp.MustCompile(`^(.*?)三刻(?:钟|鐘)$`)},
}

// The words behind a length that only say that it is added: "15 minutes more", "再来15分钟".
var (
	behind      = wordSet("more", "extra", "más", "mas", "adicionales") // of these none begins a length
	chineseMore = regexp.MustCompile(`再(?:延长|延長|来|來|加|给|給)?$`)
)

// mostSpoken is how many words a length has that somebody says: "another three quarters of an hour".
const mostSpoken = 7

// inDigits writes a length that people say, at the end of the words, as Parse reads it: "half an hour" is "30m".
func inDigits(words []string) []string {
	words = inChinese(inNumbers(words))
	for i := max(0, len(words)-mostSpoken); i < len(words); i++ {
		if length, said := lengthOf(words[i:]); said {
			return append(slices.Clone(words[:i]), length...)
		}
	}
	return words
}

// Whole reads a command whose length is said in words as one whose title ends in them: "Standup half hour" may be what a
// meeting is called. It is false for every other command.
func Whole(text string) (Command, bool) {
	words, isQuestion := politely(wordsOf(text))
	if isQuestion || slices.Equal(words, inDigits(words)) {
		return Command{}, false
	}
	if isVerb(words[0]) {
		words = words[1:]
	}
	whole := Command{Verb: VerbExtend, Title: titleOf(strings.Join(words, " "))}
	return whole, hasName(words) && !slices.ContainsFunc(words, isQuoted)
}

// lengthOf reads words that are nothing but a length, which is said in letters or to be added.
func lengthOf(words []string) (length []string, said bool) {
	if slices.ContainsFunc(words, isQuoted) || isIn(behind, words[0]) {
		return nil, false
	}
	for _, word := range words {
		if !isIn(more, word) {
			length = append(length, word)
		}
	}
	if minutes, known := lengths[strings.ToLower(strings.Join(length, " "))]; known {
		return []string{strconv.Itoa(minutes) + "m"}, len(length) > 1 || len(length) < len(words)
	}
	if minutes, said := halvesIn(strings.Join(length, " ")); said {
		return []string{strconv.Itoa(minutes) + "m"}, true
	}
	return length, len(length) < len(words) && isLength(length)
}

func isLength(words []string) bool {
	if len(words) == 0 || !strings.ContainsFunc(words[0], isDigit) || len(readingsOf(words)) > 0 {
		return false
	}
	_, fault := parseMinutes(words)
	return fault == nil
}

// inChinese is inDigits for Chinese, which has no spaces: the last word holds the meeting as well, or the one before the
// digits does.
func inChinese(words []string) []string {
	last := len(words) - 1
	if last < 0 || isQuoted(words[last]) {
		return words
	}
	if last > 0 {
		if minutes, said := halvesIn(words[last-1] + words[last]); said { // "1" and "个半小时"
			return append(slices.Clone(words[:last-1]), strconv.Itoa(minutes)+"m")
		}
	}
	for _, length := range chineseLengths {
		if found := length.said.FindStringSubmatch(words[last]); found != nil {
			return append(withoutMore(words[:last], found[1]), strconv.Itoa(length.minutes)+"m")
		}
	}
	if found := chineseMinutes.FindStringSubmatch(words[last]); found != nil && chineseCount(found[2]) > 0 {
		return append(withoutMore(words[:last], found[1]), strconv.Itoa(chineseCount(found[2]))+"m")
	}
	for at := max(1, last-3); at <= last; at++ { // the digits and their units
		if strings.ContainsFunc(words[at], isDigit) && chineseMore.MatchString(words[at-1]) && !isQuoted(words[at-1]) && isLength(words[at:]) {
			return append(withoutMore(words[:at-1], words[at-1]), words[at:]...)
		}
	}
	return words
}

// withoutMore adds a word in front of a length to those before it, without what says that the length is added.
func withoutMore(words []string, word string) []string {
	words = slices.Clone(words)
	if word = chineseMore.ReplaceAllString(word, ""); word != "" {
		words = append(words, word)
	}
	return words
}
