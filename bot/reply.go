package bot

import (
	"cmp"

	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// Tone is how an answer is meant. It is the sign in front of it.
type Tone string

// The tones.
const (
	Done    Tone = ":white_check_mark:"
	Waiting Tone = ":hourglass_flowing_sand:"
	Refusal Tone = ":no_entry:"
	Failed  Tone = ":warning:"
	Telling Tone = ":information_source:"
	Asking  Tone = ":question:"
)

var toneNames = map[Tone]string{Done: "done", Waiting: "waiting", Refusal: "refused", Failed: "trouble", Asking: "asked"}

// Name is the tone in one word, for metrics.
func (t Tone) Name() string { return cmp.Or(toneNames[t], "told") }

// Reply is a message as a value. Handlers return it, and the messenger sends it.
type Reply struct {
	Tone Tone
	Text string // what happened: mrkdwn of our own, with foreign text in it escaped
	Next string // what to do next, in the same form; may be empty
	// Heading is the meeting that the message is about. Its name is in the first line: in the text, else in front of it.
	Heading heading
	// About is foreign text (the service's message). It is shown as plain text.
	About []string
	Items []Item // a list under the text; as many as fit are shown
	Rest  int    // entries of the list that are not among the items
	// More says how many entries are not shown. A list without it is short.
	More func(count int) string
	Last string // below the list

	Row    Row     // buttons under the message that share an action
	Offers []Offer // further buttons
	// Replaces says that the answer takes the place of the message with the button.
	Replaces bool
	// Own says that it was the person's own press that did it.
	Own bool
	// Said says that the message with the button says it already: no answer is needed.
	Said bool
	// Once says that what was done must not be done again to answer again.
	Once bool
	// Later says that there is no answer yet. The envelope waits to be taken over again.
	Later bool
	// Pending says that a second answer follows, so that the envelope keeps its payload.
	Pending bool
	// Promised is the ID of the extension that the second answer is about; 0 = none.
	Promised int64
	// Effect is what others read of it; nil = nothing.
	Effect *effect
	// Why is the sentence that the text begins with, as the log's reason.
	Why i18n.Key
	// Over is what the log says once the answer is given.
	Over outcomeLine
}

// effect is a message for others than the one who asked.
type effect struct {
	place place
	reply Reply
}

// Item is an entry of a list.
type Item struct {
	Text  string // mrkdwn of our own
	About string // foreign text
	Row   Row
	// Named is the text of an entry that names a meeting, with so many characters of its name. Nil: it is Text.
	Named func(titles int) string
}

// Row is what one stored action serves: buttons, and a menu beside them. Which of them was pressed is in the action_id.
type Row struct {
	Action  store.Action
	Buttons []Choice
	Menu    []Choice
}

// Choice is a button, or an option of a menu.
type Choice struct{ Label, ID string }

// presses says whether there is anything to press.
func (r Row) presses() bool { return len(r.Buttons)+len(r.Menu) > 0 }

// Offer is a button under a message. Its value is the ID of its action, and its action_id follows from the action's verb
// (see actionid.go). An action that already has an ID is stored already.
type Offer struct {
	Label  string
	Action store.Action
}

// unstored are the actions behind the buttons that have no ID yet.
func (r *Reply) unstored() (actions []*store.Action) {
	add := func(action *store.Action, presses bool) {
		if presses && action.ID == "" {
			actions = append(actions, action)
		}
	}
	for i := range r.Items {
		add(&r.Items[i].Row.Action, r.Items[i].Row.presses())
	}
	add(&r.Row.Action, r.Row.presses())
	for i := range r.Offers {
		add(&r.Offers[i].Action, true)
	}
	return actions
}

// dropButtons leaves a message without anything to press.
func (r *Reply) dropButtons() {
	r.Row, r.Offers = Row{}, nil
	for i := range r.Items {
		r.Items[i].Row = Row{}
	}
}
