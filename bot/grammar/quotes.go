package grammar

import (
	"regexp"
	"strings"
	"unicode"
)

// A title in quotes is one word to the parser, which begins with a quote: no other word does.
const quote = `"`

func isQuoted(word string) bool { return len(word) > 1 && strings.HasPrefix(word, quote) }

// quotes are the signs that open a title, with those that close it. Phones and editors mix those of one kind.
var quotes = map[rune]string{
	'"': doubles, '“': doubles, '”': doubles, '„': doubles, '‟': doubles, '〝': doubles, '〞': doubles,
	'«': "»", '»': "«", '‹': "›", '「': "」", '『': "』", '《': "》", '〈': "〉", '‘': "’'", '‚': "‘’", '\'': "'’",
}

const doubles = `"“”„‟〝〞`

// inTitles may stand around a title, and has no place in one: String writes quotes around it.
var inTitles = regexp.MustCompile("[`\"“”„‟〝〞<>]")

// cutQuoted takes the text apart at its quoted titles: what is before the first, the title, and what follows. It is false
// if there is none.
func cutQuoted(text string) (before, title, after string, ok bool) {
	runes := []rune(text)
	for i, opening := range runes {
		closing, opens := quotes[opening]
		if !opens || !mayOpen(opening, runes[:i]) {
			continue
		}
		for j := i + 1; j < len(runes); j++ {
			if strings.ContainsRune(closing, runes[j]) && mayClose(runes[j], runes[j+1:]) {
				return string(runes[:i]), string(runes[i+1 : j]), string(runes[j+1:]), true
			}
		}
	}
	return text, "", "", false
}

// mayOpen says that a quote stands in front of a word. Those of Chinese and Japanese need no space.
func mayOpen(sign rune, before []rune) bool {
	if len(before) == 0 || isBracket(sign) {
		return true
	}
	last := before[len(before)-1]
	return last == ' ' || last == ':' || last == '(' || isHan(last)
}

// mayClose says that a quote stands behind a word, as the apostrophe in "Bob's" does not.
func mayClose(sign rune, after []rune) bool {
	if len(after) == 0 || isBracket(sign) {
		return true
	}
	return strings.ContainsRune(" ,.;:!?)", after[0]) || isHan(after[0])
}

func isBracket(sign rune) bool { return strings.ContainsRune("「」『』《》〈〉", sign) }

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }

// entities undoes Slack's escaping.
var entities = strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">")

// titleOf is a title as a Command has it: its words with a space between.
func titleOf(text string) string {
	for {
		plain := inTitles.ReplaceAllString(entities.Replace(text), " ")
		if plain == text {
			break
		}
		text = plain
	}
	return strings.Join(strings.Fields(text), " ")
}
