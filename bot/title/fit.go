package title

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Fit is how well a title fits what was asked for. More is better.
type Fit int

// The fits.
const (
	None   Fit = iota
	Inside     // each word stands somewhere in it
	Begun      // each word begins one of its words, in order
	Words      // whole words of it, in order
	Whole      // all of it
)

// Fit says how well the title fits. Nothing fits where nothing was asked for. Where a script puts no spaces between words,
// two characters that follow each other are taken for a word.
func (t Title) Fit(asked Title) Fit {
	switch {
	case asked.Empty() || t.Empty():
		return None
	case t == asked:
		return Whole
	case t.inOrder(asked, wholeWord):
		return Words
	case t.inOrder(asked, beginning):
		return Begun
	case Among(asked, t):
		return Inside
	}
	return None
}

// wholeWord is a word as it is searched for, from the text of words that has spaces around each.
func wholeWord(spacedWord string) string {
	word := spacedWord[1 : len(spacedWord)-1]
	if isUnspaced(word) && utf8.RuneCountInString(word) > 1 {
		return word
	}
	return spacedWord
}

// beginning is the beginning of a word as it is searched for.
func beginning(spacedWord string) string {
	if word := spacedWord[1 : len(spacedWord)-1]; isUnspaced(word) {
		return word
	}
	return spacedWord[:len(spacedWord)-1]
}

func isUnspaced(word string) bool {
	first, _ := utf8.DecodeRuneInString(word)
	return first >= utf8.RuneSelf && unicode.In(first, unspacedScripts...)
}

// inOrder says that each word asked for stands behind the one before, as sought writes it.
func (t Title) inOrder(asked Title, sought func(spacedWord string) string) bool {
	rest := t.text
	for word := range asked.spacedWords() {
		what := sought(word)
		at := strings.Index(rest, what)
		if at < 0 {
			return false
		}
		rest = rest[at+len(strings.TrimRight(what, " ")):]
	}
	return true
}

// Among says that each word asked for stands somewhere in one of the texts.
func Among(asked Title, texts ...Title) bool {
	for word := range asked.spacedWords() {
		if !slices.ContainsFunc(texts, func(t Title) bool { return strings.Contains(t.text, word[1:len(word)-1]) }) {
			return false
		}
	}
	return !asked.Empty()
}

// spacedWords are the words with a space on either side.
func (t Title) spacedWords() func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for rest := t.text; len(rest) > 1; {
			end := strings.IndexByte(rest[1:], ' ') + 1
			if !yield(rest[:end+1]) {
				return
			}
			rest = rest[end:]
		}
	}
}
