package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/overtime-bot/overtime/bot"
	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/bot/pace"
	"github.com/overtime-bot/overtime/bot/socket"
	"github.com/overtime-bot/overtime/bot/trusted"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
	"github.com/slack-go/slack"
)

// program is the bot with all its parts, ready to run.
type program struct {
	config    Config
	logger    *slog.Logger
	metrics   *metrics
	store     *store.Store
	meetings  *meeting.Client
	inbox     *bot.Inbox
	extender  *extension.Extender
	scheduler *scheduler.Scheduler
	approvals *bot.Approvals
	sockets   *socket.Client
	health    *healthPage
	joints    joints
	clock     extension.Clock
	botToken  botToken

	login     sync.WaitGroup // keeps the bot logged in to the meeting service
	stopLogin context.CancelFunc
}

// joints are where the parts meet: what the bot and the scheduler see of the others.
type joints struct {
	slack    *slack.Client
	policy   access.Policy
	ledger   extension.Ledger
	inbox    bot.EnvelopeStore
	prompts  scheduler.PromptStore
	meetings extension.Meetings
	answers  http.RoundTripper // to response_urls
	who      *slack.AuthTestResponse
}

// wires carry the calls to the outside; nil is the network.
type wires struct {
	slack    http.RoundTripper // Web API and response_urls
	meetings http.RoundTripper
}

const (
	slackTimeout = 15 * time.Second
	logoutWithin = 1500 * time.Millisecond
	storeWithin  = 2 * time.Second // to close the database, whatever holds it
)

// assemble makes the parts and joins them.
func assemble(ctx context.Context, config Config, clock extension.Clock, logger *slog.Logger) (*program, error) {
	p, err := makeParts(ctx, config, clock, logger, wires{})
	if err != nil {
		return nil, err
	}
	if err := p.join(); err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

// makeParts makes those that know no other. The health page answers from here on, and the login to the meeting service
// is kept. It waits for the database and for Slack however long they are down; of the meeting service nothing is needed
// yet.
func makeParts(ctx context.Context, config Config, clock extension.Clock, logger *slog.Logger, over wires) (_ *program, err error) {
	p := &program{config: config, logger: logger, metrics: newMetrics(), clock: clock, health: new(healthPage), botToken: newBotToken()}
	defer func() {
		if err != nil {
			p.close()
		}
	}()
	if err := p.listen(ctx); err != nil {
		return nil, err
	}
	client := meetingConfig(config.Meeting, clock.Now, logger, p.metrics)
	client.Transport = over.meetings
	if p.meetings, err = meeting.New(client); err != nil {
		return nil, err
	}
	p.metrics.standing.learn(func(s *sources) { s.login, s.quota = p.loginState, p.meetings.QuotaLeft })
	keeping, stop := context.WithCancel(context.WithoutCancel(ctx))
	p.stopLogin = stop
	p.login.Go(func() { p.keepLogin(keeping) })
	if over.slack == nil {
		over.slack = trusted.NewTransport()
	}
	counted := newSlackCounter(over.slack, config.Slack.APIURL, func(method, code string) {
		p.metrics.slackCall(method, code)
		p.botToken.noticed(method, code)
	})
	carrier := trusted.Carrier{Hosts: trusted.HostsOf(config.Slack.APIURL), Transport: modeWatch{counted, func() { warnOfMode(logger) }}}
	api := newSlackClient(config.Slack, carrier)
	who, err := p.waitForOthers(ctx, api)
	if err != nil {
		return nil, err
	}
	if err := checkScopes(who.Header.Get("X-OAuth-Scopes"), logger); err != nil {
		return nil, err
	}
	p.joints = joints{
		slack: api, policy: policyOf(config.Access, who),
		ledger: p.store.Ledger, inbox: p.store.Inbox, prompts: countedPrompts{p.store.Prompts, p.metrics.prompt}, meetings: p.meetings, answers: carrier, who: who,
	}
	return p, nil
}

// join makes the parts that know each other.
func (p *program) join() error {
	clock, api := p.clock, p.joints.slack
	catalogue, err := i18n.Load(p.config.DefaultLanguage)
	if err != nil {
		return err
	}
	limits, surface := p.config.Limits, p.surface(catalogue)
	outbox := extension.NewOutbox()
	p.extender, err = extension.New(extension.Config{
		Meetings: p.joints.meetings, Ledger: p.joints.ledger, Notifier: notices{p}, Outbox: outbox, Clock: clock, Logger: p.logger,
		MaxMinutes: limits.MaxMinutes,
		Limits:     extension.Limits{RunMinutes: limits.MaxTotalMinutes, DailyMinutes: limits.DailyMinutes, PersonRate: limits.PersonRate},
		Timeout:    p.config.Meeting.Timeout, Observe: p.observe, Prepare: p.meetings.Prepare,
		Booked: func(ctx context.Context, m meeting.Meeting) meeting.Booking { return p.scheduler.Booked(ctx, m) },
	})
	if err != nil {
		return err
	}
	p.scheduler, err = scheduler.New(scheduler.Config{
		Extender: p.extender,
		Store: scheduler.Stores{
			RuleStore: p.store.Automation, PromptStore: p.joints.prompts, RunStore: p.store.History, LeaseStore: p.store.Automation,
		},
		Announcer: bot.NewAnnouncer(surface), Outbox: outbox, Clock: clock, Logger: p.logger,
		Automation: automationOf(p.config.AutoExtend), MaxMinutes: limits.MaxMinutes, RunMinutes: limits.MaxTotalMinutes, Daily: limits.DailyMinutes,
		Timeout:  p.config.Meeting.Timeout,
		Bookings: p.meetings, Tokens: p.meetings, Sight: p.meetings, Quota: p.meetings, Observe: p.metrics.tick,
	})
	if err != nil {
		return err
	}
	p.approvals = bot.NewApprovals(surface, p.extender, p.scheduler)
	if p.inbox, err = bot.NewInbox(surface, bot.NewDesk(surface, p.extender, p.scheduler)); err != nil {
		return err
	}
	p.sockets = socket.New(socket.Config{
		Opener: opener{api, trusted.HostsOf(p.config.Slack.APIURL)}, Receiver: p.inbox, Connections: p.config.Sockets, Logger: p.logger, Observe: p.metrics.socket,
	})
	p.metrics.standing.learn(p.sources)
	p.health.started(p.checks(), p.sockets.Live)
	return nil
}

// surface is what the parts of the bot are made of.
func (p *program) surface(catalogue *i18n.Catalogue) bot.Config {
	api, policy, clock := p.joints.slack, p.joints.policy, p.clock
	limits := p.config.Limits
	return bot.Config{
		People: access.NewDirectory(access.DirectoryConfig{API: api, Policy: policy, Now: clock.Now, Logger: p.logger}),
		Hosts:  access.NewHosts(p.meetings, clock.Now), Bookings: p.meetings, Poster: api, Policy: policy,
		Past:      p.store.History,
		Wishes:    p.store.Approvals,
		Envelopes: p.joints.inbox, Actions: p.store.Inbox, Rules: p.store.Automation, Quiet: p.store.Automation, Prompts: p.joints.prompts, Approvals: p.store.Approvals,
		Passwords: p.meetings, Views: api, Dialogs: p.store.Inbox,
		Catalogue: catalogue, Now: clock.Now, ClockAhead: p.meetings.ClockAhead,
		Limits: bot.Limits{
			DefaultMinutes: limits.DefaultMinutes, MaxMinutes: limits.MaxMinutes, MaxTotalMinutes: limits.MaxTotalMinutes,
			DailyMinutes: limits.DailyMinutes, PersonRate: limits.PersonRate,
		},
		Command: p.config.Slack.Command, BotName: p.joints.who.User, MissingScopes: closedEntries(p.joints.who.Header.Get("X-OAuth-Scopes")),
		Spent: p.store.History, State: p.state,
		Automation: automationOf(p.config.AutoExtend), NotifyChannel: p.config.NotifyChannel,
		ApprovalChannel: limits.ApprovalChannel,
		Lines:           pace.NewLines(),
		Transport:       p.joints.answers, Logger: p.logger, Observe: p.metrics.command,
	}
}

// observe hands each state that an extension reaches to those who count it, and to the messages that follow it.
func (p *program) observe(e extension.Extension) {
	p.metrics.extension(e)
	p.scheduler.Observe(e)
	p.inbox.Changed()
}

// notices go to those who have the words: what happened by itself to the channel, what was approved to all whom it concerns,
// and anything else to the one who asked.
type notices struct{ *program }

func (n notices) Settled(ctx context.Context, notice extension.Notice) error {
	switch notice.Extension.Origin {
	case extension.FromTick:
		return n.scheduler.Settled(ctx, notice)
	case extension.FromApproval:
		return n.approvals.Settled(ctx, notice)
	}
	return n.inbox.Settled(ctx, notice)
}

// stopWithin is how long the end of the process may take, whatever hangs. What is left undone then is as after a crash:
// the next process goes on with it.
const stopWithin = 18 * time.Second

// run keeps the bot going until ctx ends or Slack refuses it for good.
func (p *program) run(ctx context.Context) error {
	ended := make(chan error, 1)
	go func() { ended <- p.runToTheEnd(ctx) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	select {
	case err := <-ended:
		return err
	case <-time.After(stopWithin):
		p.logger.Warn("not everything could be finished in time; the next start goes on with it")
		return nil
	}
}

// runToTheEnd ends in order. The sockets close first, so that Slack stops sending; what was received is finished; then
// doubt is left to the next start, and the store closes.
func (p *program) runToTheEnd(ctx context.Context) error {
	defer p.close()
	background, stopBackground := context.WithCancel(context.WithoutCancel(ctx))
	working, stopWorking := context.WithCancel(context.WithoutCancel(ctx))
	defer stopBackground()
	defer stopWorking()
	var behind, work sync.WaitGroup
	behind.Go(func() { _ = p.extender.Run(background) })
	behind.Go(func() { _ = p.scheduler.Run(background) })
	behind.Go(func() { _ = p.approvals.Run(background) })
	behind.Go(func() { p.tidy(background) })
	behind.Go(func() { p.watchView(background) })
	behind.Go(func() { tend(background, p.store, p.logger) })
	behind.Go(func() { warnOfLists(background, p.config, p.joints.slack, p.logger) })
	work.Go(func() { _ = p.inbox.Run(working) })

	err := p.listenToSlack(ctx)
	stopWorking()
	work.Wait()
	stopBackground()
	behind.Wait()
	return err
}

// close lets go of what the parts hold. A nil part was never made.
func (p *program) close() {
	defer p.health.close()
	if p.meetings != nil {
		p.stopLogin()
		p.login.Wait()
		ctx, cancel := context.WithTimeout(context.Background(), logoutWithin)
		defer cancel()
		if err := p.meetings.Close(ctx); err != nil {
			p.logger.Warn("logging out of the meeting service", "error", err)
		}
	}
	if p.store != nil {
		ctx, cancel := context.WithTimeout(context.Background(), storeWithin)
		defer cancel()
		if err := p.store.Close(ctx); err != nil {
			p.logger.Error("closing the database", "error", err)
		}
	}
}

const (
	tidyFirst = time.Minute // after the start: what nobody answered while all were down is taken over before its payload goes
	tidyEvery = 10 * time.Minute
)

// tidy removes what is kept no longer, in steps that make no pause.
func (p *program) tidy(ctx context.Context) {
	timer := time.NewTimer(tidyFirst)
	defer timer.Stop()
	for {
		select {
		case <-timer.C:
		case <-ctx.Done():
			return
		}
		if err := p.store.Prune(ctx, p.config.HistoryDays); err != nil && ctx.Err() == nil {
			p.logger.Error("removing what is kept no longer", "error", err)
		}
		timer.Reset(tidyEvery)
	}
}

func automationOf(config AutoExtendConfig) scheduler.Automation {
	return scheduler.Automation{
		Mode: scheduler.Mode(config.Mode), Schedule: config.Schedule, Lead: config.Lead,
		Minutes: config.Minutes, Max: config.Max, MinPeople: config.MinPeople,
	}
}

func meetingConfig(config MeetingConfig, now func() time.Time, logger *slog.Logger, m *metrics) meeting.Config {
	return meeting.Config{
		BaseURL: config.APIURL, Account: config.Account, Password: config.Password,
		AppID: config.AppID, AppKey: config.AppKey, UserID: config.UserID, CorpID: config.CorpID,
		QueryAll: config.QueryAll, Timeout: config.Timeout, Rate: config.Rate,
		Now: now, Logger: logger, Observe: m.call,
	}
}

// policyOf joins the configuration with who the bot is.
func policyOf(config AccessConfig, who *slack.AuthTestResponse) access.Policy {
	isStar := func(user string) bool { return user == "*" }
	return access.Policy{
		Team: who.TeamID, Enterprise: who.EnterpriseID,
		AllowedUsers:  slices.DeleteFunc(slices.Clone(config.AllowedUsers), isStar),
		AllowEveryone: slices.ContainsFunc(config.AllowedUsers, isStar),
		DeniedUsers:   config.DeniedUsers, AdminUsers: config.AdminUsers, AllowedGroups: config.AllowedGroups,
		AdminGroups: config.AdminGroups, AllowedChannels: config.AllowedChannels, HostsMayExtend: config.HostsMayExtend,
	}
}

// listen takes the health page's address first, so that a taken one is told at once, and serves the page.
func (p *program) listen(ctx context.Context) error {
	if p.config.HTTPAddr == "" {
		return nil
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", p.config.HTTPAddr)
	if err != nil {
		return addressTaken(p.config.HTTPAddr, err)
	}
	p.health.serve(listener, p.metrics.registry, func(err error) { p.logger.Error("the health page ended", "error", err) })
	return nil
}

// addressTaken says why nothing can listen at an address.
func addressTaken(address string, err error) error {
	return fmt.Errorf("HTTP_ADDR %s: %w; choose another, or leave it empty", address, cmp.Or(errors.Unwrap(err), err))
}
