package slacksim

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

const maxTyped = 12_000 // characters of a typed line

// Refusal is why the stand-in did not do what a person asked for on the page. Code is Slack's word where it has one.
type Refusal struct {
	Code string
	Hint string // what Slack's client shows
}

func (e *Refusal) Error() string {
	if e.Hint == "" {
		return e.Code
	}
	return e.Code + ": " + e.Hint
}

func refuse(code string) error { return &Refusal{Code: code} }

// Command is a person typing a line. A slash command goes to the app, and its envelope is named; any other text is
// said in the channel (see Say). Without a socket the person sees dispatch_failed, which is also the error.
func (s *Server) Command(userID, channelID, line string) (envelopeID string, err error) {
	line = strings.TrimSpace(line)
	if !strings.HasPrefix(line, "/") {
		_, err := s.Say(userID, channelID, "", line)
		return "", err
	}
	e, err := s.typeLine(userID, channelID, line)
	if err != nil {
		return "", err
	}
	if err := s.dispatch(e); err != nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.commandFailed(userID, channelID, line, ErrDispatchFailed.Error(), e.ID)
		return "", refuse(ErrDispatchFailed.Error())
	}
	return e.ID, nil
}

// typeLine shows the line and returns its envelope.
func (s *Server) typeLine(userID, channelID, line string) (*envelope, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	user, channel, err := s.whoAndWhere(userID, channelID)
	switch {
	case err != nil:
		return nil, err
	case utf8.RuneCountInString(line) > maxTyped:
		return nil, refuse("msg_too_long")
	}
	command, text, _ := strings.Cut(line, " ")
	// Members of other workspaces do not have this workspace's commands.
	if !slices.Contains(s.cfg.Commands, command) || s.external(user) {
		return nil, &Refusal{"unknown_command", fmt.Sprintf("%s is not a valid command. In Slack, all messages that "+
			"start with the \"/\" character are interpreted as commands.", command)}
	}
	return s.slashEnvelope(user, channel, command, text, line)
}

func (s *Server) whoAndWhere(userID, channelID string) (*User, *conversation, error) {
	user, ok := s.people.users[userID]
	if !ok || user.Bot || user.Deleted {
		return nil, nil, refuse("user_not_found")
	}
	channel, ok := s.people.channels[channelID]
	if !ok || (channel.Private || channel.IM) && !channel.has(userID) {
		return nil, nil, refuse("channel_not_found")
	}
	if !channel.has(userID) {
		return nil, nil, refuse("not_in_channel")
	}
	return user, channel, nil
}

// slashPayload is the payload of a slash command; text is not escaped.
// https://docs.slack.dev/interactivity/implementing-slash-commands
type slashPayload struct {
	Token               string `json:"token"`
	TeamID              string `json:"team_id"`
	TeamDomain          string `json:"team_domain"`
	EnterpriseID        string `json:"enterprise_id,omitempty"`
	EnterpriseName      string `json:"enterprise_name,omitempty"`
	ChannelID           string `json:"channel_id"`
	ChannelName         string `json:"channel_name"`
	UserID              string `json:"user_id"`
	UserName            string `json:"user_name"`
	Command             string `json:"command"`
	Text                string `json:"text"`
	APIAppID            string `json:"api_app_id"`
	IsEnterpriseInstall string `json:"is_enterprise_install"`
	ResponseURL         string `json:"response_url"`
	TriggerID           string `json:"trigger_id"`
}

func (s *Server) slashEnvelope(user *User, channel *conversation, command, text, line string) (*envelope, error) {
	reply := s.newResponseURL("commands", user.ID, channel)
	e, err := wrap("slash_commands", true, slashPayload{
		Token: "deprecated", TeamID: s.cfg.Team.ID, TeamDomain: s.cfg.Team.Domain,
		EnterpriseID: s.cfg.Team.EnterpriseID, EnterpriseName: s.cfg.Team.EnterpriseName,
		ChannelID: channel.ID, ChannelName: channel.nameForPayload(), UserID: user.ID, UserName: user.Name,
		Command: command, Text: text, APIAppID: AppID, IsEnterpriseInstall: "false",
		ResponseURL: s.base + reply.path, TriggerID: s.triggers.issue(s.nextSerial(), s.cfg.Now(), trigger{user: user.ID}),
	})
	if err != nil {
		return nil, err
	}
	reply.envelope = e.ID
	typed := s.post(channel, Message{User: user.ID, Text: line, Command: line, EphemeralTo: user.ID, Envelope: e.ID})
	reply.typed = typed
	e.onAck = func(payload json.RawMessage) { s.answerInAck(reply, payload, user.ID, channel.ID, line) }
	e.onTimeout = func() { s.commandFailed(user.ID, channel.ID, line, "operation_timeout", e.ID) }
	return e, nil
}

func (c *conversation) nameForPayload() string {
	switch {
	case c.IM:
		return "directmessage"
	case c.Private:
		return "privategroup"
	}
	return c.Name
}

// answerInAck posts the message that came as the payload of a slash command's ack.
func (s *Server) answerInAck(reply *responseURL, payload json.RawMessage, userID, channelID, line string) {
	if payload == nil {
		return
	}
	// How Slack words the refusal of a bad message in an ack is not documented.
	if problem := s.respond(reply, payload); problem != nil {
		s.warn("the payload of an ack was refused: %s", problem.code)
		s.commandFailed(userID, channelID, line, "invalid_command_response", reply.envelope)
	}
}

// commandFailed shows Slack's own red line to the person who typed. The caller holds mu.
func (s *Server) commandFailed(userID, channelID, line, code, envelopeID string) {
	channel, ok := s.people.channels[channelID]
	if !ok {
		return
	}
	command, _, _ := strings.Cut(line, " ")
	s.post(channel, Message{
		User: slackbotID, EphemeralTo: userID, Error: code, Envelope: envelopeID,
		Text: fmt.Sprintf("%s failed with the error \"%s\"", command, code),
	})
}

// escape writes text as Slack stores it.
func escape(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
}

func (s *Server) nextSerial() int64 {
	s.serial++
	return s.serial
}
