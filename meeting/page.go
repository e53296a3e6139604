package meeting

import (
	"encoding/json"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// scanner goes over the body of a page once and finds its entries, undecoded: they share the body. Each value is
// checked to be JSON, except an entry that is known from an earlier list.
type scanner struct {
	body []byte
	at   int
	// known tells the length of a value that begins the rest of the body and was checked before; 0 if there is none.
	known func(rest []byte) int
	each  func(entry json.RawMessage)
}

// scanPage finds the entries of a page.
func scanPage(body []byte) (wirePage, error) {
	var page wirePage
	in := scanner{body: body, each: func(entry json.RawMessage) { page.Data = append(page.Data, entry) }}
	outline, err := in.page()
	if err == nil && outline.listed && page.Data == nil {
		page.Data = []json.RawMessage{}
	}
	page.Count = outline.count
	return page, err
}

// outline is what a page tells beside its entries.
type outline struct {
	count   wireNumber
	entries int
	listed  bool // there is a list, if an empty one
}

func (o outline) isEmptyList() bool { return o.count.known && o.count.value == 0 } // some leave an empty list out

func (in *scanner) page() (outline, error) {
	var found outline
	if !in.accept('{') {
		return found, errBrokenJSON
	}
	for first := true; !in.accept('}'); first = false {
		if !first && !in.accept(',') {
			return outline{}, errBrokenJSON
		}
		if err := in.member(&found); err != nil {
			return outline{}, err
		}
	}
	if in.skipSpace(); in.at < len(in.body) {
		return outline{}, errBrokenJSON
	}
	return found, nil
}

// member reads a name and its value.
func (in *scanner) member(found *outline) error {
	raw, err := in.value()
	if err != nil || raw[0] != '"' || !in.accept(':') {
		return errBrokenJSON
	}
	var name string
	if err := json.Unmarshal(raw, &name); err != nil {
		return errBrokenJSON
	}
	if name == "data" && in.accept('[') {
		found.listed = true
		return in.entries(found)
	}
	value, err := in.value()
	if err == nil && name == "count" {
		err = found.count.UnmarshalJSON(value)
	}
	return err
}

// entries reads the list to its closing bracket.
func (in *scanner) entries(found *outline) error {
	for first := true; !in.accept(']'); first = false {
		if !first && !in.accept(',') {
			return errBrokenJSON
		}
		entry, err := in.entry()
		if err != nil {
			return err
		}
		found.entries++
		in.each(entry)
	}
	return nil
}

func (in *scanner) entry() (json.RawMessage, error) {
	if in.skipSpace(); in.known != nil {
		if length := in.known(in.body[in.at:]); length > 0 {
			in.at += length
			return in.body[in.at-length : in.at : in.at], nil
		}
	}
	return in.value()
}

// accept takes the character, after white space, if it is next.
func (in *scanner) accept(char byte) bool {
	if in.skipSpace(); in.at < len(in.body) && in.body[in.at] == char {
		in.at++
		return true
	}
	return false
}

func (in *scanner) skipSpace() {
	for in.at < len(in.body) && isSpace(in.body[in.at]) {
		in.at++
	}
}

func isSpace(char byte) bool { return char == ' ' || char == '\t' || char == '\r' || char == '\n' }

// value takes the next value, whatever it is.
func (in *scanner) value() (json.RawMessage, error) {
	in.skipSpace()
	length := valueLength(in.body[in.at:])
	raw := in.body[in.at : in.at+length : in.at+length]
	if length == 0 || !jsontext.Value(raw).IsValid(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)) {
		return nil, errBrokenJSON
	}
	in.at += length
	return raw, nil
}

// valueLength finds where the value at the beginning ends, if it is JSON; whether it is, is for others to check.
func valueLength(text []byte) int {
	depth := 0
	for at := 0; at < len(text); at++ {
		switch text[at] {
		case '"':
			length := stringLength(text[at:])
			if at += length - 1; length == 0 {
				return 0
			}
		case '{', '[':
			depth++
			continue
		case '}', ']':
			depth--
		default:
			if depth == 0 {
				return at + literalLength(text[at:])
			}
			continue
		}
		if depth <= 0 {
			return at + 1
		}
	}
	return 0
}

// stringLength is that of a string with both its quotes; 0 if it has no end.
func stringLength(text []byte) int {
	for at := 1; at < len(text); at++ {
		switch text[at] {
		case '"':
			return at + 1
		case '\\':
			at++
		}
	}
	return 0
}

func literalLength(text []byte) int {
	for at, char := range text {
		if isSpace(char) || strings.IndexByte(",:{}[]\"", char) >= 0 {
			return at
		}
	}
	return len(text)
}
