package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/overtime-bot/overtime/bot/grammar"
)

// ofTheEnvironment are variables that Go's libraries read, which never see the file. Those of proxies are faults.
var ofTheEnvironment = []string{"NO_PROXY", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR"}

// checkNames finds names that are nearly ours and would be ignored silently: DENIED_USER= lets everybody in. The file is
// ours, so there it is a fault; the environment also belongs to others.
func (l *configLoad) checkNames(path string, file, environment map[string]string) {
	for _, name := range slices.Sorted(maps.Keys(file)) {
		if meant := l.near(name); meant != "" {
			l.faults = append(l.faults, Fault{Name: path, Text: fmt.Sprintf("has %s, which is not known: did you mean %s?", name, meant), meant: strings.TrimSuffix(meant, secretFileSuffix)})
		} else if !l.isKnown(name) {
			l.warn("%s in %s is not known and is ignored: overtime --help lists what is", name, path)
		}
		if slices.Contains(ofTheEnvironment, strings.ToUpper(name)) && environment[name] == "" {
			l.warn("%s in %s has no effect: set it in the real environment", name, path)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(environment)) {
		if meant := l.near(name); meant != "" {
			l.warn("%s in the environment is not known and is ignored: did you mean %s?", name, meant)
		}
	}
}

// isKnown also knows what Go's libraries read.
func (l *configLoad) isKnown(name string) bool {
	others := slices.Concat(ofTheEnvironment, proxies, []string{"ALL_PROXY"})
	return slices.Contains(others, strings.ToUpper(name)) || slices.ContainsFunc(l.variables, func(variable Variable) bool {
		return variable.Name == name || variable.Secret && variable.file().Name == name
	})
}

// near is the variable that a name was probably meant to be; "" for one that is known, or nobody's.
func (l *configLoad) near(name string) string {
	nearest, least := "", tooFar
	for _, variable := range l.variables {
		known := []string{variable.Name}
		if variable.Secret {
			known = append(known, variable.file().Name)
		}
		for _, candidate := range known {
			if candidate == name {
				return ""
			}
			if far := slips(name, candidate); far < least {
				nearest, least = candidate, far
			}
		}
	}
	return nearest
}

const tooFar = 4

// slips is how far a name is from a variable, in letters or whole words; tooFar or more where it is another's.
func slips(name, variable string) int {
	typed, right := words(name), words(variable)
	if len(typed) > 1 && typed[0] == "OVERTIME" {
		typed = typed[1:]
	}
	plainTyped, plainRight := strings.Join(typed, ""), strings.Join(right, "")
	letters := grammar.Distance(plainTyped, plainRight)
	switch most := min(2, len(plainRight)/4); {
	case letters <= most:
		return letters
	case slices.Equal(slices.Sorted(slices.Values(typed)), slices.Sorted(slices.Values(right))):
		return 2 // in another order
	case oneWordOff(typed, right), isPartOf(typed, right), isOtherList(typed, right), len(typed) == len(right)+1 && slices.Equal(typed[:len(right)], right):
		return 3
	}
	return tooFar
}

// oneWordOff is DENY_USERS for DENIED_USERS.
func oneWordOff(typed, right []string) bool {
	if len(typed) != len(right) || len(right) < 2 {
		return false
	}
	off, letters := 0, 0
	for at := range right {
		if typed[at] != right[at] {
			off, letters = off+1, grammar.Distance(typed[at], right[at])
		}
	}
	return off == 1 && letters <= 3
}

// isOtherList is DENIED_GROUPS for DENIED_USERS: a list that could be, and is not.
func isOtherList(typed, right []string) bool {
	of := []string{"USER", "GROUP", "CHANNEL"}
	return len(typed) == 2 && len(right) == 2 && typed[0] == right[0] && slices.Contains(of, typed[1]) && slices.Contains(of, right[1])
}

// isPartOf is SLACK_TOKEN for SLACK_BOT_TOKEN.
func isPartOf(typed, right []string) bool {
	return len(typed) > 1 && len(typed) < len(right) && typed[0] == right[0] &&
		!slices.ContainsFunc(typed, func(word string) bool { return !slices.Contains(right, word) })
}

// words of a name, in capitals and without the S of a plural.
func words(name string) []string {
	fields := strings.FieldsFunc(strings.ToUpper(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for at, word := range fields {
		fields[at] = strings.TrimSuffix(word, "S")
	}
	return fields
}
