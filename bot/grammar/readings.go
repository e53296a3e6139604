package grammar

import (
	"strconv"
	"strings"
)

// Readings are the other ways to read a command whose title fits nothing: the number may belong to the title, and what is in
// it may be an amount.
func (c Command) Readings() (others []Command) {
	words := strings.Fields(c.Title)
	if len(words) == 0 || c.Verb != VerbExtend {
		return nil
	}
	if c.Amount.Kind == ForMinutes {
		whole := c
		whole.Title, whole.Amount = c.Title+" "+strconv.Itoa(c.Amount.Count), Amount{}
		return []Command{whole}
	}
	if c.Amount != (Amount{}) {
		return nil
	}
	for i := 1; i < len(words); i++ {
		head, tail := words[:i], words[i:]
		if amount, fault := parseAmount(head); fault == nil && len(head) <= mostTail && hasName(tail) {
			others = append(others, Command{Verb: VerbExtend, Title: strings.Join(tail, " "), Amount: amount})
		}
		if until, _, rest, ok := clockOf(tail); ok && len(rest) == 0 && hasName(head) {
			others = append(others, Command{Verb: VerbExtend, Title: strings.Join(head, " "), Amount: until})
		}
	}
	return others
}

// Bare is a title without the words around it that people say of any meeting, as in "my weekly sync meeting".
func Bare(title string) string {
	words := strings.Fields(title)
	for len(words) > 1 && (isIn(labels, words[0]) || isIn(mine, words[0]) || meaningOf(words[0]) == meaningMeeting) {
		words = words[1:]
	}
	for len(words) > 1 && isIn(nouns, words[len(words)-1]) {
		words = words[:len(words)-1]
	}
	return strings.Join(words, " ")
}

// briefTitle is how many characters of a title are suggested: as many as a person may type.
const briefTitle = 60

// Brief is the beginning of a title, which is enough to find it by.
func Brief(title string) string {
	runes := []rune(title)
	if len(runes) <= briefTitle {
		return title
	}
	brief := string(runes[:briefTitle])
	if at := strings.LastIndexByte(brief, ' '); at > 0 && runes[briefTitle] != ' ' {
		brief = brief[:at]
	}
	return strings.TrimSpace(brief)
}
