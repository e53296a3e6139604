package meeting_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/overtime-bot/overtime/meeting"
)

func TestParseID(t *testing.T) {
	for text, want := range map[string]string{
		"914083136":                                           "914083136",
		" 914 083 136 ":                                       "914083136",
		"914-083-136":                                         "914083136",
		"914 - 083 - 136":                                     "914083136",
		"９１４０８３１３６":                                           "914083136",
		"914\u00a0083\u00a0136":                               "914083136",
		"914\u3000083\u3000136":                               "914083136",
		"914\u2009083\u202f136\t":                             "914083136",
		"\u200e914083136\u200f":                               "914083136",
		"\u2068914\u200b083\u2060136\u2069\ufeff":             "914083136",
		"914\u2011083\u2013136":                               "914083136",
		"914－083－136":                                         "914083136",
		"9140\u00ad83136\ufe0f":                               "914083136",
		"https://c.example.com/#/j/914083136/e34dc2":          "914083136",
		"https://meeting.example.com/welink/#/j/914083136":    "914083136",
		"https://meeting.example.com:36443/j/914083136?x=1":   "914083136",
		"<https://c.example.com/#/j/914083136/e34|join here>": "914083136",
		"https://c.example.com/join?conferenceID=914083136":   "914083136",
		"https://c.example.com/#/j?id=914083136":              "914083136",
		"https://c.example.com/#/j?id=914083136&pwd=x":        "914083136",
		"https://c.example.com/j?lang=en&id=914083136":        "914083136",
		"https://c.example.com/x?meetingId=914083136":         "914083136",
		"https://c.example.com/#/x?id=914083136":              "",
		"https://c.example.com/#/j?id=914o83136":              "",
		"https://c.example.com/#/j?id=12":                     "",
		"https://c.example.com/#/j?id=%zz":                    "",
		"ｈｔｔｐｓ：／／c.example.com/#/j/914083136":                 "914083136",
		"12345678901234567890":                                "12345678901234567890",
		"":                                                    "",
		"   ":                                                 "",
		"12345":                                               "",
		"123456789012345678901":                               "",
		"-914083136":                                          "",
		"914083136-":                                          "",
		"+914083136":                                          "",
		"914083136.0":                                         "",
		"914,083,136":                                         "",
		"91408313²":                                           "",
		"91408313６²":                                          "",
		"٩١٤٠٨٣١٣٦":                                           "",
		"𝟗𝟏𝟒𝟎𝟖𝟑𝟏𝟑𝟔":                                           "",
		"ID 914083136":                                        "",
		"914083136 thirty":                                    "",
		"0x914083136":                                         "",
		"https://c.example.com/#/914083136":                   "",
		"https://c.example.com/#/j/914o83136":                 "",
		"ftp://c.example.com/j/914083136":                     "",
		"https:///j/914083136":                                "",
		"https://c.example.com/j/":                            "",
		"https://c.example.com/j/12":                          "",
		"javascript://j/914083136":                            "",
		"https://c.example.com/j/914083136 https://c.example.com/j/1": "",
	} {
		got, err := meeting.ParseID(text)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v; want %q", text, got, err, want)
		}
		if err != nil && !errors.Is(err, meeting.ErrInvalid) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestParseIDDoesNotRepeatTheText(t *testing.T) {
	_, err := meeting.ParseID("https://c.example.com/#/x/secrettoken")
	if err == nil || strings.Contains(err.Error(), "secrettoken") {
		t.Error(err)
	}
}

func FuzzParseID(f *testing.F) {
	for _, text := range []string{
		"914 083 136", "９１４", "https://c.example.com/#/j/914083136/e34", "<https://a/j/914083136|x>", "\u202e914083136", "%zz://",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		id, err := meeting.ParseID(text)
		if (err == nil) == (id == "") {
			t.Fatalf("%q, %v", id, err)
		}
		if err != nil {
			return
		}
		if len(id) < 6 || len(id) > 20 || strings.Trim(id, "0123456789") != "" {
			t.Errorf("%q", id)
		}
		if again, err := meeting.ParseID(id); err != nil || again != id {
			t.Errorf("%q becomes %q, %v", id, again, err)
		}
	})
}
