package bot

import (
	"context"
	"log/slog"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// quietButtons are a host's own wish for no more prompts, or for prompts again. They concern nobody else, and take no
// permission.
type quietButtons struct {
	hosts    QuietHosts
	refusals *refusals
	now      func() time.Time
	logger   *slog.Logger
}

// quietLife is how long the button works that takes "don't ask me again" back.
const quietLife = 90 * 24 * time.Hour

func (q *quietButtons) press(ctx context.Context, in interaction) Reply {
	if !in.person.Known {
		return q.refusals.denied(in, access.PersonUnknown)
	}
	if reply, begun := q.refusals.begins(ctx, in); !begun {
		return reply
	}
	quiet := in.action.Verb == verbQuiet
	before, err := q.hosts.SetQuiet(ctx, in.actor(), quiet)
	if err != nil {
		return q.refusals.notWritten(ctx, in, err)
	}
	tone, text := Done, i18n.Unquieted
	switch {
	case quiet && before:
		tone, text = Telling, i18n.QuietedBefore
	case quiet:
		text = i18n.Quieted
	case !before:
		tone, text = Telling, i18n.UnquietedBefore
	}
	if quiet {
		reply := in.reply(tone, text, i18n.QuietedNext, nil)
		reply.Offers = []Offer{q.offerAskAgain(in)}
		return reply
	}
	reply := in.reply(tone, text, "", nil)
	reply.Replaces = true // the button is done with
	return reply
}

func (q *quietButtons) offerAskAgain(in interaction) Offer {
	return Offer{Label: in.say.Say(i18n.ButtonAskAgain, nil), Action: store.Action{
		Verb: verbAskAgain, Expires: q.now().Add(quietLife),
	}}
}

// offer offers prompts to a host who once wanted none. The message that first offered it is long gone.
func (q *quietButtons) offer(ctx context.Context, in interaction) []Offer {
	quiet, err := q.hosts.Quiet(ctx, in.actor())
	if err != nil {
		q.logger.WarnContext(ctx, "an answer goes without saying whether its reader is asked", "error", err)
	}
	if err != nil || !quiet {
		return nil
	}
	return []Offer{q.offerAskAgain(in)}
}
