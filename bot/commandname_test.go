package bot

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/overtime-bot/overtime/bot/i18n"
)

// Where the command has another name, every sentence that names a command has that name, and nothing else changes. The
// scenes are one for each such sentence, and all Homes.
func TestTextsNameTheCommandOfTheConfiguration(t *testing.T) {
	slow(t)
	scenes := scenesThatNameTheCommand(t)
	usual := slash
	slash = "/overtime"
	defer func() { slash = usual }()
	for group := range groups {
		for _, together := range worldsOf(groups[group]()) {
			if !slices.ContainsFunc(together, func(s scene) bool { return scenes[group][s.name] }) {
				continue
			}
			again := make(map[string][]played)
			playTogether(t, together, []string{"en"}, again)
			for i, p := range again["en"] {
				before := play(t, group, "en")[indexOf(t, group, together[0].name)+i]
				want := strings.ReplaceAll(readIn(before), usual, slash)
				if diff := cmp.Diff(want, readIn(p)); diff != "" {
					t.Errorf("%s, %s: (-with %s in place of %s, +said)\n%s", group, p.name, slash, usual, diff)
				}
			}
		}
	}
}

// readIn is what people read in a scene.
func readIn(p played) (text string) {
	for _, said := range p.messages() {
		text += said.shown()
	}
	return text
}

// worldsOf are scenes by the world that they are played in.
func worldsOf(scenes []scene) (worlds [][]scene) {
	for i, s := range scenes {
		if i > 0 && s.world != "" && s.world == scenes[i-1].world {
			worlds[len(worlds)-1] = append(worlds[len(worlds)-1], s)
			continue
		}
		worlds = append(worlds, []scene{s})
	}
	return worlds
}

func indexOf(t *testing.T, group, name string) int {
	t.Helper()
	return slices.IndexFunc(play(t, group, "en"), func(p played) bool { return p.name == name })
}

// scenesThatNameTheCommand has a scene for each sentence with a command in it, by group and name.
func scenesThatNameTheCommand(t *testing.T) map[string]map[string]bool {
	t.Helper()
	english := catalogueOf(t, "en").For("en")
	scenes := map[string]map[string]bool{"home": {}}
	for _, p := range play(t, "home", "en") {
		scenes["home"][p.name] = true
	}
	names := slices.Sorted(maps.Keys(groups))
	for _, key := range sentencesWithCommands(t) {
		sentence := english.Say(key, anyData(2))
		for _, group := range names {
			at := slices.IndexFunc(play(t, group, "en"), func(p played) bool {
				return slices.ContainsFunc(p.messages(), func(h heard) bool { return inText(sentence, h.all()) && strings.Contains(h.all(), slash) })
			})
			if at >= 0 {
				if scenes[group] == nil {
					scenes[group] = make(map[string]bool)
				}
				scenes[group][play(t, group, "en")[at].name] = true
				break
			}
		}
	}
	return scenes
}

var namesCommand = regexp.MustCompile(`\{\{\.(Command|Commands|Watch|Help)\}\}`)

func sentencesWithCommands(t *testing.T) (keys []i18n.Key) {
	t.Helper()
	files, err := filepath.Glob("i18n/catalogue/*.en.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		sentences := make(map[i18n.Key]json.RawMessage)
		if err := json.Unmarshal(content, &sentences); err != nil {
			t.Fatal(err)
		}
		for key, sentence := range sentences {
			if namesCommand.Match(sentence) {
				keys = append(keys, key)
			}
		}
	}
	if len(keys) < 20 {
		t.Fatalf("only %d sentences name a command", len(keys))
	}
	return keys
}

// No file has the name: it comes from the configuration, or from what was typed.
func TestNoTextHasTheNameOfTheCommandInIt(t *testing.T) {
	var found []string
	for _, pattern := range []string{"*.go", "dialog/*.go", "grammar/*.go", "i18n/*.go", "access/*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v", pattern, err)
		}
		for _, file := range files {
			if !strings.HasSuffix(file, "_test.go") {
				found = append(found, literalsWith(t, file, slash)...)
			}
		}
	}
	if len(found) > 0 {
		t.Errorf("%s is written in %q", slash, found)
	}
}

func literalsWith(t *testing.T, path, text string) (found []string) {
	t.Helper()
	file, err := parser.ParseFile(gotoken.NewFileSet(), path, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(node ast.Node) bool {
		if literal, ok := node.(*ast.BasicLit); ok && strings.Contains(literal.Value, text) {
			found = append(found, path+": "+literal.Value)
		}
		return true
	})
	return found
}
