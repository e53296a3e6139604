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
	Addr string  `help:"Loopback address of the page." default:"127.0.0.1:8090" placeholder:"HOST:PORT"`
	Once *string `help:"Type this command as Alice, print the conversation, and exit." placeholder:"\"/extend 914083136 30\""`
}

// Run runs the real bot on the real transports against the stand-ins. It reads no environment and no file.
func (d demoCommand) Run(in surroundings) error {
	addr := d.Addr
	if d.Once != nil {
		addr = "127.0.0.1:0" // nobody looks at the page
		if !strings.HasPrefix(*d.Once, "/") {
			return fmt.Errorf("--once %q: that is no command; want one as \"/extend 914083136 30\"", *d.Once)
		}
	}
	stage, err := openStage(in.ctx, addr)
	if err != nil {
		return err
	}
	defer stage.close()
	program, err := stage.program(in.ctx, in.stderr)
	switch {
	case err != nil:
		return err
	case d.Once != nil:
		return stage.once(in, program, *d.Once)
	}
	stage.announce(in.stdout)
	return program.run(in.ctx)
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
}

// openStage starts both stand-ins and serves the page.
func openStage(ctx context.Context, addr string) (_ *stage, err error) {
	s := &stage{clock: &demoClock{moved: make(chan struct{})}, secrets: newDemoSecrets()}
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

// program assembles the real bot for the stand-ins.
func (s *stage) program(ctx context.Context, stderr io.Writer) (*program, error) {
	environ := s.secrets.environ(s.slackURL+"/api/", s.meetingsURL, filepath.Join(s.directory, "overtime.db"))
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

const onceWithin = 30 * time.Second

// once types one command as Alice and prints the conversation.
func (s *stage) once(in surroundings, program *program, line string) error {
	running, stop := context.WithCancel(in.ctx)
	ended := make(chan error, 1)
	go func() { ended <- program.run(running) }()
	err := s.converse(running, program, line)
	stop()
	if ranErr := <-ended; ranErr != nil {
		return ranErr
	}
	s.print(in.stdout)
	return err
}

// converse waits for the bot to connect, types the line, and waits for its answer.
func (s *stage) converse(ctx context.Context, program *program, line string) error {
	ctx, cancel := context.WithTimeout(ctx, onceWithin)
	defer cancel()
	select {
	case <-program.sockets.Ready():
	case <-ctx.Done():
		return errors.New("the bot did not connect to the stand-in")
	}
	envelope, err := s.slack.Command(demoAlice, demoGeneral, line)
	if err != nil {
		return fmt.Errorf("typing %q: %w", line, err)
	}
	if err := s.slack.WaitAnswer(ctx, envelope); err != nil {
		return fmt.Errorf("waiting for the answer: %w", err)
	}
	return nil
}
