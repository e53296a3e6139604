package main

import (
	"bytes"
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/slacksim"
)

// play is the demo's world with the bot running in it, in this process, over loopback.
type play struct {
	*stage
	t       *testing.T
	program *program
	log     *safeBuffer
	stop    func() error // ends the bot and gives what run returned
}

// safeBuffer is a log that is read while it is written.
type safeBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *safeBuffer) Write(line []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(line)
}

func (b *safeBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// newPlay opens the stage and starts the bot, with the settings on top of the demo's.
func newPlay(t *testing.T, settings ...string) *play {
	t.Helper()
	p := newStagedPlay(t)
	p.start(settings...)
	return p
}

// newStagedPlay opens the stage alone.
func newStagedPlay(t *testing.T) *play {
	t.Helper()
	stage, err := openStage(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stage.close)
	return &play{stage: stage, t: t, log: &safeBuffer{}}
}

// start runs a bot until stop or the end of the test.
func (p *play) start(settings ...string) {
	p.t.Helper()
	environ := append(p.secrets.environ(p.slackURL+"/api/", p.meetingsURL, p.directory+"/overtime.db"), settings...)
	config, _, err := LoadConfig(environ, "/dev/null")
	if err != nil {
		p.t.Fatal(err)
	}
	p.program, err = assemble(p.t.Context(), config, p.clock.clock(), newLogger(config.Log, p.log))
	if err != nil {
		p.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- p.program.run(ctx) }()
	p.stop = sync.OnceValue(func() error {
		cancel()
		return <-ended
	})
	p.t.Cleanup(func() { _ = p.stop() })
	select {
	case <-p.program.sockets.Ready():
	case <-time.After(10 * time.Second):
		p.t.Fatalf("the bot did not connect: %s", p.log)
	}
}

// types lets a person type a command and returns the first answer as a terminal would show it.
func (p *play) types(user, line string) string {
	p.t.Helper()
	return p.typesIn(user, demoGeneral, line)
}

func (p *play) typesIn(user, channel, line string) string {
	p.t.Helper()
	envelope, err := p.slack.Command(user, channel, line)
	if err != nil {
		p.t.Fatal(err)
	}
	return p.answerTo(envelope)
}

// answerTo waits for the first answer to an envelope.
func (p *play) answerTo(envelope string) string {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), 30*time.Second)
	defer cancel()
	if err := p.slack.WaitAnswer(ctx, envelope); err != nil {
		p.t.Fatalf("no answer: %v\n%s", err, p.log)
	}
	return p.answers(envelope)[0]
}

// answers are what the person read in answer to an envelope, so far.
func (p *play) answers(envelope string) []string {
	var texts []string
	for _, message := range p.slack.Messages(slacksim.Filter{Envelope: envelope}) {
		if message.Command == "" {
			texts = append(texts, strings.Join(linesOf(message), "\n"))
		}
	}
	return texts
}

// waitAnswers waits until an envelope has so many answers.
func (p *play) waitAnswers(envelope string, count int) []string {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), 60*time.Second)
	defer cancel()
	if err := p.slack.Wait(ctx, func(slacksim.State) bool { return len(p.answers(envelope)) >= count }); err != nil {
		p.t.Fatalf("waiting for %d answers: %v; there are %q\n%s", count, err, p.answers(envelope), p.log)
	}
	return p.answers(envelope)
}

func (p *play) end(id string) time.Time {
	p.t.Helper()
	end, ok := p.meetings.End(id)
	if !ok {
		p.t.Fatalf("the meeting %s is not there", id)
	}
	return end
}

func wantContains(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q is not in:\n%s", part, text)
		}
	}
}

func withTimeout(t *testing.T, d time.Duration) (context.Context, context.CancelFunc) {
	t.Helper()
	return context.WithTimeout(t.Context(), d)
}

// waitSockets waits until the bot has so many sockets open.
func (p *play) waitSockets(count int) {
	p.t.Helper()
	ctx, cancel := withTimeout(p.t, 30*time.Second)
	defer cancel()
	if err := p.slack.Wait(ctx, func(state slacksim.State) bool { return state.Sockets() >= count }); err != nil {
		p.t.Fatalf("waiting for %d sockets: %v\n%s", count, err, p.log)
	}
}
