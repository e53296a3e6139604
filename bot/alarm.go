package bot

import (
	"strings"

	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// troubles are the sentences for what went wrong with automation.
var troubles = map[scheduler.Trouble]i18n.Key{
	scheduler.TroubleRefused: i18n.TroubleRefused, scheduler.TroubleUnclear: i18n.TroubleUnclear,
	scheduler.TroubleThrottle: i18n.TroubleThrottled, scheduler.TroubleQuota: i18n.TroubleQuota,
	scheduler.TroubleNoTick: i18n.TroubleNoTick, scheduler.TroubleOwner: i18n.TroubleOwner,
	scheduler.TroubleService: i18n.TroubleService, scheduler.TroubleHidden: i18n.TroubleHidden,
	scheduler.TroubleKeeper: i18n.TroubleKeeper,
	scheduler.TroubleBooked: i18n.TroubleBookedHost, scheduler.TroubleSpent: i18n.TroubleSpent,
}

// helped are the troubles that a person's own command may get round: it goes before automation, and needs no owner.
var helped = map[scheduler.Trouble]bool{
	scheduler.TroubleThrottle: true, scheduler.TroubleQuota: true, scheduler.TroubleNoTick: true,
	scheduler.TroubleOwner: true, scheduler.TroubleKeeper: true, scheduler.TroubleService: true,
}

// pressable are those of them that leave something to press. Where nothing could be looked at, a button would fail now,
// and the prompt comes when it would not.
var pressable = map[scheduler.Trouble]bool{
	scheduler.TroubleThrottle: true, scheduler.TroubleQuota: true, scheduler.TroubleOwner: true,
	scheduler.TroubleKeeper: true,
}

// certain are the troubles that no later try gets round.
var certain = map[scheduler.Trouble]bool{
	scheduler.TroubleHidden: true, scheduler.TroubleBooked: true, scheduler.TroubleSpent: true,
}

// troublePrompt tells that automation failed, with the minutes left and what a person can do.
func (b *Bot) troublePrompt(r reader, o scheduler.Occasion) Reply {
	ends := i18n.TroubleEnds
	if certain[o.Trouble] {
		ends = i18n.TroubleEndsSurely
	}
	text := r.say.Say(ends, i18n.Data{"End": r.date(o.Prompt.End), "Details": b.details(r, o)})
	if key, ok := troubles[o.Trouble]; ok {
		if o.Trouble == scheduler.TroubleBooked && o.Next.Room {
			key = i18n.TroubleBookedRoom
		}
		text = i18n.Join(text, r.say.Say(r.ofHost(key), i18n.Data{"Who": who(wisher(o)), "Limit": b.config.MaxTotalMinutes}))
	}
	reply := Reply{Tone: Trouble, Text: text}
	switch {
	case o.Trouble == scheduler.TroubleBooked:
		reply.Next = r.say.Say(i18n.TroubleCloseNext, nil)
	case helped[o.Trouble]:
		reply.Next = r.say.Say(r.ofHost(i18n.TroubleTypeNext), i18n.Data{"Command": b.typedFor(o)})
	case o.Trouble == scheduler.TroubleUnclear:
		reply.Next = r.say.Say(r.ofHost(i18n.TroubleLookNext), i18n.Data{"Command": commandText("", "status "+o.Prompt.MeetingID)})
	default:
		reply.Next = r.say.Say(r.ofHost(i18n.TroubleHostNext), nil)
	}
	return reply
}

// wisher is on whose behalf automation extends.
func wisher(o scheduler.Occasion) extension.Actor {
	if o.Kept.User != "" {
		return o.Kept
	}
	return o.Rule.Owner
}

// commandText is a command as people type it, for sentences that say what to type.
func commandText(name, rest string) string {
	if name == "" {
		name = "/extend"
	}
	return foreign(strings.TrimSpace(name+" "+rest), aboutLimit)
}
