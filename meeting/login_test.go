package meeting_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/meeting"
)

func TestNewChecksConfig(t *testing.T) {
	account := meeting.Config{BaseURL: "https://api.example", Account: "a", Password: "p"}
	app := meeting.Config{BaseURL: "https://api.example", AppID: "a", AppKey: "k"}
	with := func(config meeting.Config, change func(*meeting.Config)) meeting.Config {
		change(&config)
		return config
	}
	url := func(text string) meeting.Config {
		return with(account, func(c *meeting.Config) { c.BaseURL = text })
	}
	for name, test := range map[string]struct {
		config meeting.Config
		ok     bool
	}{
		"account":             {account, true},
		"app":                 {app, true},
		"app as SP user":      {with(app, func(c *meeting.Config) { c.CorpID, c.UserID = "c", "u" }), true},
		"app as SP admin":     {with(app, func(c *meeting.Config) { c.SPAdmin = true }), true},
		"SP admin as user":    {with(app, func(c *meeting.Config) { c.SPAdmin, c.UserID = true, "u" }), false},
		"both logins":         {with(app, func(c *meeting.Config) { c.Account, c.Password = "a", "p" }), false},
		"no login":            {meeting.Config{BaseURL: "https://api.example"}, false},
		"no password":         {with(account, func(c *meeting.Config) { c.Password = "" }), false},
		"no key":              {with(app, func(c *meeting.Config) { c.AppKey = "" }), false},
		"account with corp":   {with(account, func(c *meeting.Config) { c.CorpID = "c" }), false},
		"negative rate":       {with(account, func(c *meeting.Config) { c.Rate = -1 }), false},
		"http on loopback":    {url("http://127.0.0.1:80"), true},
		"http on IPv6":        {url("http://[::1]:80"), true},
		"http on localhost":   {url("http://localhost:80/"), true},
		"http elsewhere":      {url("http://api.example"), false},
		"http like loopback":  {url("http://127.0.0.1.example"), false},
		"no URL":              {url(""), false},
		"no scheme":           {url("api.example"), false},
		"user in URL":         {url("https://user:pass@api.example"), false},
		"query in URL":        {url("https://api.example?a=b"), false},
		"path under the root": {url("https://gate.example/meeting/"), true},
	} {
		client, err := meeting.New(test.config)
		if (err == nil) != test.ok {
			t.Errorf("%s: %v", name, err)
		}
		if client != nil {
			_ = client.Close(context.Background())
		}
	}
}

func TestAccountLoginOnTheWire(t *testing.T) {
	s := newService(t)
	if err := s.client(t).Login(t.Context()); err != nil {
		t.Fatal(err)
	}
	request := s.got(loginPath)[0]
	want := "Basic " + base64.StdEncoding.EncodeToString([]byte("bot@example:"+loginPassword))
	if request.method != "POST" || request.header.Get("Authorization") != want {
		t.Errorf("%+v", request)
	}
	fields := jsonFields(t, request.body)
	if fields["account"] != "bot@example" || fields["clientType"] != 72.0 {
		t.Errorf("body %s", request.body)
	}
	if strings.Contains(request.body, loginPassword) {
		t.Error("password in the body")
	}
}

func TestAppLoginOnTheWire(t *testing.T) {
	nonces := make(map[any]bool)
	for name, test := range map[string]struct {
		corp, user string
		admin      bool
		absent     []string
	}{
		"user":     {user: "alice", absent: []string{"corpId"}},
		"admin":    {absent: []string{"corpId", "userId"}},
		"SP user":  {corp: "corp9", user: "alice"},
		"SP corp":  {corp: "corp9", absent: []string{"userId"}},
		"SP admin": {admin: true, absent: []string{"corpId", "userId"}},
	} {
		s := newService(t)
		client := open(t, meeting.Config{
			BaseURL: s.URL, AppID: "app123", AppKey: "key", CorpID: test.corp, UserID: test.user,
			SPAdmin: test.admin, Now: s.clock,
		})
		if err := client.Login(t.Context()); err != nil {
			t.Fatal(err)
		}
		request := s.got(appLoginPath)[0]
		fields := jsonFields(t, request.body)
		if nonce, _ := fields["nonce"].(string); len(nonce) < 32 || len(nonce) > 64 {
			t.Errorf("%s: nonce %q", name, nonce)
		}
		if nonces[fields["nonce"]] {
			t.Errorf("%s: nonce %q was used before", name, fields["nonce"])
		}
		nonces[fields["nonce"]] = true
		if fields["expireTime"] != float64(s.clock().Add(10*time.Minute).Unix()) {
			t.Errorf("%s: expireTime %v is not in seconds", name, fields["expireTime"])
		}
		if !strings.HasSuffix(request.header.Get("Authorization"), ",access=YXBwMTIz") {
			t.Errorf("%s: %s", name, request.header.Get("Authorization"))
		}
		for _, field := range test.absent {
			if value, there := fields[field]; there {
				t.Errorf("%s: %s is %v, want it absent", name, field, value)
			}
		}
	}
}

func TestOneLoginHoweverManyWait(t *testing.T) {
	s := newService(t)
	client := s.client(t)
	for _, err := range together(32, func() error { _, err := client.Running(t.Context()); return err }) {
		if err != nil {
			t.Error(err)
		}
	}
	wantCount(t, s, loginPath, 1)
}

func TestAccessTokenIsKeptUntilItsOwnEnd(t *testing.T) {
	s := newService(t)
	client := s.client(t)
	for _, step := range []struct {
		advance time.Duration
		logins  int
	}{{0, 1}, {11*time.Hour + 59*time.Minute, 1}, {time.Minute, 2}, {time.Hour, 2}} {
		s.advance(step.advance)
		if err := client.Login(t.Context()); err != nil {
			t.Fatal(err)
		}
		wantCount(t, s, loginPath, step.logins)
	}
}

func TestTokenOfAServiceWhoseClockIsBehind(t *testing.T) {
	s := newService(t)
	s.on(loginPath, reply(200, `{"accessToken":"a","expireTime":1000000000,"validPeriod":3600}`))
	client := s.client(t)
	_ = client.Login(t.Context())
	_ = client.Login(t.Context())
	wantCount(t, s, loginPath, 1)
	s.advance(time.Hour)
	_ = client.Login(t.Context())
	wantCount(t, s, loginPath, 2)
}

func TestRefusedTokenIsRenewedOnce(t *testing.T) {
	for name, handler := range map[string]http.HandlerFunc{
		"401": reply(401, ""), "code": refuse(400, "USG.206020002"), "MMC code": refuse(403, "MMC.118000001"),
	} {
		s := newService(t)
		s.on(listPath, inTurn(handler, reply(200, list(sample))))
		if _, err := s.client(t).Running(t.Context()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		wantCount(t, s, loginPath, 2)
		calls := s.got(listPath)
		if len(calls) != 2 || calls[1].header.Get("X-Access-Token") != "access-2" {
			t.Errorf("%s: %d reads", name, len(calls))
		}
	}
	s := newService(t)
	s.on(listPath, reply(401, ""))
	if _, err := s.client(t).Running(t.Context()); !errors.Is(err, meeting.ErrUnauthorised) {
		t.Error(err)
	}
	wantCount(t, s, listPath, 3) // the last asks for the account's own: that works where queryAll is refused
	wantCount(t, s, loginPath, 2)
}

func TestRefusedLoginIsNotHammered(t *testing.T) {
	s := newService(t)
	s.on(loginPath, refuse(401, "USG.206010000"))
	client := s.client(t)
	for _, err := range together(32, func() error { _, err := client.Running(t.Context()); return err }) {
		if !errors.Is(err, meeting.ErrUnauthorised) {
			t.Error(err)
		}
	}
	wantCount(t, s, loginPath, 1)
	s.advance(59 * time.Second)
	_ = client.Login(t.Context())
	wantCount(t, s, loginPath, 1)
	s.advance(2 * time.Second)
	_ = client.Login(t.Context())
	wantCount(t, s, loginPath, 2)
	s.advance(time.Minute)
	_ = client.Login(t.Context())
	wantCount(t, s, loginPath, 2) // the pause has doubled
	s.advance(time.Hour)
	s.on(loginPath, func(w http.ResponseWriter, _ *http.Request) { s.grantLogin(w) })
	if err := client.Login(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestLoginOutlivesItsFirstWaiter(t *testing.T) {
	s := newService(t)
	entered, release := make(chan struct{}), make(chan struct{})
	s.on(loginPath, func(w http.ResponseWriter, _ *http.Request) {
		close(entered)
		<-release
		s.grantLogin(w)
	})
	client := s.client(t)
	ctx, cancel := context.WithCancel(t.Context())
	first, second := make(chan error, 1), make(chan error, 1)
	go func() { first <- client.Login(ctx) }()
	<-entered
	go func() { second <- client.Login(t.Context()) }()
	cancel()
	if err := <-first; !errors.Is(err, context.Canceled) || !errors.Is(err, meeting.ErrUnavailable) {
		t.Errorf("first waiter: %v", err)
	}
	close(release)
	if err := <-second; err != nil {
		t.Errorf("second waiter: %v", err)
	}
	wantCount(t, s, loginPath, 1)
}

func TestCloseLogsOutAndEndsWhatIsUnderWay(t *testing.T) {
	s := newService(t)
	client := s.client(t)
	if err := client.Login(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := client.Close(t.Context()); err != nil {
		t.Error(err)
	}
	if got := s.got(logoutPath); len(got) != 1 || got[0].method != "DELETE" ||
		got[0].header.Get("X-Access-Token") != "access-1" {
		t.Errorf("logout %+v", got)
	}
	if _, err := client.Running(t.Context()); !errors.Is(err, meeting.ErrUnavailable) {
		t.Errorf("after Close: %v", err)
	}
	if err := client.Extend(t.Context(), "914083136", 5); !errors.Is(err, meeting.ErrUnavailable) {
		t.Errorf("after Close: %v", err)
	}
	wantCount(t, s, extendPath, 0)

	hung := newService(t)
	entered := make(chan struct{})
	hung.on(loginPath, func(_ http.ResponseWriter, r *http.Request) {
		close(entered)
		<-r.Context().Done()
	})
	config := hung.config()
	config.Timeout = time.Hour // so that nothing but Close ends it
	client = open(t, config)
	result := make(chan error, 1)
	go func() { result <- client.Login(t.Context()) }()
	<-entered
	_ = client.Close(t.Context())
	if err := <-result; !errors.Is(err, meeting.ErrUnavailable) {
		t.Error(err)
	}
	wantCount(t, hung, loginPath, 1)
}

func TestRedirectIsNotFollowed(t *testing.T) {
	asked := make(chan string, 10)
	other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { asked <- r.URL.Path }))
	defer other.Close()
	for _, status := range []int{301, 302, 307, 308} {
		s := newService(t)
		s.on(listPath, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other.URL, status) })
		s.on(extendPath, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other.URL, status) })
		client := s.client(t)
		if _, err := client.Running(t.Context()); !errors.Is(err, meeting.ErrUnavailable) {
			t.Errorf("%d: %v", status, err)
		}
		if err := client.Extend(t.Context(), "914083136", 5); !errors.Is(err, meeting.ErrAmbiguous) {
			t.Errorf("%d: %v", status, err)
		}
		wantCount(t, s, extendPath, 1)
	}
	if len(asked) != 0 {
		t.Errorf("another host was asked %d times", len(asked))
	}
}

// echo repeats all that it was sent, as a careless gateway may.
func echo(status int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var text strings.Builder
		_ = r.Header.Write(&text)
		reply(status, `{"error_code":"X.`+r.Header.Get("X-Password")+`","error_msg":"`+
			strings.ReplaceAll(strings.ReplaceAll(text.String(), "\r\n", "; "), `"`, ``)+`"}`)(w, r)
	}
}

func TestSecretsStayOutOfErrorsAndLogs(t *testing.T) {
	for _, path := range []string{loginPath, listPath, detailPath, controlPath, extendPath} {
		s := newService(t)
		s.on(path, echo(400))
		var log bytes.Buffer
		config := s.config()
		config.Logger = slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		client := open(t, config)
		_, listErr := client.Running(t.Context())
		_, getErr := client.Get(t.Context(), "914083136")
		extendErr := client.Extend(t.Context(), "914083136", 5)
		config.Logger.Error("done", "list", listErr, "get", getErr, "extend", extendErr, "config", config.Password)
		if listErr == nil && getErr == nil && extendErr == nil {
			t.Fatalf("%s: no error", path)
		}
		pair := base64.StdEncoding.EncodeToString([]byte("bot@example:" + loginPassword))
		for _, secret := range []string{loginPassword, pair, chairPassword, controlToken, "access-1", "secretjoin"} {
			if strings.Contains(log.String(), secret) {
				t.Errorf("%s: %q in %s", path, secret, log.String())
			}
		}
	}
}
