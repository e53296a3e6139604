package bot

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/i18n"
)

// commandShown is a command in a message, but for the usage of the help, which has places to fill in.
var commandShown = regexp.MustCompile("`[/@][a-z]+ ?([^`&<\\[|…]*)`")

// suggestion is a command that somebody reads, and may type.
type suggestion struct{ reader, command string }

// suggestionsIn are the commands that people read in some lines.
func suggestionsIn(lines []line) (found []suggestion) {
	for _, line := range lines {
		reader, _, _ := strings.Cut(line.what, " ")
		for _, shown := range commandShown.FindAllStringSubmatch(line.all(), -1) {
			if each := (suggestion{reader, shown[1]}); !slices.Contains(found, each) {
				found = append(found, each)
			}
		}
	}
	return found
}

// changesNothing says that a command only tells something.
func (s suggestion) changesNothing() bool {
	verb, _, _ := strings.Cut(s.command, " ")
	return slices.Contains([]string{"list", "help", "status", "why"}, verb)
}

// formRefusals are the sentences that refuse a command for its form, or for its number.
func formRefusals() []i18n.Key {
	keys := []i18n.Key{
		i18n.TooMany, i18n.LimitRun, i18n.LimitRunNone, i18n.LimitDaily, i18n.LimitDailyNone, i18n.WatchMaxTooMany, i18n.WatchMaxTooFew,
		i18n.NoSuchTime, i18n.TimePassed, i18n.EndLater, i18n.ZoneUnknown,
	}
	keys = append(keys, i18n.ParseNoTime)
	for _, key := range problems {
		keys = append(keys, key)
	}
	return keys
}

// types lets the reader of a suggestion type it, and gives the sentence that refuses its form or its number.
func (w *world) types(s suggestion) (refusal string) {
	user, channel := s.reader, general
	if strings.HasPrefix(s.reader, "C") {
		user, channel = admin, s.reader
	}
	before := len(w.script.lines())
	w.receives(typedIn(channel, w.nextID(), user, "/extend", s.command))
	time.Sleep(20 * time.Second) // for the answer, if there is one
	for _, line := range w.script.lines()[before:] {
		for _, key := range formRefusals() {
			data := i18n.Data{"Count": 2}
			for _, name := range []string{"Limit", "Word", "At", "End"} {
				data[name] = "⁑"
			}
			if inText(catalogueOf(w.t, "en").For("en").Say(key, data), line.text) {
				return line.text
			}
		}
	}
	return ""
}

// What people read that they can type is never refused for its form or its number when they do: each command in each
// message of each scene is typed as things stand then, under usual limits and under tight ones.
func TestWhatIsSuggestedCanBeTyped(t *testing.T) {
	limits := []int{120, 1}
	if testing.Short() {
		limits = limits[1:]
	}
	for _, most := range limits {
		typed := 0
		for group := range groups {
			if group == "lists" && most < 15 { // its scenes press +15
				continue
			}
			var set func(*world)
			together := ""
			for i, s := range groups[group]() {
				if testing.Short() && i%12 > 0 {
					continue
				}
				if s.world == "" || s.world != together {
					set, together = s.set, s.world
				}
				typed += typeSuggestions(t, group, s, both(set, func(w *world) { w.most = min(w.most, most) }))
			}
		}
		if typed < 100 && !testing.Short() {
			t.Errorf("only %d commands were typed", typed)
		}
	}
}

// typeSuggestions types what one scene suggests, and tells how much that is: what changes something in a world of its own.
func typeSuggestions(t *testing.T, group string, s scene, set func(*world)) (typed int) {
	t.Helper()
	var changing []suggestion
	for again := 0; again == 0 || again < len(changing); again++ {
		inBubble(t, set, func(t *testing.T, w *world) {
			s.plays(w)
			found := suggestionsIn(w.script.lines())
			if again == 0 {
				changing = slices.DeleteFunc(slices.Clone(found), suggestion.changesNothing)
				found = slices.DeleteFunc(found, func(s suggestion) bool { return !s.changesNothing() })
			} else {
				found = nil
			}
			if again < len(changing) {
				found = append(found, changing[again])
			}
			for _, each := range found {
				typed++
				if refusal := w.types(each); refusal != "" {
					t.Errorf("%s, %s: %s types %q, and reads %q", group, s.name, each.reader, each.command, refusal)
				}
			}
		})
	}
	return typed
}

// placeToFillIn is a place in the usage of a command, which is named in the language of the reader.
var placeToFillIn = regexp.MustCompile(`<\pL+>|\[\pL+\]`)

// The other languages suggest the same.
func TestSuggestionsAreTheSameInEveryLanguage(t *testing.T) {
	for group := range groups {
		var english []string
		for _, language := range []string{"en", "es", "zh"} {
			text, err := os.ReadFile(filepath.Join("testdata", "scenes", group+"."+language+".txt"))
			if err != nil {
				t.Fatal(err)
			}
			commands := regexp.MustCompile("(?m)`/[a-z]+[^`]*`|^== .*$").FindAllString(placeToFillIn.ReplaceAllString(string(text), "…"), -1)
			if language == "en" {
				english = commands
			}
			for i := range min(len(english), len(commands)) {
				if english[i] != commands[i] {
					t.Errorf("%s, %s: %q, in English %q", group, language, commands[i], english[i])
					break
				}
			}
			if len(english) != len(commands) {
				t.Errorf("%s, %s: %d commands, in English %d", group, language, len(commands), len(english))
			}
		}
	}
}
