package meetingtest_test

import (
	"testing"
	"time"

	"github.com/overtime-bot/overtime/meeting/meetingtest"
)

const quotaHeader = "X-APIG-Ratelimit-Api"

func TestQuotaIsOfAMinuteAndAPath(t *testing.T) {
	s := running(t, func(c *meetingtest.Config) { c.Quota = 3 })
	want := func(r reply, header string) {
		t.Helper()
		if got := r.header.Get(quotaHeader); got != header {
			t.Errorf("%s: %q, want %q", quotaHeader, got, header)
		}
	}
	want(s.get(onlinePath), "remain:2,limit:3,time:1 minute")
	s.clock.Advance(30 * time.Second)
	s.get(onlinePath)
	want(s.get(onlinePath).want(200, ""), "remain:0,limit:3,time:1 minute")
	r := s.get(onlinePath).want(429, "APIG.0308")
	want(r, "remain:0,limit:3,time:1 minute")
	if r.at("request_id") == "" || r.header.Get("Retry-After") != "" {
		t.Errorf("refusal: %s %v", r.text, r.header)
	}
	s.get(listPath).want(200, "") // another path
	s.clock.Advance(30 * time.Second)
	s.get(onlinePath).want(200, "")
}

func TestAThrottledExtensionHasNoEffect(t *testing.T) {
	s := running(t, func(c *meetingtest.Config) { c.Quota = 1 })
	control := s.control(meetingID)
	s.extend(control, body15).want(200, "")
	s.extend(control, body15).want(429, "APIG.0308")
	s.wantEffects(1)
	s.SetQuota(2)
	s.extend(control, body15).want(200, "")
}

func TestQuotaDefaultsAndNone(t *testing.T) {
	s := running(t, nil)
	if got := s.get(onlinePath).header.Get(quotaHeader); got != "remain:99,limit:100,time:1 minute" {
		t.Errorf("default: %q", got)
	}
	s.SetQuota(0)
	for range 120 {
		if r := s.get(onlinePath).want(200, ""); r.header.Get(quotaHeader) != "" {
			t.Fatal("a quota is told though there is none")
		}
	}
	none := running(t, func(c *meetingtest.Config) { c.Quota = -1 })
	if got := none.get(onlinePath).header.Get(quotaHeader); got != "" {
		t.Errorf("none: %q", got)
	}
	if n := none.Count(meetingtest.OpOnline); n != 1 {
		t.Errorf("%d calls", n)
	}
}
