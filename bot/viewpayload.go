package bot

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	jsonv1 "github.com/go-json-experiment/json/v1"
	"github.com/overtime-bot/overtime/bot/dialog"
	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/bot/manifest"
	"github.com/overtime-bot/overtime/meeting"
)

// The types of interactions that are no press.
const (
	typeShortcut   = "shortcut"       // from anywhere in Slack
	typeMessage    = "message_action" // from the menu of a message
	typeSuggestion = "block_suggestion"
	typeSubmission = "view_submission"
)

// The shortcuts, by their callback_id.
const (
	shortcutExtend      = manifest.ExtendShortcut
	shortcutFromMessage = manifest.FromMessageShortcut
)

const verbOpenDialog = "open_dialog" // of buttons, in their action_id

// verbDialog is what has to do with the dialog, in metrics.
const verbDialog grammar.Verb = "dialog"

// openedView is a view that is open; its zero value is none. It is refused if Slack was asked for it in vain.
type openedView struct {
	id, hash string
	refused  bool
}

// viewed is what a sender did with views and shortcuts.
type viewed struct {
	interaction string         // the payload's type
	callback    string         // which shortcut, or which view
	trigger     meeting.Secret // opens a view within three seconds
	mentioned   string         // the meeting that the message of a shortcut mentions; empty: none
	dialog      string         // the ID of the stored dialog
	state       *dialog.State  // what is filled in; nil: nothing
	query       string         // what is typed into a field that suggests
	opened      openedView     // the view that was opened for this envelope
}

// viewPayload has what the bot uses of payloads that are about views.
type viewPayload struct {
	Type       flexible      `json:"type"`
	CallbackID flexible      `json:"callback_id"`
	TriggerID  flexible      `json:"trigger_id"`
	Query      flexible      `json:"value"`
	View       submittedView `json:"view"`
}

// flexible is a string, or nothing where it has another type.
type flexible string

func (f *flexible) UnmarshalJSON(raw []byte) error {
	var text string
	_ = json.Unmarshal(raw, &text)
	*f = flexible(text)
	return nil
}

// submittedView is a view with what is filled in. One of another form is empty.
type submittedView struct {
	CallbackID string `json:"callback_id"`
	Metadata   string `json:"private_metadata"`
	State      struct {
		Values dialog.State `json:"values"`
	} `json:"state"`
}

func (v *submittedView) UnmarshalJSON(raw []byte) error {
	type plainView submittedView // without this method
	var read plainView
	if err := jsonv1.Unmarshal(raw, &read); err == nil {
		*v = submittedView(read)
	}
	return nil
}

func (p *viewPayload) viewed(message []byte) viewed {
	read := viewed{trigger: meeting.Secret(p.TriggerID)}
	switch p.Type {
	case typeShortcut, typeMessage:
		read.interaction, read.callback = string(p.Type), string(p.CallbackID)
	case typeSuggestion, typeSubmission:
		read.interaction, read.callback = string(p.Type), p.View.CallbackID
		read.dialog, read.state, read.query = p.View.Metadata, &p.View.State.Values, string(p.Query)
	}
	if p.Type == typeMessage {
		read.mentioned = mentionedIn(message)
	}
	return read
}

// mentionedIn finds the meeting that a message mentions: in its text, its blocks or its attachments.
func mentionedIn(message []byte) string {
	var fields struct {
		Text                string
		Blocks, Attachments any
	}
	if err := json.Unmarshal(message, &fields); err != nil {
		return ""
	}
	texts := append([]string{fields.Text}, textsIn(fields.Blocks)...)
	texts = append(texts, textsIn(fields.Attachments)...)
	return grammar.FindMeeting(strings.Join(texts, "\n"))
}

// shownFields are those that people read in blocks and attachments, or follow. Others hold IDs and times.
var shownFields = []string{"text", "url", "title", "title_link", "from_url", "fallback", "pretext", "value"}

func textsIn(value any) (texts []string) {
	switch value := value.(type) {
	case []any:
		for _, each := range value {
			texts = append(texts, textsIn(each)...)
		}
	case map[string]any:
		for name, each := range value {
			text, is := each.(string)
			switch {
			case !is:
				texts = append(texts, textsIn(each)...)
			case slices.Contains(shownFields, name):
				texts = append(texts, text)
			}
		}
		slices.Sort(texts) // a map has no order
	}
	return texts
}

// filled is what is filled in.
func (v viewed) filled() dialog.State {
	if v.state == nil {
		return nil
	}
	return *v.state
}

// opensDialog says that the sender asks for the dialog.
func (s sender) opensDialog() bool {
	switch s.interaction {
	case typeShortcut:
		return s.callback == shortcutExtend
	case typeMessage:
		return s.callback == shortcutFromMessage
	}
	if s.kind == commandKind {
		command, err := grammar.Parse(s.Text)
		return err == nil && command == grammar.Command{}
	}
	verb, _ := splitActionID(s.PressedID)
	return s.kind == interactiveKind && verb == verbOpenDialog
}

// submits says that the sender submits a view of the dialog.
func (s sender) submits() bool {
	return s.interaction == typeSubmission && (s.callback == dialog.Callback || s.callback == dialog.CallbackConfirm)
}

// withoutState is an interactive payload as it may be stored: without what is filled in, if a password may be in it. Slack
// sends that with every press in a view.
func withoutState(payload []byte) []byte {
	if !bytes.Contains(payload, []byte(dialog.Password)) {
		return payload
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(payload, &fields); err != nil {
		return []byte("{}")
	}
	delete(fields, "view")
	delete(fields, "state")
	delete(fields, "actions")
	stored, _ := json.Marshal(fields) // it was decoded from JSON
	if bytes.Contains(stored, []byte(dialog.Password)) {
		return []byte("{}")
	}
	return stored
}
