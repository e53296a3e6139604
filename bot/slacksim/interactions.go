package slacksim

import (
	"encoding/json"
	"fmt"
	"slices"
)

// pressRequest is a click, or a choice in a select, in a message or in a modal.
type pressRequest struct {
	User            string          `json:"user"`
	Channel         string          `json:"channel"`
	TS              string          `json:"ts"`
	ViewID          string          `json:"view_id"`
	BlockID         string          `json:"block_id"`
	ActionID        string          `json:"action_id"`
	Value           string          `json:"value"`
	SelectedOption  json.RawMessage `json:"selected_option"`
	SelectedOptions json.RawMessage `json:"selected_options"`
	Values          inputValues     `json:"values"` // what a modal's inputs hold by then
}

// Press is a person clicking a button, or choosing value in another element, of a message. An empty value is the
// button's own; another value than the button's is refused, as no client of Slack's can send it.
func (s *Server) Press(userID, channelID, ts, blockID, actionID, value string) (envelopeID string, err error) {
	return s.press(pressRequest{User: userID, Channel: channelID, TS: ts, BlockID: blockID, ActionID: actionID, Value: value})
}

// PressInView is the same in an open modal.
func (s *Server) PressInView(userID, viewID, blockID, actionID, value string) (envelopeID string, err error) {
	return s.press(pressRequest{User: userID, ViewID: viewID, BlockID: blockID, ActionID: actionID, Value: value})
}

func (s *Server) press(p pressRequest) (string, error) {
	e, err := s.pressEnvelope(p)
	if err != nil {
		return "", err
	}
	return s.sendInteraction(e, p)
}

// sendInteraction sends it to the app, or shows that there is no way to.
func (s *Server) sendInteraction(e *envelope, p pressRequest) (string, error) {
	if err := s.dispatch(e); err != nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.pressFailed(p, ErrDispatchFailed.Error(), e.ID)
		return "", refuse(ErrDispatchFailed.Error())
	}
	return e.ID, nil
}

func (s *Server) pressEnvelope(p pressRequest) (*envelope, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p.ViewID != "" {
		return s.pressInView(p)
	}
	user, channel, message, err := s.seen(p)
	if err != nil {
		return nil, err
	}
	action, state, err := s.actionOf(p, message.blocks)
	if err != nil {
		return nil, err
	}
	if state != nil {
		message.remember(p, state)
	}
	reply := s.newResponseURL("actions", user.ID, channel)
	reply.source = message
	payload := s.interaction("block_actions", user, trigger{user: user.ID})
	container := object{
		"type": "message", "message_ts": message.TS, "channel_id": channel.ID, "is_ephemeral": message.EphemeralTo != "",
	}
	if message.ThreadTS != "" {
		container["thread_ts"] = message.ThreadTS
	}
	payload["container"] = container
	payload["channel"] = object{"id": channel.ID, "name": channel.nameForPayload()}
	if message.EphemeralTo == "" {
		payload["message"] = messageObject(message)
	}
	payload["state"] = object{"values": message.chosen(p.User)}
	payload["response_url"] = s.base + reply.path
	payload["actions"] = []object{action}
	return s.interactionEnvelope(payload, reply, p)
}

func (s *Server) interactionEnvelope(payload object, reply *responseURL, p pressRequest) (*envelope, error) {
	e, err := wrap("interactive", false, payload)
	if err != nil {
		return nil, err
	}
	if reply != nil {
		reply.envelope = e.ID
	}
	e.onTimeout = func() { s.pressFailed(p, "operation_timeout", e.ID) }
	return e, nil
}

func (s *Server) pressInView(p pressRequest) (*envelope, error) {
	user, v, err := s.openView(p.User, p.ViewID)
	if err != nil {
		return nil, err
	}
	blocks, _ := v.fields["blocks"].([]any)
	action, state, err := s.actionOf(p, blocks)
	if err != nil {
		return nil, err
	}
	v.values.take(p.Values)
	if state != nil {
		v.values.set(p.BlockID, p.ActionID, state)
	}
	payload := s.interaction("block_actions", user, trigger{user: user.ID, view: v.id})
	payload["container"] = object{"type": "view", "view_id": v.id}
	payload["view"] = s.viewObject(v)
	payload["actions"] = []object{action}
	return s.interactionEnvelope(payload, nil, p)
}

// interaction is what every interactive payload begins with: https://docs.slack.dev/reference/interaction-payloads
func (s *Server) interaction(kind string, user *User, granted trigger) object {
	payload := object{
		"type": kind, "api_app_id": AppID, "token": "deprecated", "is_enterprise_install": false, "enterprise": nil,
		"team": object{"id": s.cfg.Team.ID, "domain": s.cfg.Team.Domain},
		"user": object{"id": user.ID, "username": user.Name, "name": user.Name, "team_id": user.TeamID},
	}
	if s.cfg.Team.EnterpriseID != "" {
		payload["enterprise"] = object{"id": s.cfg.Team.EnterpriseID, "name": s.cfg.Team.EnterpriseName}
	}
	if kind != "block_suggestion" {
		payload["trigger_id"] = s.triggers.issue(s.nextSerial(), s.cfg.Now(), granted)
	}
	return payload
}

// seen finds a message that the person can see.
func (s *Server) seen(p pressRequest) (*User, *conversation, *Message, error) {
	user, channel, err := s.whoAndWhere(p.User, p.Channel)
	if err != nil {
		return nil, nil, nil, err
	}
	message, ok := channel.byTS[p.TS]
	if !ok || message.EphemeralTo != "" && message.EphemeralTo != p.User {
		return nil, nil, nil, refuse("message_not_found")
	}
	return user, channel, message, nil
}

func (s *Server) openView(userID, viewID string) (*User, *view, error) {
	user, ok := s.people.users[userID]
	v := s.views.find(viewID, "")
	if !ok || v == nil || v.user != userID {
		return nil, nil, refuse("view_not_found")
	}
	return user, v, nil
}

// actionOf is the entry of "actions" for a press, and the new state of the element if it keeps one.
func (s *Server) actionOf(p pressRequest, blocks []any) (object, json.RawMessage, error) {
	element := findElement(blocks, p.BlockID, p.ActionID)
	if element == nil {
		return nil, nil, refuse("action_not_found")
	}
	kind, _ := element["type"].(string)
	action := object{"type": kind, "action_id": p.ActionID, "block_id": p.BlockID, "action_ts": s.nextTS()}
	if kind == "button" {
		return action, nil, pressButton(action, element, p)
	}
	chosen, err := choice(kind, element, p)
	if err != nil {
		return nil, nil, err
	}
	action[stateField(kind)] = chosen
	if kind == "overflow" {
		return action, nil, nil
	}
	state, err := json.Marshal(object{"type": kind, stateField(kind): chosen})
	if err != nil {
		return nil, nil, fmt.Errorf("encode the state of %s: %w", kind, err)
	}
	return action, state, nil
}

// pressButton adds a button's text, which comes back escaped, and its value.
func pressButton(action, element object, p pressRequest) error {
	value, _ := element["value"].(string)
	if p.Value != "" && p.Value != value {
		return refuse("value_mismatch")
	}
	if label, ok := element["text"].(map[string]any); ok {
		said, _ := label["text"].(string)
		action["text"] = object{"type": "plain_text", "text": escape(said), "emoji": true}
	}
	for _, name := range []string{"value", "style", "url"} {
		if given, ok := element[name]; ok {
			action[name] = given
		}
	}
	return nil
}

// choice is what a person chose in an element that is not a button.
func choice(kind string, element object, p pressRequest) (any, error) {
	switch stateField(kind) {
	case "selected_option":
		if kind == "external_select" {
			return p.SelectedOption, nil
		}
		return findOption(element, p.wantedOption())
	case "selected_options":
		return p.SelectedOptions, nil
	case "selected_date_time":
		return json.RawMessage(p.Value), nil
	}
	return p.Value, nil
}

// wantedOption is the value of the chosen option.
func (p pressRequest) wantedOption() string {
	var option struct{ Value string }
	if json.Unmarshal(p.SelectedOption, &option) == nil && option.Value != "" {
		return option.Value
	}
	return p.Value
}

func findOption(element object, value string) (any, error) {
	options, _ := element["options"].([]any)
	groups, _ := element["option_groups"].([]any)
	for _, group := range groups {
		fields, _ := group.(map[string]any)
		more, _ := fields["options"].([]any)
		options = append(slices.Clone(options), more...)
	}
	for _, option := range options {
		if fields, ok := option.(map[string]any); ok && fields["value"] == value {
			return option, nil
		}
	}
	return nil, refuse("option_not_found")
}

// findElement looks for an element in the block with this ID.
func findElement(blocks []any, blockID, actionID string) object {
	for _, value := range blocks {
		block, _ := value.(map[string]any)
		if block["block_id"] != blockID {
			continue
		}
		elements, _ := block["elements"].([]any)
		for _, value := range append(slices.Clone(elements), block["accessory"], block["element"]) {
			if element, ok := value.(map[string]any); ok && element["action_id"] == actionID {
				return element
			}
		}
	}
	return nil
}

func (v inputValues) set(blockID, actionID string, state json.RawMessage) {
	if v[blockID] == nil {
		v[blockID] = map[string]json.RawMessage{}
	}
	v[blockID][actionID] = state
}

// take takes over what a person has entered.
func (v inputValues) take(entered inputValues) {
	for block, actions := range entered {
		for action, state := range actions {
			v.set(block, action, state)
		}
	}
}

func (m *Message) remember(p pressRequest, state json.RawMessage) {
	if m.inputs == nil {
		m.inputs = map[string]inputValues{}
	}
	if m.inputs[p.User] == nil {
		m.inputs[p.User] = inputValues{}
	}
	m.inputs[p.User].set(p.BlockID, p.ActionID, state)
}

func (m *Message) chosen(userID string) inputValues {
	if values := m.inputs[userID]; values != nil {
		return values
	}
	return inputValues{}
}

// pressFailed shows what Slack shows when a click came to nothing. The caller holds mu.
func (s *Server) pressFailed(p pressRequest, code, envelopeID string) {
	const words = "We had some trouble connecting. Try again?"
	if p.ViewID != "" {
		if v := s.views.find(p.ViewID, ""); v != nil {
			v.errors = map[string]string{"": words}
			s.notify()
		}
		return
	}
	if channel, ok := s.people.channels[p.Channel]; ok {
		s.post(channel, Message{User: slackbotID, EphemeralTo: p.User, Error: code, Text: words, Envelope: envelopeID})
	}
}
