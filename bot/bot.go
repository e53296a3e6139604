// Package bot is the Slack side: it takes envelopes, asks who may, hands wishes to the scheduler, and says in the
// person's language what came of them. Data goes one way: Receive writes an envelope down, a worker parses,
// authorises and acts, and one place answers.
package bot

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/slack-go/slack"
)

// Extender is what the bot needs of scheduler.Extender.
type Extender interface {
	Find(ctx context.Context, id string) (meeting.Meeting, error)
	Look(ctx context.Context, id string) (meeting.Meeting, error)
	Running(ctx context.Context) ([]meeting.Meeting, error)
	Extend(ctx context.Context, request extension.Request) (extension.Result, error)
	Left(ctx context.Context, run string) (int, bool, error)
	Resume(ctx context.Context, envelope string) (extension.Result, bool, error)
	Stands(ctx context.Context, id int64) (extension.Result, error)
}

// Scheduler is what the bot needs of scheduler.Scheduler.
type Scheduler interface {
	// Answer stores what a person answered to a prompt; false, with the prompt as it stands, where it was answered
	// before. FollowNow lets the messages about a run show at once what is true now, and Why says what automation does
	// with it, and what would come of so many minutes by hand, if that is not 0.
	Answer(ctx context.Context, prompt int64, answer scheduler.Answer, by extension.Actor) (scheduler.Prompt, bool, error)
	FollowNow(ctx context.Context, meetingID, run string) error
	Why(ctx context.Context, m meeting.Meeting, minutes int) (scheduler.Explanation, error)
}

// Hosts tells who scheduled a meeting, and whether one that is not running is booked.
type Hosts interface {
	Host(ctx context.Context, id string) (meeting.Host, error)
	Booked(ctx context.Context, id string) (meeting.Meeting, error)
}

// People tells about accounts, groups and channels of Slack. *access.Directory is one.
type People interface {
	access.People
	Known(user string) (access.Person, bool) // without asking anybody
}

// Poster posts messages to channels and people, and edits them. *slack.Client is one.
type Poster interface {
	PostMessageContext(ctx context.Context, channel string, options ...slack.MsgOption) (channelID, timestamp string, err error)
	UpdateMessageContext(ctx context.Context, channel, timestamp string, options ...slack.MsgOption) (channelID, ts, text string, err error)
}

// Config is what a Bot is made of. All but NotifyChannel, Transport, Logger, Workers and Observe is required.
type Config struct {
	Extender  Extender
	Scheduler Scheduler
	Hosts     Hosts
	People    People
	Poster    Poster
	Inbox     Inbox
	Rules     Rules
	Prompts   Prompts
	Catalogue *i18n.Catalogue
	Policy    access.Policy
	Clock     extension.Clock

	DefaultMinutes, MaxMinutes, MaxTotalMinutes, DailyMinutes, PersonRate int

	Automation    scheduler.Automation // what happens to meetings that nobody watches
	NotifyChannel string               // reads of meetings that no channel watches; empty = none

	Transport http.RoundTripper // of response_url; nil = http.DefaultTransport
	Logger    *slog.Logger
	Workers   int // commands worked on at once; 64 if 0
	// Observe is told each command that was answered: its verb, the tone of the answer, and how long it took.
	Observe func(verb grammar.Verb, tone Tone, took time.Duration)
}

// Bot takes envelopes from the sockets and answers them. It is a socket.Receiver and the scheduler's Notifier.
type Bot struct {
	config     Config
	logger     *slog.Logger
	responder  *responder
	gate       *access.Gate
	owner      string // of this process's claims in the inbox
	jobs       chan job
	turnedAway chan job
	firstWords sync.WaitGroup
	claims     *claims
}

const (
	waitingJobs   = 4096             // beyond that, commands are turned away
	waitingAways  = 256              // that are told so
	awayWorkers   = 16               // who tell them
	firstWordDue  = 7 * time.Second  // after the envelope's arrival; the design promises 8
	finishWithin  = 15 * time.Second // after the sockets closed, so that the whole process ends within 20 s
	answersWithin = 5 * time.Second  // of them, kept for the answers to what had to be cut off
	commandBudget = 40 * time.Second // for one command; its claim in the inbox is renewed meanwhile
)

// New makes a Bot.
func New(config Config) (*Bot, error) {
	if config.Hosts == nil || config.People == nil || config.Poster == nil || config.Inbox == nil ||
		config.Rules == nil || config.Prompts == nil || config.Catalogue == nil || config.Clock.Now == nil {
		return nil, errors.New("bot: a required field of its Config is missing")
	}
	config.Workers = cmp.Or(config.Workers, 64)
	if config.Observe == nil {
		config.Observe = func(grammar.Verb, Tone, time.Duration) {}
	}
	logger := cmp.Or(config.Logger, slog.New(slog.DiscardHandler))
	return &Bot{
		config:    config,
		logger:    logger,
		responder: newResponder(config.Transport),
		gate: &access.Gate{
			Policy: config.Policy, People: config.People, Logger: logger,
			Hosts: access.NewHosts(config.Hosts, config.Clock.Now),
		},
		owner:      rand.Text(),
		jobs:       make(chan job, waitingJobs),
		turnedAway: make(chan job, waitingAways),
		claims:     newClaims(),
	}, nil
}

// Use gives the bot what is made after it since that needs the bot to tell people. Call it before Run.
func (b *Bot) Use(extender Extender, scheduler Scheduler) {
	b.config.Extender, b.config.Scheduler = extender, scheduler
}

// Run works on envelopes until ctx ends; then it finishes what was received, for 15 s at most. The sockets must
// be closed before ctx ends, so that nothing arrives any more.
func (b *Bot) Run(ctx context.Context) error {
	if b.config.Extender == nil || b.config.Scheduler == nil {
		return errors.New("bot: Use was not called")
	}
	answering, stopAnswering := context.WithCancel(context.WithoutCancel(ctx))
	defer stopAnswering()
	working, stopWorking := context.WithCancel(answering)
	defer stopWorking()
	queueing, stopQueueing := context.WithCancel(answering)
	defer stopQueueing()
	var workers sync.WaitGroup
	for range b.config.Workers {
		workers.Go(func() { b.work(queueing, working, answering, b.jobs) })
	}
	for range awayWorkers {
		workers.Go(func() { b.work(queueing, working, answering, b.turnedAway) })
	}
	var claims, sweep sync.WaitGroup
	claims.Go(func() { b.keepClaims(answering) })
	sweep.Go(func() { b.sweep(ctx) })
	<-ctx.Done()
	defer time.AfterFunc(finishWithin-answersWithin, stopWorking).Stop()
	defer time.AfterFunc(finishWithin, stopAnswering).Stop()
	sweep.Wait() // or it would queue what nobody takes any more
	stopQueueing()
	workers.Wait()
	b.firstWords.Wait()
	stopAnswering()
	claims.Wait()
	return nil
}

// work takes jobs until no more are queued and none waits.
func (b *Bot) work(queueing, working, answering context.Context, jobs <-chan job) {
	for {
		select {
		case next := <-jobs:
			b.do(working, answering, next)
		case <-queueing.Done():
			select {
			case next := <-jobs:
				b.do(working, answering, next)
			default:
				return
			}
		}
	}
}
