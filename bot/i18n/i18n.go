// Package i18n holds every sentence that people read, by key, in one catalogue a language: a file of what answers
// people, and one of what automation says. Code names keys and hands in values; it writes no sentences of its own.
package i18n

import (
	"embed"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"github.com/nicksnyder/go-i18n/v2/i18n/template"
	"golang.org/x/text/language"
)

//go:embed catalogue/*.json
var files embed.FS

// Data are the values that a sentence has places for. "Count" also chooses between one and many.
type Data map[string]any

// Catalogue has all sentences in all languages.
type Catalogue struct {
	bundle   *i18n.Bundle
	fallback string
	printers sync.Map // by the one locale that was asked for: to match languages costs more than most sentences
}

// Load reads the embedded catalogues. The fallback, as "en" or "es-MX", is spoken to those whose own language is not
// there; it is an error if none of them speaks it.
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
	if _, _, confidence := language.NewMatcher(bundle.LanguageTags()).Match(tag); confidence < language.High {
		return nil, fmt.Errorf("no catalogue speaks %q; there are %v", fallback, bundle.LanguageTags())
	}
	return &Catalogue{bundle: bundle, fallback: fallback}, nil
}

// For gives the printer of the first locale that is spoken ("en-US", "zh-CN"), else of the fallback.
func (c *Catalogue) For(locales ...string) Printer {
	wanted := strings.Join(locales, ",")
	if known, ok := c.printers.Load(wanted); ok {
		return known.(Printer)
	}
	printer := c.printerFor(locales)
	c.printers.Store(wanted, printer)
	return printer
}

// printerFor finds the language that is spoken, and asks for it by its own name from then on: that is matched faster.
func (c *Catalogue) printerFor(locales []string) Printer {
	wanted := i18n.NewLocalizer(c.bundle, append(slices.Clone(locales), c.fallback)...)
	_, spoken, _ := wanted.LocalizeWithTag(&i18n.LocalizeConfig{MessageID: string(Trouble)}) // every language has every sentence
	return Printer{localizer: i18n.NewLocalizer(c.bundle, spoken.String())}
}

// Printer speaks one language.
type Printer struct{ localizer *i18n.Localizer }

// Say gives the sentence of a key with its places filled. Values are put in as they are: what is foreign must
// have been escaped. A key without a sentence, which the tests rule out, is its own.
func (p Printer) Say(key Key, data Data) string {
	config := &i18n.LocalizeConfig{MessageID: string(key), TemplateData: data, TemplateParser: template.IdentityParser{}}
	if count, ok := data["Count"]; ok {
		config.PluralCount = count
	}
	sentence, err := p.localizer.Localize(config)
	if err != nil && sentence == "" {
		return string(key)
	}
	return fill(sentence, data)
}

// fill puts the values in their places, "{{.Name}}": all that a sentence asks of a template.
func fill(sentence string, data Data) string {
	filled := make([]byte, 0, 2*len(sentence))
	for {
		before, rest, found := strings.Cut(sentence, "{{.")
		filled = append(filled, before...)
		if !found {
			return string(filled)
		}
		name, after, _ := strings.Cut(rest, "}}")
		filled = fmt.Append(filled, data[name])
		sentence = after
	}
}
