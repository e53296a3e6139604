package slacksim

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Say is a person writing an ordinary message, in a thread where threadTS names its first message. A name with an @ is
// turned into a mention, as Slack's clients do. The app hears of it by the events that it has subscribed to and has
// the scopes for.
func (s *Server) Say(userID, channelID, threadTS, text string) (ts string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	user, channel, err := s.whoAndWhere(userID, channelID)
	text = strings.TrimSpace(text)
	switch {
	case err != nil:
		return "", err
	case text == "":
		return "", refuse("no_text")
	case utf8.RuneCountInString(text) > maxTyped:
		return "", refuse("msg_too_long")
	case strings.HasPrefix(text, "/") && threadTS != "":
		command, _, _ := strings.Cut(text, " ")
		return "", &Refusal{"command_in_thread", command + " is not supported in threads. Sorry!"}
	case threadTS != "" && !channel.canReply(threadTS, userID):
		return "", refuse("thread_not_found")
	}
	posted := s.post(channel, Message{User: user.ID, Text: s.withMentions(escape(text)), ThreadTS: threadTS})
	s.tellOfMessage(channel, posted)
	return posted.TS, nil
}

// canReply says whether the person sees the message, and it can have a thread: what is ephemeral, or is a reply itself,
// cannot.
func (c *conversation) canReply(ts, userID string) bool {
	first, ok := c.byTS[ts]
	return ok && first.EphemeralTo == "" && (first.ThreadTS == "" || first.ThreadTS == first.TS) && c.has(userID)
}

// replied says whether a thread has a reply that everybody in the conversation sees.
func (c *conversation) replied(threadTS string) bool {
	return slices.ContainsFunc(c.messages, func(m *Message) bool {
		return !m.deleted && m.EphemeralTo == "" && m.ThreadTS == threadTS && m.TS != threadTS
	})
}

var atName = regexp.MustCompile(`(^|[^\w<])@([\w.-]+)`)

// withMentions replaces @name by the mention of that user, where there is one.
func (s *Server) withMentions(text string) string {
	return atName.ReplaceAllStringFunc(text, func(found string) string {
		parts := atName.FindStringSubmatch(found)
		for _, id := range s.people.userIDs {
			if user := s.people.users[id]; strings.EqualFold(user.Name, parts[2]) {
				return parts[1] + "<@" + id + ">"
			}
		}
		return found
	})
}

// tellOfMessage sends the events of a new message: message, and app_mention where it names the app outside of a direct
// message. The caller holds mu.
func (s *Server) tellOfMessage(channel *conversation, message *Message) {
	if !channel.has(BotUserID) {
		return // an app hears only what is said where it is a member
	}
	inner := messageObject(message)
	inner["channel"], inner["event_ts"], inner["team"] = channel.ID, message.TS, s.cfg.Team.ID
	if user := s.people.users[message.User]; user != nil {
		inner["team"] = user.TeamID
	}
	if message.User != BotUserID && !channel.IM && strings.Contains(message.Text, "<@"+BotUserID+">") {
		mention := maps.Clone(inner)
		mention["type"] = "app_mention"
		s.deliver("app_mention", "app_mentions:read", mention)
	}
	inner["channel_type"] = channel.kind()
	s.deliver("message."+messageEvents[channel.kind()], messageScopes[channel.kind()], inner)
}

// tellOfEdit sends the event of a message that was changed. The caller holds mu.
func (s *Server) tellOfEdit(channel *conversation, message *Message) {
	if !channel.has(BotUserID) {
		return
	}
	s.deliver("message."+messageEvents[channel.kind()], messageScopes[channel.kind()], object{
		"type": "message", "subtype": "message_changed", "hidden": true, "channel": channel.ID,
		"channel_type": channel.kind(), "ts": s.nextTS(), "event_ts": formatTS(s.lastTS), "message": messageObject(message),
	})
}

// kind is the channel_type of events.
func (c *conversation) kind() string {
	switch {
	case c.IM:
		return "im"
	case c.Private:
		return "group"
	}
	return "channel"
}

// Which message event a kind of conversation has, and the scope it takes. Constant tables.
var (
	messageEvents = map[string]string{"im": "im", "group": "groups", "channel": "channels"}
	messageScopes = map[string]string{"im": "im:history", "group": "groups:history", "channel": "channels:history"}
)
