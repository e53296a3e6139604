package bot

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"github.com/go-json-experiment/json/v1"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/slack-go/slack"
)

// A small view asks for a reason before something is sent or denied. Its callback_id is the verb of the button that opened
// it, and submitting it is as pressing that button, with a reason.

const (
	reasonBlock  = "reason"                // also its action_id
	reasonLimit  = 150                     // characters
	reasonWithin = 2500 * time.Millisecond // Slack takes a trigger for three seconds
)

// reasoned is what came with a press, or with the submission of a view that asks for a reason.
type reasoned struct {
	trigger   meeting.Secret // opens a view
	submitted bool
	reason    string // foreign text; may be empty
}

// withReason reads a view that asks for a reason, and what can open one. A payload of another form has neither.
func (s sender) withReason(raw []byte) sender {
	var read struct {
		Type    string `json:"type"`
		Trigger string `json:"trigger_id"`
		View    struct {
			Callback string `json:"callback_id"`
			Metadata string `json:"private_metadata"`
			State    struct {
				Values map[string]map[string]struct {
					Value string `json:"value"`
				} `json:"values"`
			} `json:"state"`
		} `json:"view"`
	}
	if err := json.Unmarshal(raw, &read); err != nil {
		return s
	}
	s.reasoned.trigger = meeting.Secret(read.Trigger)
	if read.Type != "view_submission" || read.View.Callback != verbRequest && read.View.Callback != verbDeny {
		return s
	}
	var where string
	s.Pressed, where, _ = strings.Cut(read.View.Metadata, " ")
	s.Channel, s.Thread, _ = strings.Cut(where, " ")
	s.PressedID, s.place = read.View.Callback, besideThePress(s.Channel, s.Thread)
	s.reasoned.submitted, s.reasoned.reason = true, clip(read.View.State.Values[reasonBlock][reasonBlock].Value, reasonLimit)
	if strings.TrimSpace(s.reasoned.reason) == "" {
		s.reasoned.reason = ""
	}
	return s
}

// besideThePress is where the answer to a view goes: where the button is that opened it. A view has no response_url.
func besideThePress(channel, thread string) place {
	switch {
	case channel == "":
		return atHome()
	case isDirect(channel):
		return inDirect(channel, thread)
	}
	return amongOthers(channel, thread)
}

// reasonViews opens views that ask for a reason.
type reasonViews struct {
	views  Views
	logger *slog.Logger
}

// ask opens a view for the button that was pressed; false if there is none to open, or Slack does not take it. Then the
// press counts without a reason.
func (r *reasonViews) ask(ctx context.Context, in interaction, title, submit i18n.Key) bool {
	if in.from.reasoned.submitted || in.from.reasoned.trigger == "" || r.views == nil {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, reasonWithin)
	defer cancel()
	if _, err := r.views.OpenViewContext(ctx, in.from.reasoned.trigger.Reveal(), reasonView(in, title, submit)); err != nil {
		r.logger.WarnContext(ctx, "slack did not open a view; the press counts without a reason", "envelope", in.from.envelope, "error", withoutURL(err))
		return false
	}
	return true
}

func reasonView(in interaction, title, submit i18n.Key) slack.ModalViewRequest {
	label := func(key i18n.Key) *slack.TextBlockObject {
		return slack.NewTextBlockObject(slack.PlainTextType, in.say.Say(key, nil), false, false)
	}
	field := slack.NewPlainTextInputBlockElement(nil, reasonBlock)
	field.MaxLength, field.Multiline, field.FocusOnLoad = reasonLimit, true, true
	input := slack.NewInputBlock(reasonBlock, label(i18n.ReasonLabel), nil, field)
	input.Optional = true
	return slack.ModalViewRequest{
		Type: slack.VTModal, CallbackID: in.action.Verb, PrivateMetadata: strings.TrimSpace(in.action.ID + " " + in.from.Channel + " " + in.from.Thread),
		Title: label(title), Submit: label(submit), Close: label(i18n.ReasonCancel),
		Blocks: slack.Blocks{BlockSet: []slack.Block{input}},
	}
}
