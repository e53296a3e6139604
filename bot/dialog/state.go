package dialog

import "strings"

// The blocks of a form, which are named like the action in them.
const (
	Meeting  = "meeting"
	Choices  = "minutes_choice"
	Minutes  = "minutes"
	Until    = "until"
	Mode     = "mode"
	Password = "host_password"
)

// State is what a person chose and typed, by block_id and action_id.
// Source: https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload
type State map[string]map[string]struct {
	Value  string `json:"value"`
	Option struct {
		Value string `json:"value"`
		Text  struct {
			Text string `json:"text"`
		} `json:"text"`
	} `json:"selected_option"`
}

// typed is what stands in a text field.
func (s State) typed(block string) string {
	for _, element := range s[block] {
		return strings.TrimSpace(element.Value)
	}
	return ""
}

// chosen is the value and the text of the option that is chosen.
func (s State) chosen(block string) (value, label string) {
	for _, element := range s[block] {
		return element.Option.Value, element.Option.Text.Text
	}
	return "", ""
}
