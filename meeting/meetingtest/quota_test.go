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

// The vendor does not say which minute counts: each that it may be is played.
func TestMinutesOfAQuota(t *testing.T) {
	for minutes, statuses := range map[meetingtest.Minutes][]int{ // of calls at 40, 50, 55, 65, 75, 99, 101 and 111 seconds
		meetingtest.FromFirstCall: {200, 200, 429, 429, 429, 429, 200, 200},
		meetingtest.ClockMinutes:  {200, 200, 429, 200, 200, 429, 429, 429},
		meetingtest.Sliding:       {200, 200, 429, 429, 429, 429, 200, 200},
	} {
		s := running(t, func(c *meetingtest.Config) { c.Quota, c.Readings.Minutes = 2, minutes })
		s.clock.Advance(s.clock.Now().Truncate(time.Minute).Add(time.Minute).Sub(s.clock.Now()))
		at := 0
		for i, second := range []int{40, 50, 55, 65, 75, 99, 101, 111} {
			s.clock.Advance(time.Duration(second-at) * time.Second)
			at = second
			if got := s.get(onlinePath).status; got != statuses[i] {
				t.Errorf("%d: the call at %d s gets %d", minutes, second, got)
			}
		}
	}
}
