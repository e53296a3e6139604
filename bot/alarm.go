package bot

import (
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/scheduler"
)

// troubles are what can go wrong with automation.
var troubles = map[scheduler.Trouble]struct {
	says      i18n.Key
	helped    bool // a person's own command may get round it: that goes first, and needs no owner
	pressable bool // and buttons help too; where nothing could be read, they would fail now
	certain   bool // no later try gets round it
}{
	scheduler.TroubleRefused:  {says: i18n.TroubleRefused},
	scheduler.TroubleUnclear:  {says: i18n.TroubleUnclear},
	scheduler.TroubleThrottle: {says: i18n.TroubleThrottled, helped: true, pressable: true},
	scheduler.TroubleDelayed:  {says: i18n.TroubleDelayed, helped: true, pressable: true},
	scheduler.TroubleQuota:    {says: i18n.TroubleQuota, helped: true, pressable: true},
	scheduler.TroubleNoTick:   {says: i18n.TroubleNoTick, helped: true},
	scheduler.TroubleOwner:    {says: i18n.TroubleOwner, helped: true, pressable: true},
	scheduler.TroubleKeeper:   {says: i18n.TroubleKeeper, helped: true, pressable: true},
	scheduler.TroubleService:  {says: i18n.TroubleService, helped: true},
	scheduler.TroubleStuck:    {says: i18n.TroubleStuck, helped: true, pressable: true},
	scheduler.TroubleUnseen:   {says: i18n.TroubleUnseen, helped: true, pressable: true},
	scheduler.TroubleHidden:   {says: i18n.TroubleHidden, certain: true},
	scheduler.TroubleBooked:   {says: i18n.TroubleBookedRoom, certain: true},
	scheduler.TroubleSpent:    {says: i18n.TroubleSpent, certain: true},
}

// alarm says that automation failed, with the minutes left and what a person can do.
func (p promptWording) alarm(to recipient, o scheduler.Occasion) Reply {
	if o.Trouble == scheduler.TroubleBlind {
		return Reply{
			Tone: Failed, Text: to.say.Say(i18n.TroubleBlind, i18n.Data{"Meeting": to.heading(o).Name}),
			Next: to.say.Say(i18n.TroubleBlindNext, i18n.Data{"Command": p.typed(to, o)}),
		}
	}
	trouble, known := troubles[o.Trouble]
	ends := i18n.TroubleEnds
	if trouble.certain {
		ends = i18n.TroubleEndsSurely
	}
	text := to.say.Say(ends, p.ends(to, o))
	if known {
		behalf := o.Rule.Owner
		if o.Kept.User != "" {
			behalf = o.Kept
		}
		text = i18n.Join(text, to.say.Say(to.ofHost(trouble.says), i18n.Data{"Who": who(behalf), "Count": p.limits.MaxTotalMinutes}))
	}
	if o.Trouble == scheduler.TroubleKeeper { // what was wished before counts again
		text = i18n.Join(text, p.saysNext(to, o))
	}
	reply := Reply{Tone: Failed, Text: text, About: saysPeople(to.say, o.Meeting)}
	switch {
	case o.Trouble == scheduler.TroubleBooked:
		reply.Next = to.say.Say(i18n.TroubleCloseNext, nil)
	case trouble.helped:
		reply.Next = to.say.Say(to.ofHost(i18n.TroubleTypeNext), i18n.Data{"Command": p.typed(to, o)})
	case o.Trouble == scheduler.TroubleUnclear:
		reply.Next = to.say.Say(to.ofHost(i18n.TroubleLookNext), i18n.Data{"Command": to.typed("status " + o.Prompt.MeetingID)})
	case o.Trouble == scheduler.TroubleHidden:
		reply.Next = to.say.Say(to.ofHost(i18n.TroubleHiddenNext), nil)
	default:
		reply.Next = to.say.Say(to.ofHost(i18n.TroubleHostNext), nil)
	}
	return reply
}
