package main

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
)

// Doctor makes at most 30 calls of the meeting service, the logout among them, and logs in once.
func TestCallsOfDoctorAreCounted(t *testing.T) {
	reached := 0
	calls := &countedCalls{next: roundTrip(func(*http.Request) (*http.Response, error) {
		reached++
		return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader("{}"))}, nil
	})}
	call := func(method, path string) error {
		request, err := http.NewRequestWithContext(t.Context(), method, "https://meetings.example"+path, strings.NewReader("{}"))
		must(t, err)
		_, err = calls.RoundTrip(request)
		return err
	}
	must(t, call(http.MethodPost, "/v2/usg/acs/auth/account"))
	if err := call(http.MethodPost, "/v2/usg/acs/auth/account"); !errors.Is(err, errSecondLogin) {
		t.Errorf("a second login: %v", err)
	}
	for range 28 {
		must(t, call(http.MethodGet, "/v1/mmc/management/conferences/online"))
	}
	if err := call(http.MethodGet, "/v1/mmc/management/conferences/online"); !errors.Is(err, errEnoughCalls) {
		t.Errorf("call 30, which is the logout's: %v", err)
	}
	must(t, call(http.MethodDelete, "/v1/usg/acs/auth/tokens"))
	if err := call(http.MethodDelete, "/v1/usg/acs/auth/tokens"); !errors.Is(err, errEnoughCalls) || reached != 30 {
		t.Errorf("%d calls reached the service: %v", reached, err)
	}
}

// The Date of an answer that a cache kept is old, and says nothing of the service's clock.
func TestDateOfACacheIsNoDate(t *testing.T) {
	for _, c := range []struct {
		date, age string
		dated     bool
	}{{"Sat, 28 Nov 2026 08:00:00 GMT", "", true}, {"Sat, 28 Nov 2026 08:00:00 GMT", "7", false}, {"", "", false}} {
		calls := &countedCalls{}
		calls.learn(http.Header{"Date": {c.date}, "Age": {c.age}})
		if calls.isDated() != c.dated {
			t.Errorf("%+v", c)
		}
	}
}
