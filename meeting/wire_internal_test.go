package meeting

import (
	"encoding/json"
	"testing"
	"time"
)

func TestExpiry(t *testing.T) {
	now := time.Unix(1_700_000_000, 0)
	number := func(value int64) wireNumber { return wireNumber{value: value, known: true} }
	for name, test := range map[string]struct {
		end, seconds wireNumber
		want         time.Duration
	}{
		"seconds":         {number(now.Unix() + 3600), number(99), 59 * time.Minute},
		"milliseconds":    {number(now.UnixMilli() + 3_600_000), wireNumber{}, 59 * time.Minute},
		"past: length":    {number(now.Unix() - 5), number(600), 9 * time.Minute},
		"no end: length":  {wireNumber{}, number(600), 9 * time.Minute},
		"nothing":         {wireNumber{}, wireNumber{}, 29 * time.Minute},
		"shorter than it": {number(now.Unix() + 60), wireNumber{}, 30 * time.Second},
	} {
		if got := expiry(now, test.end, test.seconds, 30*time.Minute, time.Minute).Sub(now); got != test.want {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
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
