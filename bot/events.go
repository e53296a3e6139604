package bot

import (
	"cmp"
	"regexp"
	"strings"
	"time"

	"github.com/go-json-experiment/json/v1" // reads as encoding/json does, in half the time
)

// The events that the bot answers.
// Source: https://docs.slack.dev/reference/events
const (
	mentionEvent = "app_mention"
	messageEvent = "message"
	joinedEvent  = "member_joined_channel"
	homeEvent    = "app_home_opened"
)

// event has what the bot uses of an event. What it does not use may come in any shape.
type event struct {
	ID             string         `json:"event_id"` // the same in each retry
	Time           int64          `json:"event_time"`
	TeamID         string         `json:"team_id"`
	Authorizations authorizations `json:"authorizations"`
	Inner          struct {
		Type        string          `json:"type"`
		Subtype     string          `json:"subtype"`
		User        string          `json:"user"`
		Inviter     string          `json:"inviter"`
		Team        string          `json:"team"`      // of the person
		UserTeam    string          `json:"user_team"` // in a channel that is shared with another workspace
		Channel     string          `json:"channel"`
		ChannelType string          `json:"channel_type"`
		Text        string          `json:"text"`
		TS          string          `json:"ts"`
		ThreadTS    string          `json:"thread_ts"`
		Tab         string          `json:"tab"`
		BotID       string          `json:"bot_id"`
		AppID       string          `json:"app_id"`
		Edited      json.RawMessage `json:"edited"`
	} `json:"event"`
}

// authorizations is the user of the bot, for whom Slack sends an event; empty if it does not say.
type authorizations string

func (a *authorizations) UnmarshalJSON(raw []byte) error {
	var of []struct {
		User  string `json:"user_id"`
		IsBot bool   `json:"is_bot"`
	}
	if json.Unmarshal(raw, &of) == nil {
		for _, one := range of {
			if one.IsBot {
				*a = authorizations(one.User)
			}
		}
	}
	return nil
}

func readEvent(raw []byte) (event, error) {
	var read event
	if err := json.Unmarshal(raw, &read); err != nil {
		return event{}, errNoPayload
	}
	return read, nil
}

// isForUs says that the bot answers the event. It does not answer what apps, bots and itself say, what was edited, and what
// is said in another way than by typing.
func (e event) isForUs() bool {
	inner, bot := e.Inner, string(e.Authorizations)
	switch inner.Type {
	case mentionEvent, messageEvent:
		return e.ID != "" && inner.User != "" && inner.User != bot && inner.Channel != "" && inner.Subtype == "" &&
			inner.BotID == "" && inner.AppID == "" && !isThere(inner.Edited) && (inner.Type == mentionEvent || e.isDirect())
	case homeEvent: // the tab of messages is opened, too
		return e.ID != "" && inner.User != "" && inner.Tab == "home"
	case joinedEvent: // and it is the bot that did
		return e.ID != "" && inner.User != "" && inner.User == bot && inner.Channel != ""
	}
	return false
}

// isDirect says that the event is from the bot's direct message with somebody.
func (e event) isDirect() bool {
	return e.Inner.ChannelType == "im" || e.Inner.ChannelType == "" && e.Inner.Channel != "" && isDirect(e.Inner.Channel)
}

// age is how long ago it happened, by Slack's clock and ours.
func (e event) age(now time.Time) time.Duration {
	if e.Time <= 0 {
		return 0
	}
	return max(0, now.Sub(time.Unix(e.Time, 0)))
}

// person is who did it. The bot joins a channel because somebody invites it, if Slack says who.
func (e event) person() string {
	if e.Inner.Type == joinedEvent {
		return cmp.Or(e.Inner.Inviter, e.Inner.User)
	}
	return e.Inner.User
}

// team is the person's workspace.
func (e event) team() string { return cmp.Or(e.Inner.UserTeam, e.Inner.Team, e.TeamID) }

// place is where the answer to it goes.
func (e event) place() place {
	switch {
	case e.Inner.Type == joinedEvent:
		return openly(e.Inner.Channel, "")
	case e.Inner.Type == homeEvent:
		return place{}
	case e.isDirect():
		return inDirect(e.Inner.Channel, e.Inner.ThreadTS)
	}
	return amongOthers(e.Inner.Channel, e.Inner.ThreadTS)
}

// mention is how Slack writes that somebody is mentioned: <@U…> or <@U…|name>.
var mention = regexp.MustCompile(`<@([A-Z0-9]+)(?:\|[^>]*)?>`)

// words is what was typed, without the mentions of the bot. Where Slack does not say which user the bot is, the first
// mention counts as the bot's.
func (e event) words() string {
	bot := string(e.Authorizations)
	return strings.TrimSpace(mention.ReplaceAllStringFunc(e.Inner.Text, func(found string) string {
		mentioned := mention.FindStringSubmatch(found)[1]
		if bot == "" && e.Inner.Type == mentionEvent {
			bot = mentioned
		}
		if mentioned == bot {
			return " "
		}
		return found
	}))
}

// isThere says that Slack sent a field, and not as null.
func isThere(raw json.RawMessage) bool { return len(raw) > 0 && string(raw) != "null" }
