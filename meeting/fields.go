package meeting

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"
)

// eachField hands over the members of an object. The text must be known to be JSON, and is not checked again: that
// and the many fields that nobody wants are most of what encoding/json would take for an entry of a list. It is false
// for what is no object.
func eachField(text json.RawMessage, take func(name []byte, value json.RawMessage)) bool {
	in := scanner{body: text}
	if !in.accept('{') {
		return false
	}
	for !in.accept('}') {
		in.accept(',')
		name := in.next()
		in.accept(':')
		value := in.next()
		if len(name) < 2 || len(value) == 0 { // not the JSON that it should be
			return false
		}
		take(fieldName(name), value)
	}
	return true
}

// eachElement hands over the elements of a list, likewise; none for what is no list.
func eachElement(text json.RawMessage, take func(json.RawMessage)) {
	in := scanner{body: text}
	if !in.accept('[') {
		return
	}
	for !in.accept(']') {
		in.accept(',')
		value := in.next()
		if len(value) == 0 {
			return
		}
		take(value)
	}
}

// next takes a value without a check.
func (in *scanner) next() json.RawMessage {
	in.skipSpace()
	length := valueLength(in.body[in.at:])
	in.at += length
	return in.body[in.at-length : in.at : in.at]
}

func fieldName(raw json.RawMessage) []byte {
	if inner := raw[1 : len(raw)-1]; bytes.IndexByte(inner, '\\') < 0 {
		return inner
	}
	var name string
	_ = json.Unmarshal(raw, &name) // one that cannot be read is nobody's
	return []byte(name)
}

// plainText returns what a JSON string says.
func plainText(raw json.RawMessage) (string, error) {
	if inner := raw[1 : len(raw)-1]; bytes.IndexByte(inner, '\\') < 0 && utf8.Valid(inner) {
		return string(inner), nil
	}
	var text string
	err := json.Unmarshal(raw, &text)
	return text, err
}
