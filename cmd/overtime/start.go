package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/overtime-bot/overtime/scheduler/store"
	"github.com/slack-go/slack"
	"golang.org/x/sync/errgroup"
)

// With both, something that does not come up is tried every 15 seconds at least.
const (
	tryWithin = 10 * time.Second
	longPause = 3 * time.Second // plus the half, by chance
)

// waitForOthers opens the database and asks Slack who the bot is. It waits for both as long as they are down. The error
// is one that no waiting heals, or that of ctx.
func (p *program) waitForOthers(ctx context.Context, api *slack.Client) (who *slack.AuthTestResponse, err error) {
	both, within := errgroup.WithContext(ctx)
	both.Go(func() error {
		return p.waitFor(within, "the database", func(ctx context.Context) (err error) {
			config := store.Config{URL: p.config.DatabaseURL.Reveal(), Now: p.clock.Now, Logger: p.logger}
			p.store, err = store.Open(ctx, config)
			if err != nil && !errors.Is(err, store.ErrNotYet) {
				return backoff.Permanent(err)
			}
			return err
		})
	})
	both.Go(func() error {
		return p.waitFor(within, "Slack", func(ctx context.Context) (err error) {
			ctx, cancel := context.WithTimeout(ctx, tryWithin)
			defer cancel()
			who, err = api.AuthTestContext(ctx)
			if err == nil && (who.TeamID == "" || who.UserID == "") {
				return errNamesNobody // as a proxy's answer does
			}
			return judgeAuth(err)
		})
	})
	err = both.Wait()
	if ctx.Err() != nil {
		return nil, fmt.Errorf("waiting for the database and Slack: %w", context.Cause(ctx))
	}
	return who, err
}

// waitFor tries until it succeeds, fails for good, or ctx ends. The log and the health page say what is waited for.
func (p *program) waitFor(ctx context.Context, what string, try func(context.Context) error) error {
	p.health.waiting(what, true)
	pause := backoff.NewExponentialBackOff()
	pause.MaxInterval = longPause
	notify := func(err error, wait time.Duration) { warnOfWait(p.logger, what, err, wait) }
	_, err := backoff.Retry(ctx, func() (none struct{}, err error) {
		slow := time.AfterFunc(tryWithin, func() { p.logger.Warn("still waiting for " + what) })
		defer slow.Stop()
		return none, try(ctx)
	}, backoff.WithBackOff(pause), backoff.WithMaxElapsedTime(0), backoff.WithNotify(notify))
	if err == nil {
		p.health.waiting(what, false)
	}
	return err
}

func warnOfWait(logger *slog.Logger, what string, err error, wait time.Duration) {
	logger.Warn("waiting for "+what, "error", err, "next_try_in", wait.Round(time.Millisecond).String())
}

// loginEvery is how often the bot makes sure that it is logged in. That costs a call only where it is not.
const loginEvery = 5 * time.Second

// keepLogin logs in to the meeting service at once and keeps the bot logged in, so that the log and the health page tell
// what every command would tell. While the service refuses, the client itself makes its tries rare.
func (p *program) keepLogin(ctx context.Context) {
	var told error
	apart := false
	for ctx.Err() == nil {
		err := p.logIn(ctx)
		if err != told && ctx.Err() == nil { // a kept refusal is the same error
			p.tellLogin(err)
			told = err
		}
		if ahead := p.meetings.ClockAhead(); apart != (ahead != 0) {
			apart = !apart
			p.tellClock(ahead)
		}
		select {
		case <-time.After(loginEvery):
		case <-ctx.Done():
		}
	}
}

func (p *program) logIn(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, tryWithin)
	defer cancel()
	return p.meetings.Login(ctx)
}

func (p *program) tellLogin(err error) {
	switch {
	case err == nil:
		p.logger.Info("logged in to the meeting service")
	case loginRefused(err):
		_, remedy := meetingWords(err)
		p.logger.Error("the meeting service does not let the bot in; nothing can be extended until it does. "+
			"The bot goes on and tries again, at first after a minute, later every 15 minutes", "error", err, "remedy", remedy)
	default:
		warnOfWait(p.logger, "the meeting service", err, loginEvery)
	}
}

func (p *program) tellClock(ahead time.Duration) {
	if ahead == 0 {
		p.logger.Info("the clock of this machine and that of the meeting service agree again")
		return
	}
	p.logger.Error(clockText(ahead))
}

// clockText does not judge which of the two is wrong, but says which the operator can set.
func clockText(ahead time.Duration) string {
	relation := "behind"
	if ahead < 0 {
		relation = "ahead of"
	}
	return fmt.Sprintf("the clock of this machine is %v %s that of the meeting service: set it by NTP, or meetings are extended "+
		"too late or too early", ahead.Abs().Round(time.Minute), relation)
}
