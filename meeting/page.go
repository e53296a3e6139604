package meeting

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

// scanPage finds the entries of a page and leaves them undecoded, in one pass over the body, which they share.
// encoding/json goes over each byte three times for this; a list of an enterprise is many megabytes.
func scanPage(body []byte) (wirePage, error) {
	in := jsontext.NewDecoder(bytes.NewBuffer(body), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	page, err := scanObject(in, body)
	if err != nil {
		return wirePage{}, errBrokenJSON
	}
	if _, err := in.ReadToken(); !errors.Is(err, io.EOF) {
		return wirePage{}, errBrokenJSON
	}
	return page, nil
}

func scanObject(in *jsontext.Decoder, body []byte) (page wirePage, err error) {
	if open, err := in.ReadToken(); err != nil || open.Kind() != '{' {
		return page, errBrokenJSON
	}
	for in.PeekKind() == '"' {
		name, err := in.ReadToken()
		if err != nil {
			return page, err
		}
		switch name := name.String(); {
		case name == "data" && in.PeekKind() == '[':
			page.Data, err = scanArray(in, body)
		case name == "count":
			var value jsontext.Value
			if value, err = in.ReadValue(); err == nil {
				err = page.Count.UnmarshalJSON(value)
			}
		default:
			err = in.SkipValue()
		}
		if err != nil {
			return page, err
		}
	}
	_, err = in.ReadToken() // the closing brace
	return page, err
}

func scanArray(in *jsontext.Decoder, body []byte) ([]json.RawMessage, error) {
	if _, err := in.ReadToken(); err != nil {
		return nil, err
	}
	entries := []json.RawMessage{}
	for in.PeekKind() != ']' {
		value, err := in.ReadValue()
		if err != nil {
			return nil, err
		}
		end := in.InputOffset()
		entries = append(entries, body[end-int64(len(value)):end:end])
	}
	_, err := in.ReadToken()
	return entries, err
}
