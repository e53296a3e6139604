package i18n_test

import (
	"regexp"
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

// A mention never touches the Chinese in front of it, in whichever sentence.
func TestMentionsAreSetApartFromChinese(t *testing.T) {
	touches := regexp.MustCompile(`\p{Han}<@`)
	catalogue, err := i18n.Load("en")
	if err != nil {
		t.Fatal(err)
	}
	for key := range catalogues(t)["zh"] {
		data := i18n.Data{"Count": 2}
		for _, name := range []string{"Who", "Whom", "By", "Host", "Admins"} {
			data[name] = "<@U0DANA>"
		}
		if said := catalogue.For("zh-CN").Say(i18n.Key(key), data); touches.MatchString(said) {
			t.Errorf("%s: %q", key, said)
		}
	}
}
