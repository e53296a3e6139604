package grammar_test

import (
	"errors"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/overtime-bot/overtime/bot/grammar"
)

const pastedID = "914083136"

func forMinutes(count int) grammar.Amount {
	return grammar.Amount{Kind: grammar.ForMinutes, Count: count}
}

func untilClock(hour, minute int) grammar.Amount {
	return grammar.Amount{Kind: grammar.UntilClock, Hour: hour, Minute: minute}
}

func extendBy(amount grammar.Amount) grammar.Command {
	return grammar.Command{Verb: grammar.VerbExtend, Meeting: pastedID, Amount: amount}
}

func wantCommand(t *testing.T, text string, want grammar.Command) {
	t.Helper()
	got, err := grammar.Parse(text)
	if err != nil {
		t.Errorf("Parse(%q): %v", text, parseErrorOf(err))
		return
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Parse(%q) (-want +got):\n%s", text, diff)
	}
}

func parseErrorOf(err error) grammar.ParseError {
	var parse *grammar.ParseError
	errors.As(err, &parse)
	return *parse
}

func TestParseReadsMeetings(t *testing.T) {
	want := extendBy(forMinutes(30))
	for _, text := range []string{
		"914083136 30",
		"914 083 136 30",
		"914\u00a0083\u00a0136\u00a030",
		"914\u3000083\u3000136\u300030",
		"914-083-136 30",
		"914\u2013083\u2013136 30", // en dashes
		"９１４０８３１３６　３０",
		"\u2068914083136\u2069 30", // isolates, as pasted from a chat
		"914083136\ufe0f 30",
		"914 083136 30",
		"  914083136   30  ",
		"*914 083 136* 30",
		"`914083136 30`",
		"“914083136” 30",
		"<914083136> <30>",
		"&lt;914083136&gt; 30",
		"[914083136] 30.",
		"#914083136, 30",
		"ID: 914 083 136 30",
		"ID:914083136 30",
		"meeting id 914083136 30",
		"会议号：914 083 136 30分钟",
		"延长914083136 30分钟",
		"ampliar 914083136 30",
		"/extend 914083136 30",
		"<@U0BOT> 914083136 30",
		"<@U0BOT|overtime> extend 914083136 30",
		"@overtime 914083136 30",
		"https://bmeeting.huaweicloud.com/#/j/914083136/0123abcd 30",
		"<https://bmeeting.huaweicloud.com/#/j/914083136/0123abcd> 30",
		"<https://bmeeting.huaweicloud.com/#/j/914083136/0123abcd|join 914 083 999> 30",
		"<https://bmeeting.huaweicloud.com/#/j/914083136/0123abcd?a=1&amp;b=2|join> 30",
		"bmeeting.huaweicloud.com/#/j/914083136/0123abcd 30",
		"<http://bmeeting.huaweicloud.com/#/j/914083136|bmeeting.huaweicloud.com/#/j/914083136> 30",
		"<tel:914083136|914083136> 30",
		"<tel:914083136|914 083 136> 30",
		"<tel:914-083-136> 30",
	} {
		wantCommand(t, text, want)
	}
}

func TestParseReadsGroupsInOneWayOrNot(t *testing.T) {
	longer := func(id string, amount grammar.Amount) grammar.Command {
		return grammar.Command{Verb: grammar.VerbExtend, Meeting: id, Amount: amount}
	}
	for text, want := range map[string]grammar.Command{
		"914 083 136":           extendBy(grammar.Amount{}),
		"914 083 136 5":         extendBy(forMinutes(5)),
		"914 083 136 120 min":   extendBy(forMinutes(120)),
		"914 083 136 120m":      extendBy(forMinutes(120)),
		"914 083 136 +120":      extendBy(forMinutes(120)),
		"914 083 136 1000":      extendBy(forMinutes(1000)),
		"914 083 136 max":       extendBy(grammar.Amount{Kind: grammar.ToMaximum}),
		"914083136 120":         extendBy(forMinutes(120)), // nine digits are whole
		"914083136 083":         extendBy(forMinutes(83)),
		"914-083-136 120":       extendBy(forMinutes(120)),
		"914083 30":             longer("914083", forMinutes(30)),
		"914083":                longer("914083", grammar.Amount{}),
		"91408313 120":          longer("91408313", forMinutes(120)),
		"914083 136 30":         extendBy(forMinutes(30)), // "136 30" is no amount
		"914 083 136 120 30":    longer("914083136120", forMinutes(30)),
		"914 083 136 120 3h":    longer("914083136120", forMinutes(180)),
		"914083 136m":           longer("914083", forMinutes(136)),
		"9876-5432-10987 30":    {},
		"914 083 136 000 until": {},
	} {
		if want.Verb == "" {
			if got, err := grammar.Parse(text); err == nil {
				t.Errorf("Parse(%q) = %v, want an error", text, got)
			}
			continue
		}
		wantCommand(t, text, want)
	}
}

func TestParseNamesTheProblem(t *testing.T) {
	for _, test := range []struct {
		text        string
		problem     grammar.Problem
		word        string
		suggestions []string
	}{
		{"&amp;lt;914083136 30", grammar.BadMeeting, "&lt;914083136", nil}, // unescaped once
		{"-5", grammar.Negative, "-5", nil},
		{"0", grammar.Zero, "0", nil},
		{"1.5", grammar.Fractional, "1.5", nil},
		{"15:30", grammar.BareTime, "15:30", []string{"until 15:30"}},
		{"until", grammar.BadTime, "", nil},
		{"until teatime", grammar.BadTime, "teatime", nil},
		{"weekly sync 0", grammar.Zero, "0", nil},
		{"weekly sync -5 min", grammar.Negative, "-5", nil},
		{"weekly sync until teatime", grammar.BadTime, "teatime", nil},
		{"weekly sync until 3", grammar.BadTime, "3", []string{`"weekly sync" until 03:00`, `"weekly sync" until 15:00`}},
		{"watch weekly sync", grammar.NoMode, "", []string{`watch "weekly sync" ask`, `watch "weekly sync" auto`}},
		{`"weekly sync" thirty`, grammar.NotANumber, "thirty", nil},
		{`"weekly sync" 15:30`, grammar.BareTime, "15:30", []string{`"weekly sync" until 15:30`}},
		{strings.Repeat("é", 1001), grammar.BadMeeting, strings.Repeat("é", 39) + "…", nil},
		{"join https://example.com/?pwd=secret 30", grammar.BadMeeting, "https://example.com/…", nil},
		{"lunch example.com/secret", grammar.BadMeeting, "example.com/…", nil},
		{"914 083 30", grammar.BadMeeting, "914", nil},
		{"٩١٤٠٨٣١٣٦ 30", grammar.UnknownVerb, "٩١٤٠٨٣١٣٦", nil},
		{"-914083136 30", grammar.BadMeeting, "-914083136", []string{"914083136"}},
		{"9140 8313 6", grammar.BadMeeting, "9140", []string{"914083136"}},
		{"30 914083136", grammar.BadMeeting, "30", []string{"914083136 30"}},
		{"30 min 914 083 136", grammar.BadMeeting, "30", []string{"914083136 30"}},
		{"until 15:30 914083136", grammar.BadMeeting, "until", []string{"914083136 until 15:30"}},
		{"status 914083136-30", grammar.BadMeeting, "914083136-30", []string{"status 914083136", "status 91408313630"}},
		{"unwatch 9140 8313 6", grammar.BadMeeting, "9140", []string{"unwatch 914083136"}},
		{"watch auto 30 914083136", grammar.BadMeeting, "auto", []string{"watch 914083136 auto 30"}},
		{"why -914083136", grammar.BadMeeting, "-914083136", []string{"why 914083136"}},
		{"extend auto 914083136", grammar.BadMeeting, "auto", []string{"914083136 auto"}},
		{"914083136 auto until 15:30", grammar.NotANumber, "until", nil},
		{"914083136 auto 0", grammar.Zero, "0", nil},
		{"914083136-", grammar.BadMeeting, "914083136-", []string{"914083136"}},
		{"914083136-30", grammar.BadMeeting, "914083136-30", []string{"914083136 30", "91408313630"}},
		{"914083136914083136914083136 30", grammar.BadMeeting, "914083136914083136914083136", nil},
		{"https://example.com/secret/token 30", grammar.BadMeeting, "https://example.com/…", nil},
		{"914083136 30 https://example.com/secret", grammar.TooManyWords, "https://example.com/…", nil},

		{"914083 136", grammar.AmbiguousMeeting, "914083 136", []string{"914083 136m", "914083136"}},
		{"914 083 136 120", grammar.AmbiguousMeeting, "914 083 136 120", []string{"914083136 120", "914083136120"}},
		{"914 083136 120", grammar.AmbiguousMeeting, "914 083136 120", []string{"914083136 120", "914083136120"}},

		{"914083136 0", grammar.Zero, "0", nil},
		{"914083136 0h0m", grammar.Zero, "0h0m", nil},
		{"914083136 ０ min", grammar.Zero, "0 min", nil},
		{"914083136 -5", grammar.Negative, "-5", nil},
		{"914083136 \u22125", grammar.Negative, "-5", nil},
		{"914083136 \u20145 min", grammar.Negative, "-5", nil},
		{"914083136 - 30", grammar.Negative, "-30", nil},
		{"914083136 -30.5", grammar.Negative, "-30.5", nil},
		{"914083136 30.5", grammar.Fractional, "30.5", nil},
		{"914083136 30,5", grammar.Fractional, "30,5", nil},
		{"914083136 +30.0", grammar.Fractional, "+30.0", nil},
		{"914083136 15.30h", grammar.Fractional, "15.30h", nil}, // a time of day, in Spanish
		{"914083136 1.5m", grammar.Fractional, "1.5m", nil},
		{"914083136 0.0h", grammar.Zero, "0m", nil},
		{"914083136 920417765 30", grammar.OneMeeting, "920417765", []string{"914083136 30", "920417765 30"}},
		{"914 083 136 and 920-417-765 max", grammar.OneMeeting, "920417765", []string{"914083136 max", "920417765 max"}},
		{"914083136, 920417765", grammar.OneMeeting, "920417765", []string{"914083136", "920417765"}},
		{"914083136 30 920417765 30", grammar.OneMeeting, "920417765", []string{"914083136 30", "920417765 30"}},
		{"status 914083136 https://meeting.example.com/#/j?id=920417765", grammar.OneMeeting, "920417765", []string{"status 914083136", "status 920417765"}},
		{"914083136 .5", grammar.Fractional, ".5", nil},
		{"914083136 1e3", grammar.NotANumber, "1e3", nil},
		{"914083136 0x1F", grammar.NotANumber, "0x1F", nil},
		{"914083136 ٣٠", grammar.NotANumber, "٣٠", nil},
		{"914083136 1²", grammar.NotANumber, "1²", nil},
		{"914083136 30½", grammar.NotANumber, "30½", nil},
		{"914083136 thirty", grammar.NotANumber, "thirty", nil},
		{"914083136 thirtyish minutes", grammar.NotANumber, "thirtyish", nil},
		{"914083136 5-10", grammar.NotANumber, "5-10", nil},
		{"914083136 ++30", grammar.NotANumber, "++30", nil},
		{"914083136 +-30", grammar.NotANumber, "+-30", nil},
		{"914083136 30s", grammar.NotANumber, "30s", nil},
		{"914083136 1h90m", grammar.NotANumber, "1h90", nil},
		{"914083136 1h60", grammar.NotANumber, "1h60", nil},
		{"914083136 30m1h", grammar.NotANumber, "30m1h", nil},
		{"914083136 for", grammar.NotANumber, "for", nil},
		{"914083136 h", grammar.NotANumber, "h", nil},
		{"914083136 +", grammar.NotANumber, "+", nil},
		{"914083136 99999999999999999999", grammar.TooLong, "99999999999999999999", nil},
		{"914083136 153722868m", grammar.TooLong, "153722868", nil},
		{"914083136 2562048h", grammar.TooLong, "2562048", nil},
		{"914083136 9223372036854775807h59", grammar.TooLong, "9223372036854775807", nil},
		{"914083136 30 extra words", grammar.TooManyWords, "extra words", nil},
		{"914083136 30 30", grammar.TooManyWords, "30", nil},
		{"914083136 max 30", grammar.TooManyWords, "30", nil},
		{"914083136 until 15:30 tomorrow", grammar.TooManyWords, "tomorrow", nil},
		{"914083136 30 <@U123>", grammar.TooManyWords, "@U123", nil},
		{"list 914083136", grammar.TooManyWords, "914083136", nil},
		{"status 914083136 30", grammar.TooManyWords, "30", nil},

		{"914083136 until", grammar.BadTime, "", nil},
		{"914083136 until 25:00", grammar.BadTime, "25:00", nil},
		{"914083136 until 15:60", grammar.BadTime, "15:60", nil},
		{"914083136 until 24:01", grammar.BadTime, "24:01", nil},
		{"914083136 until 15:3", grammar.BadTime, "15:3", nil},
		{"914083136 until 15:30:00", grammar.BadTime, "15:30:00", nil},
		{"914083136 until 13pm", grammar.BadTime, "13pm", nil},
		{"914083136 until 0:30am", grammar.BadTime, "0:30am", nil},
		{"914083136 until teatime", grammar.BadTime, "teatime", nil},
		{"914083136 until -5:00", grammar.BadTime, "-5:00", nil},
		{"914083136 until 15", grammar.BadTime, "15", []string{"914083136 until 15:00"}},
		{"914083136 until 3", grammar.BadTime, "3", []string{"914083136 until 03:00", "914083136 until 15:00"}},
		{"914083136 until 12", grammar.BadTime, "12", []string{"914083136 until 12:00", "914083136 until 00:00"}},
		{"30 771234", grammar.BadMeeting, "30", []string{"771234 30m"}},
		{"autoo 914083136", grammar.UnknownVerb, "autoo", []string{"914083136 auto"}},
		{"914083136 until 1530", grammar.BadTime, "1530", []string{"914083136 until 15:30"}},
		{"914083136 until 930", grammar.BadTime, "930", []string{"914083136 until 09:30", "914083136 until 21:30"}},
		{"914083136 until 99", grammar.BadTime, "99", nil},
		{"914083136 15:30", grammar.BareTime, "15:30", []string{"914083136 until 15:30"}},
		{"914083136 3:30pm", grammar.BareTime, "3:30pm", []string{"914083136 until 15:30"}},
		{"914083136 3 pm", grammar.BareTime, "3", []string{"914083136 until 15:00"}},

		{"statsu 914083136", grammar.UnknownVerb, "statsu", []string{"status 914083136"}},
		{"statsu 914083136 now", grammar.UnknownVerb, "statsu", nil},
		{"extned 914083136 30", grammar.UnknownVerb, "extned", []string{"914083136 30"}},
		{"wacth 914 083 136 auto", grammar.UnknownVerb, "wacth", []string{"watch 914083136 auto"}},
		{"wacth 914083136", grammar.UnknownVerb, "wacth", []string{"watch 914083136 ask", "watch 914083136 auto"}},
		{"help frobnicate", grammar.UnknownVerb, "frobnicate", nil},
		{"help extned", grammar.UnknownVerb, "extned", []string{"help extend"}},
		{"\xff\xfe", grammar.UnknownVerb, "\ufffd", nil},
	} {
		got, err := grammar.Parse(test.text)
		if err == nil {
			t.Errorf("Parse(%q) = %+v, want %s", test.text, got, test.problem)
			continue
		}
		want := grammar.ParseError{Problem: test.problem, Word: test.word}
		if diff := cmp.Diff(want, parseErrorOf(err), cmpopts.IgnoreFields(grammar.ParseError{}, "Verb", "Meeting", "Title", "Suggestions")); diff != "" {
			t.Errorf("Parse(%q) (-want +got):\n%s", test.text, diff)
		}
		if suggested := suggestedBy(err); !slices.Equal(suggested, test.suggestions) {
			t.Errorf("Parse(%q) suggests %q, want %q", test.text, suggested, test.suggestions)
		}
		if got != (grammar.Command{}) {
			t.Errorf("Parse(%q) gives %+v beside its error", test.text, got)
		}
	}
}

// An error knows what was to be done, and with which meeting, wherever that stands.
func TestParseErrorKnowsVerbAndMeeting(t *testing.T) {
	for _, test := range []struct {
		text    string
		verb    grammar.Verb
		meeting string
	}{
		{"914083136 thirty", grammar.VerbExtend, pastedID},
		{"914 083 136 thirty", grammar.VerbExtend, pastedID},
		{"771234 thirty", grammar.VerbExtend, "771234"},
		{"watch ask 914083136 please", grammar.VerbWatch, pastedID},
		{"watch please <https://bmeeting.huaweicloud.com/#/j/914083136/0123abcd>", grammar.VerbWatch, pastedID},
		{"watch 914083136 auto soon", grammar.VerbWatch, pastedID},
		{"unwatch 914083136 now", grammar.VerbUnwatch, pastedID},
		{"why 914083136 soon", grammar.VerbWhy, pastedID},
		{"list 914083136", grammar.VerbList, pastedID},
		{"help frobnicate", grammar.VerbHelp, ""},
		{"pause all", grammar.VerbPause, ""},
		{"frobnicate 914083136", grammar.VerbDialog, pastedID},
	} {
		_, err := grammar.Parse(test.text)
		if err == nil {
			t.Errorf("Parse(%q) gives no error", test.text)
			continue
		}
		if got := parseErrorOf(err); got.Verb != test.verb || got.Meeting != test.meeting {
			t.Errorf("Parse(%q): %q of %q, want %q of %q", test.text, got.Verb, got.Meeting, test.verb, test.meeting)
		}
	}
}

func TestParseReadsVerbs(t *testing.T) {
	for text, want := range map[string]grammar.Command{
		"":                    {Verb: grammar.VerbDialog},
		" \u200b\u3000":       {Verb: grammar.VerbDialog},
		"<@U0BOT>":            {Verb: grammar.VerbDialog},
		"list":                {Verb: grammar.VerbList},
		"list all":            {Verb: grammar.VerbList, All: true},
		"LIST All":            {Verb: grammar.VerbList, All: true},
		"lista todas":         {Verb: grammar.VerbList, All: true},
		"列表 全部":               {Verb: grammar.VerbList, All: true},
		"LIST":                {Verb: grammar.VerbList},
		"lista":               {Verb: grammar.VerbList},
		"列表":                  {Verb: grammar.VerbList},
		"status 914083136":    {Verb: grammar.VerbStatus, Meeting: pastedID},
		"status 914 083 136":  {Verb: grammar.VerbStatus, Meeting: pastedID},
		"status 914083 136":   {Verb: grammar.VerbStatus, Meeting: pastedID}, // takes no minutes
		"estado 914-083-136":  {Verb: grammar.VerbStatus, Meeting: pastedID},
		"help":                {Verb: grammar.VerbHelp},
		"help!":               {Verb: grammar.VerbHelp},
		"?":                   {Verb: grammar.VerbHelp},
		"？":                   {Verb: grammar.VerbHelp},
		"--help":              {Verb: grammar.VerbHelp},
		"\u2014help":          {Verb: grammar.VerbHelp}, // a phone's idea of --
		"ayuda":               {Verb: grammar.VerbHelp},
		"帮助":                  {Verb: grammar.VerbHelp},
		"help extend":         {Verb: grammar.VerbHelp, HelpOn: "extend"},
		"help ampliar":        {Verb: grammar.VerbHelp, HelpOn: "extend"},
		"help watch":          {Verb: grammar.VerbHelp, HelpOn: "watch"},
		"914083136 auto":      {Verb: grammar.VerbAuto, Meeting: pastedID},
		"914 083 136 auto 30": {Verb: grammar.VerbAuto, Meeting: pastedID, Amount: forMinutes(30)},
		"auto 914083136":      {Verb: grammar.VerbAuto, Meeting: pastedID},
		"history":             {Verb: grammar.VerbHistory},
		"history 914083136":   {Verb: grammar.VerbHistory, Meeting: pastedID},
		"why 914083136":       {Verb: grammar.VerbWhy, Meeting: pastedID},
		"why 914 083 136 1h":  {Verb: grammar.VerbWhy, Meeting: pastedID, Amount: forMinutes(60)},
		"为什么914083136 30分钟":   {Verb: grammar.VerbWhy, Meeting: pastedID, Amount: forMinutes(30)},
		"unwatch 914083136":   {Verb: grammar.VerbUnwatch, Meeting: pastedID},
		"取消关注914083136":       {Verb: grammar.VerbUnwatch, Meeting: pastedID},
		"pause":               {Verb: grammar.VerbPause},
		"resume":              {Verb: grammar.VerbResume},
	} {
		wantCommand(t, text, want)
	}
}

// A text of any length is read in no time: the most that Slack lets through has a few thousand words. Others may use the
// processors meanwhile, so that its own time counts.
func TestParseIsQuick(t *testing.T) {
	for _, word := range []string{"914 ", "1 ", "- ", "é", "<", "1-", "<a:", "hlep"} {
		start := processorTime(t)
		_, err := grammar.Parse(strings.Repeat(word, 2000))
		if took := processorTime(t) - start; err == nil || took > time.Second {
			t.Errorf("2000 times %q took %v, error %v", word, took, err)
		}
	}
}

func processorTime(t *testing.T) time.Duration {
	t.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		t.Fatal(err)
	}
	return time.Duration(used.Utime.Nano())
}

// The error goes to a log, where what people paste has no business.
func TestParseErrorKeepsTheWordOut(t *testing.T) {
	_, err := grammar.Parse("914083136 30 hunter2")
	if err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("error is %v, want one without the word", err)
	}
}
