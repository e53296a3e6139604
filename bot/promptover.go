package bot

import (
	"time"

	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// overReply words a message whose meeting is over.
func overReply(to recipient, o scheduler.Occasion, s scheduler.Shown, d decided) Reply {
	heading := to.heading(o)
	text := to.say.Say(i18n.PromptOver, i18n.Data{"Meeting": heading.Name, "End": to.date(time.Unix(s.End, 0))})
	return Reply{Tone: Telling, Text: i18n.Join(text, saysOver(to, o, d)), Heading: heading, Offers: promptOffers(to, o, s)}
}

// saysOver says under a message whose meeting is over who decided what: who answered it, handed the meeting over, and
// extended it, first and last.
func saysOver(to recipient, o scheduler.Occasion, d decided) string {
	answer, extended := saysLastAnswer(to, o), i18n.Join(saysFirstExtension(to, d), saysLastExtension(to, o, d))
	handed := ""
	if by := o.Outlook.Handed.Actor; by.User != "" {
		handed = to.say.Say(i18n.PromptOverHanded, i18n.Data{"Who": who(by)})
	}
	if o.Prompt.Kind == scheduler.PromptAuto { // which asks whether more is to follow
		return i18n.Join(extended, answer, handed)
	}
	return i18n.Join(answer, handed, extended)
}

// saysFirstExtension says who moved the end that the message was about, where others moved a later one since.
func saysFirstExtension(to recipient, d decided) string {
	if d.first.Actor.User == "" { // nobody did, or automation, which is no decision
		return ""
	}
	return saysExtendedBy(to, i18n.PromptOverExtended, d.first, d)
}

// saysExtendedBy says who extended a meeting, and who approved that.
func saysExtendedBy(to recipient, key i18n.Key, e extension.Extension, d decided) string {
	text := to.say.Say(key, i18n.Data{"Who": who(e.Actor), "End": to.date(endOf(e))})
	if by := d.approved[e.ID]; by.User != "" {
		text = i18n.Join(text, to.say.Say(i18n.PromptOverApproved, i18n.Data{"Who": who(by)}))
	}
	return text
}

// saysLastAnswer says what was answered, unless the extension that came of it says so.
func saysLastAnswer(to recipient, o scheduler.Occasion) string {
	data := i18n.Data{"Who": who(o.Prompt.By), "End": to.date(o.Prompt.End)}
	switch o.Prompt.Answer {
	case scheduler.KeepExtending:
		if isOurs(o) && o.Last.Actor.User == "" && wisher(o) == o.Prompt.By {
			return ""
		}
		return to.say.Say(i18n.PromptKeptToo, data)
	case scheduler.StopExtending:
		return to.say.Say(i18n.PromptStoppedToo, data)
	case scheduler.LetEnd:
		return to.say.Say(i18n.PromptOverLetEnd, data)
	}
	return ""
}

// saysLastExtension says who moved the end that the message was about, or a later one.
func saysLastExtension(to recipient, o scheduler.Occasion, d decided) string {
	if !isOurs(o) {
		return ""
	}
	data := i18n.Data{"End": to.date(endOf(o.Last))}
	switch by := wisher(o); {
	case o.Last.Actor.User == "" && by.User != "":
		data["Who"] = who(by)
		return to.say.Say(i18n.PromptOverKept, data)
	case o.Last.Actor.User == "":
		return to.say.Say(i18n.PromptOverAuto, data)
	case o.Last.Before.After(o.Prompt.End):
		return saysExtendedBy(to, i18n.PromptOverAgain, o.Last, d)
	}
	return saysExtendedBy(to, i18n.PromptOverExtended, o.Last, d)
}

// wisher is at whose wish automation extended the run last.
func wisher(o scheduler.Occasion) extension.Actor {
	if o.Last.Wisher.User == "" && o.Prompt.Answer == scheduler.KeepExtending {
		return o.Prompt.By
	}
	return o.Last.Wisher
}

// isOurs says that the newest extension is of the end that a message is about, or of a later one.
func isOurs(o scheduler.Occasion) bool { return o.Last.ID != 0 && !o.Last.Before.Before(o.Prompt.End) }
