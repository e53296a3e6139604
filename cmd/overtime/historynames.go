package main

import (
	"cmp"
	"context"
	"time"

	"github.com/overtime-bot/overtime/bot/trusted"
	"github.com/slack-go/slack"
)

const (
	namesWithin = 5 * time.Second // for all names together
	mostNames   = 50              // asked for at once: Slack allows about 100 a minute, and the bot needs some
)

// names are what people are called in Slack. Where Slack does not tell in time, the history goes with IDs.
type names struct {
	api   *slack.Client // nil: nobody can be asked
	known map[string]string
	until time.Time
}

func newNames(config SlackConfig) *names {
	n := &names{known: make(map[string]string), until: time.Now().Add(namesWithin)}
	if token := config.BotToken.Reveal(); token != "" {
		carrier := trusted.Carrier{Hosts: trusted.HostsOf(config.APIURL), Transport: trusted.NewTransport()}
		n.api = slack.New(token, slack.OptionAPIURL(config.APIURL), slack.OptionHTTPClient(carrier.Client(namesWithin)))
	}
	return n
}

// of is empty where the name is not known. After a call that fails nobody is asked again.
func (n *names) of(ctx context.Context, user string) string {
	name, asked := n.known[user]
	if asked || user == "" || n.api == nil || len(n.known) >= mostNames {
		return name
	}
	asking, cancel := context.WithDeadline(ctx, n.until)
	defer cancel()
	found, err := n.api.GetUserInfoContext(asking, user)
	if err != nil {
		if _, answered := err.(slack.SlackErrorResponse); !answered {
			n.api = nil
		}
		n.known[user] = ""
		return ""
	}
	n.known[user] = cmp.Or(found.Profile.DisplayName, found.RealName, found.Name)
	return n.known[user]
}
