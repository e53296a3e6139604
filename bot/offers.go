package bot

import (
	"context"
	"crypto/rand"
	"strconv"
	"time"

	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
	"github.com/slack-go/slack"
)

// What an action does when its button is pressed.
const (
	verbExtend = "extend" // so many minutes, for the run and the end that it was offered for
	verbAgain  = "again"  // a command that was not carried out
)

// Offer is a button under an answer. What it does is stored; the button itself says an opaque ID alone. An action
// that has its ID is stored already.
type Offer struct {
	Label  string
	Action store.Action
}

// offeredSteps are the minutes of the buttons under a success.
var offeredSteps = []int{15, 30}

// offerMore offers further minutes after a confirmed extension, as far as the limits allow: for the end that it made.
// The extension's own row stands for them.
func offerMore(say i18n.Printer, e extension.Extension, left int) []Offer {
	offers := make([]Offer, 0, len(offeredSteps))
	for _, minutes := range offeredSteps {
		if minutes <= left {
			label := say.Say(i18n.ButtonMore, i18n.Data{"Count": minutes})
			offers = append(offers, Offer{Label: label, Action: store.Action{ID: store.OfferID(e, minutes)}})
		}
	}
	return offers
}

func offerMinutes(label, run, id string, minutes int, end time.Time) Offer {
	return Offer{Label: label, Action: store.Action{
		Verb: verbExtend, Run: run, MeetingID: id, Minutes: minutes, OfferedEnd: end, Expires: end,
	}}
}

// verbTyped is a command of the table: the person is asked for their permission anew, as if they typed it.
const verbTyped = "typed"

// offerTyped offers a command about a meeting, for as long as it lasts.
func (b *Bot) offerTyped(label string, m meeting.Meeting, command grammar.Command) Offer {
	expires := m.End
	if lasts := b.config.Clock.Now().Add(time.Hour); expires.Before(lasts) {
		expires = lasts
	}
	return Offer{Label: label, Action: store.Action{
		Verb: verbTyped, Run: extension.RunOf(m), MeetingID: m.ID, Command: command.String(), Expires: expires,
	}}
}

// offerWatch offers to watch a meeting that nobody watches.
func (b *Bot) offerWatch(c call, m meeting.Meeting) []Offer {
	return []Offer{
		b.offerTyped(c.say.Say(i18n.ButtonWatchAsk, nil), m, grammar.Command{Verb: grammar.VerbWatch, Meeting: m.ID, Mode: scheduler.ModeAsk}),
		b.offerTyped(c.say.Say(i18n.ButtonWatchAuto, nil), m, grammar.Command{Verb: grammar.VerbWatch, Meeting: m.ID, Mode: scheduler.ModeAuto}),
	}
}

// offerAgain offers a command that was not carried out, for the run that is on now and its end.
func offerAgain(label string, m meeting.Meeting, command grammar.Command) Offer {
	run := extension.RunOf(m)
	if command.Amount.Kind == grammar.ForMinutes {
		return offerMinutes(label, run, m.ID, command.Amount.Count, m.End)
	}
	return Offer{Label: label, Action: store.Action{
		Verb: verbAgain, Run: run, MeetingID: m.ID, Command: command.String(), OfferedEnd: m.End, Expires: m.End,
	}}
}

// withButtons stores what the offers of an answer do. An answer whose buttons cannot be stored goes without them:
// it does not wait for a store that hangs.
func (b *Bot) withButtons(ctx context.Context, reply Reply) Reply {
	var actions []store.Action
	for i := range reply.Offers {
		if action := &reply.Offers[i].Action; action.ID == "" {
			action.ID = rand.Text()
			actions = append(actions, *action)
		}
	}
	if len(actions) == 0 {
		return reply
	}
	ctx, cancel := context.WithTimeout(ctx, storePatience)
	defer cancel()
	if err := b.config.Inbox.PutActions(ctx, actions); err != nil {
		b.logger.WarnContext(ctx, "an answer goes without its buttons", "error", err)
		reply.Offers = nil
	}
	return reply
}

// buttons lays the offers out.
func buttons(offers []Offer) slack.Block {
	elements := make([]slack.BlockElement, 0, len(offers))
	for i, offer := range offers {
		label := slack.NewTextBlockObject(slack.PlainTextType, clip(offer.Label, buttonLimit), false, false)
		elements = append(elements, slack.NewButtonBlockElement("offer:"+strconv.Itoa(i), offer.Action.ID, label))
	}
	return slack.NewActionBlock("", elements...)
}
