package bot

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/meeting"
	"golang.org/x/text/unicode/bidi"
)

// A notification shows little more than a hundred characters.
const (
	titleLimit = 80
	hostLimit  = 40
	shortest   = 10 // in a list that is too long otherwise, and then without its hosts
)

// heading names the meeting that a message is about. A notification shows the first line alone, so the name is in it.
type heading struct {
	Name   string // mrkdwn: the title in bold; the number where the reader may not know the title
	Number string // shown below the text; empty where the name is the number
}

// headingOf names a meeting as far as its reader may know it.
func headingOf(sight access.Sight, m meeting.Meeting) heading {
	subject := sight.Subject(m)
	if subject == "" {
		return numberAlone(m.ID)
	}
	return heading{Name: bold(subject), Number: m.ID}
}

// numberAlone names a meeting of which only the number is known.
func numberAlone(id string) heading { return heading{Name: bold(id)} }

// put puts the name in front of a text whose first line does not have it.
func (h heading) put(text string) string {
	first, _, _ := strings.Cut(text, "\n")
	if h.Name == "" || strings.Contains(first, h.Name) {
		return text
	}
	return h.Name + " · " + text
}

// bold shows foreign text in bold, as it is written.
func bold(text string) string { return boldWithin(text, titleLimit) }

func boldWithin(text string, limit int) string { return "*" + inSentence(text, limit) + "*" }

// inSentence makes foreign text fit for the middle of our own mrkdwn, of which it turns and formats nothing.
func inSentence(text string, limit int) string {
	text = strings.Join(strings.Fields(plain(text, len(text))), " ")
	return isolated(escaper.Replace(inert(clip(text, limit))))
}

// lookalikes stand for the signs that Slack would take for formatting: mrkdwn has no way to escape them.
var lookalikes = strings.NewReplacer("*", "∗", "~", "∼", "`", "ˋ")

var (
	emojiName  = regexp.MustCompile(`:([\p{L}\d_+'-]+):`)
	underscore = regexp.MustCompile(`(^|[^\p{L}\d])_+|_+([^\p{L}\d_]|$)`)
)

// inert keeps Slack from formatting foreign text in mrkdwn: no bold, no code, no emoji by their names. Underscores inside a
// word format nothing, and stay.
func inert(text string) string {
	text = emojiName.ReplaceAllString(lookalikes.Replace(text), "꞉$1꞉")
	return underscore.ReplaceAllStringFunc(text, func(found string) string { return strings.ReplaceAll(found, "_", "＿") })
}

// isolated keeps text that is written from right to left from turning the sentence around it.
func isolated(text string) string {
	turns := func(r rune) bool {
		if r < unicode.MaxLatin1 {
			return false
		}
		properties, _ := bidi.LookupRune(r)
		class := properties.Class()
		return class == bidi.R || class == bidi.AL || class == bidi.AN
	}
	if !strings.ContainsFunc(text, turns) {
		return text
	}
	return "\u2068" + text + "\u2069"
}
