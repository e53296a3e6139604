package grammar_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/scheduler"
)

func titled(title string, amount grammar.Amount) grammar.Command {
	return grammar.Command{Verb: grammar.VerbExtend, Title: title, Amount: amount}
}

func TestParseReadsTitles(t *testing.T) {
	none, most := grammar.Amount{}, grammar.Amount{Kind: grammar.ToMaximum}
	for text, want := range map[string]grammar.Command{
		"weekly sync":                    titled("weekly sync", none),
		"weekly sync 30":                 titled("weekly sync", forMinutes(30)),
		"extend weekly sync 30":          titled("weekly sync", forMinutes(30)),
		"extend the weekly sync by 30":   titled("the weekly sync", forMinutes(30)),
		"weekly sync for 1h30m":          titled("weekly sync", forMinutes(90)),
		"weekly sync 1 hour 30 minutes":  titled("weekly sync", forMinutes(90)),
		"weekly sync until 15:30":        titled("weekly sync", untilClock(15, 30)),
		"weekly sync until 3:30 p.m.":    titled("weekly sync", untilClock(15, 30)),
		"weekly sync max":                titled("weekly sync", most),
		"Weekly   Sync,  30.":            titled("Weekly Sync", forMinutes(30)),
		"Q4 planning 30":                 titled("Q4 planning", forMinutes(30)),
		"Review 2026":                    titled("Review 2026", none), // four digits are no minutes
		"Review 2026 45":                 titled("Review 2026", forMinutes(45)),
		"Sprint 12":                      titled("Sprint", forMinutes(12)),
		`"Sprint 12"`:                    titled("Sprint 12", none),
		`"Sprint 12" 30`:                 titled("Sprint 12", forMinutes(30)),
		`"list"`:                         titled("list", none),
		`"30"`:                           titled("30", none),
		`"30" 15`:                        titled("30", forMinutes(15)),
		`"914083"`:                       titled("914083", none),
		`“Weekly sync” 30`:               titled("Weekly sync", forMinutes(30)),
		`„Weekly sync“ 30`:               titled("Weekly sync", forMinutes(30)),
		`«Reunión semanal» 30`:           titled("Reunión semanal", forMinutes(30)),
		`'Weekly sync' 30`:               titled("Weekly sync", forMinutes(30)),
		`‘Weekly sync’ 30`:               titled("Weekly sync", forMinutes(30)),
		`'Bob's sync' 30`:                titled("Bob's sync", forMinutes(30)),
		`Bob's sync 30`:                  titled("Bob's sync", forMinutes(30)),
		`"Bob's" 30`:                     titled("Bob's", forMinutes(30)),
		`"weekly sync" 1000`:             titled("weekly sync", forMinutes(1000)),
		`extend my meeting "weekly" 30`:  titled("weekly", forMinutes(30)),
		`「产品周会」30分钟`:                     titled("产品周会", forMinutes(30)),
		`延长《产品周会》30分钟`:                   titled("产品周会", forMinutes(30)),
		"产品周会 30":                        titled("产品周会", forMinutes(30)),
		"产品周会30分钟":                       titled("产品周会", forMinutes(30)),
		"产品周会到15:30":                     titled("产品周会", untilClock(15, 30)),
		"延长产品周会30分钟":                     titled("产品周会", forMinutes(30)),
		"请把产品周会延长30分钟":                   titled("产品周会", forMinutes(30)),
		"把产品周会延长到15:30":                  titled("产品周会", untilClock(15, 30)),
		"extiende la reunión semanal 30": titled("la reunión semanal", forMinutes(30)),
		"Product/Design sync 30":         titled("Product/Design sync", forMinutes(30)),
		"اجتماع الفريق 30":               titled("اجتماع الفريق", forMinutes(30)),
		"🎉 30":                           titled("🎉", forMinutes(30)),
		"30 weekly sync":                 titled("30 weekly sync", none),
		"1:1 Lisa 30":                    titled("1:1 Lisa", forMinutes(30)),
		"Standup 9:30":                   titled("Standup 9:30", none),
		"Release 1.5":                    titled("Release 1.5", none),
		"Max & Lisa 30":                  titled("Max & Lisa", forMinutes(30)),
		"Max &amp; Lisa 30":              titled("Max & Lisa", forMinutes(30)),
		"hlep":                           titled("hlep", none),
		"Lisa 1:1":                       titled("Lisa 1:1", none),
		"weekly sync auto":               {Verb: grammar.VerbAuto, Title: "weekly sync"},
		"weekly sync auto 15":            {Verb: grammar.VerbAuto, Title: "weekly sync", Amount: forMinutes(15)},
		"auto weekly sync 15":            {Verb: grammar.VerbAuto, Title: "weekly sync", Amount: forMinutes(15)},
		"status weekly sync":             {Verb: grammar.VerbStatus, Title: "weekly sync"},
		`status "list"`:                  {Verb: grammar.VerbStatus, Title: "list"},
		"why weekly sync 30":             {Verb: grammar.VerbWhy, Title: "weekly sync", Amount: forMinutes(30)},
		"unwatch weekly sync":            {Verb: grammar.VerbUnwatch, Title: "weekly sync"},
		"history weekly sync":            {Verb: grammar.VerbHistory, Title: "weekly sync"},
		"watch weekly sync ask":          {Verb: grammar.VerbWatch, Title: "weekly sync", Mode: scheduler.ModeAsk},
		"watch weekly sync auto 20 max 1h": {
			Verb: grammar.VerbWatch, Title: "weekly sync", Mode: scheduler.ModeAuto, Amount: forMinutes(20), Maximum: 60,
		},
		"关注产品周会 自动20分钟": {Verb: grammar.VerbWatch, Title: "产品周会", Mode: scheduler.ModeAuto, Amount: forMinutes(20)},
	} {
		wantCommand(t, text, want)
		if command, err := grammar.Parse(text); err == nil {
			wantCanonical(t, command)
		}
	}
}

// A command that names no meeting is about the only one that can be meant.
func TestParseReadsUnnamed(t *testing.T) {
	thirty := titled("", forMinutes(30))
	for text, want := range map[string]grammar.Command{
		"extend":                              titled("", grammar.Amount{}),
		"please extend":                       titled("", grammar.Amount{}),
		"30":                                  thirty,
		"30 min":                              thirty,
		"+30":                                 thirty,
		"for 30 minutes":                      thirty,
		"max":                                 titled("", grammar.Amount{Kind: grammar.ToMaximum}),
		"until 15:30":                         titled("", untilClock(15, 30)),
		"extend my meeting":                   titled("", grammar.Amount{}),
		"extend my meeting by 30 minutes":     thirty,
		"Please extend my meeting by 30 min.": thirty,
		"Could you please extend this meeting by 30 minutes, thanks!": thirty,
		"extend the current meeting 30":                               thirty,
		"extend it by 30":                                             thirty,
		"extend this for 30":                                          thirty,
		"extend meeting 30":                                           thirty,
		"my meeting 30":                                               thirty,
		"extiende mi reunión 30 minutos":                              thirty,
		"amplía la reunión actual 30 minutos":                         thirty,
		"por favor amplía esta reunión 30":                            thirty,
		"延长我的会议30分钟":                                                  thirty,
		"请延长会议30分钟":                                                   thirty,
		"请把会议延长30分钟":                                                  thirty,
		"延长30分钟":                                                      thirty,
		"延长到15:30":                                                    titled("", untilClock(15, 30)),
		"status":                                                      {Verb: grammar.VerbStatus},
		"status of my meeting":                                        {Verb: grammar.VerbStatus},
		"why 30":                                                      {Verb: grammar.VerbWhy, Amount: forMinutes(30)},
		"why my meeting":                                              {Verb: grammar.VerbWhy},
		"auto":                                                        {Verb: grammar.VerbAuto},
		"auto 30":                                                     {Verb: grammar.VerbAuto, Amount: forMinutes(30)},
		"unwatch":                                                     {Verb: grammar.VerbUnwatch},
		"watch ask":                                                   {Verb: grammar.VerbWatch, Mode: scheduler.ModeAsk},
		"watch my meeting auto 20":                                    {Verb: grammar.VerbWatch, Mode: scheduler.ModeAuto, Amount: forMinutes(20)},
		"watch auto max 60":                                           {Verb: grammar.VerbWatch, Mode: scheduler.ModeAuto, Maximum: 60},
	} {
		wantCommand(t, text, want)
		wantCanonical(t, want)
	}
}

// The number of a meeting in the forms that invitations, phones and people write it.
func TestParseReadsEveryPastedForm(t *testing.T) {
	want := extendBy(grammar.Amount{})
	for _, form := range []string{
		"会议ID：914083136", "会议ID： 914 083 136", "会议ID:914 083 136", "会议号：914083136", "会议号码 914083136", "会议914083136",
		"ID: 914 083 136", "ID:914083136", "ID=914083136", "id914083136", "Meeting ID: 914 083 136", "meeting id 914083136",
		"meeting number 914083136", "the meeting 914083136", "my meeting 914 083 136", "(ID: 914083136)", "Conference ID: 914083136",
		"ID de la reunión: 914 083 136", "número de reunión 914083136", "reunión 914083136",
		"https://meeting.example.com/#/j?id=914083136", "https://meeting.example.com/#/j?id=914083136&pwd=abc", "<https://meeting.example.com/#/j?id=914083136&amp;pwd=abc|Join>",
		"https://meeting.example.com/#/j/914083136/0123abcd", "https://meeting.example.com/join?conferenceID=914083136", "https://meeting.example.com/j?meetingId=914083136",
		"meeting.example.com/#/j?id=914083136", "<https://meeting.example.com/#/j?id=914083136>",
		"+991117*914083136#", "991117*914083136#", "*914083136#", "914083136#", "+8610123456,,914083136#", "tel:+991117,914083136#", "<tel:+991117*914083136#|+991117*914083136#>",
		"sip:914083136@meeting.example.com", "914083136@meeting.example.com", "<mailto:914083136@meeting.example.com|914083136@meeting.example.com>",
		"914.083.136", "“914 083 136”", "「914083136」",
	} {
		wantCommand(t, form, want)
		wantCommand(t, "extend "+form, want)
		wantCommand(t, form+" 30", extendBy(forMinutes(30)))
		wantCommand(t, "status "+form, grammar.Command{Verb: grammar.VerbStatus, Meeting: pastedID})
		wantCommand(t, "history "+form, grammar.Command{Verb: grammar.VerbHistory, Meeting: pastedID})
		wantCommand(t, "watch "+form+" ask", grammar.Command{Verb: grammar.VerbWatch, Meeting: pastedID, Mode: scheduler.ModeAsk})
	}
}

func TestMisspelt(t *testing.T) {
	for text, want := range map[string][]string{
		"hlep":                {"help"},
		"lsit":                {"list"},
		"statsu":              {"status"},
		"statsu weekly sync":  {`status "weekly sync"`},
		"extned weekly 30":    {`"weekly" 30`},
		"wacth weekly":        {`watch "weekly" ask`, `watch "weekly" auto`},
		"frobnicate":          nil,
		"weekly product sync": nil,
		"":                    nil,
	} {
		var got []string
		for _, command := range grammar.Misspelt(text) {
			wantCanonical(t, command)
			got = append(got, command.String())
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q may mean %q, want %q", text, got, want)
		}
	}
}

// Whatever stands in quotes is a title, in every verb, and comes back as it is.
func FuzzTitles(f *testing.F) {
	for _, seed := range []string{"weekly sync", "Bob's", "30", "list", "a \"b\" c", "«x»", "&amp;lt;", "<https://a/j/914083136|x>", "914083136 30", "🎉", strings.Repeat("会", 500)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, title string) {
		for _, text := range []string{`"` + title + `" 30`, `status "` + title + `"`, `watch "` + title + `" ask`, title, title + " 30", "why " + title + " 15"} {
			command, err := grammar.Parse(text)
			if err != nil {
				wantUsefulError(t, err)
				continue
			}
			wantCanonical(t, command)
		}
	})
}
