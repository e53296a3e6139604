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

// Every form in which the service has times somewhere is the same instant.
func TestParseTime(t *testing.T) {
	want := time.Date(2026, 3, 4, 9, 5, 0, 0, time.UTC)
	for _, raw := range []string{
		`"2026-03-04 09:05"`, `"2026-03-04 09:05:00"`, `"2026-03-04 09:05:59"`, `" 2026-03-04  09:05\t"`, `"\u00a02026-03-04 09:05"`,
		`"2026-03-04T09:05:00Z"`, `"2026-03-04T17:05:00+08:00"`, `"2026-03-04T17:05:00+0800"`, `"2026-03-04T09:05:00.123Z"`,
		`"2026-03-04T09:05Z"`, `"2026-03-04T09:05"`, `"2026-03-04t09:05:00z"`, `"2026-03-04 17:05:00 +0800"`, `" 2026-03-04T09:05:00Z "`,
		`1772615100`, `1772615100000`, `1772615159999`, `"1772615100000"`, `" 1772615100000 "`, `1.7726151e12`,
	} {
		got, err := parseTime(decodedText(t, raw))
		if err != nil || !got.Equal(want) || got.Location() != time.UTC {
			t.Errorf("%s: %v, %v", raw, got, err)
		}
	}
	for _, raw := range []string{
		`""`, `" "`, `null`, `0`, `"0"`, `-1`, `2026`, `"2026"`, `"2026-03-04"`, `"09:05"`, `"202603040905"`, `1772615100000000`, `"NaN"`, `"Inf"`,
		`"4 March 2026 09:05"`, `true`, `{}`, `"2026-13-04 09:05"`,
	} {
		if got, err := parseTime(decodedText(t, raw)); err == nil {
			t.Errorf("%s: %v", raw, got)
		}
	}
}

func decodedText(t *testing.T, raw string) wireText {
	t.Helper()
	text, err := decodeJSON[wireText]([]byte(raw))
	if err != nil {
		t.Fatal(raw, err)
	}
	return text
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
