package bot

import (
	"slices"

	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// promptOffers are the buttons under a message that make sense as things stand.
func promptOffers(to recipient, o scheduler.Occasion, s scheduler.Shown) []Offer {
	var offers []Offer
	offer := func(verb, label string, minutes int) {
		offers = append(offers, Offer{Label: label, Action: store.Action{
			Verb: verb, Run: o.Prompt.Run, MeetingID: o.Prompt.MeetingID, OfferedEnd: o.Prompt.End, Minutes: minutes,
			Prompt: o.Prompt.ID, Expires: o.Prompt.End.Add(promptLife),
		}})
	}
	extend := func() {
		for _, minutes := range o.Decision.Offers {
			offer(verbExtend, to.say.Say(i18n.ButtonMore, i18n.Data{"Count": minutes}), minutes)
		}
		left := o.Decision.AutoLeft
		if o.Decision.Clipped && len(offers) > 0 { // no more than fits before the next booking
			left = min(left, slices.Max(o.Decision.Offers))
		}
		if left > 0 && len(offers) > 0 && o.Prompt.Kind == scheduler.PromptAsk {
			offer(verbKeep, to.say.Say(i18n.ButtonKeep, i18n.Data{"Count": left}), 0)
		}
	}
	open := s.Stage == scheduler.StageOpen
	handOver := func() { // in a channel everybody sees it, and the press asks who may
		if len(offers) > 0 && (to.person.ID == "" || to.isHost || to.isAdmin) {
			offer(verbHandOver, to.say.Say(i18n.ButtonHandOver, nil), 0)
		}
	}
	switch {
	case s.Stage == scheduler.StageHanded:
		extend()
	case s.Stage == scheduler.StageAnswered && (s.Lapsed || s.Answer == scheduler.LetEnd),
		open && o.Prompt.Kind == scheduler.PromptTrouble && troubles[o.Trouble].pressable:
		extend()
	case s.Stage == scheduler.StageAnswered && s.Answer == scheduler.KeepExtending, open && o.Prompt.Kind == scheduler.PromptAuto:
		offer(verbStop, to.say.Say(i18n.ButtonStop, nil), 0)
	case open && o.Prompt.Kind == scheduler.PromptAsk && !s.Unsure:
		extend()
		handOver()
		offer(verbEnd, to.say.Say(i18n.ButtonEnd, nil), 0)
	}
	if open && o.Trouble == scheduler.TroubleHidden { // the press asks whose meeting it is
		offers = append(offers, offerDialog(to.say, o.Prompt.Run, o.Prompt.MeetingID, o.Prompt.End))
	}
	if to.asHost && len(offers) > 0 {
		offer(verbQuiet, to.say.Say(i18n.ButtonQuiet, nil), 0)
	}
	return offers
}
