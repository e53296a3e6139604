package dialog

import (
	"encoding/json"

	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/slack-go/slack"
)

// AtOnce is how many minutes are extended by without asking once more.
const AtOnce = 60

// Confirm is the view that asks once more.
type Confirm struct {
	ID       string // of its own row
	Meeting  string // plain text
	Question string // mrkdwn of our own: until when, and by how much
	HandOver bool   // to the platform, which moves no end yet
	Say      i18n.Printer
}

// View lays it out. It lies above the form, which is there again if the person goes back.
func (c Confirm) View() slack.ModalViewRequest {
	view := frame(c.Say, i18n.DialogConfirmTitle, i18n.DialogBack)
	view.CallbackID, view.PrivateMetadata = CallbackConfirm, c.ID
	submits := i18n.DialogConfirmSubmit
	if c.HandOver {
		submits = i18n.DialogSubmit
	}
	view.Submit = plainText(c.Say.Say(submits, nil))
	question := slack.NewTextBlockObject(slack.MarkdownType, c.Question, false, true)
	question.Emoji = nil
	view.Blocks.BlockSet = []slack.Block{slack.NewSectionBlock(question, nil, nil)}
	if c.Meeting != "" {
		view.Blocks.BlockSet = append([]slack.Block{section(c.Meeting)}, view.Blocks.BlockSet...)
	}
	return view
}

// The answers to a view_submission, as the payload of its ack.

// Push puts a view above the one that was submitted.
func Push(view slack.ModalViewRequest) json.RawMessage {
	return encode(slack.NewPushViewSubmissionResponse(&view))
}

// Clear closes all views of the dialog.
func Clear() json.RawMessage { return encode(slack.NewClearViewSubmissionResponse()) }

// Errors shows what is wrong at the fields.
func (f Faults) Errors(say i18n.Printer) json.RawMessage {
	said := make(map[string]string, len(f))
	for block, fault := range f {
		said[block] = say.Say(fault.Key, fault.Data)
	}
	return encode(slack.NewErrorsViewSubmissionResponse(said))
}
