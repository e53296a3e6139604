package main

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/slack-go/slack"
)

// A revoked bot token closes no socket: the sockets have a token of their own. Slack then sends nothing, and takes
// nothing but answers to commands, so that a bot that goes on looks well and is deaf.
const (
	askTokenEvery = 5 * time.Minute
	askTokenAgain = 3 * time.Second // before it is believed: Slack has refused good tokens for a moment
)

// botToken watches whether Slack still takes the bot token.
type botToken struct {
	doubt chan struct{} // holds one doubt, however many there are
}

func newBotToken() botToken { return botToken{doubt: make(chan struct{}, 1)} }

// noticed is told how each call to Slack came out.
func (b botToken) noticed(method, code string) {
	if method == slackResponse || method == openSocket || remedies[code] == "" {
		return // an answer needs no token, and a socket the other one
	}
	select {
	case b.doubt <- struct{}{}:
	default:
	}
}

// watch returns the refusal once Slack no longer takes the token; nil when ctx ends.
func (b botToken) watch(ctx context.Context, api *slack.Client) *fatalError {
	ticker := time.NewTicker(askTokenEvery)
	defer ticker.Stop()
	for {
		select {
		case <-b.doubt:
		case <-ticker.C:
		case <-ctx.Done():
			return nil
		}
		if tokenRefused(ctx, api) == nil {
			continue
		}
		select {
		case <-time.After(askTokenAgain):
		case <-ctx.Done():
			return nil
		}
		if refused := tokenRefused(ctx, api); refused != nil {
			return refused
		}
	}
}

// tokenRefused asks Slack. Its other troubles pass by themselves.
func tokenRefused(ctx context.Context, api *slack.Client) (refused *fatalError) {
	ctx, cancel := context.WithTimeout(ctx, tryWithin)
	defer cancel()
	_, err := api.AuthTestContext(ctx)
	if errors.As(judgeAuth(err), &refused) {
		return refused
	}
	return nil
}

// listenToSlack keeps the sockets open until ctx ends, or Slack refuses one of the two tokens for good.
func (p *program) listenToSlack(ctx context.Context) error {
	listening, stop := context.WithCancelCause(ctx)
	var watching sync.WaitGroup
	watching.Go(func() {
		if refused := p.botToken.watch(listening, p.joints.slack); refused != nil {
			stop(refused)
		}
	})
	err := p.sockets.Run(listening)
	stop(nil)
	watching.Wait()
	if refused, ok := errors.AsType[*fatalError](context.Cause(listening)); ok {
		return refused
	}
	return asFatal(err)
}
