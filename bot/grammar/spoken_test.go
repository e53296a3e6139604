package grammar_test

import (
	"testing"

	"github.com/overtime-bot/overtime/bot/grammar"
)

// Lengths are read as people say them, for their own meeting and behind the name of one.
func TestLengthsAsPeopleSayThem(t *testing.T) {
	for said, minutes := range map[string]int{
		"half an hour": 30, "by half an hour": 30, "another half hour": 30, "a quarter of an hour": 15, "an hour": 60, "another hour": 60,
		"an hour and a half": 90, "15 more minutes": 15, "15 minutes more": 15, "another 10 min": 10, "1 more hour": 60,
		"media hora": 30, "otra media hora": 30, "una hora": 60, "una hora y media": 90, "un cuarto de hora": 15,
		"15 minutos más": 15, "otros 20 minutos": 20,
		"半小时": 30, "半个小时": 30, "一小时": 60, "一个半小时": 90, "两小时": 120, "一刻钟": 15, "再来15分钟": 15, "再延长15分钟": 15,
	} {
		wantCommand(t, said, titled("", forMinutes(minutes)))
		wantCommand(t, "extend "+said+", please", titled("", forMinutes(minutes)))
		wantCommand(t, "extend my meeting "+said, titled("", forMinutes(minutes)))
		wantCommand(t, "产品周会 "+said, titled("产品周会", forMinutes(minutes)))
		wantCommand(t, "914083136 "+said, extendBy(forMinutes(minutes)))
	}
	for said, minutes := range map[string]int{
		"give us 10 more minutes": 10, "we need half an hour": 30, "dame 15 minutos más": 15, "necesitamos media hora más": 30,
		"给我们再加15分钟": 15, "could you give me another 5 minutes, please": 5,
	} {
		wantCommand(t, said, titled("", forMinutes(minutes)))
	}
}

// Chinese has its verb before the meeting, or between that and the length.
func TestChineseWishesWithoutSpaces(t *testing.T) {
	for text, minutes := range map[string]int{
		"产品周会延长10分钟": 10, "把产品周会延长半小时": 30, "产品周会延长半小时": 30, "延长产品周会半小时": 30, "产品周会再延长15分钟": 15,
	} {
		wantCommand(t, text, titled("产品周会", forMinutes(minutes)))
	}
}

// Titles keep the words that would mean a length or a wish elsewhere.
func TestTitlesKeepTheirWords(t *testing.T) {
	for _, title := range []string{"Happy hour", "Do more", "An hour with the board", "Give us feedback", "who needs you", "讨论延长"} {
		wantCommand(t, title, titled(title, grammar.Amount{}))
	}
	wantCommand(t, `"half an hour"`, titled("half an hour", grammar.Amount{}))
}

// A pasted invitation is about its meeting, which it shows: nothing is extended that nobody asked for.
func TestPastedInvitations(t *testing.T) {
	want := grammar.Command{Verb: grammar.VerbStatus, Meeting: pastedID}
	for _, text := range []string{
		"Alice Ng is inviting you to a meeting. Topic: Weekly sync Time: 2026-11-28 05:00 Meeting ID: 914 083 136 Link: https://meeting.example.com/#/j?id=914083136",
		"Alice Ng te invita a una reunión\nTema: Revisión de diseño\nHora: 2026-11-28 05:00\nNúmero de reunión: 914 083 136\n¡Te esperamos a todos!",
		"Join us, it is the meeting where we decide about the budget of next year: <https://meeting.example.com/#/j?id=914083136|join>",
	} {
		wantCommand(t, text, want)
	}
	if _, err := grammar.Parse("shorten 914083136 10"); err == nil {
		t.Error("an unknown verb was read as an invitation")
	}
}

// A comma between the number of a meeting and the minutes is that of a list.
func TestACommaBeforeTheMinutes(t *testing.T) {
	for _, text := range []string{"914083136,30", "914083136，30", "914083136，30分钟", "914083136, 30"} {
		wantCommand(t, text, extendBy(forMinutes(30)))
	}
}

// Who asks what the bot can do reads the help.
func TestAskingForHelp(t *testing.T) {
	for _, text := range []string{
		"what can you do?", "who are you", "how do I extend a meeting?", "how does this work?", "¿qué puedes hacer?", "¿cómo funciona?",
		"¿Cómo amplío una reunión?", "你能做什么？", "你是谁", "怎么延长会议？", "怎么用",
	} {
		wantCommand(t, text, grammar.Command{Verb: grammar.VerbHelp})
	}
	for _, text := range []string{"列出会议", "会议列表", "查看我的会议"} {
		wantCommand(t, text, grammar.Command{Verb: grammar.VerbList})
	}
}
