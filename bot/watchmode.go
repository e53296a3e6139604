package bot

import (
	"context"
	"time"

	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// modeLabels are what the buttons say that choose a mode.
var modeLabels = map[scheduler.Mode]i18n.Key{scheduler.ModeAsk: i18n.DialogAsk, scheduler.ModeAuto: i18n.DialogAuto}

// offersModes puts a button for each mode under the question which is meant, if the meeting is known.
func (f *finder) offersModes(ctx context.Context, in interaction, question Reply, commands []grammar.Command) Reply {
	in.command = commands[0]
	in, m, _, ok := f.toWatch(ctx, in)
	if !ok {
		return question
	}
	for _, command := range commands {
		question.Offers = append(question.Offers, Offer{Label: in.say.Say(modeLabels[command.Mode], nil), Action: store.Action{
			Verb: verbTyped, Run: extension.RunOf(m), MeetingID: m.ID, Command: command.Of(m.ID).String(),
			Expires: later(m.End, f.now().Add(time.Hour)),
		}})
	}
	question.Tone, question.Heading = Asking, headingOf(in.sight, m)
	return question
}
