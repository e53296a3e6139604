package main

import (
	"context"

	"github.com/overtime-bot/overtime/bot/socket"
	"github.com/overtime-bot/overtime/bot/trusted"
	"github.com/overtime-bot/overtime/cmd/overtime/doctor"
	"github.com/overtime-bot/overtime/scheduler/store"
	"github.com/slack-go/slack"
)

// checkSlack asks with each token that has the right form.
func (e *examination) checkSlack(ctx context.Context) []doctor.Check {
	api := e.slackClient()
	who, checks := e.checkBotToken(ctx, api)
	ofBot := ""
	if who != nil {
		if bot, err := api.GetBotInfoContext(ctx, slack.GetBotInfoParameters{Bot: who.BotID, TeamID: who.TeamID}); err == nil {
			ofBot = bot.AppID
		}
		checks = append(checks, doctor.CheckScopes(who.Header.Get("X-OAuth-Scopes")))
	} else {
		checks = append(checks, doctor.NotChecked(doctor.SlackScopes, "the bot token has to work for it"))
	}
	checks = append(checks, e.checkAppToken(ctx, api, ofBot)...)
	return append(checks, e.checkLists(ctx, api, who != nil)...)
}

func (e *examination) slackClient() *slack.Client {
	e.toSlack = watchRoute(e.config.Slack.APIURL, trusted.NewTransport())
	watch := modeWatch{e.toSlack, func() { e.modeWarned.Store(true) }}
	return newSlackClient(e.config.Slack, trusted.Carrier{Hosts: trusted.HostsOf(e.config.Slack.APIURL), Transport: watch})
}

// checkBotToken returns who the bot is; nil if the token does not work.
func (e *examination) checkBotToken(ctx context.Context, api *slack.Client) (*slack.AuthTestResponse, []doctor.Check) {
	if faults := e.faultsOf("SLACK_BOT_TOKEN", "SLACK_API_URL"); faults != nil {
		return nil, []doctor.Check{doctor.Join(doctor.SlackBotToken, faults...)}
	}
	who, err := api.AuthTestContext(ctx)
	if err == nil && (who.TeamID == "" || who.UserID == "") {
		err = errNamesNobody
	}
	if err != nil {
		who = nil
	}
	return who, []doctor.Check{doctor.BotToken(who, err, slackWords)}
}

func (e *examination) checkAppToken(ctx context.Context, api *slack.Client, ofBot string) []doctor.Check {
	if faults := e.faultsOf("SLACK_APP_TOKEN", "SLACK_API_URL"); faults != nil {
		return []doctor.Check{
			doctor.Join(doctor.SlackAppToken, faults...), doctor.NotChecked(doctor.SlackSocket, "the app-level token has to work for it"),
		}
	}
	open := opener{api, trusted.HostsOf(e.config.Slack.APIURL)}
	ofApp := doctor.AppOf(e.config.Slack.AppToken.Reveal())
	hello, given, err := e.askForSocket(ctx, open)
	if hello != nil && hello.AppID != "" {
		ofApp = hello.AppID
	}
	return []doctor.Check{
		doctor.AppToken(err, given, ofApp, ofBot, socketWords),
		doctor.CheckSocket(doctor.Socket{
			Err: err, Hello: hello, Own: e.config.Sockets, BotRuns: e.inUse, Single: !store.IsPostgres(e.config.DatabaseURL.Reveal()),
			ModeWarned: e.modeWarned.Load(), Words: socketWords,
		}),
	}
}

// askForSocket dials it with --deep alone. It tells whether the token is good: Slack gave an address, or said that Socket
// Mode is off.
func (e *examination) askForSocket(ctx context.Context, open opener) (hello *socket.Hello, given bool, err error) {
	if e.deep {
		said, given, err := socket.Greet(ctx, open)
		if err != nil {
			return nil, given || isSwitchedOff(err), err
		}
		return &said, true, nil
	}
	_, address, err := open.StartSocketModeContext(ctx)
	return nil, address != "" || isSwitchedOff(err), err
}

func (e *examination) checkLists(ctx context.Context, api *slack.Client, known bool) []doctor.Check {
	checks := make([]doctor.Check, 0, 3)
	for _, list := range listChecks(e.config) {
		switch faults := e.faultsOf(list.variables...); {
		case faults != nil:
			checks = append(checks, doctor.Join(list.name, faults...))
		case !known && len(list.ids) > 0:
			checks = append(checks, doctor.NotChecked(list.name, "the bot token has to work for it"))
		default:
			checks = append(checks, list.check(ctx, api))
		}
	}
	return checks
}
