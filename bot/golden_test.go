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

	"github.com/google/go-cmp/cmp"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/slack-go/slack"
)

var update = flag.Bool("update", false, "write the golden files anew")

// hostile is a subject as somebody malicious would choose it.
const hostile = "<!channel> @here *x* \n ✅ approved by admin <https://evil.example|text> &amp; \u202egnp.exe\u2066 :boom: `code`"

func sectionOf(text string) slack.Block {
	return slack.NewSectionBlock(slack.NewTextBlockObject(slack.MarkdownType, text, false, true), nil, nil)
}

func looseSection() slack.Block {
	return slack.NewSectionBlock(slack.NewTextBlockObject(slack.MarkdownType, "@here", false, false), nil, nil)
}

func emojiContext() slack.Block {
	return slack.NewContextBlock("", slack.NewTextBlockObject(slack.PlainTextType, ":boom:", true, false))
}

// scene is one message that the bot says, and how it comes to it.
type scene struct {
	name    string
	user    string // admin if empty
	command string // what is typed after /extend
	set     func(*world)
	reply   func(*world) Reply // instead of a command
}

// play gives the reply, and what channels read of it.
func (s scene) play(t *testing.T, locale string) (Reply, []string) {
	w := newWorld(t)
	for id, person := range w.people.people {
		person.Locale = locale
		w.people.people[id] = person
	}
	if s.set != nil {
		s.set(w)
	}
	w.build()
	if s.reply != nil {
		return s.reply(w), w.poster.texts()
	}
	user := s.user
	if user == "" {
		user = admin
	}
	return w.asks(user, s.command), w.poster.texts()
}

// goldenMessage is a message in a golden file.
type goldenMessage struct {
	Typed  string
	Tone   string
	Second bool     `json:",omitempty"` // a second answer follows
	Public []string `json:",omitempty"` // what channels read
	Text   string
	Blocks []slack.Block
}

// checkGolden compares the scenes' messages with testdata/<name>.json, and lints each.
func checkGolden(t *testing.T, name, locale string, scenes []scene) {
	t.Helper()
	names, messages := []string{}, map[string]goldenMessage{}
	for _, s := range scenes {
		reply, public := s.play(t, locale)
		numberButtons(reply)
		message := render(reply)
		for _, fault := range lint(message) {
			t.Errorf("%s: %s", s.name, fault)
		}
		if _, twice := messages[s.name]; twice {
			t.Fatalf("two scenes are called %q", s.name)
		}
		names = append(names, s.name)
		messages[s.name] = goldenMessage{
			Typed: strings.TrimSpace("/extend " + s.command), Tone: reply.Tone.Name(), Second: reply.Pending, Public: public,
			Text: message.Text, Blocks: message.Blocks,
		}
	}
	compareGolden(t, filepath.Join("testdata", name+".json"), encodeGolden(t, names, messages))
}

// numberButtons gives buttons the IDs that the store gives them, always the same.
func numberButtons(reply Reply) {
	for i := range reply.Offers {
		reply.Offers[i].Action.ID = fmt.Sprint("action-", i)
	}
}

// encodeGolden keeps the scenes' order, which JSON's maps do not.
func encodeGolden(t *testing.T, names []string, messages map[string]goldenMessage) []byte {
	t.Helper()
	var text bytes.Buffer
	text.WriteString("{")
	for i, name := range names {
		if i > 0 {
			text.WriteString(",")
		}
		fmt.Fprintf(&text, "\n  %q: ", name)
		encoder := json.NewEncoder(&text)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("  ", "  ")
		if err := encoder.Encode(messages[name]); err != nil {
			t.Fatal(err)
		}
		text.Truncate(text.Len() - 1)
	}
	text.WriteString("\n}\n")
	return text.Bytes()
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

func TestGoldenExtend(t *testing.T)  { checkGolden(t, "extend", "en-US", extendScenes()) }
func TestGoldenAccess(t *testing.T)  { checkGolden(t, "access", "en-US", accessScenes()) }
func TestGoldenParse(t *testing.T)   { checkGolden(t, "parse", "en-US", parseScenes()) }
func TestGoldenLook(t *testing.T)    { checkGolden(t, "look", "en-US", lookScenes()) }
func TestGoldenSettled(t *testing.T) { checkGolden(t, "settled", "en-US", settledScenes()) }

// The other languages: each message passes the linter, a few are kept to be read.
func TestGoldenLanguages(t *testing.T) {
	kept := map[string]bool{
		"confirmed": true, "confirmed, one minute": true, "not known": true, "busy": true, "run limit, some left": true,
		"refused: longest time": true, "not yours": true, "guest": true, "list, own": true, "list, 21": true, "status": true,
		"help": true, "void": true, "the bot breaks": true, "not running yet": true, `"914083 136"`: true, `"914083136 0"`: true,
	}
	all := [][]scene{extendScenes(), accessScenes(), parseScenes(), lookScenes(), settledScenes(), ruleScenes(), promptScenes(), whyScenes(), pressScenes()}
	for language, locale := range map[string]string{"es": "es-ES", "zh": "zh-CN"} {
		names := map[string]bool{}
		var few []scene
		for _, scenes := range all {
			for _, s := range scenes {
				reply, _ := s.play(t, locale)
				numberButtons(reply)
				for _, fault := range lint(render(reply)) {
					t.Errorf("%s, %s: %s", language, s.name, fault)
				}
				if kept[s.name] && !names[s.name] {
					names[s.name] = true
					few = append(few, s)
				}
			}
		}
		if len(few) != len(kept) {
			t.Errorf("%d scenes are kept, want %d", len(few), len(kept))
		}
		checkGolden(t, language, locale, few)
	}
}

// Sentences are put behind each other as each language does it. What people typed or called their meetings is their own.
func TestSentencesAreJoined(t *testing.T) {
	all := slices.Concat(extendScenes(), accessScenes(), lookScenes(), settledScenes(), ruleScenes(), promptScenes(), whyScenes(), pressScenes())
	for locale, wrong := range map[string]*regexp.Regexp{
		"en-US": regexp.MustCompile(`\p{Ll}[.?!][\p{Lu}<` + "`" + `]|  `),
		"es-ES": regexp.MustCompile(`\p{Ll}[.?!][\p{Lu}¿¡<` + "`" + `]|  `),
		"zh-CN": regexp.MustCompile(`[。！？] `),
	} {
		for _, s := range all {
			reply, public := s.play(t, locale)
			for _, text := range append(public, reply.Text, reply.Next, reply.Last) {
				if found := wrong.FindString(text); found != "" {
					t.Errorf("%s, %s: %q in %q", locale, s.name, found, text)
				}
			}
		}
	}
}

// Every sentence is in some golden file: nothing is said that nobody has read.
func TestEverySentenceHasAGoldenMessage(t *testing.T) {
	catalogue, err := i18n.Load("en")
	if err != nil {
		t.Fatal(err)
	}
	said := strings.Join(everythingSaid(t), "\n")
	for _, key := range englishKeys(t) {
		if key == i18n.HelpLimits { // without MAX_TOTAL_MINUTES, which the configuration does not allow
			continue
		}
		found := false
		for _, count := range []int{1, 2} {
			data := i18n.Data{}
			for _, name := range []string{"End", "Limit", "Command", "Commands", "Who", "Whom", "Admins", "Word", "Meeting", "Asked", "Default", "Once", "Run", "Hours", "Minutes", "Remaining", "Host", "Message", "Reference", "Channel", "Start", "Details", "Before", "Since", "Reason", "At"} {
				data[name] = "⁑"
			}
			data["Count"] = count
			found = found || inText(catalogue.For("en").Say(key, data), said)
		}
		if !found {
			t.Errorf("%s is in no golden file", key)
		}
	}
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

// inText says that a sentence, whose places are ⁑ or a count, is in a text.
func inText(sentence, text string) bool {
	pattern := regexp.QuoteMeta(sentence)
	pattern = regexp.MustCompile(`⁑|\b[12]\b`).ReplaceAllString(pattern, `[^\n]*?`)
	return regexp.MustCompile(pattern).MatchString(text)
}

func everythingSaid(t *testing.T) []string {
	var said []string
	for _, scenes := range [][]scene{extendScenes(), accessScenes(), parseScenes(), lookScenes(), settledScenes(), ruleScenes(), promptScenes(), whyScenes(), pressScenes()} {
		for _, s := range scenes {
			reply, public := s.play(t, "en-US")
			said = append(said, public...)
			said = append(said, reply.Text, reply.Next, reply.Last, strings.Join(reply.About, "\n"))
			for _, item := range reply.Items {
				said = append(said, item.Text, item.About)
			}
			for _, offer := range reply.Offers {
				said = append(said, offer.Label)
			}
		}
	}
	return said
}
