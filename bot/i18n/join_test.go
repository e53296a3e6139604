package i18n_test

import (
	"testing"

	"github.com/overtime-bot/overtime/bot/i18n"
)

func TestJoin(t *testing.T) {
	for _, test := range []struct {
		sentences []string
		want      string
	}{
		{nil, ""},
		{[]string{"", ""}, ""},
		{[]string{"One."}, "One."},
		{[]string{"One.", "Two?", "Three!", "Four."}, "One. Two? Three! Four."},
		{[]string{"Una.", "¿Dos?", "¡Tres!"}, "Una. ¿Dos? ¡Tres!"},
		{[]string{"", "One.", "", "Two.", ""}, "One. Two."},
		{[]string{"一。", "二！", "三？", "四。"}, "一。二！三？四。"},
		{[]string{"一。", "", "`/extend 1`"}, "一。`/extend 1`"},
		{[]string{"An end…", "and one more."}, "An end… and one more."},
	} {
		if got := i18n.Join(test.sentences...); got != test.want {
			t.Errorf("%q: %q, want %q", test.sentences, got, test.want)
		}
	}
}
