package grammar

import (
	"cmp"
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// slackLink is a link as Slack writes it into text: <target> or <target|what is shown>.
var slackLink = regexp.MustCompile(`<([a-z][a-z+.-]*:[^|>\s]*)(?:\|([^>]*))?>`)

// greeting is a mention of the bot, or a command's name.
var greeting = regexp.MustCompile(`^[@/][^/]*\pL[^/]*$`)

// wordsOf takes the text apart, free of what comes from pasting and from keyboards. It drops greetings in front.
func wordsOf(text string) []string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	text = slackLink.ReplaceAllStringFunc(text, func(link string) string {
		// What a link shows could be anything, so only where it leads counts. A telephone number is an ID that Slack
		// took for one.
		parts := slackLink.FindStringSubmatch(link)
		target, shown := parts[1], parts[2]
		if number, isNumber := strings.CutPrefix(target, "tel:"); isNumber {
			target = cmp.Or(shown, number)
		}
		return " " + target + " "
	})
	text = strings.Map(plainRune, width.Fold.String(entities.Replace(text)))
	var words []string
	for range mostQuoted {
		before, title, after, found := cutQuoted(text)
		if !found {
			break
		}
		words = append(words, plainWords(before)...)
		text = after
		title = titleOf(title)
		if number := plainWords(title); isWholeID(number) {
			words = append(words, number...) // quotes around a number say nothing
		} else if title != "" {
			words = append(words, quote+title)
		}
	}
	words = append(words, plainWords(text)...)
	for len(words) > 0 && greeting.MatchString(words[0]) {
		words = words[1:]
	}
	return words
}

// mostQuoted is how many quoted titles are read: no text may keep us busy.
const mostQuoted = 4

// numberThenAmount is a number and its minutes with a comma between, as 914083136,30. A dial string has longer codes.
var numberThenAmount = regexp.MustCompile(`^([0-9]{9,}),(\+?[0-9]{1,3}(?:\pL.*)?)$`)

// plainWords takes a text without quoted titles apart.
func plainWords(text string) (words []string) {
	for _, word := range strings.Fields(setApart(text)) {
		if word = bare(word); isLink(word) {
			words = append(words, word)
			continue
		}
		word = numberThenAmount.ReplaceAllString(word, "$1 $2")
		for _, part := range strings.Fields(splitScripts(word)) {
			if part = bare(part); strings.Trim(part, quoteSigns) != "" {
				words = append(words, part)
			}
		}
	}
	return words
}

// plainRune drops invisible marks and makes one space of all spaces and one dash of all dashes.
func plainRune(r rune) rune {
	switch {
	case unicode.IsSpace(r) || unicode.Is(unicode.Zs, r):
		return ' '
	case unicode.Is(unicode.Pd, r) || r == '\u2212': // the minus sign is no dash to Unicode
		return '-'
	case unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r):
		return -1
	case unicode.IsControl(r):
		return ' '
	}
	return r
}

// quoteSigns are all that people put around a title.
const quoteSigns = "\"'“”„‟〝〞‘’‚«»‹›「」『』《》〈〉"

// bare takes off the formatting, quotes, brackets and punctuation around a word, unless it is nothing else.
func bare(word string) string {
	const around = "`*_~<>()[]{}" + quoteSigns
	inner := strings.TrimLeft(word, around+"#:¿¡")
	return cmp.Or(strings.TrimRight(inner, around+",;:!?.。、"), word)
}

// chineseMax sets the words for a maximum apart, which stand after a unit without a space.
var chineseMax = strings.NewReplacer("最多", " 最多 ", "最长", " 最长 ", "最長", " 最長 ", "最大", " 最大 ")

// splitScripts puts spaces between Chinese characters and anything else, since Chinese is written without, and after the
// label in "ID:914083136".
func splitScripts(word string) string {
	var split strings.Builder
	var before rune
	for i, r := range word {
		if before != 0 && isHan(r) != isHan(before) {
			split.WriteByte(' ')
		}
		if isUntil(word[i:]) && i > 0 && isHan(before) {
			split.WriteByte(' ')
		}
		split.WriteRune(r)
		before = r
	}
	parts := strings.Fields(chineseMax.Replace(split.String()))
	for i, part := range parts {
		if label, rest, cut := strings.Cut(part, ":"); cut && meaningOf(label) == meaningMeeting {
			parts[i] = label + " " + rest
		}
	}
	return strings.Join(parts, " ")
}

// isUntil says that a Chinese "until" and its time begin here.
func isUntil(text string) bool {
	for _, until := range []string{"到", "至"} {
		if rest, ok := strings.CutPrefix(text, until); ok && rest != "" && isDigit(rune(rest[0])) {
			return true
		}
	}
	return false
}

// skip drops a first word that says nothing before others.
func skip(words []string, filler meaning) []string {
	if len(words) > 1 && meaningOf(words[0]) == filler {
		return words[1:]
	}
	return words
}

func isLink(word string) bool { return strings.Contains(word, "/") }

// isDigits says that the word is digits of ASCII: the ones that the meeting service counts with.
func isDigits(word string) bool {
	return word != "" && !strings.ContainsFunc(word, func(r rune) bool { return !isDigit(r) })
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }
