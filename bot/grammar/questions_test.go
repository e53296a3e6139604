package grammar_test

import (
	"testing"

	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/scheduler"
)

// What people ask in words of their own is the command that answers it, with the meeting that they name, or theirs.
func TestQuestionsAreCommands(t *testing.T) {
	status := func(title string) grammar.Command { return grammar.Command{Verb: grammar.VerbStatus, Title: title} }
	list := grammar.Command{Verb: grammar.VerbList}
	for text, want := range map[string]grammar.Command{
		"status of my meeting":                     status(""),
		"the status of my meeting":                 {Verb: grammar.VerbExtend, Title: "the status of my meeting"}, // no verb first
		"status for the current call":              status(""),
		"status of it":                             status(""),
		"status of our weekly sync":                status("of our weekly sync"),
		"estado de mi reunión":                     status(""),
		"why my meeting":                           {Verb: grammar.VerbWhy},
		"when does my meeting end?":                status(""),
		"When does it end":                         status(""),
		"hi, when will this meeting be over":       status(""),
		"when is my meeting over":                  status(""),
		"what time does the meeting finish":        status(""),
		"when does Weekly Sync end?":               status("Weekly Sync"),
		"when does 914 083 136 end":                {Verb: grammar.VerbStatus, Meeting: pastedID},
		"how long is left":                         status(""),
		"how long is left?":                        status(""),
		"how much time do we have left":            status(""),
		"how many minutes are left in my meeting?": status(""),
		"how long is left in weekly sync":          status("weekly sync"),
		"how long do we have":                      status(""),
		"how much longer does my meeting last":     status(""),
		"how long until my meeting ends":           status(""),
		"time left":                                status(""),
		"¿Cuándo termina mi reunión?":              status(""),
		"cuando termina":                           status(""),
		"a qué hora acaba la reunión semanal":      status("la reunión semanal"),
		"¿Cuánto queda?":                           status(""),
		"cuánto tiempo le queda a mi reunión":      status(""),
		"¿Cuántos minutos quedan?":                 status(""),
		"我的会议什么时候结束？":                              status(""),
		"会议几点结束":                                   status(""),
		"请问还剩多久":                                   status(""),
		"还剩多久？":                                    status(""),
		"会议还有多久结束":                                 status(""),
		"产品周会还剩几分钟":                                status("产品周会"),
		"會議還剩多少時間":                                 status(""),
		"my meetings":                              list,
		"show me my meetings":                      list,
		"what's running?":                          list,
		"which meetings are running right now":     list,
		"mis reuniones":                            list,
		"现在有哪些会议":                                  list,
	} {
		wantCommand(t, text, want)
	}
}

// A title in quotes is a title, whatever it asks.
func TestQuotedQuestionsAreTitles(t *testing.T) {
	wantCommand(t, `"When does it end"`, titled("When does it end", grammar.Amount{}))
	wantCommand(t, `status "how long is left"`, grammar.Command{Verb: grammar.VerbStatus, Title: "how long is left"})
}

// The mode may stand behind the minutes, as people say it.
func TestTheModeMayComeLast(t *testing.T) {
	auto := func(id, title string, minutes int) grammar.Command {
		return grammar.Command{Verb: grammar.VerbAuto, Meeting: id, Title: title, Amount: forMinutes(minutes)}
	}
	for text, want := range map[string]grammar.Command{
		"extend Customer call 30 auto":         auto("", "Customer call", 30),
		"Customer call 1h30 auto":              auto("", "Customer call", 90),
		"extend 914083136 30 auto":             auto(pastedID, "", 30),
		"914083136 30 min auto":                auto(pastedID, "", 30),
		"extend my meeting 30 auto":            auto("", "", 30),
		"extend my meeting by 30 minutes auto": auto("", "", 30),
		"产品周会 30分钟 自动":                         auto("", "产品周会", 30),
		"watch Customer call 30 auto":          {Verb: grammar.VerbWatch, Title: "Customer call", Mode: scheduler.ModeAuto, Amount: forMinutes(30)},
		"watch 914083136 20 max 60 preguntar":  {Verb: grammar.VerbWatch, Meeting: pastedID, Mode: scheduler.ModeAsk, Amount: forMinutes(20), Maximum: 60},
		"watch my meeting for 20 minutes auto": {Verb: grammar.VerbWatch, Mode: scheduler.ModeAuto, Amount: forMinutes(20)},
		"extend Customer call auto 30":         auto("", "Customer call", 30),
		"watch Customer call ask":              {Verb: grammar.VerbWatch, Title: "Customer call", Mode: scheduler.ModeAsk},
	} {
		wantCommand(t, text, want)
	}
}
