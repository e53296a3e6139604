package bot

import (
	"slices"
	"time"

	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/scheduler"
)

// foretelling words what automation will do. Every sentence about that is written here, from the Outlook that was made
// after the act: no other text promises anything.
type foretelling struct {
	minPeople, daily int
	now              func() time.Time
}

func (c Config) foretelling() foretelling {
	return foretelling{minPeople: c.Automation.MinPeople, daily: c.Limits.DailyMinutes, now: c.Now}
}

// speech is the language of a reader, and the zone of their times.
type speech struct {
	say  i18n.Printer
	date func(time.Time) string
}

func (r recipient) speech() speech { return speech{r.say, r.date} }

func (in interaction) speech() speech {
	return speech{in.say, in.date}
}

// says what will be done before the meeting ends, if nothing changes; nothing where that is not known.
func (f foretelling) says(to speech, o scheduler.Outlook) string {
	if o.Reason == "" || o.Handed.ID == 0 {
		return f.saysNext(to, o)
	}
	return i18n.Join(saysHanded(to, o), f.saysNext(to, o))
}

// saysHanded says who handed the meeting to the platform, and until when that shows in nothing.
func saysHanded(to speech, o scheduler.Outlook) string {
	return to.say.Say(i18n.HandedBy, i18n.Data{"Who": who(o.Handed.Actor), "End": to.date(o.End)})
}

// saysNext is says where it is said already that the meeting was handed over.
func (f foretelling) saysNext(to speech, o scheduler.Outlook) string {
	data := i18n.Data{"At": to.date(o.At), "End": to.date(o.End), "Count": o.Minutes}
	now := !o.At.After(f.now())
	switch {
	case o.Reason == "", o.Handed.ID != 0 && hasAsked(o): // it was said when it ends
		return ""
	case o.Handed.ID != 0 && o.Act == scheduler.ActExtend:
		return to.say.Say(i18n.HandedExtend, data)
	case o.Handed.ID != 0 && o.Act == scheduler.ActAsk && !now:
		return to.say.Say(i18n.HandedAsk, data)
	case o.Act == scheduler.ActExtend && now:
		return to.say.Say(i18n.OutlookExtendNow, data)
	case o.Act == scheduler.ActExtend:
		return to.say.Say(i18n.OutlookExtend, data)
	case o.Act == scheduler.ActAsk && now:
		return i18n.Join(f.saysUsedUp(to, o), to.say.Say(i18n.OutlookAskNow, data))
	case o.Act == scheduler.ActAsk:
		return i18n.Join(f.saysUsedUp(to, o), to.say.Say(i18n.OutlookAsk, data))
	case hasAsked(o):
		return to.say.Say(i18n.OutlookAsked, data)
	}
	key := i18n.OutlookNothing
	if slices.Contains([]scheduler.Reason{scheduler.RunOver, scheduler.InDoubt, scheduler.ExtendedAlready}, o.Reason) {
		key = i18n.WhyNothing
	}
	data["Reason"] = f.saysReason(to.say, o.Reason)
	return to.say.Say(key, data)
}

// saysUsedUp says why it asks where it was to extend.
func (f foretelling) saysUsedUp(to speech, o scheduler.Outlook) string {
	switch o.Reason {
	case scheduler.AskAtCap:
		return to.say.Say(i18n.AutoUsedUp, nil)
	case scheduler.AskAtDaily:
		return to.say.Say(i18n.DailyUsedUp, i18n.Data{"Who": who(o.Wish.By()), "Count": f.daily})
	}
	return ""
}

// briefly says it in the line of a list; nothing about a meeting of which nobody expects anything.
func (f foretelling) briefly(to speech, o scheduler.Outlook) string {
	if o.Reason == "" || o.Handed.ID == 0 {
		return f.nextBriefly(to, o)
	}
	handed := to.say.Say(i18n.ListHanded, i18n.Data{"Who": who(o.Handed.Actor)})
	if o.Act == scheduler.ActNothing {
		return handed
	}
	return handed + " · " + f.nextBriefly(to, o)
}

func (f foretelling) nextBriefly(to speech, o scheduler.Outlook) string {
	data := i18n.Data{"At": to.date(o.At), "Count": o.Minutes}
	switch {
	case o.Act == scheduler.ActExtend:
		return to.say.Say(i18n.ListExtend, data)
	case o.Act == scheduler.ActAsk:
		return to.say.Say(i18n.ListAsk, data)
	case o.Reason == "" || !expects(o):
		return ""
	case hasAsked(o): // which is no refusal to act
		return f.saysReason(to.say, o.Reason)
	}
	data["Reason"] = f.saysReason(to.say, o.Reason)
	return to.say.Say(i18n.ListNothing, data)
}

// hasAsked says that people were asked, and that nothing more is done unless somebody answers.
func hasAsked(o scheduler.Outlook) bool {
	return o.Act == scheduler.ActNothing && (o.Reason == scheduler.AskedAlready || o.Reason == scheduler.CapReached)
}

// expects says that somebody may expect something of automation, or that it does something.
func expects(o scheduler.Outlook) bool { return o.Reason != scheduler.NoRule || o.Handed.ID != 0 }

// saysAbout is says beside an answer that tells of the meeting itself, its end and what saysObstacles says.
func (f foretelling) saysAbout(to speech, o scheduler.Outlook) string {
	told := []scheduler.Reason{scheduler.PlatformExtends, scheduler.NotExtendable, scheduler.RunOver}
	if !expects(o) || slices.Contains(told, o.Reason) {
		return ""
	}
	return f.says(to, o)
}

// reasons are the words for what keeps automation from acting.
var reasons = map[scheduler.Reason]i18n.Key{
	scheduler.RunOver: i18n.WhyOver, scheduler.NoRule: i18n.WhyNoRule, scheduler.RuleOff: i18n.WhyOff,
	scheduler.AllPaused: i18n.WhyAllPaused, scheduler.RulePaused: i18n.WhyRulePaused,
	scheduler.PlatformExtends: i18n.WhyPlatform, scheduler.HandedOver: i18n.WhyHanded, scheduler.NotExtendable: i18n.WhyNoPassword,
	scheduler.InDoubt: i18n.WhyInDoubt, scheduler.ToldToEnd: i18n.WhyLetEnd, scheduler.ExtendedAlready: i18n.WhyExtended,
	scheduler.OverBudget: i18n.WhyBudget, scheduler.CapReached: i18n.WhyCap, scheduler.AskedAlready: i18n.WhyAsked,
	scheduler.NotYet: i18n.WhyNotYet, scheduler.Empty: i18n.WhyEmpty, scheduler.NoGap: i18n.WhyNoGap,
	scheduler.OverQuota: i18n.WhyQuota,
}

func (f foretelling) saysReason(say i18n.Printer, reason scheduler.Reason) string {
	key, ok := reasons[reason]
	switch {
	case !ok:
		return say.Say(i18n.WhyOther, i18n.Data{"Reason": foreign(string(reason), quotedLimit)})
	case key == i18n.WhyEmpty:
		return say.Say(key, i18n.Data{"Count": f.minPeople})
	}
	return say.Say(key, nil)
}
