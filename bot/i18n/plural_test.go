package i18n_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/overtime-bot/overtime/bot/i18n"
)

// numbers are the places that hold a number, but for those before the sign of a unit.
var numbers = []string{"Count", "Limit", "Run"}

var word = regexp.MustCompile(`\pL+`)

// Whatever number is in a sentence, and in whichever place: no plural stands behind a one, and no singular behind a two.
// The words that have both are taken from the plural forms themselves.
func TestNumbersAgreeWithTheirNouns(t *testing.T) {
	catalogue, err := i18n.Load("en")
	if err != nil {
		t.Fatal(err)
	}
	all := catalogues(t)
	for _, language := range []string{"en", "es"} { // Chinese has one form
		singular, plural := countedWords(all[language])
		if len(singular) < 3 || len(plural) < 3 {
			t.Fatalf("%s: counted are %q and %q", language, singular, plural)
		}
		for key, said := range all[language] {
			for count, wrong := range map[string][]string{"1": plural, "2": singular} {
				data := i18n.Data{}
				for _, name := range placeholders(said["other"]) {
					data[name] = "…"
					if slices.Contains(numbers, name) {
						data[name] = int(count[0] - '0')
					}
				}
				text := catalogue.For(language).Say(key, data)
				if found := behind(text, count, wrong); found != "" {
					t.Errorf("%s %s: %q behind %s in %q", language, key, found, count, text)
				}
			}
		}
	}
}

// countedWords are the words right behind the count where they differ between one and more.
func countedWords(sentences map[i18n.Key]forms) (singular, plural []string) {
	for _, said := range sentences {
		one, other := nounOf(said["one"]), nounOf(said["other"])
		if one != other && one != "" && one != "min" && other != "min" {
			singular, plural = append(singular, one), append(plural, other)
		}
	}
	return singular, plural
}

func nounOf(sentence string) string {
	_, after, found := strings.Cut(sentence, "{{.Count}} ")
	if !found || !word.MatchString(after) || !strings.HasPrefix(after, word.FindString(after)) {
		return ""
	}
	return word.FindString(after)
}

// behind is the first of some words among the two that stand behind a number in the same clause.
func behind(text, number string, words []string) string {
	for _, at := range regexp.MustCompile(`\b`+number+` (\pL+)(?: (\pL+))?`).FindAllStringSubmatch(text, -1) {
		for _, next := range at[1:] {
			if slices.Contains(words, next) {
				return next
			}
		}
	}
	return ""
}
