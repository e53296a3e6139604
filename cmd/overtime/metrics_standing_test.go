package main

import (
	"context"
	"errors"
	"math"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/meeting"
)

// standsAs wants the series of a bot whose parts say this.
func standsAs(t *testing.T, what string, parts sources, want map[string]float64) {
	t.Helper()
	m := newMetrics()
	m.standing.learn(func(s *sources) { *s = parts })
	got := seriesOf(t, m)
	for series, value := range want {
		if _, there := got[series]; !there || got[series] != value && !(math.IsNaN(value) && math.IsNaN(got[series])) {
			t.Errorf("%s: %s is %v, want %v", what, series, got[series], value)
		}
	}
}

// Each scrape tells how things stand: what the parts say, and while the bot starts, that nothing is there yet.
func TestStandingIsReadAtEachScrape(t *testing.T) {
	standsAs(t, "the start", sources{}, map[string]float64{
		`overtime_ready{check="sockets"}`: 0, `overtime_ready{check="clock"}`: 0, `overtime_sockets_live`: 0, `overtime_socket_silence_seconds`: 0,
		`overtime_meeting_login{state="starting"}`: 1, `overtime_meeting_login{state="ok"}`: 0, `overtime_look_overdue_seconds`: 0,
		`overtime_extensions_unsettled`: math.NaN(), `overtime_extensions_unsettled_oldest_seconds`: math.NaN(),
	})
	fine := func(context.Context) string { return "" }
	broken := func(context.Context) string { return "the disk is full" }
	standsAs(t, "a bot that runs", sources{
		checks: []check{{checkOfSockets, fine}, {checkOfDatabase, broken}}, sockets: func() int { return 2 }, lastFrame: func() time.Time { return time.Time{} },
		login: func() string { return loginNo }, overdue: func() time.Duration { return 90 * time.Second },
		quota: func() []meeting.QuotaLeft {
			return []meeting.QuotaLeft{{Operation: "extend meeting", Left: 7, Limit: 100}}
		},
		unsettled: func(context.Context) (int, time.Duration, error) { return 3, time.Minute, nil },
	}, map[string]float64{
		`overtime_ready{check="sockets"}`: 1, `overtime_ready{check="database"}`: 0, `overtime_ready{check="looks"}`: 0, `overtime_sockets_live`: 2,
		`overtime_meeting_login{state="refused"}`: 1, `overtime_meeting_login{state="ok"}`: 0, `overtime_meeting_login{state="starting"}`: 0, `overtime_meeting_login{state="failing"}`: 0,
		`overtime_look_overdue_seconds`: 90, `overtime_meeting_quota_left{operation="extend_meeting"}`: 7, `overtime_meeting_quota_limit{operation="extend_meeting"}`: 100,
		`overtime_extensions_unsettled`: 3, `overtime_extensions_unsettled_oldest_seconds`: 60,
	})
	standsAs(t, "a look that is not due yet, and a database that does not say", sources{
		overdue:   func() time.Duration { return -time.Hour },
		unsettled: func(context.Context) (int, time.Duration, error) { return 0, 0, errors.New("the disk is full") },
	}, map[string]float64{`overtime_look_overdue_seconds`: 0, `overtime_extensions_unsettled`: math.NaN(), `overtime_extensions_unsettled_oldest_seconds`: math.NaN()})
}

// How long Slack has been silent is told where anything has come at all.
func TestSilenceIsSinceTheLastFrame(t *testing.T) {
	m := newMetrics()
	m.standing.learn(func(s *sources) {
		s.sockets, s.lastFrame = func() int { return 1 }, func() time.Time { return time.Now().Add(-time.Hour) }
	})
	if got := seriesOf(t, m)["overtime_socket_silence_seconds"]; got < 3600 || got > 3660 {
		t.Errorf("silent for %v s, want an hour", got)
	}
}
