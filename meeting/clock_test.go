package meeting_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/meeting/meetingtest"
)

// Only what an answer's date proves counts: it was written between the question and the answer.
func TestClockAhead(t *testing.T) {
	now := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	for name, test := range map[string]struct {
		dated time.Duration // after now
		took  time.Duration
		age   string
		want  time.Duration
	}{
		"equal":                        {},
		"ahead":                        {dated: 25 * time.Minute, want: 25 * time.Minute},
		"behind":                       {dated: -25 * time.Minute, want: -25 * time.Minute},
		"ahead, less than a minute":    {dated: 59 * time.Second},
		"behind, less than a minute":   {dated: -59 * time.Second},
		"written during a long answer": {dated: 90 * time.Second, took: 2 * time.Minute},
		"ahead, after a long answer":   {dated: 5 * time.Minute, took: 2 * time.Minute, want: 3 * time.Minute},
		"behind, before a long answer": {dated: -5 * time.Minute, took: 2 * time.Minute, want: -5 * time.Minute},
		"an hour old, of a cache":      {dated: -time.Hour, age: "3600"},
	} {
		t.Run(name, func(t *testing.T) {
			clock := now
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Date", now.Add(test.dated).Format(http.TimeFormat))
				if test.age != "" {
					w.Header().Set("Age", test.age)
				}
				clock = now.Add(test.took)
				w.WriteHeader(http.StatusServiceUnavailable)
			}))
			defer server.Close()
			client, err := meeting.New(meeting.Config{
				BaseURL: server.URL, Account: "bot", Password: "p", Now: func() time.Time { return clock },
			})
			if err != nil {
				t.Fatal(err)
			}
			defer client.Close(t.Context())
			if err := client.Login(t.Context()); !errors.Is(err, meeting.ErrUnavailable) {
				t.Fatal(err)
			}
			if got := client.ClockAhead(); got != test.want {
				t.Errorf("want %v, got %v", test.want, got)
			}
		})
	}
}

// The service calls the signature of an App ID's login expired: the error says that the clock is wrong, and by how much.
func TestClockBehindAtTheLogin(t *testing.T) {
	const late = 25 * time.Minute
	service := meetingtest.New(meetingtest.Config{AppID: "app", AppKey: "key", Now: func() time.Time { return time.Now().Add(late) }})
	address, err := service.Start()
	if err != nil {
		t.Fatal(err)
	}
	defer service.Close()
	client, err := meeting.New(meeting.Config{BaseURL: address, AppID: "app", AppKey: "key"})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close(t.Context())
	err = client.Login(t.Context())
	if !errors.Is(err, meeting.ErrClock) || !errors.Is(err, meeting.ErrUnauthorised) || !errors.Is(client.LoginError(), meeting.ErrClock) {
		t.Errorf("error %v, kept %v", err, client.LoginError())
	}
	if ahead := client.ClockAhead(); (ahead - late).Abs() > 2*time.Second {
		t.Errorf("the service's clock is %v ahead, want %v", ahead, late)
	}
}
