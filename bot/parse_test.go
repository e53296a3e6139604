package bot_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/overtime-bot/overtime/bot"
)

const pastedID = "914083136"

func forMinutes(count int) bot.Amount { return bot.Amount{Kind: bot.ForMinutes, Count: count} }

func untilClock(hour, minute int) bot.Amount {
	return bot.Amount{Kind: bot.UntilClock, Hour: hour, Minute: minute}
}

func extendBy(amount bot.Amount) bot.Request {
	return bot.Request{Verb: bot.VerbExtend, Meeting: pastedID, Amount: amount}
}

func wantRequest(t *testing.T, text string, want bot.Request) {
	t.Helper()
	got, err := bot.Parse(text)
	if err != nil {
		t.Errorf("Parse(%q): %v", text, parseErrorOf(err))
		return
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Parse(%q) (-want +got):\n%s", text, diff)
	}
}

func parseErrorOf(err error) bot.ParseError {
	var parse *bot.ParseError
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
		wantRequest(t, text, want)
	}
}

func TestParseReadsGroupsInOneWayOrNot(t *testing.T) {
	longer := func(id string, amount bot.Amount) bot.Request {
		return bot.Request{Verb: bot.VerbExtend, Meeting: id, Amount: amount}
	}
	for text, want := range map[string]bot.Request{
		"914 083 136":           extendBy(bot.Amount{}),
		"914 083 136 5":         extendBy(forMinutes(5)),
		"914 083 136 120 min":   extendBy(forMinutes(120)),
		"914 083 136 120m":      extendBy(forMinutes(120)),
		"914 083 136 +120":      extendBy(forMinutes(120)),
		"914 083 136 1000":      extendBy(forMinutes(1000)),
		"914 083 136 max":       extendBy(bot.Amount{Kind: bot.ToMaximum}),
		"914083136 120":         extendBy(forMinutes(120)), // nine digits are whole
		"914083136 083":         extendBy(forMinutes(83)),
		"914-083-136 120":       extendBy(forMinutes(120)),
		"914083 30":             longer("914083", forMinutes(30)),
		"914083":                longer("914083", bot.Amount{}),
		"91408313 120":          longer("91408313", forMinutes(120)),
		"914083 136 30":         extendBy(forMinutes(30)), // "136 30" is no amount
		"914 083 136 120 30":    longer("914083136120", forMinutes(30)),
		"914 083 136 120 3h":    longer("914083136120", forMinutes(180)),
		"914083 136m":           longer("914083", forMinutes(136)),
		"9876-5432-10987 30":    {},
		"914 083 136 000 until": {},
	} {
		if want.Verb == "" {
			if got, err := bot.Parse(text); err == nil {
				t.Errorf("Parse(%q) = %v, want an error", text, got)
			}
			continue
		}
		wantRequest(t, text, want)
	}
}

func TestParseNamesTheProblem(t *testing.T) {
	for _, test := range []struct {
		text        string
		problem     bot.Problem
		word        string
		suggestions []string
	}{
		{"extend", bot.NoMeeting, "", nil},
		{"status", bot.NoMeeting, "", nil},
		{"30", bot.NoMeeting, "30", nil},
		{"30 min", bot.NoMeeting, "30 min", nil},
		{"until 15:30", bot.NoMeeting, "until 15:30", nil},
		{"max", bot.NoMeeting, "max", nil},
		{"extend lunch", bot.BadMeeting, "lunch", nil},
		{"status lunch", bot.BadMeeting, "lunch", nil},
		{"&amp;lt;914083136 30", bot.BadMeeting, "&lt;914083136", nil}, // unescaped once
		{"abc123 30", bot.BadMeeting, "abc123", nil},
		{"914 083 30", bot.BadMeeting, "914", nil},
		{"٩١٤٠٨٣١٣٦ 30", bot.UnknownVerb, "٩١٤٠٨٣١٣٦", nil},
		{"-914083136 30", bot.BadMeeting, "-914083136", []string{"914083136"}},
		{"9140 8313 6", bot.BadMeeting, "9140", []string{"914083136"}},
		{"30 914083136", bot.BadMeeting, "30", []string{"914083136 30"}},
		{"30 min 914 083 136", bot.BadMeeting, "30", []string{"914083136 30"}},
		{"until 15:30 914083136", bot.BadMeeting, "until", []string{"914083136 until 15:30"}},
		{"status 914083136-30", bot.BadMeeting, "914083136-30", []string{"status 914083136", "status 91408313630"}},
		{"unwatch 9140 8313 6", bot.BadMeeting, "9140", []string{"unwatch 914083136"}},
		{"watch auto 30 914083136", bot.BadMeeting, "auto", []string{"watch 914083136 auto 30"}},
		{"why -914083136", bot.BadMeeting, "-914083136", []string{"why 914083136"}},
		{"extend auto 914083136", bot.BadMeeting, "auto", nil},
		{"914083136-", bot.BadMeeting, "914083136-", []string{"914083136"}},
		{"914083136-30", bot.BadMeeting, "914083136-30", []string{"914083136 30", "91408313630"}},
		{"914083136914083136914083136 30", bot.BadMeeting, "914083136914083136914083136", nil},
		{"https://example.com/secret/token 30", bot.BadMeeting, "https://example.com/…", nil},
		{"914083136 30 https://example.com/secret", bot.TooManyWords, "https://example.com/…", nil},

		{"914083 136", bot.AmbiguousMeeting, "914083 136", []string{"914083 136m", "914083136"}},
		{"914 083 136 120", bot.AmbiguousMeeting, "914 083 136 120", []string{"914083136 120", "914083136120"}},
		{"914 083136 120", bot.AmbiguousMeeting, "914 083136 120", []string{"914083136 120", "914083136120"}},

		{"914083136 0", bot.Zero, "0", nil},
		{"914083136 0h0m", bot.Zero, "0h0m", nil},
		{"914083136 ０ min", bot.Zero, "0 min", nil},
		{"914083136 -5", bot.Negative, "-5", nil},
		{"914083136 \u22125", bot.Negative, "-5", nil},
		{"914083136 \u20145 min", bot.Negative, "-5", nil},
		{"914083136 - 30", bot.Negative, "-30", nil},
		{"914083136 -30.5", bot.Negative, "-30.5", nil},
		{"914083136 30.5", bot.Fractional, "30.5", nil},
		{"914083136 30,5", bot.Fractional, "30,5", nil},
		{"914083136 +30.0", bot.Fractional, "+30.0", nil},
		{"914083136 1.5h", bot.Fractional, "1.5h", nil},
		{"914083136 .5", bot.Fractional, ".5", nil},
		{"914083136 1e3", bot.NotANumber, "1e3", nil},
		{"914083136 0x1F", bot.NotANumber, "0x1F", nil},
		{"914083136 ٣٠", bot.NotANumber, "٣٠", nil},
		{"914083136 1²", bot.NotANumber, "1²", nil},
		{"914083136 30½", bot.NotANumber, "30½", nil},
		{"914083136 thirty", bot.NotANumber, "thirty", nil},
		{"914083136 thirty minutes", bot.NotANumber, "thirty", nil},
		{"914083136 5-10", bot.NotANumber, "5-10", nil},
		{"914083136 ++30", bot.NotANumber, "++30", nil},
		{"914083136 +-30", bot.NotANumber, "+-30", nil},
		{"914083136 30s", bot.NotANumber, "30s", nil},
		{"914083136 1h90m", bot.NotANumber, "1h90", nil},
		{"914083136 1h60", bot.NotANumber, "1h60", nil},
		{"914083136 30m1h", bot.NotANumber, "30m1h", nil},
		{"914083136 for", bot.NotANumber, "for", nil},
		{"914083136 h", bot.NotANumber, "h", nil},
		{"914083136 +", bot.NotANumber, "+", nil},
		{"914083136 99999999999999999999", bot.TooLong, "99999999999999999999", nil},
		{"914083136 153722868", bot.TooLong, "153722868", nil},
		{"914083136 2562048h", bot.TooLong, "2562048", nil},
		{"914083136 9223372036854775807h59", bot.TooLong, "9223372036854775807", nil},
		{"914083136 30 extra words", bot.TooManyWords, "extra words", nil},
		{"914083136 30 30", bot.TooManyWords, "30", nil},
		{"914083136 30 minutes please", bot.TooManyWords, "please", nil},
		{"914083136 max 30", bot.TooManyWords, "30", nil},
		{"914083136 until 15:30 tomorrow", bot.TooManyWords, "tomorrow", nil},
		{"914083136 30 <@U123>", bot.TooManyWords, "@U123", nil},
		{"list 914083136", bot.TooManyWords, "914083136", nil},
		{"status 914083136 30", bot.TooManyWords, "30", nil},
		{"help extend please", bot.TooManyWords, "please", nil},

		{"914083136 until", bot.BadTime, "", nil},
		{"914083136 until 25:00", bot.BadTime, "25:00", nil},
		{"914083136 until 15:60", bot.BadTime, "15:60", nil},
		{"914083136 until 24:01", bot.BadTime, "24:01", nil},
		{"914083136 until 15:3", bot.BadTime, "15:3", nil},
		{"914083136 until 15:30:00", bot.BadTime, "15:30:00", nil},
		{"914083136 until 13pm", bot.BadTime, "13pm", nil},
		{"914083136 until 0:30am", bot.BadTime, "0:30am", nil},
		{"914083136 until noon", bot.BadTime, "noon", nil},
		{"914083136 until -5:00", bot.BadTime, "-5:00", nil},
		{"914083136 until 15", bot.BadTime, "15", []string{"914083136 until 15:00"}},
		{"914083136 until 1530", bot.BadTime, "1530", []string{"914083136 until 15:30"}},
		{"914083136 until 930", bot.BadTime, "930", []string{"914083136 until 09:30"}},
		{"914083136 until 99", bot.BadTime, "99", nil},
		{"914083136 15:30", bot.BareTime, "15:30", []string{"914083136 until 15:30"}},
		{"914083136 3:30pm", bot.BareTime, "3:30pm", []string{"914083136 until 15:30"}},
		{"914083136 3 pm", bot.BareTime, "3", []string{"914083136 until 15:00"}},

		{"hlep", bot.UnknownVerb, "hlep", []string{"help"}},
		{"lsit", bot.UnknownVerb, "lsit", []string{"list"}},
		{"statsu", bot.UnknownVerb, "statsu", []string{"status"}},
		{"statsu 914083136", bot.UnknownVerb, "statsu", []string{"status 914083136"}},
		{"statsu 914083136 now", bot.UnknownVerb, "statsu", []string{"status"}},
		{"extned 914083136 30", bot.UnknownVerb, "extned", []string{"914083136 30"}},
		{"wacth 914 083 136 auto", bot.UnknownVerb, "wacth", []string{"watch 914083136 auto"}},
		{"ayuad", bot.UnknownVerb, "ayuad", []string{"help"}},
		{"unwatsh", bot.UnknownVerb, "unwatsh", []string{"unwatch"}},
		{"frobnicate", bot.UnknownVerb, "frobnicate", nil},
		{"help frobnicate", bot.UnknownVerb, "frobnicate", nil},
		{"help extned", bot.UnknownVerb, "extned", []string{"help extend"}},
		{strings.Repeat("é", 50), bot.UnknownVerb, strings.Repeat("é", 39) + "…", nil},
		{"\xff\xfe", bot.UnknownVerb, "\ufffd", nil},
	} {
		got, err := bot.Parse(test.text)
		if err == nil {
			t.Errorf("Parse(%q) = %+v, want %s", test.text, got, test.problem)
			continue
		}
		want := bot.ParseError{Problem: test.problem, Word: test.word, Suggestions: test.suggestions}
		if diff := cmp.Diff(want, parseErrorOf(err), cmpopts.IgnoreFields(bot.ParseError{}, "Verb", "Meeting")); diff != "" {
			t.Errorf("Parse(%q) (-want +got):\n%s", test.text, diff)
		}
		if got != (bot.Request{}) {
			t.Errorf("Parse(%q) gives %+v beside its error", test.text, got)
		}
	}
}

// An error knows what was to be done, and with which meeting, wherever that stands.
func TestParseErrorKnowsVerbAndMeeting(t *testing.T) {
	for _, test := range []struct {
		text    string
		verb    bot.Verb
		meeting string
	}{
		{"914083136 thirty", bot.VerbExtend, pastedID},
		{"914 083 136 thirty", bot.VerbExtend, pastedID},
		{"771234 thirty", bot.VerbExtend, "771234"},
		{"extend", bot.VerbExtend, ""},
		{"30", bot.VerbExtend, ""},
		{"watch ask 914083136 please", bot.VerbWatch, pastedID},
		{"watch please <https://bmeeting.huaweicloud.com/#/j/914083136/0123abcd>", bot.VerbWatch, pastedID},
		{"watch 914083136 auto soon", bot.VerbWatch, pastedID},
		{"status of 914 083 136", bot.VerbStatus, pastedID},
		{"status lunch", bot.VerbStatus, ""},
		{"unwatch 914083136 now", bot.VerbUnwatch, pastedID},
		{"why 914083136 soon", bot.VerbWhy, pastedID},
		{"list 914083136", bot.VerbList, pastedID},
		{"help frobnicate", bot.VerbHelp, ""},
		{"pause all", bot.VerbPause, ""},
		{"frobnicate 914083136", bot.VerbDialog, pastedID},
		{"frobnicate 123456", bot.VerbDialog, ""}, // as good as any number
		{"pasue", bot.VerbPause, ""},
		{"extned it", bot.VerbExtend, ""},
	} {
		_, err := bot.Parse(test.text)
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
	for text, want := range map[string]bot.Request{
		"":                    {Verb: bot.VerbDialog},
		" \u200b\u3000":       {Verb: bot.VerbDialog},
		"<@U0BOT>":            {Verb: bot.VerbDialog},
		"list":                {Verb: bot.VerbList},
		"LIST":                {Verb: bot.VerbList},
		"lista":               {Verb: bot.VerbList},
		"列表":                  {Verb: bot.VerbList},
		"status 914083136":    {Verb: bot.VerbStatus, Meeting: pastedID},
		"status 914 083 136":  {Verb: bot.VerbStatus, Meeting: pastedID},
		"status 914083 136":   {Verb: bot.VerbStatus, Meeting: pastedID}, // takes no minutes
		"estado 914-083-136":  {Verb: bot.VerbStatus, Meeting: pastedID},
		"help":                {Verb: bot.VerbHelp},
		"help!":               {Verb: bot.VerbHelp},
		"?":                   {Verb: bot.VerbHelp},
		"？":                   {Verb: bot.VerbHelp},
		"--help":              {Verb: bot.VerbHelp},
		"\u2014help":          {Verb: bot.VerbHelp}, // a phone's idea of --
		"ayuda":               {Verb: bot.VerbHelp},
		"帮助":                  {Verb: bot.VerbHelp},
		"help extend":         {Verb: bot.VerbHelp, HelpOn: "extend"},
		"help ampliar":        {Verb: bot.VerbHelp, HelpOn: "extend"},
		"help watch":          {Verb: bot.VerbHelp, HelpOn: "watch"},
		"914083136 auto":      {Verb: bot.VerbAuto, Meeting: pastedID},
		"914 083 136 auto 30": {Verb: bot.VerbAuto, Meeting: pastedID},
		"auto 914083136":      {Verb: bot.VerbAuto},
		"history":             {Verb: bot.VerbHistory},
		"history 914083136":   {Verb: bot.VerbHistory},
		"why 914083136":       {Verb: bot.VerbWhy, Meeting: pastedID},
		"why 914 083 136 1h":  {Verb: bot.VerbWhy, Meeting: pastedID, Amount: forMinutes(60)},
		"为什么914083136 30分钟":   {Verb: bot.VerbWhy, Meeting: pastedID, Amount: forMinutes(30)},
		"unwatch 914083136":   {Verb: bot.VerbUnwatch, Meeting: pastedID},
		"取消关注914083136":       {Verb: bot.VerbUnwatch, Meeting: pastedID},
		"pause":               {Verb: bot.VerbPause},
		"resume":              {Verb: bot.VerbResume},
	} {
		wantRequest(t, text, want)
	}
}

// A text of any length is read in no time: the most that Slack lets through has a few thousand words.
func TestParseIsQuick(t *testing.T) {
	for _, word := range []string{"914 ", "1 ", "- ", "é", "<", "1-", "<a:", "hlep"} {
		start := time.Now()
		_, err := bot.Parse(strings.Repeat(word, 4000))
		if took := time.Since(start); err == nil || took > time.Second {
			t.Errorf("4000 times %q took %v, error %v", word, took, err)
		}
	}
}

// The error goes to a log, where what people paste has no business.
func TestParseErrorKeepsTheWordOut(t *testing.T) {
	_, err := bot.Parse("914083136 30 hunter2")
	if err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("error is %v, want one without the word", err)
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"", "914083136 30", "914 083 136 1h30m", "914083136 until 3:30 p.m.", "914083136 max", "914083 136", "help extend",
		"<https://a.example/#/j/914083136/x|914 083 136> ３０分钟", "status 914-083-136", "914083136 auto 5", "— 1e3 ٣٠ &amp;lt;",
		"914083136 + 30", "hlep", "watch 914083136 ask", "watch 914 083 136 auto 15 max 1h", "关注 914083136 自动 15分钟 最多 60", "why 914083136 30", "30.5", "-5", "到15:30", "@x /y 914083136", "\xff <@U1|x> `a`",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		request, err := bot.Parse(text)
		if err != nil {
			wantUsefulError(t, err)
			return
		}
		if request.Maximum < 0 || request.Amount.Kind == bot.ForMinutes && request.Amount.Count <= 0 {
			t.Fatalf("Parse(%q) extends by %d minutes", text, request.Amount.Count)
		}
		wantCanonical(t, request)
	})
}

func wantCanonical(t *testing.T, request bot.Request) {
	t.Helper()
	again, err := bot.Parse(request.String())
	if err != nil || again != request {
		t.Fatalf("%+v is written %q, which is read as %+v, %v", request, request, again, err)
	}
}

// wantUsefulError holds that an error has bounded text and that what it suggests is understood.
func wantUsefulError(t *testing.T, err error) {
	t.Helper()
	parse := parseErrorOf(err)
	if parse.Problem == "" || utf8.RuneCountInString(parse.Word) > 40 || !utf8.ValidString(parse.Word) {
		t.Fatalf("error is %+v", parse)
	}
	for _, suggestion := range parse.Suggestions {
		if slices.Contains([]string{"status", "extend", "watch", "unwatch", "why"}, suggestion[strings.LastIndex(suggestion, " ")+1:]) {
			continue // a verb without its meeting
		}
		if request, err := bot.Parse(suggestion); err != nil || request.String() != suggestion {
			t.Fatalf("suggestion %q is read as %+v, %v", suggestion, request, err)
		}
	}
}
