package bot

import (
	"fmt"
	"slices"

	"github.com/overtime-bot/overtime/bot/socket"
)

// chooses gives the answer to the press of a button, or to the choice of an option in a menu.
func (w *world) chooses(user string, what heardButton) heard {
	w.t.Helper()
	w.script.does(user, "presses ["+what.label+"]")
	return w.answerTo(user, chosen(w.nextID(), user, what))
}

// chosen is the envelope of such a press, as Slack sends it.
func chosen(id, user string, what heardButton) socket.Envelope {
	element := map[string]any{"type": "button", "block_id": "b", "action_id": what.element, "value": what.id, "action_ts": "1.2"}
	if what.menu {
		element = map[string]any{"type": "overflow", "block_id": "b", "action_id": "more", "action_ts": "1.2", "selected_option": map[string]any{
			"text": map[string]any{"type": "plain_text", "text": what.label, "emoji": true}, "value": what.id + " " + what.element,
		}}
	}
	return socket.Envelope{ID: id, Type: "interactive", Payload: encoded(map[string]any{
		"type": "block_actions", "team": map[string]string{"id": theTeam}, "user": map[string]string{"id": user, "team_id": theTeam},
		"channel": map[string]string{"id": general}, "response_url": answerAt + "/" + user, "actions": []any{element},
	})}
}

// controls are all that can be pressed in a message.
func (h heard) controls() []heardButton {
	controls := slices.Clone(h.buttons)
	for _, item := range h.items {
		controls = append(controls, item.buttons...)
	}
	return controls
}

// control is the first of them that does this, by its action_id.
func (w *world) control(h heard, element string) heardButton {
	w.t.Helper()
	for _, control := range h.controls() {
		if control.element == element {
			return control
		}
	}
	w.t.Fatalf("no %s in %+v", element, h.controls())
	return heardButton{}
}

// turnsTo shows another page of a list that somebody reads.
func (w *world) turnsTo(user string, list heard, page int) heard {
	w.t.Helper()
	if page == 1 {
		return list
	}
	turning := list.buttons[0]
	turning.element = fmt.Sprint("page:", page)
	return w.chooses(user, turning)
}
