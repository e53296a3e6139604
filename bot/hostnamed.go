package bot

import (
	"regexp"
	"slices"
	"strings"

	"github.com/overtime-bot/overtime/bot/grammar"
)

// A person who is named in the place of a meeting means the meetings that they host: as Slack writes them, and by their name
// where it leaves what was typed as it is.
var (
	hostMentioned = regexp.MustCompile(`(?i:(?:^|\s)(?:of|for|by|with|de|para|con)\s+)?<@([A-Z0-9]+)(?:\|[^>]*)?>(?:['’]s|的)?`)
	hostTyped     = regexp.MustCompile(`(^|\s)@([\p{L}\p{N}][\p{L}\p{N}._-]*)`)
)

// aboutOne are the verbs that are about one meeting.
var aboutOne = []grammar.Verb{
	grammar.VerbDialog, grammar.VerbExtend, grammar.VerbAuto, grammar.VerbStatus, grammar.VerbWhy, grammar.VerbWatch, grammar.VerbUnwatch,
}

// hostNamed reads the person who is named in the place of a meeting. A name becomes a title, by which hosts are found, too.
func hostNamed(text string) (rest, host string) {
	if at := hostMentioned.FindStringSubmatchIndex(text); at != nil {
		rest = strings.TrimSpace(text[:at[0]] + " " + text[at[1]:])
		switch command, none := namesNone(rest); {
		case !none:
			return text, ""
		case command.Verb == grammar.VerbDialog: // the person names a meeting, and wants no form
			rest = string(grammar.VerbExtend)
		}
		return rest, text[at[2]:at[3]]
	}
	at := hostTyped.FindStringSubmatchIndex(text)
	if at == nil {
		return text, ""
	}
	if _, none := namesNone(text[:at[0]] + " " + text[at[1]:]); none {
		return strings.TrimSpace(text[:at[3]] + `"` + text[at[4]:at[5]] + `"` + text[at[1]:]), ""
	}
	return text, ""
}

// namesNone says that a command is about one meeting, and names none.
func namesNone(text string) (grammar.Command, bool) {
	command, err := grammar.Parse(text)
	return command, err == nil && command.Unnamed() && slices.Contains(aboutOne, command.Verb)
}
