package bot

import (
	"context"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// handingOver is `/extend <meeting> auto [minutes]`, and the button that does the same: the platform is to extend the
// meeting by itself. No limit of ours holds the platform, so that it is for administrators and the meeting's host alone.
type handingOver struct {
	finder   *finder
	extender Extender
	outcomes *outcomes
	gate     *access.Gate
	foresees *foreseeing
	follower *follower
	refusals *refusals
}

func (h *handingOver) handOver(ctx context.Context, in interaction) Reply {
	in, found, refusal, ok := h.finder.toExtend(ctx, in)
	if !ok {
		return refusal
	}
	if refusal, may := h.allowed(ctx, in, found); !may {
		return refusal
	}
	request := extension.Request{
		Key: in.from.envelope, Envelope: in.from.envelope, Holder: in.from.holder,
		Meeting: found, Origin: extension.FromCommand, Actor: in.actor(), Platform: true, Each: in.command.Amount.Count,
	}
	if in.action != nil {
		if in.action.Run != extension.RunOf(found) {
			return overForButton(in)
		}
		// Not the key of the buttons that extend: the end stays the same, and may still be extended.
		request.Key = extension.OfferKey(in.action.Run, in.action.OfferedEnd) + " by the platform"
		request.Origin, request.OfferedEnd = extension.FromButton, in.action.OfferedEnd
	}
	if in.submitted != nil {
		if in.submitted.run != extension.RunOf(found) {
			return ended(in, in.named(found))
		}
		request.Key = in.submitted.key + " by the platform"
	}
	result, err := h.extender.Extend(ctx, request)
	reply := h.outcomes.reply(ctx, in, request, result, err)
	if err == nil && result.Outcome == extension.DidConfirm {
		reply.Next = i18n.Join(reply.Next, h.foresees.saysNext(in.speech(), h.foresees.one(ctx, result.Meeting)))
	}
	return reply
}

// press hands over by a button under a prompt, which then says so for everybody.
func (h *handingOver) press(ctx context.Context, in interaction) Reply {
	return h.follower.follow(ctx, in, h.handOver(ctx, in))
}

// allowed says whether somebody who may extend the meeting may also hand it over.
func (h *handingOver) allowed(ctx context.Context, in interaction, m meeting.Meeting) (Reply, bool) {
	if in.verdict.Admin() {
		return Reply{}, true
	}
	host, err := h.gate.Hosts.For(ctx, in.person, m)
	switch {
	case err != nil:
		return h.refusals.hostUnknown(ctx, in, err), false
	case in.person.Hosts(host.Email):
		return Reply{}, true
	}
	reply := in.reply(Refusal, i18n.HandedDenied, i18n.HandedDeniedNext, i18n.Data{"Whom": h.refusals.whom(in)})
	reply.Heading = headingOf(in.sight, m)
	return reply, false
}
