package meeting

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// FuzzFields holds that what is JSON has the members and elements that encoding/json finds, and that what is none
// breaks nothing.
func FuzzFields(f *testing.F) {
	for _, text := range []string{
		`{"a":1,"b":"x\"}","c":[{}],"d":{"e":[1,2]},"a":null}`, ` { } `, `[1,"a]",[],{}]`, `{"\u0061":"\u00e9"}`, `{"a":"\xff"}`,
		`{"a" : -1.5e3 , "b" : true }`, `[]`, `null`, `"x"`, `{"a"`, `{"a":`, `{"a":}`, `{,}`, `{"":1}`, `{a:1}`, `[1`, `[,]`, `{"a":"b`, `{1:2}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		got := make(map[string]string)
		isObject := eachField(text, func(name []byte, value json.RawMessage) { got[string(name)] = string(value) })
		var elements []string
		eachElement(text, func(value json.RawMessage) { elements = append(elements, string(value)) })
		if !json.Valid(text) {
			return
		}
		var list []json.RawMessage
		if bytes.HasPrefix(bytes.TrimSpace(text), []byte("[")) && json.Unmarshal(text, &list) == nil {
			if diff := cmp.Diff(textsOf(list), append([]string{}, elements...)); diff != "" {
				t.Error(diff)
			}
		}
		var object map[string]json.RawMessage
		if isObject != bytes.HasPrefix(bytes.TrimSpace(text), []byte("{")) {
			t.Fatalf("an object: %t", isObject)
		}
		if !isObject || json.Unmarshal(text, &object) != nil || bytes.ContainsRune(text, '\ufffd') || !bytes.Equal(bytes.ToValidUTF8(text, nil), text) {
			return
		}
		want := make(map[string]string)
		for name, value := range object {
			want[name] = string(value)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

func TestDecodeMeetingOfOddFields(t *testing.T) {
	for name, test := range map[string]struct {
		fields   string
		subject  string
		password Secret
		prolong  int
	}{
		"plain":             {`"subject":"Weekly"`, "Weekly", "", ProlongUnknown},
		"escapes":           {`"subject":"a\u00e9\"}\ud83d\ude00"`, "aé\"}😀", "", ProlongUnknown},
		"escape in a name":  {`"\u0073ubject":"x"`, "x", "", ProlongUnknown},
		"not UTF-8":         {"\"subject\":\"a\xffb\"", "a\ufffdb", "", ProlongUnknown},
		"number":            {`"subject":-12.5`, "-12.5", "", ProlongUnknown},
		"null":              {`"subject":null`, "", "", ProlongUnknown},
		"object":            {`"subject":{"subject":"x"}`, "", "", ProlongUnknown},
		"twice":             {`"subject":"x","subject":"y"`, "y", "", ProlongUnknown},
		"inside another":    {`"other":{"subject":"x","passwordEntry":[{"conferenceRole":"chair","password":"1"}]}`, "", "", ProlongUnknown},
		"password":          {`"passwordEntry":[{"conferenceRole":"general","password":"1"},{"password":"2","conferenceRole":"chair"}]`, "", "2", ProlongUnknown},
		"password, number":  {`"passwordEntry":[{"conferenceRole":"chair","password":428519}]`, "", "428519", ProlongUnknown},
		"odd entries":       {`"passwordEntry":[7,null,[],{},{"conferenceRole":"chair","password":"3"}]`, "", "3", ProlongUnknown},
		"no list":           {`"passwordEntry":{"conferenceRole":"chair","password":"3"}`, "", "", ProlongUnknown},
		"prolongs":          {`"confConfigInfo":{"guestPwd":"}","prolongLength":15}`, "", "", 15},
		"prolongs, as text": {`"confConfigInfo":{"prolongLength":"0"}`, "", "", 0},
		"prolongs by what":  {`"confConfigInfo":{"prolongLength":-1}`, "", "", ProlongUnknown},
		"no config":         {`"confConfigInfo":[15]`, "", "", ProlongUnknown},
	} {
		read, err := decodeMeeting(json.RawMessage(`{"conferenceID":"1","startTime":"2026-03-04 09:00","endTime":"2026-03-04 10:30",` + test.fields + `}`))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := read.meeting; got.Subject != test.subject || read.password != test.password || got.ProlongMinutes != test.prolong {
			t.Errorf("%s: %q, %q, %d", name, got.Subject, read.password.Reveal(), got.ProlongMinutes)
		}
	}
}
