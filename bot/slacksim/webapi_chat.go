package slacksim

import "unicode/utf8"

const (
	maxPostText   = 40_000 // characters; what is beyond is cut off
	maxUpdateText = 4_000  // characters; more is an error
)

// content is what a message says, after its limits were checked.
type content struct {
	text   string
	blocks []any // decoded
}

// readContent checks text, blocks and attachments, these decoded. where names the method for the warning about a
// missing text.
func (s *Server) readContent(where, text string, blocks, attachments any, keep int) (content, *apiError) {
	checked, problem := checkMessageBlocks(blocks)
	if problem != nil {
		return content{}, problem
	}
	if problem := checkLength(text, checked); problem != nil {
		return content{}, problem
	}
	attached, problem := checkAttachments(attachments)
	if problem != nil {
		return content{}, problem
	}
	if text == "" && checked == nil && attached == 0 {
		return content{}, fail("no_text")
	}
	if text == "" {
		s.warn("%s without a top-level text: notifications and screen readers have nothing to say", where)
	}
	if utf8.RuneCountInString(text) > keep {
		text = string([]rune(text)[:keep])
		s.warn("%s with a text of more than %d characters: cut off", where, keep)
	}
	return content{text, checked}, nil
}

func (c *call) content(s *Server, where string) (content, *apiError) {
	return s.readContent(where, c.params.text("text"), c.params.value("blocks"), c.params.value("attachments"), maxPostText)
}

// writable finds a conversation that the app may post to.
func (s *Server) writable(name string) (*conversation, *apiError) {
	channel := s.people.channelFor(name)
	switch {
	case channel == nil:
		return nil, fail("channel_not_found")
	case channel.has(BotUserID):
		return channel, nil
	case channel.Private:
		return nil, fail("channel_not_found")
	case s.has("chat:write.public"):
		return channel, nil
	}
	return nil, fail("not_in_channel")
}

func (s *Server) chatPostMessage(c *call) (object, *apiError) {
	channel, problem := s.writable(c.params.text("channel"))
	if problem != nil {
		return nil, problem
	}
	said, problem := c.content(s, "chat.postMessage")
	if problem != nil {
		return nil, problem
	}
	if problem := s.spendMessage(channel.ID, c.now); problem != nil {
		return nil, problem
	}
	posted := s.post(channel, Message{
		User: BotUserID, Text: said.text, blocks: said.blocks, ThreadTS: c.params.text("thread_ts"),
	})
	s.tellOfMessage(channel, posted)
	return object{"channel": channel.ID, "ts": posted.TS, "message": messageObject(posted)}, nil
}

// messageObject is a message as Slack's API shows it.
func messageObject(m *Message) object {
	message := object{
		"type": "message", "user": m.User, "ts": m.TS, "text": m.Text,
	}
	if m.User == BotUserID {
		message["bot_id"], message["app_id"] = BotID, AppID
	}
	if m.blocks != nil {
		message["blocks"] = m.blocks
	}
	if m.ThreadTS != "" {
		message["thread_ts"] = m.ThreadTS
	}
	return message
}

func (s *Server) chatPostEphemeral(c *call) (object, *apiError) {
	channel, problem := s.writable(c.params.text("channel"))
	if problem != nil {
		return nil, problem
	}
	user := c.params.text("user")
	if !channel.has(BotUserID) {
		return nil, fail("not_in_channel")
	}
	if s.people.users[user] == nil || !channel.has(user) {
		return nil, fail("user_not_in_channel")
	}
	said, problem := c.content(s, "chat.postEphemeral")
	if problem != nil {
		return nil, problem
	}
	thread := c.params.text("thread_ts")
	if thread != "" && !channel.replied(thread) {
		s.warn("chat.postEphemeral in a thread without replies: Slack says ok, and shows it to nobody")
		return object{"message_ts": s.nextTS()}, nil
	}
	posted := s.post(channel, Message{
		User: BotUserID, Text: said.text, blocks: said.blocks, EphemeralTo: user, ThreadTS: thread,
	})
	return object{"message_ts": posted.TS}, nil
}

// own finds a message of the app that can still be changed; refusal is the word for one that cannot.
func (s *Server) own(c *call, refusal string) (*conversation, *Message, *apiError) {
	channel, ok := s.people.channels[c.params.text("channel")]
	if !ok || (channel.Private || channel.IM) && !channel.has(BotUserID) {
		return nil, nil, fail("channel_not_found")
	}
	message, ok := channel.byTS[c.params.text("ts")]
	switch {
	case !ok:
		return nil, nil, fail("message_not_found")
	case message.EphemeralTo != "", message.User != BotUserID:
		return nil, nil, fail(refusal)
	}
	return channel, message, nil
}

func (s *Server) chatUpdate(c *call) (object, *apiError) {
	channel, message, problem := s.own(c, "cant_update_message")
	if problem != nil {
		return nil, problem
	}
	if utf8.RuneCountInString(c.params.text("text")) > maxUpdateText {
		return nil, fail("msg_too_long")
	}
	said, problem := c.content(s, "chat.update")
	if problem != nil {
		return nil, problem
	}
	message.edit(said)
	s.tellOfEdit(channel, message)
	s.notify()
	return object{"channel": channel.ID, "ts": message.TS, "text": message.Text, "message": messageObject(message)}, nil
}

func (s *Server) chatDelete(c *call) (object, *apiError) {
	channel, message, problem := s.own(c, "cant_delete_message")
	if problem != nil {
		return nil, problem
	}
	s.remove(channel, message)
	return object{"channel": channel.ID, "ts": message.TS}, nil
}
