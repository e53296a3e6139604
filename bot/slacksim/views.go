package slacksim

import (
	"encoding/json"
	"maps"
	"slices"
)

const (
	maxViewBytes = 250_000
	maxStack     = 3
)

// inputValues is what inputs hold: by block_id, then action_id.
type inputValues map[string]map[string]json.RawMessage

// OpenView is an open modal.
type OpenView struct {
	ID, User string
	View     json.RawMessage
	Errors   map[string]string // by block_id, as the app's answer to the submission says; "" is the whole modal
}

// view is a modal or a Home tab.
type view struct {
	id, user, hash string
	fields         object // as the app wrote it
	previous, root string
	values         inputValues
	errors         map[string]string
}

// viewTable keeps each person's stack of modals, and their Home tab.
type viewTable struct {
	stacks map[string][]*view
	users  []string // in the order in which they first had a modal
	homes  map[string]*view
}

// Views returns the open modals, the lowest of each person's stack first.
func (s *Server) Views() []OpenView {
	s.mu.Lock()
	defer s.mu.Unlock()
	var open []OpenView
	for _, user := range s.views.users {
		for _, v := range s.views.stacks[user] {
			open = append(open, s.shownView(v))
		}
	}
	return open
}

func (s *Server) shownView(v *view) OpenView {
	encoded, _ := json.Marshal(s.viewObject(v)) // it was decoded from JSON
	return OpenView{v.id, v.user, encoded, maps.Clone(v.errors)}
}

// find returns an open modal or a Home tab by ID or external ID.
func (t *viewTable) find(id, externalID string) *view {
	matches := func(v *view) bool {
		external, _ := v.fields["external_id"].(string)
		return v.id == id && id != "" || external == externalID && externalID != ""
	}
	for _, stack := range t.stacks {
		if i := slices.IndexFunc(stack, matches); i >= 0 {
			return stack[i]
		}
	}
	for _, home := range t.homes {
		if matches(home) {
			return home
		}
	}
	return nil
}

func (t *viewTable) push(v *view) {
	if !slices.Contains(t.users, v.user) {
		t.users = append(t.users, v.user)
	}
	stack := t.stacks[v.user]
	v.root = v.id
	if len(stack) > 0 {
		v.previous, v.root = stack[len(stack)-1].id, stack[0].id
	}
	t.stacks[v.user] = append(stack, v)
}

// remove closes a modal and those above it.
func (t *viewTable) remove(v *view) {
	stack := t.stacks[v.user]
	if i := slices.Index(stack, v); i >= 0 {
		t.stacks[v.user] = stack[:i]
	}
}

func (s *Server) newView(user string, fields object) *view {
	v := &view{id: "V" + newUUID()[:8], user: user}
	s.fill(v, fields)
	return v
}

// fill gives the view its content; a new content has a new hash.
func (s *Server) fill(v *view, fields object) {
	v.fields, v.errors = fields, nil
	v.hash = formatTS(s.cfg.Now().UnixMicro()) + "." + newUUID()[:8]
	v.values = initialValues(fields).keeping(v.values)
	s.notify()
}

// viewObject is a view as Slack's API shows it.
func (s *Server) viewObject(v *view) object {
	shown := object{
		"private_metadata": "", "callback_id": "", "external_id": "", "clear_on_close": false, "notify_on_close": false,
		"close": nil, "submit": nil, "title": nil, "previous_view_id": nil,
	}
	maps.Copy(shown, v.fields)
	shown["id"], shown["team_id"], shown["app_installed_team_id"] = v.id, s.cfg.Team.ID, s.cfg.Team.ID
	shown["app_id"], shown["bot_id"], shown["hash"] = AppID, BotID, v.hash
	shown["root_view_id"], shown["state"] = v.root, object{"values": v.values.copied()}
	if v.previous != "" {
		shown["previous_view_id"] = v.previous
	}
	return shown
}

// viewShapes are the views that Slack documents. It is a constant table.
var viewShapes = map[string]shape{
	"modal": {required: []string{"type", "title", "blocks"}, fields: map[string]rule{
		"type": nil, "title": plainText(24), "submit": plainText(24), "close": plainText(24), "blocks": nil,
		"private_metadata": text(0, 3000), "callback_id": text(0, 255), "external_id": text(0, 255),
		"clear_on_close": boolean, "notify_on_close": boolean, "submit_disabled": boolean,
	}},
	"home": {required: []string{"type", "blocks"}, fields: map[string]rule{
		"type": nil, "blocks": nil, "private_metadata": text(0, 3000), "callback_id": text(0, 255),
		"external_id": text(0, 255),
	}},
}

// checkView reads a view and checks it against the limits.
func checkView(raw json.RawMessage, kind surface) (object, *apiError) {
	var fields object
	if emptyJSON(raw) || json.Unmarshal(raw, &fields) != nil || fields == nil {
		return nil, invalidView("[ERROR] missing required field: view")
	}
	if len(raw) > maxViewBytes {
		return nil, fail("view_too_large")
	}
	c := &checker{surface: kind, at: []string{"view"}}
	if fields["type"] != string(kind) {
		c.complainOf("type", "must be one of: %s", string(kind))
	}
	maps.DeleteFunc(fields, func(_ string, value any) bool { return value == nil }) // Slack takes null as absent
	c.matches(fields, viewShapes[string(kind)])
	c.within("blocks", blockList(maxViewBlocks), fields["blocks"])
	blocks, _ := fields["blocks"].([]any)
	hasInput := slices.ContainsFunc(blocks, func(value any) bool {
		block, _ := value.(map[string]any)
		return block["type"] == "input"
	})
	if kind == inModal && hasInput && fields["submit"] == nil {
		c.complain("missing required field: submit")
	}
	if len(c.problems) > 0 {
		return nil, invalidView(c.problems...)
	}
	return fields, nil
}

func invalidView(problems ...string) *apiError {
	return &apiError{code: "invalid_arguments", messages: problems}
}

// initialValues are what the inputs of a view hold before anybody touches them.
func initialValues(fields object) inputValues {
	values := inputValues{}
	blocks, _ := fields["blocks"].([]any)
	for _, value := range blocks {
		block, _ := value.(map[string]any)
		element, ok := block["element"].(map[string]any)
		if block["type"] != "input" || !ok {
			continue
		}
		id, _ := block["block_id"].(string)
		action, _ := element["action_id"].(string)
		values[id] = map[string]json.RawMessage{action: initialValue(element)}
	}
	return values
}

// copied is for those who read the values when the lock is given back.
func (v inputValues) copied() inputValues {
	values := make(inputValues, len(v))
	for block, actions := range v {
		values[block] = maps.Clone(actions)
	}
	return values
}

// keeping takes over what inputs with the same block_id, action_id and type held before, as Slack does when a view is
// updated: their initial values then do not count.
func (v inputValues) keeping(before inputValues) inputValues {
	for block, actions := range v {
		for action, state := range actions {
			if held, ok := before[block][action]; ok && typeOf(held) == typeOf(state) {
				actions[action] = held
			}
		}
	}
	return v
}

func typeOf(state json.RawMessage) string {
	var element struct{ Type string }
	_ = json.Unmarshal(state, &element) // without a type it is like no other
	return element.Type
}

// initialValue turns an element's initial_… field into the field that the state has for it.
func initialValue(element map[string]any) json.RawMessage {
	kind, _ := element["type"].(string)
	state := object{"type": kind, stateField(kind): nil}
	for name, value := range element {
		if len(name) > 8 && name[:8] == "initial_" {
			state[stateField(kind)] = value
		}
	}
	encoded, _ := json.Marshal(state) // it was decoded from JSON
	return encoded
}

// stateField names the field of an action or a state value that holds what was chosen.
func stateField(kind string) string {
	switch kind {
	case "static_select", "external_select", "radio_buttons", "overflow":
		return "selected_option"
	case "multi_static_select", "multi_external_select", "checkboxes":
		return "selected_options"
	case "users_select":
		return "selected_user"
	case "multi_users_select":
		return "selected_users"
	case "conversations_select":
		return "selected_conversation"
	case "multi_conversations_select":
		return "selected_conversations"
	case "channels_select":
		return "selected_channel"
	case "multi_channels_select":
		return "selected_channels"
	case "datepicker":
		return "selected_date"
	case "timepicker":
		return "selected_time"
	case "datetimepicker":
		return "selected_date_time"
	case "rich_text_input":
		return "rich_text_value"
	case "file_input":
		return "files"
	}
	return "value"
}
