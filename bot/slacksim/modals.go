package slacksim

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
)

// Submit is a person pressing a modal's submit button. values override what the inputs hold. The client refuses to
// send a modal with an empty input that is not optional.
func (s *Server) Submit(userID, viewID string, values map[string]map[string]json.RawMessage) (envelopeID string, err error) {
	e, err := s.submission(userID, viewID, values)
	if err != nil {
		return "", err
	}
	if err := s.dispatch(e); err != nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.pressFailed(pressRequest{ViewID: viewID}, ErrDispatchFailed.Error(), e.ID)
		return "", refuse(ErrDispatchFailed.Error())
	}
	return e.ID, nil
}

func (s *Server) submission(userID, viewID string, values inputValues) (*envelope, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	user, v, err := s.openView(userID, viewID)
	if err != nil {
		return nil, err
	}
	v.values.take(values)
	if empty := v.emptyInput(); empty != "" {
		v.errors = map[string]string{empty: "Please complete this required field."}
		s.notify()
		return nil, &Refusal{"missing_input", "Please complete this required field."}
	}
	payload := s.interaction("view_submission", user, trigger{user: user.ID, view: v.id})
	payload["view"] = s.viewObject(v)
	payload["response_urls"] = []object{}
	e, err := wrap("interactive", true, payload)
	if err != nil {
		return nil, err
	}
	e.onAck = func(answer json.RawMessage) { s.finishSubmission(v, answer) }
	e.onTimeout = func() { s.pressFailed(pressRequest{ViewID: viewID}, "operation_timeout", e.ID) }
	return e, nil
}

// emptyInput names the block of an input that must be filled in and is not.
func (v *view) emptyInput() string {
	blocks, _ := v.fields["blocks"].([]any)
	for _, value := range blocks {
		block, _ := value.(map[string]any)
		id, _ := block["block_id"].(string)
		element, _ := block["element"].(map[string]any)
		action, _ := element["action_id"].(string)
		kind, _ := element["type"].(string)
		var state map[string]json.RawMessage
		empty := json.Unmarshal(v.values[id][action], &state) != nil || emptyJSON(state[stateField(kind)])
		if block["type"] == "input" && block["optional"] != true && empty {
			return id
		}
	}
	return ""
}

// submissionAnswer is the payload of the ack of a view_submission.
type submissionAnswer struct {
	Action string            `json:"response_action"`
	View   json.RawMessage   `json:"view"`
	Errors map[string]string `json:"errors"`
}

// finishSubmission does what the app answered: without an answer the modal closes. The caller holds mu.
func (s *Server) finishSubmission(v *view, raw json.RawMessage) {
	var answer submissionAnswer
	if raw != nil && json.Unmarshal(raw, &answer) != nil {
		answer.Action = "unreadable"
	}
	v.errors = nil
	switch answer.Action {
	case "":
		s.views.remove(v)
	case "clear":
		delete(s.views.stacks, v.user)
	case "errors":
		s.showErrors(v, answer.Errors)
	case "update", "push":
		s.answerWithView(v, answer)
	default:
		s.submissionTrouble(v, "an unknown response_action")
	}
	s.notify()
}

// showErrors marks inputs; errors for blocks that are no inputs are trouble.
func (s *Server) showErrors(v *view, errors map[string]string) {
	for block := range errors {
		if _, isInput := v.values[block]; !isInput {
			s.submissionTrouble(v, "errors for a block that is no input")
			return
		}
	}
	if len(errors) == 0 {
		s.submissionTrouble(v, "errors without an error")
		return
	}
	v.errors = errors
}

func (s *Server) answerWithView(v *view, answer submissionAnswer) {
	fields, problem := checkView(answer.View, inModal)
	switch {
	case problem != nil:
		s.submissionTrouble(v, fmt.Sprintf("a bad view (%v)", problem.messages))
	case answer.Action == "update":
		s.fill(v, fields)
	case len(s.views.stacks[v.user]) >= maxStack:
		s.submissionTrouble(v, "a push onto a full stack")
	default:
		s.views.push(s.newView(v.user, fields))
	}
}

func (s *Server) submissionTrouble(v *view, why string) {
	s.warn("the answer to a view_submission has %s", why)
	s.pressFailed(pressRequest{ViewID: v.id}, "", "")
}

// Dismiss is a person closing a modal by its button. The app hears of it only if the view asked for that.
func (s *Server) Dismiss(userID, viewID string) error { return s.dismiss(userID, viewID, false) }

// DismissAll is the cross in the corner: it closes all of the stack. Whether Slack then tells of the views below is not
// documented; here each is told of that asked for it.
func (s *Server) DismissAll(userID, viewID string) error { return s.dismiss(userID, viewID, true) }

func (s *Server) dismiss(userID, viewID string, all bool) error {
	closings, err := s.dismissal(userID, viewID, all)
	if err != nil {
		return err
	}
	for _, e := range closings {
		if err := s.dispatch(e); err != nil {
			return refuse(ErrDispatchFailed.Error())
		}
	}
	return nil
}

// dismissal closes views and makes the envelopes that tell of it, the topmost first.
func (s *Server) dismissal(userID, viewID string, all bool) ([]*envelope, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	user, v, err := s.openView(userID, viewID)
	if err != nil {
		return nil, err
	}
	closed := []*view{v}
	cleared := all || v.fields["clear_on_close"] == true
	if cleared {
		closed = slices.Clone(s.views.stacks[userID])
		slices.Reverse(closed)
		delete(s.views.stacks, userID)
	} else {
		s.views.remove(v)
	}
	s.notify()
	var closings []*envelope
	for _, one := range closed {
		if one.fields["notify_on_close"] != true {
			continue
		}
		payload := s.interaction("view_closed", user, trigger{user: user.ID})
		delete(payload, "trigger_id")
		payload["view"], payload["is_cleared"] = s.viewObject(one), cleared
		e, err := wrap("interactive", false, payload)
		if err != nil {
			return nil, err
		}
		closings = append(closings, e)
	}
	return closings, nil
}

// suggestRequest is a person typing into an external select.
type suggestRequest struct {
	User     string `json:"user"`
	ViewID   string `json:"view_id"`
	BlockID  string `json:"block_id"`
	ActionID string `json:"action_id"`
	Value    string `json:"value"`

	Values inputValues `json:"values"` // what the modal's inputs hold by then
}

// Suggest is a person typing value into an external select of an open modal; it returns the options that the app
// offers. Fewer characters than the element's min_query_length (default 3) ask nobody.
func (s *Server) Suggest(ctx context.Context, userID, viewID, blockID, actionID, value string) ([]json.RawMessage, error) {
	return s.suggest(ctx, suggestRequest{User: userID, ViewID: viewID, BlockID: blockID, ActionID: actionID, Value: value})
}

func (s *Server) suggest(ctx context.Context, r suggestRequest) ([]json.RawMessage, error) {
	answers := make(chan []json.RawMessage, 1)
	e, err := s.suggestion(r, answers)
	if err != nil || e == nil {
		return []json.RawMessage{}, err
	}
	if err := s.dispatch(e); err != nil {
		return nil, refuse(ErrDispatchFailed.Error())
	}
	select {
	case options := <-answers:
		if options == nil {
			return nil, refuse("options_load_failed")
		}
		return options, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("wait for options: %w", ctx.Err())
	case <-s.done:
		return nil, refuse("options_load_failed")
	}
}

func (s *Server) suggestion(r suggestRequest, answers chan<- []json.RawMessage) (*envelope, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	user, v, err := s.openView(r.User, r.ViewID)
	if err != nil {
		return nil, err
	}
	blocks, _ := v.fields["blocks"].([]any)
	element := findElement(blocks, r.BlockID, r.ActionID)
	if element == nil || element["type"] != "external_select" && element["type"] != "multi_external_select" {
		return nil, refuse("action_not_found")
	}
	least, said := element["min_query_length"].(float64)
	if !said {
		least = 3
	}
	if len([]rune(r.Value)) < int(least) {
		return nil, nil
	}
	v.values.take(r.Values)
	payload := s.interaction("block_suggestion", user, trigger{})
	payload["container"] = object{"type": "view", "view_id": v.id}
	payload["view"], payload["value"] = s.viewObject(v), r.Value
	payload["block_id"], payload["action_id"] = r.BlockID, r.ActionID
	e, err := wrap("interactive", true, payload)
	if err != nil {
		return nil, err
	}
	e.onAck = func(answer json.RawMessage) { answers <- s.readOptions(answer) }
	e.onTimeout = func() { answers <- nil }
	return e, nil
}

// readOptions reads the options of an ack, also those in groups; nil if they are not as Slack wants them.
func (s *Server) readOptions(raw json.RawMessage) []json.RawMessage {
	type offered struct {
		Options []json.RawMessage `json:"options"`
		Groups  []struct {
			Options []json.RawMessage `json:"options"`
		} `json:"option_groups"`
	}
	var answer offered
	if json.Unmarshal(raw, &answer) != nil {
		s.warn("the options of an ack cannot be read")
		return nil
	}
	options := append([]json.RawMessage{}, answer.Options...)
	for _, group := range answer.Groups {
		options = append(options, group.Options...)
	}
	c := &checker{surface: inModal}
	c.within("options", list(0, 100, plainOption), decodeAll(options))
	if len(c.problems) > 0 {
		s.warn("the options of an ack were refused: %s", c.problems[0])
		return nil
	}
	return options
}

func decodeAll(options []json.RawMessage) []any {
	decoded := make([]any, len(options))
	for i, option := range options {
		_ = json.Unmarshal(option, &decoded[i]) // it was decoded with the answer
	}
	return decoded
}
