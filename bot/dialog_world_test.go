package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/bot/dialog"
	"github.com/overtime-bot/overtime/bot/socket"
	"github.com/overtime-bot/overtime/scheduler/store"
	"github.com/slack-go/slack"
)

// slackViews is the part of Slack's Web API that shows views.
type slackViews struct {
	mu              sync.Mutex
	opened, updated []slack.ModalViewRequest
	openErr, updErr error
	beforeOpen      func() // nil = nothing
	beforeUpdate    func()
}

func (f *slackViews) OpenViewContext(ctx context.Context, trigger string, view slack.ModalViewRequest) (*slack.ViewResponse, error) {
	if f.beforeOpen != nil {
		f.beforeOpen()
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.openErr != nil {
		return nil, f.openErr
	}
	f.opened = append(f.opened, view)
	response := &slack.ViewResponse{}
	response.ID, response.Hash = fmt.Sprint("V", len(f.opened)), "hash-1"
	return response, ctx.Err()
}

func (f *slackViews) UpdateViewContext(ctx context.Context, view slack.ModalViewRequest, _, _, _ string) (*slack.ViewResponse, error) {
	if f.beforeUpdate != nil {
		f.beforeUpdate()
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.updErr != nil {
		return nil, f.updErr
	}
	f.updated = append(f.updated, view)
	return &slack.ViewResponse{}, ctx.Err()
}

// shown is a view as Slack got it.
type shown struct {
	CallbackID string `json:"callback_id"`
	Metadata   string `json:"private_metadata"`
	Blocks     []struct {
		ID      string `json:"block_id"`
		Type    string
		Text    struct{ Text string }
		Element struct {
			Type    string
			Action  string `json:"action_id"`
			Initial *struct {
				Value string
				Text  struct{ Text string }
			} `json:"initial_option"`
		}
	}
}

func readView(t *testing.T, view any) (read shown) {
	t.Helper()
	if err := json.Unmarshal(encoded(view), &read); err != nil {
		t.Fatal(err)
	}
	return read
}

// texts are those of its sections.
func (v shown) texts() string {
	var texts []string
	for _, block := range v.Blocks {
		texts = append(texts, block.Text.Text)
	}
	return strings.TrimSpace(strings.Join(texts, "\n"))
}

// fill is what its fields hold as it was opened, and then what somebody typed or chose.
func (v shown) fill(changes map[string]string) map[string]any {
	values := make(map[string]any)
	for _, block := range v.Blocks {
		if block.Type != "input" {
			continue
		}
		element := map[string]any{"type": block.Element.Type}
		changed, has := changes[block.ID]
		switch {
		case block.Element.Type == "plain_text_input":
			element["value"] = nil
			if has {
				element["value"] = changed
			}
		case has:
			element["selected_option"] = map[string]any{"value": changed, "text": map[string]string{"type": "plain_text", "text": "Chosen"}}
		case block.Element.Initial != nil:
			element["selected_option"] = map[string]any{"value": block.Element.Initial.Value, "text": block.Element.Initial.Text}
		default:
			element["selected_option"] = nil
		}
		values[block.ID] = map[string]any{block.Element.Action: element}
	}
	return values
}

// interactiveOf is an envelope of a payload that is about views.
func interactiveOf(id, user, kind string, fields map[string]any) socket.Envelope {
	payload := map[string]any{
		"type": kind, "team": map[string]string{"id": theTeam}, "user": map[string]string{"id": user, "team_id": theTeam},
		"trigger_id": "trigger-verysecret",
	}
	for name, value := range fields {
		payload[name] = value
	}
	return socket.Envelope{ID: id, Type: "interactive", Payload: encoded(payload), AcceptsResponsePayload: kind == typeSubmission || kind == typeSuggestion}
}

// opens has somebody type /extend alone, and gives the form that they see then.
func (w *world) opens(user string) shown {
	w.t.Helper()
	before := len(w.modals.updated)
	w.receives(dialogCommand(w.nextID(), user))
	if seen := <-w.observed; !strings.HasPrefix(seen, "dialog") || len(w.modals.updated) != before+1 {
		w.t.Fatalf("no dialog: %s\n%s", seen, w.log)
	}
	return readView(w.t, w.modals.updated[before])
}

// dialogCommand is /extend alone.
func dialogCommand(id, user string) socket.Envelope {
	return socket.Envelope{ID: id, Type: "slash_commands", Payload: encoded(map[string]string{
		"team_id": theTeam, "user_id": user, "channel_id": general, "command": slash, "text": "", "trigger_id": "trigger-verysecret",
		"response_url": answerAt + "/" + user,
	})}
}

// submission is an envelope with a view that somebody submits.
func submissionOf(id, user string, v shown, changes map[string]string) socket.Envelope {
	return interactiveOf(id, user, typeSubmission, map[string]any{"view": map[string]any{
		"id": "V1", "callback_id": v.CallbackID, "private_metadata": v.Metadata, "state": map[string]any{"values": v.fill(changes)},
	}})
}

// submits has somebody submit a view, and gives what the ack says, and what they read then.
func (w *world) submits(user string, v shown, changes map[string]string) (ack acked, said heard) {
	w.t.Helper()
	said = w.answerTo(user, submissionOf(w.nextID(), user, v, changes))
	return w.ack(), said
}

// acked is what the ack of a submission says.
type acked struct {
	Action string            `json:"response_action"`
	Errors map[string]string `json:"errors"`
	View   json.RawMessage   `json:"view"`
}

func (w *world) ack() (ack acked) {
	w.t.Helper()
	if w.acked != nil {
		w.must(json.Unmarshal(w.acked, &ack))
	}
	return ack
}

// suggests has somebody type into the field for the meeting, and gives the options.
func (w *world) suggests(user string, v shown, typed string) (options []dialog.Option) {
	w.t.Helper()
	w.receives(interactiveOf(w.nextID(), user, typeSuggestion, map[string]any{
		"value": typed, "block_id": dialog.Meeting, "action_id": dialog.Meeting,
		"view": map[string]any{"id": "V1", "callback_id": v.CallbackID, "private_metadata": v.Metadata},
	}))
	var answer struct {
		Options []struct {
			Text, Description struct{ Text string }
			Value             string
		}
	}
	w.must(json.Unmarshal(w.acked, &answer))
	for _, option := range answer.Options {
		options = append(options, dialog.Option{Value: option.Value, Text: option.Text.Text, Description: option.Description.Text})
	}
	return options
}

// kept is what the store keeps of an envelope.
func (w *world) kept(id string) store.Envelope {
	w.t.Helper()
	envelope, err := w.store.Inbox.Envelope(w.t.Context(), id)
	w.must(err)
	return envelope
}

// asStored is an envelope as another process stored it, which died then: with it went what it held in memory.
func (w *world) asStored(envelope socket.Envelope) socket.Envelope {
	w.t.Helper()
	desk := w.inbox.desk.(*Desk)
	from, err := senderOf(envelope.ID, envelope.Type, envelope.Payload)
	w.must(err)
	envelope.Payload = desk.stored(w.t.Context(), from)
	desk.dialogs.held.held.Purge()
	return envelope
}

// sightOfAll is what somebody may know who sees every meeting.
func sightOfAll() access.Sight {
	gate := &access.Gate{Policy: access.Policy{Team: theTeam, AdminUsers: []string{admin}}}
	sight, err := gate.Sight(context.Background(), access.Subject{Person: ordinary(admin, "", "", "")}, theMeeting(), access.Watch{})
	if err != nil {
		panic(err)
	}
	return sight
}

// leaves puts an envelope into the inbox as a worker left it that died so long ago: its claim has expired. Time passes
// meanwhile.
func (w *world) leaves(envelope socket.Envelope, ago time.Duration) {
	w.t.Helper()
	fresh, err := w.store.Inbox.StoreEnvelope(w.t.Context(), store.Envelope{
		ID: envelope.ID, Type: envelope.Type, Payload: envelope.Payload,
	}, "a worker that died", ago)
	if err != nil || !fresh {
		w.t.Fatalf("an envelope that was left: %v, %v", fresh, err)
	}
	time.Sleep(ago)
}
