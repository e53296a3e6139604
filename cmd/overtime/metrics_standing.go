package main

import (
	"context"
	"math"
	"sync"
	"time"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/prometheus/client_golang/prometheus"
)

// standing tells how things stand at each scrape: what nobody would count. It tells it from the first moment, when most of
// its sources are not there yet.
type standing struct {
	mu      sync.Mutex
	sources sources
}

// sources are where it is read. Each is nil until its part is there.
type sources struct {
	checks    []check
	sockets   func() int
	lastFrame func() time.Time
	login     func() string // one of loginStates
	quota     func() []meeting.QuotaLeft
	overdue   func() time.Duration // of the look that is due
	unsettled func(ctx context.Context) (count int, oldest time.Duration, err error)
}

func (s *standing) learn(add func(*sources)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	add(&s.sources)
}

func describe(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc(name, help, labels, nil)
}

var (
	descReady   = describe("overtime_ready", "1 where a check of /readyz is fine, 0 where it says why not.", "check")
	descSockets = describe("overtime_sockets_live", "Sockets to Slack that are past their hello.")
	descSilence = describe("overtime_socket_silence_seconds", "Time since anything came from Slack on any socket, pings included.")
	descLogin   = describe("overtime_meeting_login", "1 for the state of the login to the meeting service, 0 for the other states.", "state")
	descLeft    = describe("overtime_meeting_quota_left", "Calls that the quota leaves now, by operation; +Inf where there is no limit.", "operation")
	descLimit   = describe("overtime_meeting_quota_limit", "Calls that the quota has in its period, by operation; +Inf where there is no limit.", "operation")
	descOverdue = describe("overtime_look_overdue_seconds", "How late the look at the running meetings is, in whichever replica; 0 if it is not.")
	descOpen    = describe("overtime_extensions_unsettled", "Extensions of which nobody knows yet how they came out, in all replicas; NaN if the database does not say.")
	descAge     = describe("overtime_extensions_unsettled_oldest_seconds", "Age of the oldest of them; 0 without one.")
)

// Describe implements prometheus.Collector.
func (s *standing) Describe(to chan<- *prometheus.Desc) {
	for _, desc := range []*prometheus.Desc{
		descReady, descSockets, descSilence, descLogin, descLeft, descLimit, descOverdue, descOpen, descAge,
	} {
		to <- desc
	}
}

// Collect implements prometheus.Collector. It takes no longer than /readyz.
func (s *standing) Collect(to chan<- prometheus.Metric) {
	s.mu.Lock()
	now := s.sources
	s.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), readyWithin)
	defer cancel()
	tell := func(desc *prometheus.Desc, value float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, value, labels...)
	}
	now.tellSockets(tell)
	now.tellMeetings(tell)
	now.tellLedger(ctx, tell)
	for name, fine := range now.ready(ctx) {
		tell(descReady, number(fine), name)
	}
}

func number(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

type teller func(desc *prometheus.Desc, value float64, labels ...string)

// ready is the state of each check. While the bot starts, none is fine.
func (s sources) ready(ctx context.Context) map[string]bool {
	states := make(map[string]bool)
	for _, name := range checkNames {
		states[name] = false
	}
	for _, check := range s.checks {
		states[check.name] = check.reason(ctx) == ""
	}
	return states
}

func (s sources) tellSockets(tell teller) {
	live, silence := 0, time.Duration(0)
	if s.sockets != nil {
		live = s.sockets()
		if last := s.lastFrame(); !last.IsZero() {
			silence = time.Since(last)
		}
	}
	tell(descSockets, float64(live))
	tell(descSilence, silence.Seconds())
}

// The states of the login to the meeting service.
const (
	loginStarting = "starting"
	loginOK       = "ok"
	loginNo       = "refused"
	loginFailing  = "failing" // nobody knows: the service did not answer
)

var loginStates = []string{loginStarting, loginOK, loginNo, loginFailing}

// tellMeetings is what the client of the meeting service knows without a call.
func (s sources) tellMeetings(tell teller) {
	state := loginStarting
	if s.login != nil {
		state = s.login()
		for _, quota := range s.quota() {
			tell(descLeft, quota.Left, snake(quota.Operation))
			tell(descLimit, quota.Limit, snake(quota.Operation))
		}
	}
	for _, known := range loginStates {
		tell(descLogin, number(known == state), known)
	}
}

func (s sources) tellLedger(ctx context.Context, tell teller) {
	overdue := time.Duration(0)
	if s.overdue != nil {
		overdue = max(0, s.overdue())
	}
	tell(descOverdue, overdue.Seconds())
	count, age := math.NaN(), math.NaN()
	if s.unsettled != nil {
		if open, oldest, err := s.unsettled(ctx); err == nil {
			count, age = float64(open), oldest.Seconds()
		}
	}
	tell(descOpen, count)
	tell(descAge, age)
}
