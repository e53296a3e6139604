package meeting

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"
)

func TestDecodeError(t *testing.T) {
	for name, test := range map[string]struct {
		status        int
		body          string
		kind          error
		code, message string
	}{
		"business error":   {400, `{"error_code":"MMC.111072065","error_msg":"CONF_NOT_FOUND_OR_AUTH_FAILED"}`, ErrNotFound, "MMC.111072065", "CONF_NOT_FOUND_OR_AUTH_FAILED"},
		"other family":     {400, `{"error_code":"XYZ.111074003"}`, ErrLimitReached, "XYZ.111074003", ""},
		"number as code":   {400, `{"error_code":111072005}`, ErrNotRunning, "111072005", ""},
		"code and message": {403, `{"code":"MMC.111070002","message":"no"}`, ErrForbidden, "MMC.111070002", "no"},
		"returnCode":       {400, `{"returnCode":"111070001","returnDesc":"bad"}`, ErrInvalid, "111070001", "bad"},
		"gateway":          {429, `{"error_code":"APIG.0308","error_msg":"Throttled","request_id":"r9"}`, ErrThrottled, "APIG.0308", "Throttled"},
		"gateway 400":      {400, `{"error_code":"APIG.0308"}`, ErrThrottled, "APIG.0308", ""},
		"gateway 4":        {403, `{"error_code":"APIG.0004"}`, ErrForbidden, "APIG.0004", ""},
		"token":            {400, `{"error_code":"USG.000000004"}`, ErrUnauthorised, "USG.000000004", ""},
		"unknown":          {400, `{"error_code":"MMC.987654321","error_msg":"NEW\u0000_\u202eTHING\n"}`, ErrInvalid, "MMC.987654321", "NEW_THING"},
		"unknown 403":      {403, `{"error_code":"MMC.987654321"}`, ErrForbidden, "MMC.987654321", ""},
		"huge number":      {500, `{"error_code":"MMC.99999999999999999999999"}`, ErrUnavailable, "MMC.99999999999999999999999", ""},
		"odd field":        {400, `{"error_msg":{"a":1},"error_code":"MMC.111072006"}`, ErrNotRunning, "MMC.111072006", ""},
		"HTML":             {502, `<html><h1>Bad gateway</h1>`, ErrUnavailable, "", ""},
		"empty 401":        {401, ``, ErrUnauthorised, "", ""},
		"disabled":         {412, ``, ErrUnauthorised, "", ""},
		"locked":           {423, `[]`, ErrUnauthorised, "", ""},
		"wrong address":    {404, `not found`, ErrUnavailable, "", ""},
		"empty 400":        {400, `{}`, ErrInvalid, "", ""},
		"redirect":         {302, ``, ErrUnavailable, "", ""},
	} {
		got := decodeError("op", answer{status: test.status, body: []byte(test.body), header: http.Header{}})
		if !errors.Is(got, test.kind) || got.Code != test.code || got.Message != test.message {
			t.Errorf("%s: %#v", name, got)
		}
	}
}

func TestShortPasswordDoesNotHideTheCode(t *testing.T) {
	body := `{"error_code":"MMC.111072065","error_msg":"wrong password 1110"}`
	got := decodeError("op", answer{status: 400, body: []byte(body), header: http.Header{}}, "1110")
	if got.Code != "MMC.111072065" || strings.Contains(got.Message, "1110") || !isPasswordCode(got.number) {
		t.Errorf("%#v", got)
	}
}

func TestSecretHiddenByInvisibleMarks(t *testing.T) {
	body := "{\"error_code\":\"X.s3\u200bcret\",\"error_msg\":\"s3c\\u0000ret or s3\u00adcret and czNjcmV0\"}"
	got := decodeError("op", answer{status: 400, body: []byte(body), header: http.Header{"X-Request-Id": {"s3cret"}}}, "s3cret")
	for _, text := range []string{got.Error(), fmt.Sprintf("%+v", got.LogValue()), got.RequestID} {
		if strings.Contains(text, "s3cret") || strings.Contains(text, "czNjcmV0") {
			t.Error(text)
		}
	}
	if !strings.Contains(got.Message, redacted) {
		t.Error(got.Message)
	}
}

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

func TestChairsAreBounded(t *testing.T) {
	known := newChairs()
	for index := range maxChairs + 50 {
		known.remember(&Meeting{ID: fmt.Sprint(index)}, "p")
	}
	if len(known.byMeeting) != maxChairs {
		t.Errorf("%d kept", len(known.byMeeting))
	}
}

func FuzzDecodeError(f *testing.F) {
	for _, body := range []string{
		`{"error_code":"MMC.111072065","error_msg":"x"}`, `{"code":4,"message":null}`, `{`, ``, `[]`, `"s3cret"`,
		`<html>`, `{"error_code":"APIG.0308","request_id":"s3cret"}`, "{\"error_msg\":\"s3\\u0000cret\",\"error_code\":\"a\"}",
	} {
		f.Add(400, []byte(body))
	}
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		got := decodeError("op", answer{status: status, body: body, header: http.Header{}}, "s3cret")
		if got.Kind == nil || errors.Is(got, ErrAmbiguous) {
			t.Errorf("kind %v", got.Kind)
		}
		text := got.Error() + got.RequestID
		if strings.Contains(text, "s3cret") {
			t.Errorf("secret in %q", text)
		}
		if !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl) {
			t.Errorf("not printable: %q", text)
		}
		if utf8.RuneCountInString(got.Message) > maxMessage+1 || utf8.RuneCountInString(got.Code) > maxCode+1 {
			t.Errorf("too long: %q", text)
		}
	})
}
