package extension_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// Whatever a meeting is called can be stored: no title keeps it from being extended.
func TestSubjectsCanBeStored(t *testing.T) {
	for subject, want := range map[string]string{
		"": "", "Weekly sync": "Weekly sync", "周会 🎉": "周会 🎉", "a\x00b\nc": "a b c", "a\xffb": "a\ufffdb",
		strings.Repeat("周", 500): strings.Repeat("周", 200),
	} {
		got := extension.SubjectOf(meeting.Meeting{Subject: subject})
		if got != want || !utf8.ValidString(got) {
			t.Errorf("%q is stored as %q, want %q", subject, got, want)
		}
	}
}
