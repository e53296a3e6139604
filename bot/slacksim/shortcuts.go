package slacksim

import "slices"

// Shortcut is a shortcut of the app, as its manifest names it.
type Shortcut struct {
	Name       string `json:"name"`
	CallbackID string `json:"callback_id"`
	Message    bool   `json:"message"` // in a message's menu; else a global one
}

// Shortcut is a person choosing a global shortcut. It has no conversation, and so no response_url.
// https://docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload
func (s *Server) Shortcut(userID, callbackID string) (envelopeID string, err error) {
	return s.sendMade(func() (*envelope, pressRequest, error) {
		user, ok := s.people.users[userID]
		if !ok || user.Bot || user.Deleted {
			return nil, pressRequest{}, refuse("user_not_found")
		}
		payload, err := s.shortcut("shortcut", user, callbackID)
		if err != nil {
			return nil, pressRequest{}, err
		}
		// Slack shows its trouble over the page; the direct message with the app is where this stand-in can.
		p := pressRequest{User: user.ID, Channel: imOf(user.ID)}
		e, err := s.interactionEnvelope(payload, nil, p)
		return e, p, err
	})
}

// MessageShortcut is a person choosing a shortcut in the menu of a message; ephemeral ones have none.
func (s *Server) MessageShortcut(userID, channelID, ts, callbackID string) (envelopeID string, err error) {
	return s.sendMade(func() (*envelope, pressRequest, error) {
		p := pressRequest{User: userID, Channel: channelID, TS: ts}
		user, channel, message, err := s.seen(p)
		if err != nil {
			return nil, p, err
		}
		if message.EphemeralTo != "" {
			return nil, p, refuse("message_not_found")
		}
		payload, err := s.shortcut("message_action", user, callbackID)
		if err != nil {
			return nil, p, err
		}
		reply := s.newResponseURL("app", user.ID, channel)
		payload["channel"] = object{"id": channel.ID, "name": channel.nameForPayload()}
		payload["message_ts"], payload["message"] = message.TS, messageObject(message)
		payload["response_url"] = s.base + reply.path
		e, err := s.interactionEnvelope(payload, reply, p)
		return e, p, err
	})
}

// sendMade makes an envelope with mu held and sends it.
func (s *Server) sendMade(make func() (*envelope, pressRequest, error)) (string, error) {
	s.mu.Lock()
	e, p, err := make()
	s.mu.Unlock()
	if err != nil {
		return "", err
	}
	return s.sendInteraction(e, p)
}

func (s *Server) shortcut(kind string, user *User, callbackID string) (object, error) {
	known := slices.ContainsFunc(s.cfg.Shortcuts, func(one Shortcut) bool {
		return one.CallbackID == callbackID && one.Message == (kind == "message_action")
	})
	if !known || s.external(user) {
		return nil, refuse("shortcut_not_found")
	}
	payload := s.interaction(kind, user, trigger{user: user.ID})
	payload["callback_id"], payload["action_ts"] = callbackID, s.nextTS()
	return payload, nil
}
