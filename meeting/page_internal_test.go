package meeting

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// entriesOf reads a page; nil is no list at all.
func entriesOf(body string) ([]string, wireNumber, error) {
	var entries []string
	page, err := decodePage([]byte(body), func(entry json.RawMessage) { entries = append(entries, string(entry)) })
	if page.Data.listed && entries == nil {
		entries = []string{}
	}
	return entries, page.Count, err
}

func TestDecodePage(t *testing.T) {
	for _, test := range []struct {
		name, body string
		entries    []string // nil: no list at all
		count      int64    // -1: not told
		broken     bool
	}{
		{"page", `{"offset":0,"limit":20,"count":2,"data":[ {"a":1} , {"b":[2]}]}`, []string{`{"a":1}`, `{"b":[2]}`}, 2, false},
		{"data first", "{\"data\":[{\"a\":\"]}\"}],\n\"count\":1}\n", []string{`{"a":"]}"}`}, 1, false},
		{"name with an escape", `{"\u0064ata":[1],"co\u0075nt":1}`, []string{"1"}, 1, false},
		{"odd entries", `{"data":[1 ,"a]", null,-1.5e3,[],[[{}]],true ]}`, []string{"1", `"a]"`, "null", "-1.5e3", "[]", "[[{}]]", "true"}, -1, false},
		{"escapes", `{"data":["\"\\",{"a\"]":"\u005d"}],"x":"\\"}`, []string{`"\"\\"`, `{"a\"]":"\u005d"}`}, -1, false},
		{"no comma", `{"data":[1 2]}`, nil, -1, true},
		{"comma too many", `{"data":[1,]}`, nil, -1, true},
		{"comma too many in the object", `{"data":[1],}`, nil, -1, true},
		{"broken entry", `{"data":[{"a":01}]}`, nil, -1, true},
		{"brackets that do not match", `{"data":[{"a":[1}]]}`, nil, -1, true},
		{"no colon", `{"data"[1]}`, nil, -1, true},
		{"name that is none", `{data:[1]}`, nil, -1, true},
		{"list of nothing", `{"data":[,]}`, nil, -1, true},
		{"string without end", `{"data":["a]}`, nil, -1, true},
		{"escape at the end", `{"data":["a\`, nil, -1, true},
		{"empty", `{"count":0,"data":[]}`, []string{}, 0, false},
		{"count as text, unknown fields", `{"x":{"data":[1]},"count":"7","data":[1]}`, []string{"1"}, 7, false},
		{"no count", `{"data":[1]}`, []string{"1"}, -1, false},
		{"null", `{"count":0,"data":null}`, nil, 0, false},
		{"bare list", `[1]`, nil, -1, true},
		{"cut off in an entry", `{"count":1,"data":[{"conferenceID":`, nil, -1, true},
		{"cut off after the list", `{"count":1,"data":[1]`, nil, -1, true},
		{"something behind it", `{"count":1,"data":[1]} {}`, nil, -1, true},
		{"nothing", ``, nil, -1, true},
		{"page of a proxy", `<html></html>`, nil, -1, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			entries, count, err := entriesOf(test.body)
			if (err != nil) != test.broken {
				t.Fatalf("error %v", err)
			}
			if err != nil {
				return
			}
			if diff := cmp.Diff(test.entries, entries); diff != "" {
				t.Error(diff)
			}
			if count.known != (test.count >= 0) || count.known && count.value != test.count {
				t.Errorf("count %+v, want %d", count, test.count)
			}
		})
	}
}

func textsOf(raw []json.RawMessage) []string {
	if raw == nil {
		return nil
	}
	texts := []string{}
	for _, entry := range raw {
		texts = append(texts, string(entry))
	}
	return texts
}

// FuzzDecodePage holds that it finds what encoding/json finds.
func FuzzDecodePage(f *testing.F) {
	f.Add(`{"count":2,"data":[{"a":1},{"b":"\u00e9"}]}`)
	f.Add(`{"count":"2","data":[ 1 , [] ]} `)
	f.Add(`{"data":{}}`)
	f.Add(`{"data":["\\",{"a":"]\""},-1.5e3,null]}`)
	f.Fuzz(func(t *testing.T, body string) {
		found, _, err := entriesOf(body)
		if err != nil {
			return
		}
		var whole map[string]json.RawMessage
		if err := json.Unmarshal([]byte(body), &whole); err != nil {
			t.Fatalf("took what is no JSON: %v", err)
		}
		var entries []json.RawMessage
		if strings.Count(body, `"data"`) != 1 || json.Unmarshal(whole["data"], &entries) != nil {
			return
		}
		if diff := cmp.Diff(textsOf(entries), found); diff != "" {
			t.Fatal(diff)
		}
	})
}

// BenchmarkPage compares with encoding/json, in the same run.
func BenchmarkPage(b *testing.B) {
	entry := `{"conferenceID":"914083136","subject":"Weekly","startTime":"2026-11-22 10:00","endTime":"2026-11-22 11:00","passwordEntry":[{"conferenceRole":"chair","password":"123456"}],"pad":"` + strings.Repeat("x", 900) + `"}`
	body := []byte(fmt.Sprintf(`{"count":500,"data":[%s]}`, strings.TrimSuffix(strings.Repeat(entry+",", 500), ",")))
	b.Run("encoding/json", func(b *testing.B) {
		b.SetBytes(int64(len(body)))
		for b.Loop() {
			if _, err := decodeJSON[struct{ Data []json.RawMessage }](body); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("ours", func(b *testing.B) {
		b.SetBytes(int64(len(body)))
		for b.Loop() {
			if _, err := decodePage(body, func(json.RawMessage) {}); err != nil {
				b.Fatal(err)
			}
		}
	})
}
