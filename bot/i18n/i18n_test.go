package i18n_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/overtime-bot/overtime/bot/i18n"
)

// forms are the plural forms of a sentence; one that counts nothing has "other" alone.
type forms map[string]string

func (f *forms) UnmarshalJSON(data []byte) error {
	var sentence string
	if json.Unmarshal(data, &sentence) == nil {
		*f = forms{"other": sentence}
		return nil
	}
	return json.Unmarshal(data, (*map[string]string)(f))
}

// catalogues are the files as they lie there, by language.
func catalogues(t *testing.T) map[string]map[i18n.Key]forms {
	t.Helper()
	names, err := filepath.Glob("catalogue/*.*.json")
	if err != nil {
		t.Fatal(err)
	}
	all := make(map[string]map[i18n.Key]forms)
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var sentences map[i18n.Key]forms
		if err := json.Unmarshal(text, &sentences); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		language := strings.Split(filepath.Base(name), ".")[1]
		if all[language] == nil {
			all[language] = make(map[i18n.Key]forms)
		}
		for key, said := range sentences {
			if _, twice := all[language][key]; twice {
				t.Errorf("%s: %s is in two files", name, key)
			}
			all[language][key] = said
		}
	}
	return all
}

// pluralForms are the forms that each language has (CLDR), but for the Spanish "many", which is of millions.
var pluralForms = map[string][]string{"en": {"one", "other"}, "es": {"one", "other"}, "zh": {"other"}}

func TestLanguagesAreThere(t *testing.T) {
	var languages []string
	for language := range catalogues(t) {
		languages = append(languages, language)
	}
	slices.Sort(languages)
	if diff := cmp.Diff([]string{"en", "es", "zh"}, languages); diff != "" {
		t.Error(diff)
	}
}

// constants are the keys by their names in Go, parsed from keys.go and the files of single features (keys_*.go).
func constants(t *testing.T) map[string]i18n.Key {
	t.Helper()
	files, err := filepath.Glob("keys*.go")
	if err != nil {
		t.Fatal(err)
	}
	keys := make(map[string]i18n.Key)
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(node ast.Node) bool {
			spec, ok := node.(*ast.ValueSpec)
			if !ok {
				return true
			}
			for i, value := range spec.Values {
				literal, ok := value.(*ast.BasicLit)
				if !ok {
					t.Fatalf("%s: %s is not a literal", name, spec.Names[i])
				}
				key, err := strconv.Unquote(literal.Value)
				if err != nil {
					t.Fatal(err)
				}
				keys[spec.Names[i].Name] = i18n.Key(key)
			}
			return true
		})
	}
	return keys
}

// No two constants name the same sentence: a sentence would be changed for both.
func TestNoKeyHasTwoNames(t *testing.T) {
	named := make(map[i18n.Key]string)
	for name, key := range constants(t) {
		if other, twice := named[key]; twice {
			t.Errorf("%s and %s are both %q", name, other, key)
		}
		named[key] = name
	}
}

// The constants and every catalogue have the same keys.
func TestKeysAreTheSameEverywhere(t *testing.T) {
	sorted := cmpopts.SortSlices(func(a, b i18n.Key) bool { return a < b })
	var declared []i18n.Key
	for _, key := range constants(t) {
		declared = append(declared, key)
	}
	if len(declared) < 50 {
		t.Fatalf("only %d constants were read", len(declared))
	}
	for language, sentences := range catalogues(t) {
		var keys []i18n.Key
		for key := range sentences {
			keys = append(keys, key)
		}
		if diff := cmp.Diff(declared, keys, sorted); diff != "" {
			t.Errorf("the keys of the catalogue %s (+) differ from the constants (-):\n%s", language, diff)
		}
	}
}

// Nothing is translated that nobody says.
func TestEveryKeyIsUsed(t *testing.T) {
	used := make(map[string]bool)
	err := filepath.WalkDir("../..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(node ast.Node) bool {
			if selector, ok := node.(*ast.SelectorExpr); ok {
				if of, ok := selector.X.(*ast.Ident); ok && of.Name == "i18n" {
					used[selector.Sel.Name] = true
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for name := range constants(t) {
		if !used[name] {
			t.Errorf("i18n.%s is used by no code", name)
		}
	}
}

var placeholder = regexp.MustCompile(`{{\.(\w+)}}`)

func placeholders(sentence string) []string {
	var names []string
	for _, match := range placeholder.FindAllStringSubmatch(sentence, -1) {
		names = append(names, match[1])
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// A sentence has the same places in every language and in every plural form, and the forms of its language.
func TestPlaceholdersAndFormsAreTheSame(t *testing.T) {
	all := catalogues(t)
	for language, sentences := range all {
		for key, said := range sentences {
			english := all["en"][key]
			counts := len(english) > 1
			if want := map[bool][]string{false: {"other"}, true: pluralForms[language]}[counts]; !slices.Equal(want, names(said)) {
				t.Errorf("%s %s has the forms %q, want %q", language, key, names(said), want)
			}
			for form, sentence := range said {
				if diff := cmp.Diff(placeholders(english["other"]), placeholders(sentence)); diff != "" {
					t.Errorf("%s %s (%s): its places (+) are not those of the English sentence (-):\n%s", language, key, form, diff)
				}
				if counts != slices.Contains(placeholders(sentence), "Count") {
					t.Errorf("%s %s (%s): Count is for sentences with plural forms, and they need it: %q", language, key, form, sentence)
				}
			}
		}
	}
}

func names(said forms) []string {
	var list []string
	for form := range said {
		list = append(list, form)
	}
	slices.Sort(list)
	return list
}

// Each sentence is text: not empty, one line, no mark-up of templates left, no token that would call people.
func TestSentencesAreClean(t *testing.T) {
	for language, sentences := range catalogues(t) {
		for key, said := range sentences {
			for form, sentence := range said {
				bare := placeholder.ReplaceAllString(sentence, "")
				if strings.TrimSpace(sentence) != sentence || sentence == "" || strings.ContainsAny(bare, "{}<>&@\n\t") ||
					strings.Contains(sentence, "  ") || strings.Count(sentence, "`")%2 != 0 || strings.ContainsFunc(sentence, unicode.IsControl) {
					t.Errorf("%s %s (%s): %q", language, key, form, sentence)
				}
				if chinese := strings.ContainsFunc(sentence, func(r rune) bool { return unicode.Is(unicode.Han, r) }); chinese != (language == "zh") && key != i18n.ListItem {
					t.Errorf("%s %s (%s) is in another language: %q", language, key, form, sentence)
				}
			}
		}
	}
}

// Every sentence formats with what it has places for, in every language, for one and for many.
func TestSayFillsEveryPlace(t *testing.T) {
	catalogue, err := i18n.Load("en")
	if err != nil {
		t.Fatal(err)
	}
	for language, sentences := range catalogues(t) {
		say := catalogue.For(language)
		for key, said := range sentences {
			for _, count := range []int{0, 1, 2, 240} {
				form := "other"
				if _, ok := said["one"]; ok && count == 1 {
					form = "one"
				}
				want, data := said[form], i18n.Data{}
				for _, name := range placeholders(want) {
					value := "‹" + name + "›"
					data[name] = value
					if name == "Count" {
						data[name], value = count, strconv.Itoa(count)
					}
					want = strings.ReplaceAll(want, "{{."+name+"}}", value)
				}
				if got := say.Say(key, data); got != want {
					t.Errorf("%s %s of %d: %q, want %q", language, key, count, got, want)
				}
			}
		}
	}
}

// What is put into a sentence is never a template itself.
func TestValuesAreNoTemplates(t *testing.T) {
	catalogue, err := i18n.Load("en")
	if err != nil {
		t.Fatal(err)
	}
	got := catalogue.For("en").Say(i18n.ServiceSays, i18n.Data{"Message": "{{.Secret}} {{printf}} <no value>"})
	if want := "The service says: {{.Secret}} {{printf}} <no value>"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestLanguageOfAPerson(t *testing.T) {
	const english, spanish, chinese = "Something went wrong on my side.", "Algo ha fallado por mi parte.", "我这边出了问题。"
	for _, test := range []struct{ fallback, locale, want string }{
		{"en", "en-US", english},
		{"en", "en-GB", english},
		{"en", "es-ES", spanish},
		{"en", "es-LA", spanish}, // Slack's own for Latin America
		{"en", "es-MX", spanish},
		{"en", "zh-CN", chinese},
		{"en", "zh-Hans-CN", chinese},
		{"en", "fr-FR", english},
		{"en", "", english},
		{"en", "what's this?", english},
		{"es", "fr-FR", spanish},
		{"es", "", spanish},
		{"es", "en-US", english},
		{"es", "zh-CN", chinese},
		{"zh", "pt-BR", chinese},
		{"zh", "en-GB", english},
		{"es-MX", "", spanish},
		{"zh-CN", "de-DE", chinese},
		{"es", "pt-BR", spanish},
	} {
		catalogue, err := i18n.Load(test.fallback)
		if err != nil {
			t.Fatal(err)
		}
		if got := catalogue.For(test.locale).Say(i18n.Trouble, nil); got != test.want {
			t.Errorf("%q, where %s is spoken: %q, want %q", test.locale, test.fallback, got, test.want)
		}
	}
}

func TestLoadRefusesWhatNobodySpeaks(t *testing.T) {
	for _, language := range []string{"fr", "de", "not a language", ""} {
		if _, err := i18n.Load(language); err == nil {
			t.Errorf("%q was taken", language)
		}
	}
}

// Slack shows a name in bold only where a space, an edge or a mark of ASCII is beside it. Full-width marks are none.
func TestNamesCanBeBold(t *testing.T) {
	beside := regexp.MustCompile(`[^ (:.,!?)·-]{{\.Meeting}}|{{\.Meeting}}[^ (:.,!?)·-]`)
	for language, sentences := range catalogues(t) {
		for key, said := range sentences {
			for form, sentence := range said {
				if found := beside.FindString(sentence); found != "" {
					t.Errorf("%s %s (%s): %q in %q", language, key, form, found, sentence)
				}
			}
		}
	}
}
