package doctor

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/slack-go/slack"
)

// ChannelAPI looks channels up; *slack.Client has it.
type ChannelAPI interface {
	GetConversationInfoContext(ctx context.Context, input *slack.GetConversationInfoInput) (*slack.Channel, error)
}

// A Listed is an ID of the configuration with the variables that name it.
type Listed struct {
	ID        string
	Variables []string
}

func (l Listed) String() string { return strings.Join(l.Variables, " and ") + " " + l.ID }

// List gathers the IDs of several variables, each ID once, in the order in which they come.
func List(named ...Listed) (list []Listed) {
	for _, one := range named {
		at := slices.IndexFunc(list, func(known Listed) bool { return known.ID == one.ID })
		switch {
		case one.ID == "" || one.ID == "*":
		case at < 0:
			list = append(list, one)
		default:
			list[at].Variables = append(slices.Clone(list[at].Variables), one.Variables...)
		}
	}
	return list
}

// Wanted names the IDs of one variable.
func Wanted(variable string, ids ...string) (list []Listed) {
	for _, id := range ids {
		list = append(list, Listed{ID: id, Variables: []string{variable}})
	}
	return list
}

// mostLookups of a kind are made, since Slack allows few in a minute.
const mostLookups = 40

// eachListed looks the IDs up one after the other. What is beyond mostLookups is told, and not looked up.
func eachListed(list []Listed, look func(Listed) Finding) (findings []Finding) {
	for at, listed := range list {
		if at == mostLookups {
			return append(findings, Found(fmt.Sprintf("%d more were not looked up", len(list)-at)))
		}
		findings = append(findings, look(listed))
	}
	return findings
}

// CheckChannels looks at each channel: there is one, it is not archived, and the bot is in it.
func CheckChannels(ctx context.Context, api ChannelAPI, list []Listed, words Words) Check {
	if len(list) == 0 {
		return Join(Channels, Found("none is configured"))
	}
	return Join(Channels, eachListed(list, func(listed Listed) Finding {
		channel, err := api.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: listed.ID})
		if err != nil {
			return noChannel(listed, err, words)
		}
		return judgeChannel(listed, channel)
	})...)
}

func noChannel(listed Listed, err error, words Words) Finding {
	refused, ok := errors.AsType[slack.SlackErrorResponse](err)
	if ok && refused.Err == "channel_not_found" {
		return Fault(fmt.Sprintf("%s: there is no such channel, or it is private and the bot is not in it", listed),
			"copy the ID from the channel's details in Slack, or type /invite @ and the bot's name there")
	}
	if ok && refused.Err == "missing_scope" && strings.HasPrefix(listed.ID, "D") {
		return Found(listed.String() + " is a direct message, which the bot has no scope to look up")
	}
	seen, remedy := words(err)
	return Fault(listed.String()+": "+seen, remedy)
}

func judgeChannel(listed Listed, channel *slack.Channel) Finding {
	name := listed.String()
	if channel.Name != "" {
		name += " (#" + channel.Name + ")"
	}
	gives := slices.Contains(listed.Variables, "ALLOWED_CHANNELS")
	switch {
	case channel.IsArchived:
		return Fault(name+" is archived", "write the ID of a channel that is in use, or unarchive it")
	case channel.IsIM || channel.IsMpIM:
		return Found(name + " is a direct message")
	case !channel.IsMember && len(listed.Variables) == 1 && gives:
		return Doubt(name+": the bot is not in it, so that it hears no mention there", "type /invite @ and the bot's name in the channel")
	case !channel.IsMember:
		return Fault(name+": the bot is not in it, and cannot write there", "type /invite @ and the bot's name in the channel")
	case gives && (channel.IsExtShared || channel.IsPendingExtShared):
		return Doubt(name+" is shared with another workspace, and so gives nobody a right", "take it out of ALLOWED_CHANNELS, or list people or groups")
	}
	return Found(name)
}
