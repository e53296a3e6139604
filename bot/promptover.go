package bot

import (
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// saysOver says under a message whose meeting is over who decided what: who answered it, handed the meeting over, and
// extended it last.
func saysOver(to recipient, o scheduler.Occasion) string {
	answer, extended := saysLastAnswer(to, o), saysLastExtension(to, o)
	handed := ""
	if by := o.Outlook.Handed.Actor; by.User != "" {
		handed = to.say.Say(i18n.PromptOverHanded, i18n.Data{"Who": who(by)})
	}
	if o.Prompt.Kind == scheduler.PromptAuto { // which asks whether more is to follow
		return i18n.Join(extended, answer, handed)
	}
	return i18n.Join(answer, handed, extended)
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
func saysLastExtension(to recipient, o scheduler.Occasion) string {
	if !isOurs(o) {
		return ""
	}
	data := i18n.Data{"Who": who(o.Last.Actor), "End": to.date(endOf(o.Last))}
	key := i18n.PromptOverExtended
	switch by := wisher(o); {
	case o.Last.Actor.User == "" && by.User != "":
		key, data["Who"] = i18n.PromptOverKept, who(by)
	case o.Last.Actor.User == "":
		key = i18n.PromptOverAuto
	case o.Last.Before.After(o.Prompt.End):
		key = i18n.PromptOverAgain
	}
	return to.say.Say(key, data)
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
