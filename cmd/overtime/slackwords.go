package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/overtime-bot/overtime/bot/socket"
	"github.com/overtime-bot/overtime/bot/trusted"
	"github.com/slack-go/slack"
)

func isSwitchedOff(err error) bool {
	if refusal := socket.Refusal(err); refusal != nil {
		err = refusal
	}
	fatal, ok := errors.AsType[*socket.FatalError](err)
	return ok && fatal.SwitchedOff()
}

// fatalOf words a refusal of a socket that no retry heals; nil for any other error.
func fatalOf(err error) (fatal *fatalError) {
	if refusal := socket.Refusal(err); refusal != nil {
		err = refusal
	}
	errors.As(asFatal(err), &fatal)
	return fatal
}

// socketWords words what came of asking for a socket, for which the app-level token counts.
func socketWords(err error) (seen, remedy string) {
	if fatal := fatalOf(err); fatal != nil {
		return "Slack refuses: " + fatal.code + fatal.scopes, fatal.remedy
	}
	return slackWords(err)
}

// slackWords words an error of Slack as serve does.
func slackWords(err error) (seen, remedy string) {
	var fatal *fatalError
	var throttled *slack.RateLimitedError
	var refused slack.SlackErrorResponse
	switch {
	case errors.As(judgeAuth(err), &fatal):
		return "Slack refuses: " + fatal.code + fatal.scopes, fatal.remedy
	case errors.As(err, &throttled):
		return "Slack takes no more calls for now", fmt.Sprintf("run overtime doctor again in %v", throttled.RetryAfter.Round(time.Second))
	case errors.As(err, &refused):
		return "Slack refuses: " + refused.Err, "see what https://docs.slack.dev/reference/methods says of this code"
	case otherThanSlack(err):
		return notSlackSeen + " (" + withoutAddress(err) + ")", notSlackRemedy
	case errors.Is(err, trusted.ErrUntrusted), errors.Is(err, errNamesNobody):
		return err.Error(), "see that SLACK_API_URL is Slack's, and that no proxy answers in its place"
	}
	return "Slack does not answer: " + withoutAddress(err), "see the line proxy, SLACK_API_URL and https://status.slack.com"
}
