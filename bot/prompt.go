package bot

import (
	"slices"
	"strconv"
	"time"

	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// What a button under a message of the automation does, beside verbExtend.
const (
	verbKeep     = "keep"      // extend the run up to the cap, without asking
	verbEnd      = "end"       // let it end
	verbStop     = "stop"      // extend the run no more by itself
	verbQuiet    = "quiet"     // ask this host no more
	verbAskAgain = "ask again" // takes that back
)

// promptLife is how long after its end the buttons under a message tell that the meeting is over, rather than that
// nobody knows them.
const promptLife = 12 * time.Hour

// announcement words a message of the automation as it stands.
func (b *Bot) announcement(r reader, o scheduler.Occasion, s scheduler.Shown) Reply {
	host, _ := b.gate.Hosts.Known(o.Meeting)
	r.own = r.host || r.person.Hosts(host)
	reply := b.wording(r, o, s)
	reply.About = titleOf(o.Meeting)
	if o.Meeting.ID == "" {
		reply.About = []string{o.Prompt.MeetingID}
	}
	reply.Offers = b.promptOffers(r, o, s)
	return reply
}

func (b *Bot) wording(r reader, o scheduler.Occasion, s scheduler.Shown) Reply {
	end := r.date(time.Unix(s.End, 0))
	data := i18n.Data{"Who": who(extension.Actor{User: s.Who}), "End": end}
	switch s.Stage {
	case scheduler.StageOver:
		return Reply{Tone: Telling, Text: r.say.Say(i18n.PromptOver, data)}
	case scheduler.StageElsewhere:
		return Reply{Tone: Telling, Text: r.say.Say(i18n.PromptExtendedElsewhere, data)}
	case scheduler.StageExtended, scheduler.StageAgain:
		return Reply{Tone: Done, Text: saysExtended(r, o, s, end), Next: b.saysLeft(r, o)}
	case scheduler.StageAnswered:
		return b.answeredPrompt(r, o, s, data)
	}
	switch o.Prompt.Kind {
	case scheduler.PromptAuto:
		return b.autoPrompt(r, o, s)
	case scheduler.PromptTrouble:
		return b.troublePrompt(r, o)
	}
	return b.askPrompt(r, o, s)
}

// saysExtended says who extended it: of an extension by automation, who told it to here.
func saysExtended(r reader, o scheduler.Occasion, s scheduler.Shown, end string) string {
	key, by := i18n.PromptExtended, extension.Actor{User: s.Who}
	switch {
	case s.Who == "" && o.Prompt.Answer == scheduler.KeepExtending:
		key, by = i18n.PromptKeptExtended, o.Prompt.By
	case s.Stage == scheduler.StageAgain:
		key = i18n.PromptExtendedAgain
	}
	return r.say.Say(key, i18n.Data{"Who": who(by), "End": end})
}

// askPrompt asks.
func (b *Bot) askPrompt(r reader, o scheduler.Occasion, s scheduler.Shown) Reply {
	text := r.say.Say(i18n.PromptAsk, i18n.Data{"End": r.date(o.Prompt.End), "Details": b.details(r, o)})
	if o.Decision.Reason == scheduler.AskAtCap {
		text = i18n.Join(text, r.say.Say(i18n.PromptAtCap, i18n.Data{"Count": b.maximumOf(o.Rule)}))
	}
	reply := Reply{
		Tone: Asking, Text: i18n.Join(text, r.say.Say(i18n.PromptIfNobody, nil)),
		Next: b.saysLeft(r, o), Last: saysNext(r, o),
	}
	if s.Unsure {
		reply.Last = r.say.Say(i18n.PromptUnsure, i18n.Data{"Command": b.typedFor(o)})
	}
	return reply
}

// autoPrompt tells of an automatic extension.
func (b *Bot) autoPrompt(r reader, o scheduler.Occasion, s scheduler.Shown) Reply {
	key, tone := i18n.AutoExtended, Done
	if s.State == extension.Accepted {
		key, tone = i18n.AutoAccepted, Waiting
	}
	text := r.say.Say(key, i18n.Data{
		"Count": o.Last.Minutes, "Before": r.date(o.Prompt.End), "End": r.date(time.Unix(s.End, 0)),
	})
	left := r.say.Say(i18n.AutoUsedUp, nil)
	if o.Decision.AutoLeft > 0 {
		left = r.say.Say(i18n.AutoLeft, i18n.Data{"Count": o.Decision.AutoLeft, "Limit": b.maximumOf(o.Rule)})
	}
	return Reply{Tone: tone, Text: i18n.Join(text, saysAsked(r, o)), Next: left, Last: saysNext(r, o)}
}

// saysAsked says at whose wish automation extends a run: the newest one first.
func saysAsked(r reader, o scheduler.Occasion) string {
	switch {
	case o.Kept.User != "":
		return r.say.Say(i18n.AutoByAnswer, i18n.Data{"Who": who(o.Kept)})
	case o.Rule.Owner.User != "":
		return r.say.Say(i18n.AutoByRule, i18n.Data{"Who": who(o.Rule.Owner)})
	}
	return r.say.Say(i18n.AutoByDefault, nil)
}

// answeredPrompt tells what a person answered.
func (b *Bot) answeredPrompt(r reader, o scheduler.Occasion, s scheduler.Shown, data i18n.Data) Reply {
	switch {
	case s.Lapsed:
		return Reply{Tone: Trouble, Text: r.say.Say(i18n.PromptLapsed, data)}
	case s.Answer == scheduler.KeepExtending:
		return Reply{Tone: Done, Text: r.say.Say(i18n.PromptKept, data), Next: b.saysAutoLeft(r, o)}
	case s.Answer == scheduler.StopExtending:
		return Reply{Tone: Telling, Text: r.say.Say(i18n.PromptStopped, data), Next: saysGoesOn(r.say, "", o.Rule, o.Prompt.MeetingID)}
	}
	return Reply{
		Tone: Telling, Text: r.say.Say(i18n.PromptLetEnd, data),
		Next: r.say.Say(i18n.PromptLetEndNext, i18n.Data{"Command": b.typedFor(o)}),
	}
}

// saysLeft says how much anybody may still add to the run; nothing where there is no limit.
func (b *Bot) saysLeft(r reader, o scheduler.Occasion) string {
	if b.config.MaxTotalMinutes <= 0 || o.Decision.Reason == "" || o.Decision.Left < 0 {
		return ""
	}
	return r.say.Say(i18n.LeftOfRun, i18n.Data{"Count": o.Decision.Left, "Limit": b.config.MaxTotalMinutes})
}

// saysAutoLeft says how much automation may still add.
func (b *Bot) saysAutoLeft(r reader, o scheduler.Occasion) string {
	if o.Decision.AutoLeft <= 0 {
		return ""
	}
	return r.say.Say(i18n.AutoLeft, i18n.Data{"Count": o.Decision.AutoLeft, "Limit": b.maximumOf(o.Rule)})
}

// saysNext says what is known of the next booking, where it matters. What it is called is not for everybody.
func saysNext(r reader, o scheduler.Occasion) string {
	switch {
	case !o.Next.Checked:
		return r.say.Say(i18n.PromptUnchecked, nil)
	case !o.Decision.Clipped:
		return ""
	case o.Next.Room:
		return r.say.Say(i18n.PromptClippedRoom, i18n.Data{"Start": r.date(o.Next.Start)})
	}
	return r.say.Say(r.ofHost(i18n.PromptClippedHost), i18n.Data{"Start": r.date(o.Next.Start)})
}

// details are the minutes left and how many are in, if that is known.
func (b *Bot) details(r reader, o scheduler.Occasion) string {
	text := remaining(r.say, o.Prompt.End.Sub(b.config.Clock.Now()))
	if o.Meeting.People >= 0 {
		text += " · " + r.say.Say(i18n.People, i18n.Data{"Count": o.Meeting.People})
	}
	return text
}

// typedFor is the command that extends the meeting of a message.
func (b *Bot) typedFor(o scheduler.Occasion) string {
	return commandText("", o.Prompt.MeetingID+" "+strconv.Itoa(b.config.DefaultMinutes))
}

// ofHosts are the sentences to a meeting's host in the place of those that speak of the host.
var ofHosts = map[i18n.Key]i18n.Key{
	i18n.PromptClippedHost: i18n.PromptClippedYou, i18n.TroubleBookedHost: i18n.TroubleBookedYou,
	i18n.TroubleHostNext: i18n.TroubleYouNext, i18n.TroubleTypeNext: i18n.TroubleTypeYouNext,
	i18n.TroubleLookNext: i18n.TroubleLookYouNext,
}

// ofHost is a sentence as its reader is to be told it, where it speaks of the host.
func (r reader) ofHost(key i18n.Key) i18n.Key {
	if own, ok := ofHosts[key]; ok && r.own {
		return own
	}
	return key
}

func (r reader) date(at time.Time) string { return dateToken(at, zoneOf(r.zone)) }

// promptOffers are the buttons that make sense as things stand.
func (b *Bot) promptOffers(r reader, o scheduler.Occasion, s scheduler.Shown) []Offer {
	var offers []Offer
	switch {
	case s.Stage == scheduler.StageAnswered && s.Lapsed:
		offers = extendOffers(r, o)
	case s.Stage == scheduler.StageAnswered && s.Answer == scheduler.KeepExtending,
		s.Stage == scheduler.StageOpen && o.Prompt.Kind == scheduler.PromptAuto:
		offers = append(offers, offerOn(o, verbStop, r.say.Say(i18n.ButtonStop, nil)))
	case s.Stage == scheduler.StageAnswered && s.Answer == scheduler.LetEnd:
		offers = extendOffers(r, o)
	case s.Stage == scheduler.StageOpen && o.Prompt.Kind == scheduler.PromptTrouble && pressable[o.Trouble]:
		offers = extendOffers(r, o)
	case s.Stage == scheduler.StageOpen && o.Prompt.Kind == scheduler.PromptAsk && !s.Unsure:
		offers = append(extendOffers(r, o), offerOn(o, verbEnd, r.say.Say(i18n.ButtonEnd, nil)))
	}
	hidden := s.Stage == scheduler.StageOpen && o.Trouble == scheduler.TroubleHidden // which would come before every meeting of theirs
	if r.host && (len(offers) > 0 || hidden) {
		offers = append(offers, offerOn(o, verbQuiet, r.say.Say(i18n.ButtonQuiet, nil)))
	}
	return offers
}

// extendOffers are the minutes that may be added, and all of those that automation may add.
func extendOffers(r reader, o scheduler.Occasion) []Offer {
	var offers []Offer
	for _, minutes := range o.Decision.Offers {
		offer := offerOn(o, verbExtend, r.say.Say(i18n.ButtonMore, i18n.Data{"Count": minutes}))
		offer.Action.Minutes = minutes
		offers = append(offers, offer)
	}
	if left := keepable(o.Decision); left > 0 && len(offers) > 0 && o.Prompt.Kind == scheduler.PromptAsk {
		offers = append(offers, offerOn(o, verbKeep, r.say.Say(i18n.ButtonKeep, i18n.Data{"Count": left})))
	}
	return offers
}

// keepable is how much automation may still add to the run; no more than fits where the next booking is in the way.
func keepable(d scheduler.Decision) int {
	if d.Clipped && len(d.Offers) > 0 {
		return min(d.AutoLeft, slices.Max(d.Offers))
	}
	return d.AutoLeft
}

// offerOn is a button under a message, for its run and its end.
func offerOn(o scheduler.Occasion, verb, label string) Offer {
	return Offer{Label: label, Action: store.Action{
		Verb: verb, Run: o.Prompt.Run, MeetingID: o.Prompt.MeetingID, OfferedEnd: o.Prompt.End,
		Prompt: o.Prompt.ID, Expires: o.Prompt.End.Add(promptLife),
	}}
}
