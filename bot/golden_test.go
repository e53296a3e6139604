package bot

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/overtime-bot/overtime/bot/i18n"
)

var update = flag.Bool("update", false, "write the golden files")

// hostile is a subject as somebody malicious would choose it.
const hostile = "<!channel> @here *x* \n ✅ approved by admin <https://evil.example|text> &amp; \u202egnp.exe\u2066 :boom: `code`"

// scene is something that people do, or that happens, and what they read then.
type scene struct {
	name    string
	user    string // admin if empty
	command string // what is typed after /extend
	set     func(*world)
	play    func(*world) // instead of a command

	// A world costs more than what is done in it. Where only is set, nothing is changed but what people read: it is played
	// in every language in one world. Scenes that stand together and have the same world share it, too.
	only  bool
	world string
}

// played is a scene with all that was typed, pressed and read in it.
type played struct {
	name   string
	script []line
}

// line is one of a scene's script: what somebody does, or what somebody reads.
type line struct {
	what string
	heard
}

// languages are those of the catalogue, with a locale of people who speak them.
var languages = map[string]string{"en": "en-US", "es": "es-ES", "zh": "zh-CN"}

// groups are all scenes, each in a golden file of its group.
var groups = map[string]func() []scene{
	"extend": extendScenes, "access": accessScenes, "parse": parseScenes, "look": lookScenes, "settled": settledScenes,
	"rules": ruleScenes, "prompts": promptScenes, "why": whyScenes, "presses": pressScenes, "ways": wayScenes, "approvals": approvalScenes, "titles": titleScenes,
	"finding": findingScenes, "lists": listScenes,
	"dialog": dialogScenes,
	"home":   homeScenes,
}

// plays are the scenes that were played already, by group and language: several tests look at them.
var plays = map[string]map[string][]played{}

// play plays the scenes of a group in all languages, once for all tests.
func play(t *testing.T, group, language string) []played {
	t.Helper()
	if done, ok := plays[group]; ok {
		return done[language]
	}
	scenes, names := groups[group](), make(map[string]bool)
	for _, s := range scenes {
		if names[s.name] {
			t.Fatalf("two scenes are called %q", s.name)
		}
		names[s.name] = true
	}
	all := make(map[string][]played)
	for len(scenes) > 0 {
		together := 1
		for scenes[0].world != "" && together < len(scenes) && scenes[together].world == scenes[0].world {
			together++
		}
		if scenes[0].only {
			playTogether(t, scenes[:together], slices.Sorted(maps.Keys(languages)), all)
		} else {
			for language := range languages {
				playTogether(t, scenes[:together], []string{language}, all)
			}
		}
		scenes = scenes[together:]
	}
	plays[group] = all
	return all[language]
}

// playTogether plays scenes in one world, in one language after another. Channels read in the first.
func playTogether(t *testing.T, scenes []scene, among []string, all map[string][]played) {
	t.Helper()
	inBubble(t, both(func(w *world) {
		w.language = among[0]
		w.people.speak(languages[among[0]])
	}, scenes[0].set), func(t *testing.T, w *world) {
		before := 0 // what is in the script since w began is the first scene's
		for _, language := range among {
			w.people.speak(languages[language])
			for _, s := range scenes {
				s.plays(w)
				lines := w.script.lines()
				all[language] = append(all[language], played{name: s.name, script: lines[before:]})
				before = len(lines)
			}
		}
	})
}

// plays lets a scene happen.
func (s scene) plays(w *world) {
	if s.play != nil {
		s.play(w)
		return
	}
	user := s.user
	if user == "" {
		user = admin
	}
	w.asks(user, s.command)
}

// nobody is one whom Slack does not know, and who is answered in the default language therefore.
const nobody = "U0NOBODY"

// asking are scenes that only ask something.
func asking(scenes ...scene) []scene {
	for i := range scenes {
		scenes[i].only = scenes[i].user != nobody
	}
	return scenes
}

// messages are what people read in it.
func (p played) messages() []heard {
	var all []heard
	for _, line := range p.script {
		if !line.silent() {
			all = append(all, line.heard)
		}
	}
	return all
}

// text is the scene for those who judge it.
func (p played) text() string {
	text := "== " + p.name + "\n"
	for _, line := range p.script {
		text += line.what + "\n"
		if !line.silent() {
			text += line.shown()
		}
	}
	return text + "\n"
}

// golden compares the scenes of a group with their golden files: the text in each language, and the English blocks.
func golden(t *testing.T, group string) {
	t.Helper()
	for language := range languages {
		var text bytes.Buffer
		for _, p := range play(t, group, language) {
			text.WriteString(p.text())
		}
		compareGolden(t, filepath.Join("testdata", "scenes", group+"."+language+".txt"), text.Bytes())
	}
	compareGolden(t, filepath.Join("testdata", "blocks", group+".json"), blocksOf(t, play(t, group, "en")))
}

// blocksOf lays the blocks of scenes out as they went to Slack, but for the IDs of buttons, which are never the same.
func blocksOf(t *testing.T, scenes []played) []byte {
	t.Helper()
	var text bytes.Buffer
	text.WriteString("{")
	for i, p := range scenes {
		if i > 0 {
			text.WriteString(",")
		}
		messages := [][]map[string]any{}
		for _, said := range p.messages() {
			messages = append(messages, numbered(t, said.blocks))
		}
		fmt.Fprintf(&text, "\n  %q: ", p.name)
		encoder := json.NewEncoder(&text)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("  ", "  ")
		if err := encoder.Encode(messages); err != nil {
			t.Fatal(err)
		}
		text.Truncate(text.Len() - 1)
	}
	text.WriteString("\n}\n")
	return text.Bytes()
}

// numberOptions does so for the options of a menu.
func numberOptions(menu map[string]any, number int) {
	options, _ := menu["options"].([]any)
	for _, each := range options {
		option, _ := each.(map[string]any)
		said, _ := option["value"].(string)
		_, element, _ := strings.Cut(said, " ")
		option["value"] = fmt.Sprintf("action-%d %s", number, element)
	}
}

// numbered gives the buttons of a message the same IDs each time.
func numbered(t *testing.T, raw []json.RawMessage) []map[string]any {
	t.Helper()
	blocks := make([]map[string]any, len(raw))
	for i, each := range raw {
		if err := json.Unmarshal(each, &blocks[i]); err != nil {
			t.Fatal(err)
		}
		elements, _ := blocks[i]["elements"].([]any)
		for number, element := range elements {
			if button, ok := element.(map[string]any); ok && button["type"] == "button" {
				button["value"] = fmt.Sprint("action-", number)
			} else if ok {
				numberOptions(button, number)
			}
		}
	}
	return blocks
}

func compareGolden(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s is not what the bot says (go test ./bot -update writes it):\n%s", path, diff)
	}
}

func TestGoldenExtend(t *testing.T)  { golden(t, "extend") }
func TestGoldenAccess(t *testing.T)  { golden(t, "access") }
func TestGoldenParse(t *testing.T)   { golden(t, "parse") }
func TestGoldenLook(t *testing.T)    { golden(t, "look") }
func TestGoldenSettled(t *testing.T) { golden(t, "settled") }
func TestGoldenRules(t *testing.T)   { golden(t, "rules") }
func TestGoldenPrompts(t *testing.T) { golden(t, "prompts") }
func TestGoldenWhy(t *testing.T)     { golden(t, "why") }
func TestGoldenTitles(t *testing.T)  { golden(t, "titles") }
func TestGoldenLists(t *testing.T)   { golden(t, "lists") }
func TestGoldenPresses(t *testing.T) { golden(t, "presses") }
func TestGoldenWays(t *testing.T)    { golden(t, "ways") }
func TestGoldenDialog(t *testing.T)  { golden(t, "dialog") }
func TestGoldenHome(t *testing.T)    { golden(t, "home") }

func TestGoldenApprovals(t *testing.T) { golden(t, "approvals") }

// eachScene is a test of every scene in every language.
func eachScene(t *testing.T, test func(language string, p played)) {
	t.Helper()
	for group := range groups {
		for language := range languages {
			for _, p := range play(t, group, language) {
				test(language, p)
			}
		}
	}
}

// Every message of every scene is one that Slack takes, in every language, and each scene says something.
func TestEverySceneIsFitForSlack(t *testing.T) {
	slow(t)
	eachScene(t, func(language string, p played) {
		if len(p.messages()) == 0 {
			t.Errorf("%s, %s: nobody read anything", language, p.name)
		}
		for _, said := range p.messages() {
			for _, fault := range lintHeard(said) {
				t.Errorf("%s, %s: %s", language, p.name, fault)
			}
		}
	})
}

// The other languages: the blocks of a few scenes are kept to be looked at.
func TestGoldenLanguages(t *testing.T) {
	kept := []string{
		"confirmed", "confirmed, one minute", "not known", "busy", "run limit, some left", "refused: longest time",
		"not yours", "guest", "list, own", "list, 21", "status", "help", "void", "the bot breaks", "not running yet",
		`"914083 136"`, `"914083136 0"`,
	}
	for _, language := range []string{"es", "zh"} {
		var few []played
		for _, group := range []string{"extend", "access", "parse", "look", "settled"} {
			for _, p := range play(t, group, language) {
				known := slices.ContainsFunc(few, func(other played) bool { return other.name == p.name })
				if slices.Contains(kept, p.name) && !known {
					few = append(few, p)
				}
			}
		}
		if len(few) != len(kept) {
			t.Errorf("%d scenes are kept, want %d", len(few), len(kept))
		}
		compareGolden(t, filepath.Join("testdata", "blocks", language+".json"), blocksOf(t, few))
	}
}

// A scene in another language says something else: nothing is left in English.
func TestEverySceneIsTranslated(t *testing.T) {
	for group := range groups {
		english := play(t, group, "en")
		for _, language := range []string{"es", "zh"} {
			for i, p := range play(t, group, language) {
				for j, said := range p.messages() {
					if before := english[i].messages(); j < len(before) && before[j].text == said.text && strings.ContainsFunc(said.text, unicode.IsLetter) {
						t.Errorf("%s, %s: %q", language, p.name, said.text)
					}
				}
			}
		}
	}
}

// Sentences are put behind each other as each language does it. What people typed or called their meetings is their own.
func TestSentencesAreJoined(t *testing.T) {
	slow(t)
	wrong := map[string]*regexp.Regexp{
		"en": regexp.MustCompile(`\p{Ll}[.?!][\p{Lu}<` + "`" + `]|  `),
		"es": regexp.MustCompile(`\p{Ll}[.?!][\p{Lu}¿¡<` + "`" + `]|  `),
		"zh": regexp.MustCompile(`[。！？] `),
	}
	for group := range groups {
		if group == "parse" { // which quotes what people typed
			continue
		}
		for language := range languages {
			for _, p := range play(t, group, language) {
				for _, said := range p.messages() {
					for _, text := range append([]string{said.text}, said.next...) {
						if found := wrong[language].FindString(text); found != "" {
							t.Errorf("%s, %s: %q in %q", language, p.name, found, text)
						}
					}
				}
			}
		}
	}
}

// Every sentence is in some golden file: nothing is said that nobody has read.
func TestEverySentenceHasAGoldenMessage(t *testing.T) {
	slow(t)
	catalogue, err := i18n.Load("en")
	if err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	for group := range groups {
		for _, p := range play(t, group, "en") {
			for _, message := range p.messages() {
				said.WriteString(message.all() + "\n")
			}
		}
	}
	said.Write(viewsOfReasons(t, "en"))
	for _, view := range dialogViews(catalogue.For("en")) {
		said.WriteString(strings.Join(textsIn(decoded(t, view)), "\n") + "\n")
	}
	for _, key := range englishKeys(t) {
		if key == i18n.HelpLimits { // without MAX_TOTAL_MINUTES, which the configuration does not allow
			continue
		}
		found := false
		for _, count := range []int{1, 2} {
			found = found || inText(catalogue.For("en").Say(key, anyData(count)), said.String())
		}
		if !found {
			t.Errorf("%s is in no golden file", key)
		}
	}
}

// anyData has ⁑ in all places of all sentences but the count.
func anyData(count int) i18n.Data {
	data := i18n.Data{"Count": count}
	for _, name := range []string{"End", "Limit", "Command", "Commands", "Who", "Whom", "Admins", "Word", "Meeting", "Asked", "Default", "Once", "Run", "Hours", "Minutes", "Remaining", "Host", "Message", "Reference", "Channel", "Start", "Details", "Before", "Since", "Reason", "At", "Seconds", "Subject", "Mention", "Watch", "Help", "Scopes", "By", "Title", "Time", "When", "How", "Bar", "Gone", "Whole", "Page", "Pages"} {
		data[name] = "⁑"
	}
	return data
}

// inText says that a sentence, whose places are ⁑ or a count, is in a text.
func inText(sentence, text string) bool {
	pattern := regexp.QuoteMeta(sentence)
	pattern = regexp.MustCompile(`⁑|\b[12]\b`).ReplaceAllString(pattern, `[^\n]*?`)
	return regexp.MustCompile(pattern).MatchString(text)
}

// englishKeys are the keys of the English catalogue; the tests of i18n hold that all others have the same.
func englishKeys(t *testing.T) []i18n.Key {
	t.Helper()
	files, err := filepath.Glob("i18n/catalogue/*.en.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no English catalogue: %v", err)
	}
	sentences := make(map[i18n.Key]json.RawMessage)
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(content, &sentences); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
	}
	return slices.Sorted(maps.Keys(sentences))
}
