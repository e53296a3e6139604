package bot

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing/synctest"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/bot/socket"
)

// publish takes views.publish.
func (f *fakePoster) publish(request *http.Request, body []byte) (*http.Response, error) {
	var said struct {
		User string `json:"user_id"`
		View struct{ Blocks []json.RawMessage }
	}
	if err := json.Unmarshal(body, &said); err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.trouble("the Home of " + said.User); err != nil {
		return failedCall(request, err)
	}
	seen := hear(wholeHome(said.View.Blocks), said.View.Blocks)
	seen.home, seen.private = true, true
	f.homes = append(f.homes, post{heard: seen, at: time.Now(), reader: said.User})
	f.script.add(said.User+" sees in their Home:", seen)
	return says(http.StatusOK, `{"ok":true,"view":{"id":"V1"}}`, "Content-Type", "application/json")(request)
}

// homesOf are the Homes that somebody was shown, one after another.
func (f *fakePoster) homesOf(user string) (homes []heard) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, home := range f.homes {
		if home.reader == user {
			homes = append(homes, home.heard)
		}
	}
	return homes
}

// homeLine is what one block of a Home shows.
func homeLine(raw json.RawMessage) string {
	var block struct {
		Type     string
		Text     struct{ Text string }
		Elements []struct{ Text json.RawMessage }
	}
	if err := json.Unmarshal(raw, &block); err != nil {
		panic(fmt.Sprintf("%v: %s", err, raw))
	}
	var parts []string
	for _, element := range block.Elements {
		var text string
		var label struct{ Text string }
		if json.Unmarshal(element.Text, &text) != nil {
			_ = json.Unmarshal(element.Text, &label)
			text = "[" + label.Text + "]"
		}
		parts = append(parts, text)
	}
	switch block.Type {
	case "divider":
		return "----"
	case "section":
		return block.Text.Text
	case "context":
		return "  " + strings.Join(parts, "\n  ")
	}
	return "  " + strings.Join(parts, " ")
}

func wholeHome(blocks []json.RawMessage) string {
	lines := make([]string, len(blocks))
	for i, block := range blocks {
		lines[i] = homeLine(block)
	}
	return strings.Join(lines, "\n")
}

// shownAtHome is a Home as it looks.
func (h heard) shownAtHome() string {
	var text strings.Builder
	for line := range strings.SplitSeq(asShown(h.whole), "\n") {
		text.WriteString("  " + line + "\n")
	}
	return text.String()
}

// lintHome is lintBlocks for a Home, which may have twice as many blocks, and lines between them.
func lintHome(raw []json.RawMessage) []string {
	l := &linter{}
	if len(raw) == 0 || len(raw) > 100 {
		l.fault("%d blocks, want 1 to 100", len(raw))
	}
	ids := make(map[any]bool)
	for _, each := range raw {
		var block map[string]any
		if err := json.Unmarshal(each, &block); err != nil {
			return []string{err.Error()}
		}
		if block["type"] != "divider" {
			l.checkBlock(block)
		}
		elements, _ := block["elements"].([]any)
		for _, element := range elements {
			if id := element.(map[string]any)["action_id"]; id != nil && ids[id] {
				l.fault("the action_id %v is there twice", id)
			} else {
				ids[id] = true
			}
		}
	}
	return l.faults
}

// opensHome is an envelope with the opening of a tab in it.
func opensHome(id, user, tab string) socket.Envelope {
	return happened(id, time.Now(), "type", "app_home_opened", "user", user, "channel", directOf(user), "tab", tab)
}

// pressedAtHome is an envelope with the press of a button in a Home.
func pressedAtHome(id, user, action, value string) socket.Envelope {
	return socket.Envelope{ID: id, Type: "interactive", Payload: encoded(map[string]any{
		"type": "block_actions", "team": map[string]string{"id": theTeam}, "user": map[string]string{"id": user, "team_id": theTeam},
		"container": map[string]string{"type": "view", "view_id": "V1"}, "view": map[string]string{"id": "V1", "type": "home"},
		"actions": []map[string]string{{"type": "button", "block_id": "b", "action_id": action, "value": value}},
	})}
}

// guestOf is a guest of the workspace.
func guestOf(w *world) access.Person {
	guest := w.people.people[stranger]
	guest.Guest = true
	return guest
}

// home opens somebody's Home and gives what it shows.
func (w *world) home(user string) heard {
	w.t.Helper()
	synctest.Wait() // a round that an earlier act began reaches only the Homes that were open then
	w.script.does(user, "opens their Home")
	w.receives(opensHome(w.nextID(), user, "home"))
	<-w.observed
	homes := w.poster.homesOf(user)
	if len(homes) == 0 {
		w.t.Fatalf("no Home\n%s", w.log)
	}
	return homes[len(homes)-1]
}

// pressesAtHome presses a button in a Home.
func (w *world) pressesAtHome(user string, button heardButton) {
	w.script.does(user, "presses ["+button.label+"] in their Home")
	w.receives(pressedAtHome(w.nextID(), user, "extend:15", button.id))
	<-w.observed
}
