package meeting

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// decoding counts what it decodes.
type decoding struct {
	known *remembered[string]
	done  []string
}

func newDecoding() *decoding {
	d := &decoding{}
	d.known = newRemembered(func(raw json.RawMessage) (string, error) {
		d.done = append(d.done, string(raw))
		if strings.Contains(string(raw), "broken") {
			return "", errBrokenTime
		}
		return "<" + string(raw) + ">", nil
	})
	return d
}

// read reads a page as a whole list, and returns what its entries hold.
func (d *decoding) read(body string) ([]string, error) {
	var held []string
	reading := d.known.begin()
	d.done = nil
	_, err := decodePage([]byte(body), func(raw json.RawMessage) {
		if value, err := reading.decode(raw); err == nil {
			held = append(held, value)
		}
	})
	if err != nil {
		return nil, err
	}
	reading.end()
	return held, nil
}

func pageOf(entries ...string) string {
	return `{"data":[` + strings.Join(entries, ",") + `],"count":1}`
}

func TestOnlyWhatChangedIsDecoded(t *testing.T) {
	d := newDecoding()
	for _, step := range []struct{ list, decoded string }{
		{"1 2 3 4 5 6", "1 2 3 4 5 6"},
		{"1 2 3 4 5 6", ""},
		{"1 2 33 4 5 6", "33"},
		{"1 33 4 5 6", ""},
		{"4 5 6", ""},
		{"4 5 6 7", "7"},
		{"0 4 5 6 7", "0"},
		{"7 6 5 4 0", ""},
		{`7 6 "broken" 4 0`, `"broken"`},
		{`7 6 "broken" 4 0`, `"broken"`},
		{"8 9 10", "8 9 10"},
		{"", ""},
		{"8 9 10", "8 9 10"},
	} {
		list := objects(step.list)
		held, err := d.read(pageOf(list...))
		var want []string
		for _, entry := range list {
			if !strings.Contains(entry, "broken") {
				want = append(want, "<"+entry+">")
			}
		}
		if diff := cmp.Diff(want, held); err != nil || diff != "" {
			t.Fatalf("%s: %v %s", step.list, err, diff)
		}
		if diff := cmp.Diff(strings.Join(objects(step.decoded), " "), strings.Join(d.done, " ")); diff != "" {
			t.Errorf("%s: decoded %s", step.list, diff)
		}
	}
}

func objects(numbers string) []string {
	var all []string
	for number := range strings.FieldsSeq(numbers) {
		all = append(all, `{"n":`+number+`}`)
	}
	return all
}

// An entry that was known is what it was to its last byte, and nothing that only begins like it.
func TestKnownEntriesAreNotMistaken(t *testing.T) {
	d := newDecoding()
	if _, err := d.read(pageOf(`{"a":1}`, `12`)); err != nil {
		t.Fatal(err)
	}
	for body, want := range map[string][]string{
		pageOf(`{"a":1}`, `123`):      {`<{"a":1}>`, "<123>"},
		pageOf(`{"a":2}`, `12`):       {`<{"a":2}>`, "<12>"},
		pageOf(` {"a":1} `, "\n12\t"): {`<{"a":1}>`, "<12>"},
		pageOf(`{"a":1}}`, `12`):      nil,
		pageOf(`{"a":1}`, `1.5`):      {`<{"a":1}>`, "<1.5>"},
		`{"data":[{"a":1}12]}`:        nil,
		`{"data":[{"a":1},12`:         nil,
		`{"data":[{"a":1}`:            nil,
	} {
		if held, err := d.read(body); !slices.Equal(held, want) || (err == nil) != (want != nil) {
			t.Errorf("%s: %q, %v", body, held, err)
		}
		if _, err := d.read(pageOf(`{"a":1}`, `12`)); err != nil {
			t.Fatal(err)
		}
	}
}

// FuzzKnownEntries holds that what is remembered of one list changes nothing in what the next one holds.
func FuzzKnownEntries(f *testing.F) {
	f.Add(`{"data":[{"a":1},{"b":2}]}`, `{"data":[{"b":2},{"a":1},3]}`)
	f.Add(`{"data":[1,2]}`, `{"data":[12]}`)
	f.Add(`{"data":[1,"a"]}`, `{"data":[1"a"]}`)
	f.Add(`{"data":[-1]}`, `{"data":[-1.5]}`)
	f.Fuzz(func(t *testing.T, before, body string) {
		known := newDecoding()
		if _, err := known.read(before); err != nil {
			return
		}
		got, gotErr := known.read(body)
		want, wantErr := newDecoding().read(body)
		if diff := cmp.Diff(want, got); diff != "" || !errors.Is(gotErr, wantErr) {
			t.Fatalf("%v, want %v: %s", gotErr, wantErr, diff)
		}
	})
}
