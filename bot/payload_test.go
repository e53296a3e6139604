package bot

import "testing"

// What the bot does not use may come in any shape, and new shapes come without notice: a payload that is not
// understood is a person who hears nothing.
func TestSenderOfPayloadsWithOddities(t *testing.T) {
	const command = `"team_id":"T1","user_id":"U1","channel_id":"C1","command":"/extend","text":"914083136 30","response_url":"https://hooks.slack.example/1"`
	const click = `"type":"block_actions","team":{"id":"T1"},"user":{"id":"U1"},"channel":{"id":"C1"},"response_url":"https://hooks.slack.example/1"`
	typed := sender{Team: "T1", User: "U1", Channel: "C1", Command: "/extend", Text: "914083136 30", place: atAddress("https://hooks.slack.example/1")}
	clicked := sender{Team: "T1", User: "U1", Channel: "C1", place: atAddress("https://hooks.slack.example/1")}
	for _, test := range []struct {
		name, kind, payload string
		want                sender
	}{
		{"plain command", "slash_commands", `{` + command + `}`, typed},
		{"install flag as a number", "slash_commands", `{` + command + `,"is_enterprise_install":0}`, typed},
		{"other fields of other types", "slash_commands", `{` + command + `,"enterprise_id":5,"team_domain":[],"trigger_id":{}}`, typed},
		{"plain click", "interactive", `{` + click + `}`, clicked},
		{"install flag as text", "interactive", `{` + click + `,"is_enterprise_install":"false"}`, clicked},
		{"a message with blocks of tomorrow", "interactive", `{` + click + `,"message":{"ts":5,"blocks":[{"type":"section","text":{"type":"new","text":5}}]}}`, clicked},
		{"an element of tomorrow", "interactive", `{` + click + `,"actions":[{"type":"new","value":{"a":1}}]}`, clicked},
		{"a state of tomorrow", "interactive", `{` + click + `,"state":{"values":{"b":{"a":{"type":"new","value":7}}}},"container":{"is_ephemeral":"yes"}}`, clicked},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := senderOf("", test.kind, []byte(test.payload))
			test.want.kind = test.kind
			if err != nil || got != test.want {
				t.Errorf("got %#v, %v", got, err)
			}
		})
	}
}

// A button says its stored action in its value, and an option of a menu in its own, before its action_id. The action_id of
// a menu itself says nothing.
func TestWhatWasPressed(t *testing.T) {
	for actions, want := range map[string][2]string{
		`[{"type":"button","action_id":"extend:15","value":"ROW","selected_option":null}]`:                           {"ROW", "extend:15"},
		`[{"type":"button","value":"ROW"}]`:                                                                          {"ROW", ""},
		`[{"type":"overflow","action_id":"more","selected_option":{"text":{"text":"+60"},"value":"ROW extend:60"}}]`: {"ROW", "extend:60"},
		`[{"type":"overflow","action_id":"more:2","selected_option":{"value":"ROW watch"}},{"value":"OTHER"}]`:       {"ROW", "watch"},
		`[{"type":"static_select","action_id":"extend:15","selected_option":{"value":"ROW"}}]`:                       {"", "extend:15"},
		`[{"type":"overflow","action_id":"more","selected_option":{"value":5}}]`:                                     {},
		`[{"type":"overflow","action_id":"more","selected_option":[]}]`:                                              {},
		`[{"type":"button","action_id":{},"value":"ROW"}]`:                                                           {}, `[]`: {}, `{}`: {}, `null`: {}, `"ROW"`: {},
	} {
		got, err := senderOf("", interactiveKind, []byte(`{"user":{"id":"U1"},"actions":`+actions+`}`))
		if err != nil || got.Pressed != want[0] || got.PressedID != want[1] {
			t.Errorf("%s: got %q and %q, %v", actions, got.Pressed, got.PressedID, err)
		}
	}
}

func TestSenderOfPayloadsWithoutAPerson(t *testing.T) {
	for _, payload := range []string{`null`, `[]`, `{}`, `{"user_id":5}`, `{"user":{"id":""}}`, `{"user":"U1"}`} {
		for _, kind := range []string{"slash_commands", "interactive"} {
			if got, err := senderOf("", kind, []byte(payload)); err == nil {
				t.Errorf("%s %s: got %#v", kind, payload, got)
			}
		}
	}
}
