package grammar_test

import (
	"errors"
	"testing"

	"github.com/overtime-bot/overtime/bot/grammar"
)

// Two numbers with a sign between are two meetings, however they are grouped and whatever stands around them; never a dial
// string, of which the second half alone would count.
func TestNumbersInAListAreSeveralMeetings(t *testing.T) {
	for _, between := range []string{",", ", ", " , ", "，", "， ", "、", ";", "; ", "；", "/", " / ", "|", "&", "&amp;", " and ", "和", " y "} {
		for _, numbers := range [][2]string{{"914083136", "920417765"}, {"914 083 136", "920 417 765"}, {"914-083-136", "920-417-765"}, {"914 083 136", "920417765"}} {
			for _, command := range []struct{ before, after string }{
				{"", " 30"}, {"extend ", " max"}, {"status ", ""}, {"", ""},
			} {
				text := command.before + numbers[0] + between + numbers[1] + command.after
				_, err := grammar.Parse(text)
				parse, ok := errors.AsType[*grammar.ParseError](err)
				if !ok || parse.Problem != grammar.OneMeeting || len(parse.Suggestions) != 2 || parse.Suggestions[0].Meeting != "914083136" || parse.Suggestions[1].Meeting != "920417765" {
					t.Errorf("%q: %+v", text, err)
				}
			}
		}
	}
	if _, err := grammar.Parse("914083136,920417765,777888999 30"); err == nil {
		t.Error("three numbers are one")
	}
}
