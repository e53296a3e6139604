package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/overtime-bot/overtime/bot/slacksim"
	"github.com/overtime-bot/overtime/meeting/meetingtest"
)

type demoCommand struct {
	Addr string   `help:"Loopback address of the page." default:"127.0.0.1:8090" placeholder:"HOST:PORT"`
	As   string   `help:"Who types what --once says: ${enum}." enum:"alice,bob,chen,dana,erik,gina" default:"alice" placeholder:"NAME"`
	Once []string `help:"Type this line, print the conversation, and exit; several are typed in order. A line that begins with @overtime is a mention in the channel, and one without a slash is a direct message." sep:"none" placeholder:"\"/extend 914083136 30\""`
}

// Run runs the real bot on the real transports against the stand-ins. It reads no environment and no file.
func (d demoCommand) Run(in surroundings) error {
	addr := d.Addr
	if len(d.Once) > 0 {
		addr = "127.0.0.1:0" // nobody looks at the page
	}
	for _, line := range d.Once {
		if strings.TrimSpace(line) == "" {
			return fmt.Errorf("--once %q: that is no line; want one as \"/extend 914083136 30\"", line)
		}
	}
	stage, err := openStage(in.ctx, addr)
	if err != nil {
		return err
	}
	defer stage.close()
	if len(d.Once) > 0 {
		return stage.once(in, demoUser(d.As), d.Once)
	}
	return stage.perform(in.ctx, in.stderr, func() { stage.announce(in.stdout) })
}

// stage is what the demo runs on: both stand-ins, each on its own loopback address, and a place for the database.
type stage struct {
	clock       *demoClock
	secrets     demoSecrets
	slack       *slacksim.Server
	meetings    *meetingtest.Server
	page        *http.Server
	pageDone    chan struct{}
	slackURL    string // the page's address, without a slash at its end
	meetingsURL string
	directory   string
	breaks      *demoBreaks
	resets      chan chan struct{} // each asks for the world as it was, and is closed once it is
}

// openStage starts both stand-ins and serves the page.
func openStage(ctx context.Context, addr string) (_ *stage, err error) {
	s := &stage{clock: &demoClock{moved: make(chan struct{})}, secrets: newDemoSecrets(), resets: make(chan chan struct{})}
	defer func() {
		if err != nil {
			s.close()
		}
	}()
	if s.directory, err = os.MkdirTemp("", "overtime-demo-"); err != nil {
		return nil, fmt.Errorf("a place for the demo's database: %w", err)
	}
	s.meetings = meetingtest.New(meetingtest.Config{
		Now: s.clock.Now, Account: s.secrets.account, Password: s.secrets.password, AppID: s.secrets.appID, AppKey: s.secrets.appKey,
	})
	if s.meetingsURL, err = s.meetings.Start(); err != nil {
		return nil, fmt.Errorf("starting the meeting service's stand-in: %w", err)
	}
	addDemoMeetings(s.meetings, s.clock.Now())
	listener, err := listenLoopback(ctx, addr)
	if err != nil {
		return nil, err
	}
	s.slackURL = "http://" + listener.Addr().String()
	s.slack = slacksim.New(slacksim.Config{
		Now: s.clock.Now, BotToken: s.secrets.botToken, AppToken: s.secrets.appToken,
		Team: slacksim.Team{ID: demoTeam, Name: "Acme"}, Extra: s.panels(),
	})
	s.slack.SetURL(s.slackURL)
	addDemoPeople(s.slack)
	s.breaks = newBreaks(s.clock.Now, s.slack, s.meetings, s.database())
	s.page = &http.Server{Handler: s.slack, ReadHeaderTimeout: 10 * time.Second, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)}
	s.pageDone = make(chan struct{})
	go func() { // ends with page.Close; close waits for it
		defer close(s.pageDone)
		_ = s.page.Serve(listener)
	}()
	return s, nil
}

// listenLoopback refuses any address that others could reach.
func listenLoopback(ctx context.Context, addr string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("--addr %q: want HOST:PORT, as 127.0.0.1:8090", addr)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, fmt.Errorf("--addr %q: the demo lets everybody do everything, so it listens on loopback alone: want 127.0.0.1:PORT", addr)
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("--addr %q: %w; choose another port", addr, errors.Unwrap(err))
	}
	return listener, nil
}

// close stops the stand-ins and removes the database. It also works on a stage that is half open.
func (s *stage) close() {
	if s.slack != nil {
		s.slack.Close()
	}
	if s.page != nil {
		_ = s.page.Close()
		<-s.pageDone
	}
	if s.meetings != nil {
		s.meetings.Close()
	}
	_ = os.RemoveAll(s.directory) // a temporary place
}

func (s *stage) database() string { return filepath.Join(s.directory, "overtime.db") }

// program assembles the real bot for the stand-ins.
func (s *stage) program(ctx context.Context, stderr io.Writer) (*program, error) {
	environ := append(s.secrets.environ(s.slackURL+"/api/", s.meetingsURL, s.database()), "APPROVAL_CHANNEL="+demoOps)
	config, _, err := LoadConfig(environ, os.DevNull)
	if err != nil {
		return nil, err
	}
	return assemble(ctx, config, s.clock.clock(), newLogger(config.Log, stderr))
}

// announce prints where the page is, and how any other client can use the stand-ins.
func (s *stage) announce(out io.Writer) {
	fmt.Fprintf(out, "Open %s/ and type /extend 914083136 30\n\n", s.slackURL)
	fmt.Fprintf(out, "The stand-ins speak the wire; any client can be pointed at them:\n")
	for _, line := range [][2]string{
		{"SLACK_API_URL", s.slackURL + "/api/"},
		{"SLACK_BOT_TOKEN", s.secrets.botToken},
		{"SLACK_APP_TOKEN", s.secrets.appToken},
		{"MEETING_API_URL", s.meetingsURL},
		{"MEETING_ACCOUNT", s.secrets.account},
		{"MEETING_PASSWORD", s.secrets.password},
		{"MEETING_APP_ID", s.secrets.appID},
		{"MEETING_APP_KEY", s.secrets.appKey},
	} {
		fmt.Fprintf(out, "%s=%s\n", line[0], line[1])
	}
	fmt.Fprintf(out, "\nCtrl-C ends the demo.\n")
}
