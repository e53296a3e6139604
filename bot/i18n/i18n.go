package i18n

import (
	"embed"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"github.com/nicksnyder/go-i18n/v2/i18n/template"
	"golang.org/x/text/language"
)

//go:embed catalogue/*.json
var files embed.FS

// Data are the values for the placeholders of a sentence. "Count" also chooses the plural form.
type Data map[string]any

// Catalogue has all sentences in all languages.
type Catalogue struct {
	languages language.Matcher
	printers  []Printer // in the order of the matcher's languages
	fallback  string
}

// Load reads the embedded catalogues. The fallback ("en", "es-MX") is the language of everybody whose own is missing.
// It is an error if no catalogue is in that language.
func Load(fallback string) (*Catalogue, error) {
	tag, err := language.Parse(fallback)
	if err != nil {
		return nil, fmt.Errorf("language %q: %w", fallback, err)
	}
	bundle := i18n.NewBundle(language.English)
	bundle.RegisterUnmarshalFunc("json", json.Unmarshal)
	entries, err := files.ReadDir("catalogue")
	if err != nil {
		return nil, fmt.Errorf("reading the catalogues: %w", err)
	}
	for _, entry := range entries {
		if _, err := bundle.LoadMessageFileFS(files, path.Join("catalogue", entry.Name())); err != nil {
			return nil, fmt.Errorf("reading the catalogue %s: %w", entry.Name(), err)
		}
	}
	c := &Catalogue{languages: language.NewMatcher(bundle.LanguageTags()), fallback: fallback}
	if _, _, confidence := c.languages.Match(tag); confidence < language.High {
		return nil, fmt.Errorf("no catalogue is in %q; there are %v", fallback, bundle.LanguageTags())
	}
	for _, tag := range bundle.LanguageTags() {
		c.printers = append(c.printers, Printer{i18n.NewLocalizer(bundle, tag.String())})
	}
	return c, nil
}

// For returns the printer of the first locale ("en-US", "zh-CN") that has a catalogue, else of the fallback.
func (c *Catalogue) For(locales ...string) Printer {
	_, index := language.MatchStrings(c.languages, append(slices.Clip(locales), c.fallback)...)
	return c.printers[index]
}

// Printer prints sentences in one language.
type Printer struct{ localizer *i18n.Localizer }

// Say returns the sentence of a key with its placeholders filled in. It does not escape the values. A key without a
// sentence returns the key itself; the tests rule that out.
func (p Printer) Say(key Key, data Data) string {
	config := &i18n.LocalizeConfig{MessageID: string(key), TemplateData: data, TemplateParser: template.IdentityParser{}}
	if count, ok := data["Count"]; ok {
		config.PluralCount = count
	}
	sentence, err := p.localizer.Localize(config)
	if err != nil && sentence == "" && config.PluralCount != nil { // it counts nothing
		config.PluralCount = nil
		sentence, err = p.localizer.Localize(config)
	}
	if err != nil && sentence == "" {
		return string(key)
	}
	return fill(sentence, data)
}

// spaced puts a space between Chinese and a mention, which Slack takes for one only behind a space or a mark.
func spaced(filled []byte, value any) []byte {
	text, _ := value.(string)
	if last, _ := utf8.DecodeLastRune(filled); strings.HasPrefix(text, "<") && unicode.Is(unicode.Han, last) {
		return append(filled, ' ')
	}
	return filled
}

// fill puts the values in place of "{{.Name}}", which is all that a sentence needs of a template.
func fill(sentence string, data Data) string {
	filled := make([]byte, 0, 2*len(sentence))
	for {
		before, rest, found := strings.Cut(sentence, "{{.")
		filled = append(filled, before...)
		if !found {
			return string(filled)
		}
		name, after, _ := strings.Cut(rest, "}}")
		filled = fmt.Append(spaced(filled, data[name]), data[name])
		sentence = after
	}
}
