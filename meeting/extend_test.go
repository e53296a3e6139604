package meeting_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/meeting"
)

const sampleID = "914083136"

func TestExtendOnTheWire(t *testing.T) {
	for name, test := range map[string]struct {
		run  func(*meeting.Client, context.Context) error
		body string
	}{
		"extend":          {func(c *meeting.Client, ctx context.Context) error { return c.Extend(ctx, sampleID, 40) }, `{"auto":0,"duration":40}`},
		"auto":            {func(c *meeting.Client, ctx context.Context) error { return c.AutoExtend(ctx, sampleID, 20) }, `{"auto":1,"duration":20}`},
		"auto by default": {func(c *meeting.Client, ctx context.Context) error { return c.AutoExtend(ctx, sampleID, 0) }, `{"auto":1}`},
	} {
		s := newService(t)
		if err := test.run(s.client(t), t.Context()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		puts := s.got(extendPath)
		if len(puts) != 1 {
			t.Fatalf("%s: %d requests", name, len(puts))
		}
		put := puts[0]
		if put.method != "PUT" || put.body != test.body || put.query != "conferenceID="+sampleID {
			t.Errorf("%s: %+v", name, put)
		}
		if got := put.header.Get("X-Conference-Authorization"); got != controlToken+"1" {
			t.Errorf("%s: token %q, want it plain", name, got)
		}
		for _, header := range []string{"Idempotency-Key", "X-Idempotency-Key", "X-Access-Token"} {
			if _, there := put.header[header]; there {
				t.Errorf("%s: %s is sent", name, header)
			}
		}
		control := s.got(controlPath)[0]
		if control.header.Get("X-Password") != chairPassword || control.header.Get("X-Login-Type") != "1" {
			t.Errorf("%s: %+v", name, control.header)
		}
	}
}

func TestMinutesAreChecked(t *testing.T) {
	s := newService(t)
	client := s.client(t)
	for _, minutes := range []int{0, -1, 1441} {
		if err := client.Extend(t.Context(), sampleID, minutes); !errors.Is(err, meeting.ErrInvalid) {
			t.Errorf("%d: %v", minutes, err)
		}
	}
	if err := client.AutoExtend(t.Context(), sampleID, -1); !errors.Is(err, meeting.ErrInvalid) {
		t.Error(err)
	}
	if err := client.Extend(t.Context(), "../914", 5); !errors.Is(err, meeting.ErrInvalid) {
		t.Error(err)
	}
	wantCount(t, s, extendPath, 0)
}

func TestAnySuccessIsOne(t *testing.T) {
	for name, handler := range map[string]http.HandlerFunc{
		"empty":    reply(200, ""),
		"39 bytes": reply(200, strings.Repeat("x", 39)),
		"garbage":  reply(200, "<html>"),
		"long":     reply(200, strings.Repeat("x", 1<<20)),
		"truncated": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "39")
			_, _ = io.WriteString(w, "{")
		},
	} {
		s := newService(t)
		s.on(extendPath, handler)
		if err := s.client(t).Extend(t.Context(), sampleID, 5); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		wantCount(t, s, extendPath, 1)
	}
}

func TestWhatAnAnswerProves(t *testing.T) {
	for name, test := range map[string]struct {
		handler http.HandlerFunc
		kind    error
		puts    int
	}{
		"over the limit":      {refuse(400, "MMC.111074003"), meeting.ErrLimitReached, 1},
		"trial limit":         {refuse(400, "MMC.111073014"), meeting.ErrLimitReached, 1},
		"no host":             {refuse(403, "MMC.111074002"), meeting.ErrForbidden, 1},
		"403 of unknown code": {refuse(403, "MMC.999999999"), meeting.ErrForbidden, 1},
		"not running":         {refuse(400, "MMC.111072005"), meeting.ErrNotRunning, 1},
		"gone":                {refuse(400, "MMC.111070005"), meeting.ErrNotFound, 1},
		"bad request":         {refuse(400, "MMC.111070001"), meeting.ErrInvalid, 1},
		"401":                 {reply(401, ""), meeting.ErrUnauthorised, 2},
		"token code":          {refuse(400, "MMC.118000001"), meeting.ErrUnauthorised, 2},
		"401 with doubt":      {refuse(401, "MMC.111074004"), meeting.ErrUnauthorised, 2},
		"429":                 {reply(429, ""), meeting.ErrThrottled, 1},
		"flow control":        {refuse(400, "MMC.100000429"), meeting.ErrThrottled, 1},
		"gateway throttles":   {refuse(400, "APIG.0308"), meeting.ErrThrottled, 1},
		"gateway knows not":   {refuse(404, "APIG.0101"), meeting.ErrUnavailable, 1},
		"abnormal":            {refuse(400, "MMC.111074004"), meeting.ErrAmbiguous, 1},
		"system failure":      {refuse(400, "MMC.111070003"), meeting.ErrAmbiguous, 1},
		"response timeout":    {refuse(400, "MMC.111072049"), meeting.ErrAmbiguous, 1},
		"112100044":           {refuse(400, "MMC.112100044"), meeting.ErrAmbiguous, 1},
		"403 with doubt":      {refuse(403, "MMC.111070003"), meeting.ErrAmbiguous, 1},
		"busy":                {refuse(400, "USG.200000001"), meeting.ErrAmbiguous, 1},
		"400 of unknown code": {refuse(400, "MMC.999999999"), meeting.ErrAmbiguous, 1},
		"400 without code":    {reply(400, "no"), meeting.ErrAmbiguous, 1},
		"403 without code":    {reply(403, "<html>"), meeting.ErrAmbiguous, 1},
		"500":                 {reply(500, ""), meeting.ErrAmbiguous, 1},
		"500 with a code":     {refuse(500, "MMC.111074003"), meeting.ErrAmbiguous, 1},
		"502":                 {reply(502, ""), meeting.ErrAmbiguous, 1},
		"503 with a code":     {refuse(503, "APIG.0201"), meeting.ErrAmbiguous, 1},
		"304":                 {reply(304, ""), meeting.ErrAmbiguous, 1},
	} {
		s := newService(t)
		s.on(extendPath, test.handler)
		err := s.client(t).Extend(t.Context(), sampleID, 5)
		if !errors.Is(err, test.kind) {
			t.Errorf("%s: %v, want %v", name, err, test.kind)
		}
		if errors.Is(err, meeting.ErrAmbiguous) != errors.Is(test.kind, meeting.ErrAmbiguous) {
			t.Errorf("%s: %v", name, err)
		}
		wantCount(t, s, extendPath, test.puts)
	}
}

func TestRefusedControlTokenIsRenewedOnce(t *testing.T) {
	s := newService(t)
	s.on(extendPath, inTurn(reply(401, ""), reply(200, "")))
	if err := s.client(t).Extend(t.Context(), sampleID, 5); err != nil {
		t.Fatal(err)
	}
	puts := s.got(extendPath)
	if len(puts) != 2 || puts[1].header.Get("X-Conference-Authorization") != controlToken+"2" || puts[1].body != puts[0].body {
		t.Errorf("%+v", puts)
	}
	wantCount(t, s, controlPath, 2)
}

func TestOneControlTokenHoweverManyWait(t *testing.T) {
	s := newService(t)
	client := s.client(t)
	for _, err := range together(32, func() error { return client.Extend(t.Context(), sampleID, 1) }) {
		if err != nil {
			t.Error(err)
		}
	}
	wantCount(t, s, loginPath, 1)
	wantCount(t, s, detailPath, 1)
	wantCount(t, s, controlPath, 1)
	wantCount(t, s, extendPath, 32)
}

func TestControlTokenIsKeptForItsOwnLifetime(t *testing.T) {
	s := newService(t)
	client := s.client(t)
	for _, step := range []struct {
		advance time.Duration
		tokens  int
	}{{0, 1}, {27 * time.Minute, 1}, {2 * time.Minute, 2}, {time.Minute, 2}} {
		s.advance(step.advance)
		if err := client.Prepare(t.Context(), sampleID, time.Time{}); err != nil {
			t.Fatal(err)
		}
		wantCount(t, s, controlPath, step.tokens)
	}
}

func TestPasswordOfTheListSparesTheDetail(t *testing.T) {
	s := newService(t)
	client := s.client(t)
	if _, err := client.Running(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := client.Extend(t.Context(), sampleID, 5); err != nil {
		t.Fatal(err)
	}
	wantCount(t, s, detailPath, 0)
}

func TestTokenIsDroppedWithItsRun(t *testing.T) {
	nextRun := strings.NewReplacer("u1", "u2", "09:00", "11:00", "10:30", "12:30").Replace(sample)
	for name, lists := range map[string][]http.HandlerFunc{
		"next run": {reply(200, list(nextRun))}, "gone": {reply(200, list()), reply(200, list(sample))},
	} {
		s := newService(t)
		client := s.client(t)
		if err := client.Extend(t.Context(), sampleID, 5); err != nil {
			t.Fatal(err)
		}
		for _, handler := range lists {
			s.on(listPath, handler)
			if _, err := client.Running(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if err := client.Extend(t.Context(), sampleID, 5); err != nil {
			t.Fatal(err)
		}
		if s.count(controlPath) != 2 {
			t.Errorf("%s: token of another run was used", name)
		}
	}
}

func TestExtendByRoomID(t *testing.T) {
	s := newService(t)
	s.on(detailPath, refuse(400, "MMC.111070005"))
	if err := s.client(t).Extend(t.Context(), "980001", 5); err != nil {
		t.Fatal(err)
	}
	if put := s.got(extendPath)[0]; put.query != "conferenceID="+sampleID {
		t.Error(put.query)
	}
}

func TestMissingChairPassword(t *testing.T) {
	s := newService(t)
	hidden := strings.Replace(sample, `"chair"`, `"audience"`, 1)
	s.on(detailPath, reply(200, detail(hidden)))
	err := s.client(t).Extend(t.Context(), sampleID, 5)
	if !errors.Is(err, meeting.ErrForbidden) || !strings.Contains(err.Error(), "administrator") {
		t.Error(err)
	}
	wantCount(t, s, controlPath, 0)
	wantCount(t, s, extendPath, 0)
}

func TestWrongChairPasswordIsNeverSentTwice(t *testing.T) {
	for code, refused := range map[string]http.HandlerFunc{
		"111072065": refuse(400, "MMC.111072065"), "111071091": refuse(400, "MMC.111071091"), "111072018": refuse(400, "MMC.111072018"),
		"401": refuse(401, "MMC.111072065"), "403": refuse(403, "MMC.111072065"),
		"bare 401": reply(401, ""), "bare 403": reply(403, ""), "unknown 401": refuse(401, "MMC.987654321"),
	} {
		s := newService(t)
		s.on(controlPath, refused)
		client := s.client(t)
		_, _ = client.Running(t.Context())
		for range 3 {
			err := client.Extend(t.Context(), sampleID, 5)
			if !errors.Is(err, meeting.ErrForbidden) || errors.Is(err, meeting.ErrNotFound) {
				t.Errorf("%s: %v", code, err)
			}
			_, _ = client.Running(t.Context())
		}
		wantCount(t, s, controlPath, 1)

		changed := strings.Replace(sample, chairPassword, "900900", 1)
		s.on(detailPath, reply(200, detail(changed)))
		s.on(controlPath, func(w http.ResponseWriter, _ *http.Request) { s.grantControl(w, 1) })
		if err := client.Extend(t.Context(), sampleID, 5); err != nil {
			t.Errorf("%s, changed password: %v", code, err)
		}
		if calls := s.got(controlPath); len(calls) != 2 || calls[1].header.Get("X-Password") != "900900" {
			t.Errorf("%s: %d calls", code, len(calls))
		}
	}
}

func TestRefusalOutlivesAListThatLags(t *testing.T) {
	s := newService(t)
	s.on(controlPath, refuse(400, "MMC.111072065"))
	client := s.client(t)
	_ = client.Extend(t.Context(), sampleID, 5)
	s.on(listPath, reply(200, list()))
	_, _ = client.Running(t.Context())
	_ = client.Extend(t.Context(), sampleID, 5)
	wantCount(t, s, controlPath, 1)
}

func TestPasswordThatChangedSinceTheListIsReadAgain(t *testing.T) {
	s := newService(t)
	client := s.client(t)
	_, _ = client.Running(t.Context())
	s.on(detailPath, reply(200, detail(strings.Replace(sample, chairPassword, "900900", 1))))
	s.on(controlPath, inTurn(refuse(400, "MMC.111072065"), func(w http.ResponseWriter, _ *http.Request) { s.grantControl(w, 1) }))
	if err := client.Extend(t.Context(), sampleID, 5); err != nil {
		t.Error(err)
	}
	wantCount(t, s, controlPath, 2)
}

func TestRefusalOfAMeetingThatIsGone(t *testing.T) {
	s := newService(t)
	client := s.client(t)
	_, _ = client.Running(t.Context())
	s.on(controlPath, refuse(400, "MMC.111072065"))
	s.on(detailPath, refuse(400, "MMC.111072006"))
	s.on(listPath, reply(200, list()))
	if err := client.Extend(t.Context(), sampleID, 5); !errors.Is(err, meeting.ErrNotRunning) {
		t.Error(err)
	}
}

func TestLockedMeetingIsLeftAloneForAWhile(t *testing.T) {
	s := newService(t)
	s.on(controlPath, refuse(400, "MMC.111072064"))
	client := s.client(t)
	for range 2 {
		if err := client.Extend(t.Context(), sampleID, 5); !errors.Is(err, meeting.ErrThrottled) {
			t.Error(err)
		}
	}
	wantCount(t, s, controlPath, 1)
	s.advance(6 * time.Minute)
	_ = client.Extend(t.Context(), sampleID, 5)
	wantCount(t, s, controlPath, 2)
}

func TestForbiddenControlIsAskedOnce(t *testing.T) {
	s := newService(t)
	s.on(controlPath, refuse(403, "MMC.111070002"))
	client := s.client(t)
	_, _ = client.Running(t.Context())
	if err := client.Extend(t.Context(), sampleID, 5); !errors.Is(err, meeting.ErrForbidden) {
		t.Error(err)
	}
	wantCount(t, s, controlPath, 1)
}

func TestGuestTokenIsNotUsed(t *testing.T) {
	s := newService(t)
	s.on(controlPath, func(w http.ResponseWriter, _ *http.Request) { s.grantControl(w, 0) })
	client := s.client(t)
	for range 2 {
		if err := client.Extend(t.Context(), sampleID, 5); !errors.Is(err, meeting.ErrForbidden) {
			t.Error(err)
		}
	}
	wantCount(t, s, controlPath, 1)
	wantCount(t, s, extendPath, 0)
}

func TestObserveSeesEveryExchange(t *testing.T) {
	s := newService(t)
	s.on(extendPath, refuse(400, "MMC.111074003"))
	var observed []string
	config := s.config()
	config.Observe = func(op string, status int, took time.Duration) {
		observed = append(observed, fmt.Sprintf("%s %d %t", op, status, took > 0))
	}
	_ = open(t, config).Extend(t.Context(), sampleID, 5)
	want := "log in 200 true, read meeting 200 true, get control token 200 true, extend meeting 400 true"
	if got := strings.Join(observed, ", "); got != want {
		t.Errorf("got %s", got)
	}
}
