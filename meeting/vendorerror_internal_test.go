package meeting

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
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
	if got.Code != "MMC.111072065" || strings.Contains(got.Message, "1110") || !slices.Contains(passwordCodes, got.number) {
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
