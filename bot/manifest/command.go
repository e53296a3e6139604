package manifest

import (
	"errors"
	"regexp"
	"unicode/utf8"
)

// DefaultCommand is what the slash command is called if nobody chose another name.
const DefaultCommand = "/extend"

// longestCommand is in characters, with the slash.
// Source: https://docs.slack.dev/reference/app-manifest#features
const longestCommand = 32

// Slack takes letters of every script, and no capitals.
var commandForm = regexp.MustCompile(`^/[\p{Ll}\p{Lo}\p{Lm}\p{M}\p{Nd}_-]+$`)

var errCommand = errors.New("write the name of the slash command, as /extend: a slash, then lower-case letters, digits, - and _, " +
	"32 characters at most")

// CheckCommand says what is wrong with the name of a slash command, and what to write.
func CheckCommand(name string) error {
	if !commandForm.MatchString(name) || utf8.RuneCountInString(name) > longestCommand {
		return errCommand
	}
	return nil
}
