package bot

import (
	"cmp"
	"slices"
	"time"

	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// promptWording words the messages of automation.
type promptWording struct {
	limits     Limits
	automation scheduler.Automation
	foretells  foretelling
	now        func() time.Time
}

// write words a message as things stand.
func (p promptWording) write(to recipient, o scheduler.Occasion, s scheduler.Shown) Reply {
	var reply Reply
	heading := to.heading(o)
	data := i18n.Data{"Meeting": heading.Name, "Who": who(extension.Actor{User: s.Who}), "End": to.date(time.Unix(s.End, 0))}
	switch {
	case s.Stage == scheduler.StageElsewhere:
		reply = Reply{Tone: Telling, Text: i18n.Join(to.say.Say(i18n.PromptExtendedElsewhere, data), p.saysAnswer(to, o)), Next: p.saysNext(to, o)}
	case s.Stage == scheduler.StageExtended || s.Stage == scheduler.StageAgain:
		key := i18n.PromptExtended
		switch {
		case s.Who == "" && o.Prompt.Answer == scheduler.KeepExtending: // by automation, which somebody told to here
			key, data["Who"] = i18n.PromptKeptExtended, who(o.Prompt.By)
		case s.Stage == scheduler.StageAgain:
			key = i18n.PromptExtendedAgain
		}
		text := to.say.Say(key, data)
		if key != i18n.PromptKeptExtended {
			text = i18n.Join(text, p.saysAnswer(to, o))
		}
		reply = Reply{Tone: Done, Text: text, Next: i18n.Join(p.saysLeft(to, o), p.saysNext(to, o))}
	case s.Stage == scheduler.StageHanded:
		reply = p.handed(to, o, s)
	case s.Stage == scheduler.StageAnswered:
		reply = p.answered(to, o, s, data)
	case o.Prompt.Kind == scheduler.PromptAuto:
		reply = p.automatic(to, o, s)
	case o.Prompt.Kind == scheduler.PromptTrouble:
		reply = p.alarm(to, o)
	default:
		reply = p.question(to, o, s)
	}
	reply.Heading = heading
	reply.Offers = promptOffers(to, o, s)
	return reply
}

// answered says what a person answered.
func (p promptWording) answered(to recipient, o scheduler.Occasion, s scheduler.Shown, data i18n.Data) Reply {
	switch {
	case s.Lapsed:
		return Reply{Tone: Failed, Text: i18n.Join(to.say.Say(i18n.PromptLapsed, data), p.saysNext(to, o))}
	case s.Answer == scheduler.KeepExtending:
		text := i18n.Join(to.say.Say(i18n.PromptKept, data), p.saysNext(to, o))
		return Reply{Tone: Done, Text: text, Next: p.saysAutoLeft(to, o)}
	case s.Answer == scheduler.StopExtending:
		text := i18n.Join(to.say.Say(i18n.PromptStopped, data), p.saysNext(to, o))
		return Reply{Tone: Telling, Text: text, Next: saysGoesOn(to.say, to.typed, o.Rule, o.Prompt.MeetingID)}
	}
	next := to.say.Say(i18n.PromptLetEndNext, i18n.Data{"Command": p.typed(to, o)})
	return Reply{Tone: Telling, Text: to.say.Say(i18n.PromptLetEnd, data), Next: next}
}

// handed says that the run was handed to the platform. Its end is the same, so that people may still extend it.
func (p promptWording) handed(to recipient, o scheduler.Occasion, s scheduler.Shown) Reply {
	text := saysHanded(to.speech(), o.Outlook)
	if o.Prompt.Kind == scheduler.PromptAuto {
		text = i18n.Join(p.automatic(to, o, s).Text, text)
	}
	return Reply{Tone: Telling, Text: text, Next: i18n.Join(p.saysLeft(to, o), p.foretells.saysNext(to.speech(), o.Outlook)), Last: saysNextBooking(to, o)}
}

// automatic tells of an automatic extension, and at whose wish it was: the newest wish counts.
func (p promptWording) automatic(to recipient, o scheduler.Occasion, s scheduler.Shown) Reply {
	key, tone := i18n.AutoExtended, Done
	if s.State == extension.Accepted {
		key, tone = i18n.AutoAccepted, Waiting
	}
	text := to.say.Say(key, i18n.Data{
		"Meeting": to.heading(o).Name, "Count": o.Last.Minutes, "Before": to.date(o.Prompt.End), "End": to.date(time.Unix(s.End, 0)),
	})
	wish := to.say.Say(i18n.AutoByDefault, nil)
	switch {
	case o.Kept.User != "":
		wish = to.say.Say(i18n.AutoByAnswer, i18n.Data{"Who": who(o.Kept)})
	case o.Rule.Owner.User != "":
		wish = to.say.Say(i18n.AutoByRule, i18n.Data{"Who": who(o.Rule.Owner)})
	}
	left := i18n.Join(p.saysAutoLeft(to, o), p.saysNext(to, o))
	return Reply{Tone: tone, Text: i18n.Join(text, wish), Next: left, Last: saysNextBooking(to, o)}
}

// question asks whether to extend.
func (p promptWording) question(to recipient, o scheduler.Occasion, s scheduler.Shown) Reply {
	text := to.say.Say(i18n.PromptAsk, p.ends(to, o))
	if o.Decision.Reason == scheduler.AskAtCap {
		text = i18n.Join(text, to.say.Say(i18n.PromptAtCap, i18n.Data{"Count": cmp.Or(o.Rule.Max, p.automation.Max)}))
	}
	if o.Decision.Reason == scheduler.AskAtDaily {
		data := i18n.Data{"Who": who(o.Outlook.Wish.By()), "Count": p.limits.DailyMinutes}
		text = i18n.Join(text, to.say.Say(i18n.PromptAtDaily, data))
	}
	reply := Reply{
		Tone: Asking, Text: i18n.Join(text, to.say.Say(i18n.PromptIfNobody, nil)), About: saysPeople(to.say, o.Meeting),
		Next: p.saysLeft(to, o), Last: saysNextBooking(to, o),
	}
	if s.Unsure {
		reply.Last = to.say.Say(i18n.PromptUnsure, i18n.Data{"Command": p.typed(to, o)})
	}
	return reply
}

// saysNext says what comes next.
func (p promptWording) saysNext(to recipient, o scheduler.Occasion) string {
	if !expects(o.Outlook) {
		return ""
	}
	return p.foretells.says(to.speech(), o.Outlook)
}

// saysAnswer says what was answered under a message that tells of a later end by now. It still counts for the run.
func (p promptWording) saysAnswer(to recipient, o scheduler.Occasion) string {
	data := i18n.Data{"Who": who(o.Prompt.By)}
	switch {
	case o.Prompt.Answer == scheduler.KeepExtending && !o.Prompt.Lapsed:
		return to.say.Say(i18n.PromptKeptToo, data)
	case o.Prompt.Answer == scheduler.StopExtending:
		return to.say.Say(i18n.PromptStoppedToo, data)
	}
	return ""
}

// saysLeft says how much people may still add to the run; nothing if there is no limit.
func (p promptWording) saysLeft(to recipient, o scheduler.Occasion) string {
	if p.limits.MaxTotalMinutes <= 0 || o.Decision.Reason == "" || o.Decision.Left < 0 {
		return ""
	}
	return saysLeftOfRun(to.say, o.Decision.Left, p.limits)
}

// saysAutoLeft says how much automation may still add to the run, where it does.
func (p promptWording) saysAutoLeft(to recipient, o scheduler.Occasion) string {
	if o.Outlook.Act != scheduler.ActExtend {
		return ""
	}
	return to.say.Say(i18n.AutoLeft, i18n.Data{"Count": o.Outlook.MayAdd, "Limit": cmp.Or(o.Rule.Max, p.automation.Max)})
}

// saysNextBooking says what is known of the room's next booking, if it matters, and of the host's next meeting, if that is
// soon. Their titles are not for everybody.
func saysNextBooking(to recipient, o scheduler.Occasion) string {
	text := ""
	switch {
	case !o.Next.Checked:
		text = to.say.Say(i18n.PromptUnchecked, nil)
	case o.Decision.Clipped:
		text = to.say.Say(i18n.PromptClippedRoom, i18n.Data{"Start": to.date(o.Next.Start)})
	}
	if o.Next.HostSoon(o.Meeting.End) {
		text = i18n.Join(text, to.say.Say(to.ofHost(i18n.HostBooked), i18n.Data{"Start": to.date(o.Next.Host)}))
	}
	return text
}

// ends is which meeting a prompt or an alarm is about, whose it is, when it ends, and how soon that is.
func (p promptWording) ends(to recipient, o scheduler.Occasion) i18n.Data {
	name := to.heading(o).Name
	switch {
	case to.isHost:
		name = to.say.Say(i18n.PromptYours, i18n.Data{"Meeting": name})
	case to.host != "":
		name = to.say.Say(i18n.PromptHosted, i18n.Data{"Meeting": name, "Host": to.host})
	}
	return i18n.Data{"Meeting": name, "End": to.date(o.Prompt.End), "Remaining": within(to.say, o.Prompt.End.Sub(p.now()))}
}

// heading names the meeting of a prompt, which may not have been read.
func (r recipient) heading(o scheduler.Occasion) heading {
	if o.Meeting.ID == "" {
		return numberAlone(o.Prompt.MeetingID)
	}
	return headingOf(r.sight, o.Meeting)
}

// typed is the command that extends the meeting of a message.
func (p promptWording) typed(to recipient, o scheduler.Occasion) string {
	minutes := p.limits.DefaultMinutes
	if left := o.Decision.Left; o.Decision.Reason != "" && p.limits.MaxTotalMinutes > 0 && left > 0 {
		minutes = min(minutes, left)
	}
	if len(o.Decision.Offers) > 0 { // the next booking may leave less
		minutes = min(minutes, slices.Max(o.Decision.Offers))
	}
	return to.typed(extendCommand(o.Prompt.MeetingID, minutes).String())
}

// ofHosts has what a meeting's host reads in the place of sentences that speak of the host.
var ofHosts = map[i18n.Key]i18n.Key{
	i18n.HostBooked:      i18n.YouBooked,
	i18n.TroubleHostNext: i18n.TroubleYouNext, i18n.TroubleTypeNext: i18n.TroubleTypeYouNext,
	i18n.TroubleLookNext: i18n.TroubleLookYouNext, i18n.TroubleHiddenNext: i18n.TroubleHiddenYouNext,
}

// ofHost is a sentence as its reader should read it, if it speaks of the host.
func (r recipient) ofHost(key i18n.Key) i18n.Key {
	if own, ok := ofHosts[key]; ok && r.isHost {
		return own
	}
	return key
}
