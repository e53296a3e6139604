package grammar_test

import (
	"testing"

	"github.com/overtime-bot/overtime/bot/grammar"
)

// People add time to a meeting as well as they extend one, and name it before or after the time.
func TestAddingTimeToAMeeting(t *testing.T) {
	for text, title := range map[string]string{
		"add 15 minutes to weekly sync": "weekly sync", "could you add another 15 min to weekly sync, please?": "weekly sync",
		"give weekly sync 15 more minutes": "weekly sync", "add a quarter of an hour to weekly sync": "weekly sync",
		"we need 15 minutes more for weekly sync": "weekly sync", "extend add 15 minutes to weekly sync": "weekly sync",
		"i need 15 more minutes in weekly sync": "weekly sync", `add 15m to "weekly sync"`: "weekly sync",
		"añade 15 minutos a weekly sync": "weekly sync", "agrega 15 minutos más al comité": "comité", "dale 15 minutos más a weekly sync": "weekly sync",
		"dale un cuarto de hora a weekly sync": "weekly sync", "dale a weekly sync 15 minutos más": "weekly sync",
		"necesitamos 15 minutos más para weekly sync": "weekly sync",
		"给产品周会加15分钟":                                  "产品周会", "请给产品周会再加一刻钟": "产品周会", "为产品周会增加15分钟": "产品周会", "产品周会加时15分钟": "产品周会",
		"帮产品周会延长15分钟": "产品周会", "给产品周会多加15分钟": "产品周会",
		"add 15 minutes to my meeting": "", "给我们加15分钟": "", "给会议加15分钟": "", "añade 15 minutos a mi reunión": "", "add 15 minutes": "",
	} {
		wantCommand(t, text, titled(title, forMinutes(15)))
	}
	for _, text := range []string{
		"add 15 minutes to 914083136", "add 15 minutes to meeting 914 083 136", "give 914083136 another 15 minutes", "dale 15 minutos a la reunión 914083136",
		"给914083136加15分钟", "914083136延长15分钟", "请把914083136延长15分钟",
	} {
		wantCommand(t, text, extendBy(forMinutes(15)))
	}
	for _, title := range []string{"Add 5 items to the backlog", "Give 15 to charity", "Need for speed", "参加", "Put it on the agenda", "新增加急流程"} {
		wantCommand(t, title, titled(title, grammar.Amount{}))
	}
}

// Hours may have a fraction, with a point or a comma, in figures or in words.
func TestHoursWithAFraction(t *testing.T) {
	for said, minutes := range map[string]int{
		"1.5h": 90, "1.5 h": 90, "1,5h": 90, "1,5 h": 90, "+1.5h": 90, "1.5 hours": 90, "1,5 horas": 90, "1.5小时": 90, "1.5个小时": 90, "１．５小时": 90,
		"0.5h": 30, ".5h": 30, "0,25 h": 15, "0.75h": 45, "1.25 hours": 75, "2.0h": 120, "0.1h": 6,
		"1 hour and a half": 90, "2 hours and a half": 150, "2 and a half hours": 150, "1 hora y media": 90, "2 horas y media": 150, "1个半小时": 90, "2个半小时": 150,
	} {
		wantCommand(t, said, titled("", forMinutes(minutes)))
		wantCommand(t, "914083136 "+said, extendBy(forMinutes(minutes)))
		wantCommand(t, "extend 914083136 by "+said, extendBy(forMinutes(minutes)))
		wantCommand(t, "weekly sync "+said, titled("weekly sync", forMinutes(minutes)))
		wantCommand(t, "watch 914083136 auto "+said, grammar.Command{
			Verb: grammar.VerbWatch, Meeting: pastedID, Mode: "auto", Amount: forMinutes(minutes),
		})
	}
	if amount, err := grammar.ParseAmount("1,5 h"); err != nil || amount != forMinutes(90) {
		t.Errorf("in a field: %+v, %v", amount, err)
	}
}
