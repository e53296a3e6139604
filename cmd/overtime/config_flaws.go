package main

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A flaw is something in a value that nobody types on purpose. What carries the value there left it in: an editor, a
// chat, a line end of Windows, docker's --env-file, which keeps quotation marks.
type flaw struct {
	in        func(value string) bool
	text      string
	tolerated bool // in a password, where it may be meant: a warning
}

const withoutThem = ": write the value on one line, without them"

var flaws = []flaw{
	{in: notText, text: "is not UTF-8 text: save it as UTF-8"},
	{in: hasBlankEnds, text: "begins or ends with a space, or has a line break in it" + withoutThem},
	{in: hasInvisible, text: "has an invisible character or a non-breaking space in it: type the value again, by hand", tolerated: true},
	{in: hasSmartQuotes, text: "has typographic quotation marks in it" + withoutThem, tolerated: true},
	{in: isQuoted, text: "begins or ends with quotation marks, which are taken as a part of it (docker's --env-file keeps them)" +
		withoutThem, tolerated: true},
}

// checkFlaws looks at every variable that is given, once. A variable with a flaw has no other fault.
func (l *configLoad) checkFlaws() {
	for _, variable := range l.variables {
		l.checkFlaw(variable, variable.Name, l.values[variable.Name])
		if variable.Secret {
			l.checkFlaw(variable.file(), variable.file().Name, l.values[variable.file().Name])
		}
		l.flawed[variable.Name] = l.hasFault(variable.Name, variable.file().Name)
	}
}

// checkFlaw names the source of the value: the variable, or that with the path of its file.
func (l *configLoad) checkFlaw(variable Variable, source, value string) {
	if variable.isList() {
		value = strings.Trim(value, " \t") // entries are trimmed anyway
	}
	at := slices.IndexFunc(flaws, func(f flaw) bool { return f.in(value) })
	switch {
	case at < 0:
	case variable.password && flaws[at].tolerated:
		flaw, _, _ := strings.Cut(flaws[at].text, ":")
		l.warn("%s %s: write it without, unless that is a part of the password", source, flaw)
	default:
		l.fault(source, "%s", flaws[at].text)
	}
}

func notText(value string) bool { return !utf8.ValidString(value) }

func hasBlankEnds(value string) bool { return hasControl(value) || value != strings.Trim(value, " ") }

// hasInvisible finds format characters (a byte order mark, a zero-width space), and blanks other than the space bar's.
func hasInvisible(value string) bool {
	return strings.ContainsFunc(value, func(r rune) bool {
		return unicode.In(r, unicode.Cf, unicode.Co) || unicode.IsSpace(r) && r != ' ' || r == utf8.RuneError
	})
}

func hasSmartQuotes(value string) bool {
	return strings.ContainsAny(value, "“”„‟‘’‚‛«»‹›「」『』＂＇´")
}

// isQuoted also finds one mark alone, whose partner was lost. A password may well begin or end with one.
func isQuoted(value string) bool {
	const marks = "\"'`"
	return value != "" && (strings.ContainsRune(marks, rune(value[0])) || strings.ContainsRune(marks, rune(value[len(value)-1])))
}
