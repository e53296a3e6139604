package slacksim

import "slices"

// Which elements may stand where.
var (
	selects = []string{
		"static_select", "external_select", "users_select", "conversations_select", "channels_select",
	}
	multiSelects = []string{
		"multi_static_select", "multi_external_select", "multi_users_select", "multi_conversations_select",
		"multi_channels_select",
	}
	pickers            = []string{"datepicker", "timepicker", "datetimepicker", "radio_buttons", "checkboxes"}
	actionElements     = slices.Concat([]string{"button", "overflow", "workflow_button"}, selects, multiSelects, pickers)
	sectionAccessories = slices.Concat([]string{"image"}, actionElements)
	typedInputs        = []string{
		"plain_text_input", "number_input", "email_text_input", "url_text_input", "rich_text_input", "file_input",
	}
	inputElements = slices.Concat(typedInputs, selects, multiSelects, pickers)
)

const maxOptionValue = 75 // Slack's SDKs disagree, 75 or 150: the stricter one

var (
	confirmation = record(shape{required: []string{"title", "text", "confirm", "deny"}, fields: map[string]rule{
		"title": plainText(100), "text": anyText(300), "confirm": plainText(30), "deny": plainText(30),
		"style": oneOf("primary", "danger"),
	}})
	plainOption   = option(plainText(75), nil)
	overflowOne   = option(plainText(75), map[string]rule{"url": text(1, 3000)})
	markedOption  = option(anyText(75), nil)
	optionGroup   = record(shape{required: []string{"label", "options"}, fields: map[string]rule{"label": plainText(75), "options": list(1, 100, plainOption)}})
	dispatchWhen  = record(shape{fields: map[string]rule{"trigger_actions_on": list(1, 2, oneOf("on_enter_pressed", "on_character_entered"))}})
	anyList       = list(0, 100, text(1, 255))
	dateText      = text(10, 10)
	timeText      = text(5, 5)
	placeholder   = plainText(150)
	inputMost     = 3000
	conversations = map[string]rule{
		"initial_conversation": text(1, 255), "default_to_current_conversation": boolean, "response_url_enabled": boolean,
		"filter": nil,
	}
)

func option(label rule, more map[string]rule) rule {
	fields := map[string]rule{"text": label, "value": text(1, maxOptionValue), "description": anyText(75)}
	for name, check := range more {
		fields[name] = check
	}
	return record(shape{required: []string{"text", "value"}, fields: fields})
}

// elementShapes are the elements that Slack documents. It is a constant table.
var elementShapes = map[string]shape{
	"button": interactive([]string{"text"}, map[string]rule{
		"text": plainText(75), "url": text(1, 3000), "value": text(0, 2000), "style": oneOf("primary", "danger"),
		"accessibility_label": text(1, 75),
	}),
	"workflow_button": interactive([]string{"text", "workflow"}, map[string]rule{
		"text": plainText(75), "workflow": nil, "style": oneOf("primary", "danger"), "accessibility_label": text(1, 75),
	}),
	"feedback_buttons": interactive([]string{"positive_button", "negative_button"}, map[string]rule{
		"positive_button": nil, "negative_button": nil,
	}),
	"icon_button": interactive([]string{"icon", "text"}, map[string]rule{
		"icon": oneOf("trash"), "text": plainText(75), "value": text(0, 2000), "accessibility_label": text(1, 75),
		"visible_to_user_ids": anyList,
	}),
	"image": {required: []string{"type", "alt_text"}, fields: map[string]rule{
		"type": nil, "image_url": text(1, 3000), "alt_text": text(1, 2000), "slack_file": nil,
	}},
	"overflow": interactive([]string{"options"}, map[string]rule{"options": list(1, 5, overflowOne)}),
	"static_select": focusable(nil, map[string]rule{
		"placeholder": placeholder, "options": list(1, 100, plainOption), "option_groups": list(1, 100, optionGroup),
		"initial_option": plainOption,
	}),
	"external_select": focusable(nil, map[string]rule{
		"placeholder": placeholder, "initial_option": plainOption, "min_query_length": number,
	}),
	"users_select":    focusable(nil, map[string]rule{"placeholder": placeholder, "initial_user": text(1, 255)}),
	"channels_select": focusable(nil, map[string]rule{"placeholder": placeholder, "initial_channel": text(1, 255), "response_url_enabled": boolean}),
	"conversations_select": focusable(nil, join(conversations, map[string]rule{
		"placeholder": placeholder,
	})),
	"multi_static_select": focusable(nil, map[string]rule{
		"placeholder": placeholder, "options": list(1, 100, plainOption), "option_groups": list(1, 100, optionGroup),
		"initial_options": list(1, 100, plainOption), "max_selected_items": number,
	}),
	"multi_external_select": focusable(nil, map[string]rule{
		"placeholder": placeholder, "initial_options": list(1, 100, plainOption), "min_query_length": number,
		"max_selected_items": number,
	}),
	"multi_users_select": focusable(nil, map[string]rule{
		"placeholder": placeholder, "initial_users": anyList, "max_selected_items": number,
	}),
	"multi_channels_select": focusable(nil, map[string]rule{
		"placeholder": placeholder, "initial_channels": anyList, "max_selected_items": number,
	}),
	"multi_conversations_select": focusable(nil, map[string]rule{
		"placeholder": placeholder, "initial_conversations": anyList, "default_to_current_conversation": boolean,
		"filter": nil, "max_selected_items": number,
	}),
	"datepicker":     focusable(nil, map[string]rule{"placeholder": placeholder, "initial_date": dateText}),
	"timepicker":     focusable(nil, map[string]rule{"placeholder": placeholder, "initial_time": timeText, "timezone": text(1, 255)}),
	"datetimepicker": focusable(nil, map[string]rule{"initial_date_time": number}),
	"radio_buttons": focusable([]string{"options"}, map[string]rule{
		"options": list(1, 10, markedOption), "initial_option": markedOption,
	}),
	"checkboxes": focusable([]string{"options"}, map[string]rule{
		"options": list(1, 10, markedOption), "initial_options": list(1, 10, markedOption),
	}),
	"plain_text_input": typed(map[string]rule{
		"initial_value": text(0, inputMost), "multiline": boolean, "min_length": number, "max_length": number,
	}),
	"number_input": typed(map[string]rule{
		"is_decimal_allowed": boolean, "initial_value": text(0, 255), "min_value": text(1, 255), "max_value": text(1, 255),
	}),
	"email_text_input": typed(map[string]rule{"initial_value": text(0, 255)}),
	"url_text_input":   typed(map[string]rule{"initial_value": text(0, inputMost)}),
	"rich_text_input":  typed(map[string]rule{"initial_value": nil}),
	"file_input":       interactive(nil, map[string]rule{"filetypes": anyList, "max_files": number}),
}

// needsOptions are the selects that must bring options or groups of them.
var needsOptions = []string{"static_select", "multi_static_select"}

// interactive adds the fields that every element has which can be acted on.
func interactive(required []string, fields map[string]rule) shape {
	return shape{required: required, fields: join(fields, map[string]rule{
		"type": nil, "action_id": text(1, 255), "confirm": confirmation,
	})}
}

func focusable(required []string, fields map[string]rule) shape {
	return interactive(required, join(fields, map[string]rule{"focus_on_load": boolean}))
}

func typed(fields map[string]rule) shape {
	s := focusable(nil, join(fields, map[string]rule{"placeholder": placeholder, "dispatch_action_config": dispatchWhen}))
	delete(s.fields, "confirm")
	return s
}

func join(maps ...map[string]rule) map[string]rule {
	all := map[string]rule{}
	for _, fields := range maps {
		for name, check := range fields {
			all[name] = check
		}
	}
	return all
}

// element is an element of one of these types. It gets the action_id that Slack would give it.
func element(allowed ...string) rule {
	return func(c *checker, value any) {
		fields, ok := value.(map[string]any)
		if !ok {
			c.complain("must be an object")
			return
		}
		kind, _ := fields["type"].(string)
		known, ok := elementShapes[kind]
		if !ok || !slices.Contains(allowed, kind) {
			c.complainOf("type", "unsupported type: %s", kind)
			return
		}
		c.matches(fields, known)
		if slices.Contains(needsOptions, kind) && fields["options"] == nil && fields["option_groups"] == nil {
			c.complain("missing required field: options")
		}
		if _, named := fields["action_id"]; !named && kind != "image" {
			fields["action_id"] = c.newID("a")
		}
	}
}
