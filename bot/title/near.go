package title

import "unicode/utf8"

// leastSlip is how many letters a word has in which a slip is forgiven. Shorter ones are too much like others.
const leastSlip = 4

// Near says that the title has each word asked for, in order, if one slip in each is forgiven: a letter too many, too few,
// another, or two that changed places.
func (t Title) Near(asked Title) bool {
	if asked.Empty() {
		return false
	}
	words := t.spacedWords()
	var has []string
	for word := range words {
		has = append(has, word)
	}
	for word := range asked.spacedWords() {
		found := false
		for !found && len(has) > 0 {
			found = word == has[0] || utf8.RuneCountInString(word)-2 >= leastSlip && oneSlip(word, has[0])
			has = has[1:]
		}
		if !found {
			return false
		}
	}
	return true
}

// oneSlip says that one slip makes b of a.
func oneSlip(a, b string) bool {
	from, to := []rune(a), []rune(b)
	for len(from) > 0 && len(to) > 0 && from[0] == to[0] {
		from, to = from[1:], to[1:]
	}
	for len(from) > 0 && len(to) > 0 && from[len(from)-1] == to[len(to)-1] {
		from, to = from[:len(from)-1], to[:len(to)-1]
	}
	switch {
	case len(from)+len(to) == 1, len(from) == 1 && len(to) == 1:
		return true
	}
	return len(from) == 2 && len(to) == 2 && from[0] == to[1] && from[1] == to[0]
}
