package bot

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/overtime-bot/overtime/meeting"
)

// Titles are what anybody may call a meeting.
var titles = map[string]string{
	"Weekly product sync":                   "*Weekly product sync*",
	"*Approved* by _admin_":                 "*∗Approved∗ by ＿admin＿*",
	"release_2026_11 and __init__":          "*release_2026_11 and ＿＿init＿＿*",
	"`code` ~gone~ :white_check_mark: 9:30": "*ˋcodeˋ ∼gone∼ ꞉white_check_mark꞉ 9:30*",
	"<!channel> & <@U0ADMIN>":               "*&lt;!channel&gt; &amp; &lt;@U0ADMIN&gt;*",
	"two\nlines\u202e turned":               "*two lines turned*",
	"פגישה שבועית":                          "*\u2068פגישה שבועית\u2069*",
	"اجتماع 5 \u2069 out":                   "*\u2068اجتماع 5 out\u2069*",
	"🎉 party 👨‍👩‍👧":                         "*🎉 party 👨‍👩‍👧*",
	"\u200b\u202e":                          "*-*",
}

func TestTitlesStayTextInASentence(t *testing.T) {
	for title, want := range titles {
		if got := bold(title); got != want {
			t.Errorf("%q: %q, want %q", title, got, want)
		}
	}
	for _, long := range append(worst, strings.Repeat("שלום ", 100), strings.Repeat("*_`~:a: ", 70)) {
		bare := strings.Trim(unescape(bold(long)), "*\u2068\u2069")
		if n := utf8.RuneCountInString(bare); n > titleLimit || n < titleLimit/2 {
			t.Errorf("%d characters of %q", n, bare)
		}
		if faults := lint(render(Reply{Tone: Telling, Text: "ends", Heading: heading{Name: bold(long)}})); len(faults) > 0 {
			t.Errorf("%q: %q", long, faults)
		}
	}
}

// A reader who may not know the title reads the number. A name that the text has is not put before it again.
func TestHeadingIsInTheFirstLine(t *testing.T) {
	m := meeting.Meeting{ID: theID, Subject: "Secret merger"}
	unknown := headingOf(recipient{}.sight, m)
	if unknown != (heading{Name: "*" + theID + "*"}) {
		t.Errorf("%+v", unknown)
	}
	for text, want := range map[string]string{
		"Too many.":                            "*914083136* · Too many.",
		"Too many.\nAsk about *914083136*.":    "*914083136* · Too many.\nAsk about *914083136*.",
		"It's *914083136* that ends.\nExtend?": "It's *914083136* that ends.\nExtend?",
	} {
		message := render(Reply{Tone: Telling, Text: text, Heading: unknown})
		if message.Text != want {
			t.Errorf("%q, want %q", message.Text, want)
		}
	}
}

// Every message about a meeting names it in its first line, as a notification shows it; a prompt names the host too.
func TestFirstLineNamesTheMeeting(t *testing.T) {
	number := regexp.MustCompile(`^\d{9}$`)
	eachScene(t, func(language string, p played) {
		for _, said := range p.messages() {
			if said.text == "" { // a Home is no message
				continue
			}
			first, _, _ := strings.Cut(said.whole, "\n")
			shown, _, _ := strings.Cut(said.text, "\n")
			if first != shown {
				t.Errorf("%s, %s: the notification says %q, the message %q", language, p.name, first, shown)
			}
			if len(said.about) > 0 && number.MatchString(said.about[0]) && !strings.Contains(first, "*") {
				t.Errorf("%s, %s: no meeting is named in %q", language, p.name, first)
			}
			isPrompt := slices.ContainsFunc(said.buttons, func(b heardButton) bool { return b.element == verbEnd })
			if hosted := strings.Contains(first, "<@U0OWNER>") || regexp.MustCompile(`^(Your|Tu|你的)`).MatchString(first); isPrompt && !hosted {
				t.Errorf("%s, %s: no host is named in %q", language, p.name, first)
			}
		}
	})
}

// A host who wants no prompts, or who has no account here, is named and not called. Who may not know the title learns no
// host.
func TestPromptNamesItsHost(t *testing.T) {
	for name, test := range map[string]struct {
		set  func(*world)
		want string
	}{
		"called":            {nil, "*Weekly product sync* (host <@U0OWNER>) ends at"},
		"wants no prompts":  {quieted(owner), "*Weekly product sync* (host Olivia Owner) ends at"},
		"not in Slack":      {func(w *world) { w.people.emailErr = errTrouble }, "*Weekly product sync* (host Olivia Owner) ends at"},
		"hostile name":      {both(quieted(owner), func(w *world) { w.meetings[0].Host.Name = "*A* <!here>" }), "(host ∗A∗ &lt;!here&gt;) ends at"},
		"read by strangers": {func(w *world) { w.people.err = errTrouble }, "*914083136* ends at"},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, test.set, func(t *testing.T, w *world) {
				o := asked()
				o.Meeting.HostName = w.meetings[0].Host.Name
				if _, err := w.posts(o); err != nil {
					t.Fatal(err)
				}
				wantTexts(t, []string{w.poster.last().whole}, test.want)
			})
		})
	}
}
