package bot

import (
	"bytes"
	"cmp"
	"errors"
	"strings"
	"time"

	"github.com/go-json-experiment/json/v1" // reads as encoding/json does, in half the time
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// The kinds of envelopes that the bot answers.
const (
	commandKind     = "slash_commands"
	interactiveKind = "interactive"
	eventKind       = "events_api"
)

// sender is who sent an envelope, what they typed or pressed, and where the answer goes.
type sender struct {
	envelope, kind      string
	holder              string // of the envelope's claim
	Team, User, Channel string
	Command             string // as "/extend"
	Text                string
	host                string // the person who is named in the place of a meeting
	Thread              string // the timestamp of its first message, if it was in one
	place               place  // where the answer goes
	Pressed             string // the ID of the stored action of what was pressed
	PressedID           string // its action_id, as "extend:15"
	Event               string // its type, if it was one
	reasoned
	late   bool // it came after so long that it is not done
	viewed      // of what is not a command, nor a press under a message
}

// asksNothing says that nobody waits for an answer.
func (s sender) asksNothing() bool { return s.Event == joinedEvent || s.Event == homeEvent }

// payload has what the bot uses of a command or a click. slack-go's types read every field, and refuse the whole if one
// has a shape that they do not know.
// Source: https://docs.slack.dev/interactivity/implementing-slash-commands and
// https://docs.slack.dev/reference/interaction-payloads
type payload struct {
	// Of a command.
	TeamID    string `json:"team_id"`
	UserID    string `json:"user_id"`
	ChannelID string `json:"channel_id"`
	Command   string `json:"command"`
	Text      string `json:"text"`
	// Of a click.
	Team    identified `json:"team"`
	User    identified `json:"user"`
	Channel identified `json:"channel"`
	Actions pressed    `json:"actions"`
	// Of a click in a message: the second is there for messages that one person alone reads.
	Message   threaded `json:"message"`
	Container threaded `json:"container"`
	viewPayload
	// Of both.
	ResponseURL string `json:"response_url"`
}

type identified struct {
	ID     string `json:"id"`
	TeamID string `json:"team_id"` // of a user: the workspace that the account is from
}

// threaded is what is in a thread, or is not. It takes any shape.
type threaded struct {
	ThreadTS, Type string
	raw            []byte // all of it
}

func (t *threaded) UnmarshalJSON(raw []byte) error {
	var read struct {
		ThreadTS string `json:"thread_ts"`
		Type     string `json:"type"`
	}
	if json.Unmarshal(raw, &read) == nil {
		t.ThreadTS, t.Type, t.raw = read.ThreadTS, read.Type, bytes.Clone(raw)
	}
	return nil
}

// pressed is the first element that was acted on: a button, or an option of a menu. It is empty if that has no value, or
// is of another kind.
type pressed struct {
	action string // the ID of the stored action
	id     string // the action_id
}

func (p *pressed) UnmarshalJSON(raw []byte) error {
	var elements []struct {
		ID     string `json:"action_id"`
		Value  string `json:"value"`
		Option struct {
			Value string `json:"value"`
		} `json:"selected_option"`
	}
	if err := json.Unmarshal(raw, &elements); err != nil || len(elements) == 0 {
		return nil
	}
	first := elements[0]
	if action, id, ok := strings.Cut(first.Option.Value, " "); ok { // as optionValue makes it
		*p = pressed{action, id}
		return nil
	}
	*p = pressed{first.Value, first.ID}
	return nil
}

// errNoPayload does not quote the payload, which holds a response_url.
var errNoPayload = errors.New("the payload is not what it should be")

// senderOf reads who sent an envelope. Commands, clicks and events name it differently.
func senderOf(envelope, kind string, raw []byte) (sender, error) {
	if kind == eventKind {
		return senderOfEvent(envelope, raw)
	}
	var read payload
	if err := json.Unmarshal(raw, &read); err != nil {
		return sender{}, errNoPayload
	}
	from := sender{envelope: envelope, kind: kind, place: atAddress(meeting.Secret(read.ResponseURL))}
	if kind == interactiveKind {
		from.Team, from.User, from.Channel = cmp.Or(read.User.TeamID, read.Team.ID), read.User.ID, read.Channel.ID
		from.Pressed, from.PressedID = read.Actions.action, read.Actions.id
		from.Thread = cmp.Or(read.Message.ThreadTS, read.Container.ThreadTS)
		if read.Container.Type == "view" && read.ResponseURL == "" {
			from.place = atHome()
		}
		from = from.withReason(raw)
	} else {
		from.Team, from.User, from.Channel = read.TeamID, read.UserID, read.ChannelID
		from.Command = read.Command
		from.Text, from.host = hostNamed(read.Text)
	}
	from.viewed = read.viewed(read.Message.raw)
	if from.User == "" {
		return sender{}, errNoPayload
	}
	return from, nil
}

// senderOfEvent reads who caused an event.
func senderOfEvent(envelope string, raw []byte) (sender, error) {
	read, err := readEvent(raw)
	if err != nil || !read.isForUs() {
		return sender{}, errNoPayload
	}
	text, host := hostNamed(read.words())
	return sender{
		envelope: envelope, kind: eventKind, host: host, Event: read.Inner.Type, Team: read.team(), User: read.person(),
		Channel: read.Inner.Channel, Text: text, Thread: read.Inner.ThreadTS, place: read.place(),
	}, nil
}

// job is one envelope to be worked on.
type job struct {
	id       string
	kind     string
	payload  []byte
	arrived  time.Time
	turnAway i18n.Key // set: say this and then next, and do nothing
	next     i18n.Key
	stopNote func() // of workingNotes; nil if the person is turned away

	takenOver bool          // from a worker that died
	decided   bool          // its ack has said it all
	concluded bool          // which had worked the answer out: it is only told
	leftFor   time.Duration // since it was stored, when it was taken over
}

// envelope is what the store keeps of the job.
func (j job) envelope() store.Envelope {
	return store.Envelope{ID: j.id, Type: j.kind, Payload: j.payload}
}

// age is how long ago the person asked.
func (j job) age() time.Duration { return j.leftFor + time.Since(j.arrived) }

func (j job) stop() {
	if j.stopNote != nil {
		j.stopNote()
	}
}

func (j job) sender() (sender, error) { return senderOf(j.id, j.kind, j.payload) }
