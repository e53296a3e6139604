package bot

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"

	"github.com/overtime-bot/overtime/bot/socket"
)

// slash is the name of the command, as people type it and as the configuration has it.
var slash = "/extend"

// typed is an envelope with a command in it.
func typed(id, user, text string) socket.Envelope { return typedIn(general, id, user, slash, text) }

func typedIn(channel, id, user, command, text string) socket.Envelope {
	return socket.Envelope{ID: id, Type: "slash_commands", Payload: encoded(map[string]string{
		"team_id": theTeam, "user_id": user, "channel_id": channel, "command": command, "text": text,
		"response_url": answerAt + "/" + user,
	})}
}

// clicked is an envelope with the press of a button in it.
func clicked(id, user, value string) socket.Envelope {
	return socket.Envelope{ID: id, Type: "interactive", Payload: encoded(map[string]any{
		"type": "block_actions", "team": map[string]string{"id": theTeam}, "user": map[string]string{"id": user, "team_id": theTeam},
		"channel": map[string]string{"id": general}, "response_url": answerAt + "/" + user,
		"actions": []map[string]string{{"type": "button", "block_id": "b", "action_id": "offer:0", "value": value}},
	})}
}

// notUnderstoodAtAll is an envelope that takes a worker hardly any time.
func notUnderstoodAtAll(number int) socket.Envelope {
	return socket.Envelope{ID: fmt.Sprint("waiting-", number), Type: "slash_commands", Payload: encoded("nothing")}
}

func encoded(payload any) json.RawMessage {
	text, err := json.Marshal(payload)
	if err != nil {
		panic(err)
	}
	return text
}

// logLines is a log that is read while it is written.
type logLines struct {
	mu    sync.Mutex
	text  strings.Builder
	delay func(line string) // before a line is written; nil = none
}

func (l *logLines) Write(line []byte) (int, error) {
	if l.delay != nil {
		l.delay(string(line))
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(line)
}

func (l *logLines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func (l *logLines) count(part string) int { return strings.Count(l.String(), part) }
