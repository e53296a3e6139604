package meeting_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/overtime-bot/overtime/meeting"
)

// inProcess is a service inside a synctest bubble: its answers, and when it was asked.
type inProcess struct {
	begun   time.Time
	answers []func() (*http.Response, error) // of the list; the last is repeated
	asked   []time.Duration
}

func (p *inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.HasSuffix(r.URL.Path, "/auth/account") {
		return answer(200, `{"accessToken":"a","validPeriod":3600}`)()
	}
	if r.URL.Path != listPath {
		return answer(200, "")()
	}
	p.asked = append(p.asked, time.Since(p.begun))
	next := p.answers[0]
	if len(p.answers) > 1 {
		p.answers = p.answers[1:]
	}
	return next()
}

func answer(status int, body string, headers ...string) func() (*http.Response, error) {
	return func() (*http.Response, error) {
		header := http.Header{}
		for index := 0; index < len(headers); index += 2 {
			header.Set(headers[index], headers[index+1])
		}
		return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader(body))}, nil
	}
}

func failure() (*http.Response, error) { return nil, errors.New("connection reset by peer") }

func (p *inProcess) client(t *testing.T, rate int) *meeting.Client {
	t.Helper()
	p.begun = time.Now()
	client, err := meeting.New(meeting.Config{
		BaseURL: "https://api.example", Account: "a", Password: "p", Transport: p, Rate: rate,
	})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func TestReadsAreRepeated(t *testing.T) {
	good := answer(200, list(sample))
	for name, test := range map[string]struct {
		answers []func() (*http.Response, error)
		kind    error
		calls   int
	}{
		"reset":          {[]func() (*http.Response, error){failure, good}, nil, 2},
		"two 503":        {[]func() (*http.Response, error){answer(503, ""), answer(503, ""), good}, nil, 3},
		"three 500":      {[]func() (*http.Response, error){answer(500, "")}, meeting.ErrUnavailable, 3},
		"429":            {[]func() (*http.Response, error){answer(429, ""), good}, nil, 2},
		"doubtful code":  {[]func() (*http.Response, error){answer(500, `{"error_code":"MMC.111070003"}`), good}, nil, 2},
		"refusal":        {[]func() (*http.Response, error){answer(400, `{"error_code":"MMC.111070001"}`)}, meeting.ErrInvalid, 1},
		"redirect":       {[]func() (*http.Response, error){answer(302, "", "Location", "https://evil.example")}, meeting.ErrUnavailable, 1},
		"another's page": {[]func() (*http.Response, error){answer(404, "<html>")}, meeting.ErrUnavailable, 1},
	} {
		synctest.Test(t, func(t *testing.T) {
			p := &inProcess{answers: test.answers}
			client := p.client(t, 0)
			_, err := client.Running(t.Context())
			if !errors.Is(err, test.kind) || len(p.asked) != test.calls {
				t.Errorf("%s: %v after %d calls, want %d", name, err, len(p.asked), test.calls)
			}
			for index := 1; index < len(p.asked); index++ {
				if p.asked[index] == p.asked[index-1] {
					t.Errorf("%s: repeated without a pause", name)
				}
			}
			_ = client.Close(t.Context())
		})
	}
}

func TestPausesEndWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &inProcess{answers: []func() (*http.Response, error){answer(503, "")}}
		client := p.client(t, 0)
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		_, err := client.Running(ctx)
		var failure *meeting.Error
		if !errors.As(err, &failure) || failure.Status != 503 || len(p.asked) != 1 || time.Since(p.begun) != 0 {
			t.Errorf("%v after %v", err, time.Since(p.begun))
		}
		_ = client.Close(t.Context())
	})
}

func TestRetryAfterIsHonoured(t *testing.T) {
	good := answer(200, list(sample))
	for name, test := range map[string]struct {
		status int
		value  func() string
	}{
		"seconds": {429, func() string { return "7" }},
		"date":    {503, func() string { return time.Now().Add(7 * time.Second).UTC().Format(http.TimeFormat) }},
	} {
		synctest.Test(t, func(t *testing.T) {
			p := &inProcess{}
			client := p.client(t, 0)
			p.answers = []func() (*http.Response, error){answer(test.status, "", "Retry-After", test.value()), good}
			if _, err := client.Running(t.Context()); err != nil || p.asked[1] != 7*time.Second {
				t.Errorf("%s: %v, asked at %v", name, err, p.asked)
			}
			p.answers = []func() (*http.Response, error){answer(429, "", "Retry-After", "60"), good}
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			begun := time.Now()
			if _, err := client.Running(ctx); !errors.Is(err, meeting.ErrThrottled) || time.Since(begun) > time.Second {
				t.Errorf("%s: %v after %v", name, err, time.Since(begun))
			}
			calls := len(p.asked)
			if _, err := client.Running(ctx); !errors.Is(err, meeting.ErrThrottled) || len(p.asked) != calls {
				t.Errorf("%s: %v; sent %d", name, err, len(p.asked)-calls)
			}
			_ = client.Close(t.Context())
		})
	}
}

// The whole quota may be used at once, but for the fifth that is kept for deadlines. Then nothing is left until a minute
// has passed.
func TestAFullBurstIsAMinutesQuota(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &inProcess{answers: []func() (*http.Response, error){answer(200, list(sample))}}
		client := p.client(t, 60)
		for _, ctx := range slices.Concat(slices.Repeat([]context.Context{t.Context()}, 48), slices.Repeat([]context.Context{meeting.Automatic(t.Context())}, 13)) {
			if _, err := client.Running(ctx); err != nil {
				t.Fatal(err)
			}
		}
		if p.asked[59] != 0 || p.asked[60].Round(time.Second) != time.Minute || p.asked[60] <= time.Minute {
			t.Errorf("asked at %v", p.asked[58:])
		}
		begun := time.Now()
		for range 47 {
			_, _ = client.Running(t.Context())
		}
		ctx, cancel := context.WithTimeout(t.Context(), 59*time.Second)
		defer cancel()
		for range 2 {
			if _, err := client.Running(ctx); err != nil && !errors.Is(err, meeting.ErrNoTurn) {
				t.Error(err)
			}
		}
		if len(p.asked) != 61+48 {
			t.Errorf("%d calls", len(p.asked))
		}
		if time.Since(begun) != 0 {
			t.Error("waited for a turn that could not come")
		}
		_ = client.Close(t.Context())
	})
}

func TestQuotaIsLearnedFromHeaders(t *testing.T) {
	told := func(value string) func() (*http.Response, error) {
		return answer(200, list(sample), "X-APIG-Ratelimit-Api", value)
	}
	for name, test := range map[string]struct {
		rate  int
		value string
		gap   time.Duration
	}{
		"used up by others":     {100, "remain:0,limit:100,time:1 minute", 600 * time.Millisecond},
		"smaller than ours":     {1000, "remain:0,limit:10,time:1 minute", 6 * time.Second},
		"none of our own":       {0, "remain:0,limit:10,time:1 second", 100 * time.Millisecond},
		"larger than ours":      {1, "remain:199,limit:200,time:1 minute", time.Minute + 10*time.Millisecond},
		"garbage":               {100, "remain:none,limit:0,time:", 0},
		"something is left yet": {100, "remain:1,limit:100,time:1 minute", 0},
	} {
		synctest.Test(t, func(t *testing.T) {
			p := &inProcess{answers: []func() (*http.Response, error){told(test.value)}}
			client := p.client(t, test.rate)
			for range 2 {
				if _, err := client.Running(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			if got := (p.asked[1] - p.asked[0]).Round(time.Millisecond); got != test.gap {
				t.Errorf("%s: next call after %v, want %v", name, got, test.gap)
			}
			_ = client.Close(t.Context())
		})
	}
}

func TestThrottledPathLeavesOthersAlone(t *testing.T) {
	s := newService(t)
	s.on(listPath, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", "600")
		reply(429, "")(w, r)
	})
	client := s.client(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if _, err := client.Running(ctx); !errors.Is(err, meeting.ErrThrottled) {
		t.Error(err)
	}
	if _, err := client.Get(ctx, sampleID); err != nil {
		t.Error(err)
	}
}
