package bot

import (
	"cmp"
	"errors"

	"github.com/go-json-experiment/json/v1" // reads as encoding/json does, in half the time
	"github.com/overtime-bot/overtime/meeting"
)

// payload is what the bot uses of a command or a click, and nothing else: slack-go's types read every field, and
// refuse the whole for one of a shape that they do not know.
// Source: https://docs.slack.dev/interactivity/implementing-slash-commands and
// https://docs.slack.dev/reference/interaction-payloads
type payload struct {
	// Of a command.
	TeamID    string `json:"team_id"`
	UserID    string `json:"user_id"`
	ChannelID string `json:"channel_id"`
	Command   string `json:"command"`
	Text      string `json:"text"`
	// Of a click.
	Team    identified `json:"team"`
	User    identified `json:"user"`
	Channel identified `json:"channel"`
	Actions pressed    `json:"actions"`
	// Of both.
	ResponseURL string `json:"response_url"`
}

type identified struct {
	ID     string `json:"id"`
	TeamID string `json:"team_id"` // of a user: the workspace that the account is from
}

// pressed is the value of the first element that was acted on; empty where it has none, or is of another kind.
type pressed string

func (p *pressed) UnmarshalJSON(raw []byte) error {
	var elements []struct {
		Value string `json:"value"`
	}
	if err := json.Unmarshal(raw, &elements); err == nil && len(elements) > 0 {
		*p = pressed(elements[0].Value)
	}
	return nil
}

// errNoPayload does not quote the payload, which holds a response_url.
var errNoPayload = errors.New("the payload is not what it should be")

// senderOf reads who sent an envelope. Commands and clicks name it differently.
func senderOf(next job) (sender, error) {
	var read payload
	if err := json.Unmarshal(next.payload, &read); err != nil {
		return sender{}, errNoPayload
	}
	from := sender{
		Team: read.TeamID, User: read.UserID, Channel: read.ChannelID,
		Command: read.Command, Text: read.Text, ResponseURL: meeting.Secret(read.ResponseURL),
	}
	if next.kind == interactiveKind {
		from = sender{
			Team: cmp.Or(read.User.TeamID, read.Team.ID), User: read.User.ID, Channel: read.Channel.ID,
			ResponseURL: meeting.Secret(read.ResponseURL), Pressed: string(read.Actions),
		}
	}
	if from.User == "" {
		return sender{}, errNoPayload
	}
	return from, nil
}
