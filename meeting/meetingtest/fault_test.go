package meetingtest_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/meeting/meetingtest"
)

const body15 = `{"auto":0,"duration":15}`

func (s *service) tryExtend(control string) (reply, error) {
	s.t.Helper()
	return s.try(http.MethodPut, durationPath+meetingID, body15, "X-Conference-Authorization", control)
}

func TestLostAnswers(t *testing.T) {
	for _, c := range []struct {
		name    string
		fault   meetingtest.Fault
		effects int
		want    error
	}{
		{"hang up before applying", meetingtest.Fault{Kind: meetingtest.HangUp}, 0, io.EOF},
		{"apply and hang up", meetingtest.Fault{Kind: meetingtest.HangUp, Applied: true}, 1, io.EOF},
		{"reset before applying", meetingtest.Fault{Kind: meetingtest.Reset}, 0, syscall.ECONNRESET},
		{"apply and reset", meetingtest.Fault{Kind: meetingtest.Reset, Applied: true}, 1, syscall.ECONNRESET},
		{"truncated", meetingtest.Fault{Kind: meetingtest.Truncated}, 1, io.ErrUnexpectedEOF},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := running(t, nil)
			control := s.control(meetingID)
			c.fault.Op = meetingtest.OpExtend
			s.Inject(c.fault)
			_, err := s.tryExtend(control)
			if !errors.Is(err, c.want) {
				t.Errorf("the client saw %v, want %v", err, c.want)
			}
			s.wantEffects(c.effects)
			if n := s.Count(meetingtest.OpExtend); n != 1 {
				t.Errorf("%d calls", n)
			}
			s.extend(control, body15).want(200, "") // it happens once
			s.wantEffects(c.effects + 1)
		})
	}
}

func TestWrongAnswers(t *testing.T) {
	refuse := meetingtest.Refuse
	for _, c := range []struct {
		name    string
		fault   meetingtest.Fault
		effects int
		status  int
		code    string
		header  [2]string
	}{
		{"500 before", meetingtest.Fault{Kind: refuse, Status: 500}, 0, 500, "MMC.111070003", [2]string{}},
		{"500 after", meetingtest.Fault{Kind: refuse, Status: 500, Applied: true}, 1, 500, "MMC.111070003", [2]string{}},
		{"429", meetingtest.Fault{Kind: refuse, Status: 429}, 0, 429, "APIG.0308", [2]string{"Retry-After", ""}},
		{"429 until", meetingtest.Fault{Kind: refuse, Status: 429, RetryAfter: "7"}, 0, 429, "APIG.0308", [2]string{"Retry-After", "7"}},
		{"401", meetingtest.Fault{Kind: refuse, Status: 401}, 0, 401, "MMC.111070004", [2]string{}},
		{"403", meetingtest.Fault{Kind: refuse, Status: 403}, 0, 403, "MMC.111070002", [2]string{}},
		{"code", meetingtest.Fault{Kind: refuse, Code: "MMC.111074004"}, 0, 400, "MMC.111074004", [2]string{}},
		{"code applied", meetingtest.Fault{Kind: refuse, Code: "MMC.111074004", Applied: true}, 1, 400, "MMC.111074004", [2]string{}},
		{"code and status", meetingtest.Fault{Kind: refuse, Code: "MMC.1", Status: 503}, 0, 503, "MMC.1", [2]string{}},
		{"malformed", meetingtest.Fault{Kind: meetingtest.Malformed}, 0, 200, "", [2]string{"Content-Type", "application/json;charset=UTF-8"}},
		{"html", meetingtest.Fault{Kind: meetingtest.HTML, Status: 502, Applied: true}, 1, 502, "", [2]string{"Content-Type", "text/html; charset=utf-8"}},
		{"redirect", meetingtest.Fault{Kind: meetingtest.Redirect}, 0, 307, "", [2]string{"Location", durationPath + meetingID}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := running(t, nil)
			control := s.control(meetingID)
			c.fault.Op = meetingtest.OpExtend
			s.Inject(c.fault)
			r := s.extend(control, body15).want(c.status, c.code)
			if c.header[0] != "" && r.header.Get(c.header[0]) != c.header[1] {
				t.Errorf("%s: %q", c.header[0], r.header.Get(c.header[0]))
			}
			s.wantEffects(c.effects)
		})
	}
}

func TestFaultsAreForWhatTheySay(t *testing.T) {
	s := running(t, nil)
	control := s.control(meetingID)
	s.Inject(meetingtest.Fault{Op: meetingtest.OpExtend, ConferenceID: "900000001", Kind: meetingtest.Refuse, Times: -1})
	s.extend(control, body15).want(200, "")
	s.Inject(meetingtest.Fault{Op: meetingtest.OpExtend, Kind: meetingtest.Refuse, Skip: 1, Times: 2})
	s.get(onlinePath).want(200, "")
	s.extend(control, body15).want(200, "")
	s.extend(control, body15).want(500, "")
	s.extend(control, body15).want(500, "")
	s.extend(control, body15).want(200, "")
	remove := s.Inject(meetingtest.Fault{Kind: meetingtest.Refuse, Status: 503, Times: -1})
	s.get(onlinePath).want(503, "")
	s.extend(control, body15).want(503, "")
	remove()
	s.get(onlinePath).want(200, "")
	s.wantEffects(3)
}

// A service that is late has the request, and carries it out also when nobody waits any more.
func TestLateEffectsComeAfterTheClientGaveUp(t *testing.T) {
	s := running(t, nil)
	control := s.control(meetingID)
	release := make(chan struct{})
	s.Inject(meetingtest.Fault{Op: meetingtest.OpExtend, HoldBefore: release})
	ctx, cancel := context.WithCancel(t.Context())
	var group sync.WaitGroup
	group.Go(func() {
		response, err := s.client.Do(s.request(ctx, "PUT", durationPath+meetingID, body15, "X-Conference-Authorization", control))
		if err == nil {
			_ = response.Body.Close()
		}
		if !errors.Is(err, context.Canceled) {
			t.Errorf("the client saw %v", err)
		}
	})
	if err := s.WaitCall(t.Context(), meetingtest.OpExtend, 1); err != nil {
		t.Fatal(err)
	}
	cancel()
	group.Wait()
	s.wantEffects(0)
	close(release)
	if err := s.WaitEffects(t.Context(), meetingID, 1); err != nil {
		t.Fatal(err)
	}
}

func TestLateAnswersComeAfterTheEffect(t *testing.T) {
	s := running(t, nil)
	control := s.control(meetingID)
	release := make(chan struct{})
	s.Inject(meetingtest.Fault{Op: meetingtest.OpExtend, HoldAfter: release, Before: time.Millisecond, After: time.Millisecond})
	var group sync.WaitGroup
	group.Go(func() {
		if r, err := s.tryExtend(control); err != nil || r.status != http.StatusOK {
			t.Errorf("late answer: %v %v", r, err)
		}
	})
	if err := s.WaitEffects(t.Context(), meetingID, 1); err != nil {
		t.Fatal(err)
	}
	if calls := s.Calls(); calls[len(calls)-1].Answered || calls[len(calls)-1].Status != 0 {
		t.Errorf("answered too early: %+v", calls[len(calls)-1])
	}
	close(release)
	group.Wait()
	if err := s.WaitDone(t.Context(), meetingtest.OpExtend, 1); err != nil {
		t.Fatal(err)
	}
	if calls := s.Calls(); calls[len(calls)-1].Status != http.StatusOK || calls[len(calls)-1].ConferenceID != meetingID {
		t.Errorf("call %+v", calls[len(calls)-1])
	}
}

func TestHangEndsWithTheClient(t *testing.T) {
	s := running(t, nil)
	s.Inject(meetingtest.Fault{Op: meetingtest.OpOnline, Kind: meetingtest.Hang})
	ctx, cancel := context.WithCancel(t.Context())
	var group sync.WaitGroup
	group.Go(func() {
		response, err := s.client.Do(s.request(ctx, "GET", onlinePath, "", "X-Access-Token", s.access))
		if err == nil {
			_ = response.Body.Close()
			t.Error("a call that hangs was answered")
		}
	})
	if err := s.WaitCall(t.Context(), meetingtest.OpOnline, 1); err != nil {
		t.Fatal(err)
	}
	cancel()
	group.Wait()
	if err := s.WaitDone(t.Context(), meetingtest.OpOnline, 1); err != nil {
		t.Fatal(err)
	}
}

func TestCloseBreaksOffWhatWaits(t *testing.T) {
	for name, change := range map[string]func(*service){
		"latency": func(s *service) { s.SetLatency(time.Hour) },
		"before":  func(s *service) { s.Inject(meetingtest.Fault{Op: meetingtest.OpExtend, Before: time.Hour}) },
		"hold": func(s *service) {
			s.Inject(meetingtest.Fault{Op: meetingtest.OpExtend, HoldBefore: make(chan struct{})})
		},
		"hang": func(s *service) { s.Inject(meetingtest.Fault{Op: meetingtest.OpExtend, Kind: meetingtest.Hang}) },
	} {
		t.Run(name, func(t *testing.T) {
			s := running(t, nil)
			control := s.control(meetingID)
			change(s)
			var group sync.WaitGroup
			group.Go(func() {
				if r, err := s.tryExtend(control); err == nil {
					t.Errorf("answered: %+v", r)
				}
			})
			if err := s.WaitCall(t.Context(), meetingtest.OpExtend, 1); err != nil {
				t.Fatal(err)
			}
			s.Close()
			group.Wait()
			s.wantEffects(0)
			s.Close()
			if _, err := s.Start(); err == nil {
				t.Error("a closed server starts")
			}
		})
	}
}

func TestLatencyIsTaken(t *testing.T) {
	s := running(t, func(c *meetingtest.Config) { c.Latency = 30 * time.Millisecond })
	began := time.Now()
	s.get(onlinePath).want(200, "")
	if took := time.Since(began); took < 30*time.Millisecond {
		t.Errorf("took %v", took)
	}
	s.SetLatency(0)
	s.get(onlinePath).want(200, "")
}

func TestAClientThatGivesUpDuringTheLatencyIsStillServed(t *testing.T) {
	s := running(t, nil)
	control := s.control(meetingID)
	s.SetLatency(time.Hour)
	ctx, cancel := context.WithCancel(t.Context())
	var group sync.WaitGroup
	group.Go(func() {
		response, err := s.client.Do(s.request(ctx, "PUT", durationPath+meetingID, body15, "X-Conference-Authorization", control))
		if err == nil {
			_ = response.Body.Close()
			t.Error("answered at once")
		}
	})
	if err := s.WaitCall(t.Context(), meetingtest.OpExtend, 1); err != nil {
		t.Fatal(err)
	}
	cancel()
	group.Wait()
	if err := s.WaitDone(t.Context(), meetingtest.OpExtend, 1); err != nil {
		t.Fatal(err)
	}
	s.wantEffects(1)
}

func TestFaultsKnowTheUsualStatusAndCode(t *testing.T) {
	s := start(t, nil)
	for _, c := range []struct {
		op     meetingtest.Op
		given  meetingtest.Fault
		status int
		code   string
	}{
		{meetingtest.OpLogin, meetingtest.Fault{Status: 401}, 401, "USG.206010000"},
		{meetingtest.OpLogin, meetingtest.Fault{Status: 423}, 423, "USG.206030015"},
		{meetingtest.OpLogin, meetingtest.Fault{Status: 412, Code: "USG.206010007"}, 412, "USG.206010007"},
		{meetingtest.OpLogin, meetingtest.Fault{Code: "APIG.0308"}, 429, "APIG.0308"},
		{meetingtest.OpLogin, meetingtest.Fault{Code: "USG.206010057"}, 401, "USG.206010057"},
		{"", meetingtest.Fault{Status: 400}, 400, "MMC.111070001"},
		{"", meetingtest.Fault{Status: 401}, 401, "USG.206010000"},
		{"", meetingtest.Fault{}, 500, "MMC.111070003"},
	} {
		c.given.Op, c.given.Kind = c.op, meetingtest.Refuse
		s.Inject(c.given)
		s.loginAs(account, password, loginBody).want(c.status, c.code)
	}
}

func TestWaitsEndWithTheirContext(t *testing.T) {
	s := start(t, nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.WaitCall(ctx, meetingtest.OpExtend, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("wait: %v", err)
	}
}

func TestUnknownPathsAndMethods(t *testing.T) {
	s := running(t, nil)
	for _, c := range [][2]string{
		{"GET", "/"},
		{"GET", "/v1/mmc/management/conference/duration"},
		{"POST", "/v1/mmc/control/conferences/duration"},
		{"GET", onlinePath + "/"},
	} {
		r := s.call(c[0], c[1], "").want(404, "APIG.0101")
		if r.at("request_id") != r.header.Get("X-Request-Id") {
			t.Errorf("request_id: %s", r.text)
		}
	}
}

func TestManyAtOnce(t *testing.T) {
	s := running(t, func(c *meetingtest.Config) { c.Quota = -1 })
	s.SetEnd(meetingID, s.clock.Now().Add(time.Hour))
	control := s.control(meetingID)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 5 {
				r, err := s.try("PUT", durationPath+meetingID, `{"auto":0,"duration":1}`, "X-Conference-Authorization", control)
				if err != nil || r.status != http.StatusOK {
					t.Errorf("extend: %v %v", r, err)
				}
				list, err := s.try("GET", onlinePath+"?queryAll=true", "", "X-Access-Token", s.access)
				if err != nil || !strings.Contains(list.text, meetingID) {
					t.Errorf("list: %v %v", list, err)
				}
				s.Meetings()
				s.Calls()
				s.ClearFaults()
			}
		})
	}
	group.Wait()
	s.wantEffects(40)
	s.wantEnd(meetingID, "15:40")
}
