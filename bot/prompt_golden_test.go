package bot

import (
	"context"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// The rule and the channel of these tests.
const theChannel = "C0PRODUCT"

func theRule() scheduler.Rule {
	return scheduler.Rule{Of: theID, Mode: scheduler.ModeAsk, Channel: theChannel, Owner: extension.Actor{Team: theTeam, User: owner}}
}

// askedAt is a prompt ten minutes before the end, as the scheduler hands it over.
func askedAt() scheduler.Occasion {
	m := theMeeting()
	m.End = noon.Add(10 * time.Minute)
	return scheduler.Occasion{
		Prompt: scheduler.Prompt{
			ID: 7, Kind: scheduler.PromptAsk, Run: extension.RunOf(m), MeetingID: m.ID, End: m.End, RuleOf: theID,
			State: scheduler.PromptPosting,
		},
		Rule: theRule(), Meeting: m, Next: scheduler.NextBooking{Checked: true},
		Decision: scheduler.Decision{Act: scheduler.ActAsk, Reason: scheduler.TimeToAsk, Offers: []int{15, 30, 60}, AutoLeft: 60, Left: 240},
	}
}

// extendedAt is a message of an automatic extension by a quarter of an hour.
func extendedAt() scheduler.Occasion {
	o := askedAt()
	o.Prompt.Kind, o.Rule.Mode = scheduler.PromptAuto, scheduler.ModeAuto
	o.Last = after(o, extension.Actor{}, 15)
	o.Meeting.End = o.Last.After
	o.Decision = scheduler.Decision{Reason: scheduler.NotYet, AutoLeft: 45, Left: 225}
	return o
}

// after is a confirmed extension of the prompt's end.
func after(o scheduler.Occasion, by extension.Actor, minutes int) extension.Extension {
	end := o.Prompt.End.Add(time.Duration(minutes) * time.Minute)
	return extension.Extension{
		ID: 3, Run: o.Prompt.Run, MeetingID: theID, Actor: by, Minutes: minutes, State: extension.Confirmed,
		Before: o.Prompt.End, Target: end, After: end,
	}
}

func with(o scheduler.Occasion, changes ...func(*scheduler.Occasion)) scheduler.Occasion {
	for _, change := range changes {
		change(&o)
	}
	return o
}

func answeredBy(user string, answer scheduler.Answer) func(*scheduler.Occasion) {
	return func(o *scheduler.Occasion) {
		o.Prompt.Answer, o.Prompt.By = answer, extension.Actor{Team: theTeam, User: user}
	}
}

func extendedBy(user string, minutes int) func(*scheduler.Occasion) {
	return func(o *scheduler.Occasion) {
		o.Last = after(*o, extension.Actor{Team: theTeam, User: user}, minutes)
		o.Meeting.End = o.Last.After
	}
}

func lapsed(o *scheduler.Occasion) { o.Prompt.Lapsed = true }

func keptBy(user string) func(*scheduler.Occasion) {
	return func(o *scheduler.Occasion) {
		o.Rule, o.Kept = scheduler.Rule{Mode: scheduler.ModeAsk}, extension.Actor{Team: theTeam, User: user}
	}
}

func over(o *scheduler.Occasion) {
	o.Over, o.Meeting, o.Decision = true, meeting.Meeting{ID: theID}, scheduler.Decision{Reason: scheduler.RunOver}
}

func inTrouble(trouble scheduler.Trouble) scheduler.Occasion {
	return with(askedAt(), func(o *scheduler.Occasion) { o.Prompt.Kind, o.Trouble = scheduler.PromptTrouble, trouble })
}

type occasionScene struct {
	name     string
	occasion scheduler.Occasion
	host     bool // it is read by the host in a direct message
}

func occasionScenes() []occasionScene {
	atCap := func(o *scheduler.Occasion) {
		o.Rule.Mode, o.Decision.Reason, o.Decision.AutoLeft = scheduler.ModeAuto, scheduler.AskAtCap, 0
	}
	clipped := func(room bool) func(*scheduler.Occasion) {
		return func(o *scheduler.Occasion) {
			o.Decision.Clipped, o.Decision.Offers = true, []int{15, 20}
			o.Next.Start, o.Next.Room, o.Next.Subject = o.Prompt.End.Add(20*time.Minute), room, "Secret merger"
		}
	}
	again := func(o *scheduler.Occasion) {
		extendedBy(admin, 30)(o)
		o.Last.Before = o.Prompt.End.Add(15 * time.Minute)
	}
	return []occasionScene{
		{name: "ask", occasion: askedAt()},
		{name: "ask, the host", occasion: askedAt(), host: true},
		{name: "ask, one in, one minute left of the limit", occasion: with(askedAt(), func(o *scheduler.Occasion) {
			o.Meeting.People, o.Decision.Left, o.Decision.AutoLeft, o.Decision.Offers = 1, 1, 1, []int{1}
		})},
		{name: "ask, people not known, end at once", occasion: with(askedAt(), func(o *scheduler.Occasion) {
			o.Meeting.People = -1
			o.Prompt.End, o.Meeting.End = noon.Add(30*time.Second), noon.Add(30*time.Second)
		})},
		{name: "ask at the cap", occasion: with(askedAt(), atCap)},
		{name: "ask, room booked next", occasion: with(askedAt(), clipped(true))},
		{name: "ask, host booked next", occasion: with(askedAt(), clipped(false))},
		{name: "ask, the host, who is booked next", occasion: with(askedAt(), clipped(false)), host: true},
		{name: "ask, next not checked", occasion: with(askedAt(), func(o *scheduler.Occasion) { o.Next = scheduler.NextBooking{} })},
		{name: "ask, perhaps the second time", occasion: with(askedAt(), func(o *scheduler.Occasion) { o.Unsure = true })},
		{name: "ask, hostile subject", occasion: with(askedAt(), func(o *scheduler.Occasion) { o.Meeting.Subject = hostile })},
		{name: "ask, extended", occasion: with(askedAt(), extendedBy(admin, 15))},
		{name: "ask, extended by automation", occasion: with(askedAt(), answeredBy(admin, scheduler.KeepExtending), extendedBy("", 15))},
		{name: "ask, extended again", occasion: with(askedAt(), again)},
		{name: "ask, extended in the client", occasion: with(askedAt(), func(o *scheduler.Occasion) { o.Meeting.End = o.Prompt.End.Add(5 * time.Minute) })},
		{name: "ask, over", occasion: with(askedAt(), over)},
		{name: "ask, let end", occasion: with(askedAt(), answeredBy(admin, scheduler.LetEnd))},
		{name: "ask, keep", occasion: with(askedAt(), answeredBy(admin, scheduler.KeepExtending))},
		{name: "ask, keep, of one who may no more", occasion: with(askedAt(), answeredBy(admin, scheduler.KeepExtending), lapsed)},
		{name: "ask, kept and stopped", occasion: with(askedAt(), answeredBy(admin, scheduler.StopExtending))},
		{name: "auto", occasion: extendedAt()},
		{name: "auto, as a person told it under a prompt", occasion: with(extendedAt(), keptBy(admin))},
		{name: "auto, the host", occasion: with(extendedAt(), func(o *scheduler.Occasion) { o.Rule = scheduler.Rule{Mode: scheduler.ModeAuto} }), host: true},
		{name: "auto, accepted, one minute left", occasion: with(extendedAt(), func(o *scheduler.Occasion) {
			o.Last.State, o.Last.After, o.Meeting.End, o.Decision.AutoLeft = extension.Accepted, o.Prompt.End, o.Prompt.End, 1
		})},
		{name: "auto, by one minute, used up", occasion: with(extendedAt(), extendedBy("", 1), func(o *scheduler.Occasion) { o.Decision.AutoLeft = 0 })},
		{name: "auto, stopped", occasion: with(extendedAt(), answeredBy(admin, scheduler.StopExtending))},
		{name: "auto, stopped, for a room", occasion: with(extendedAt(), answeredBy(admin, scheduler.StopExtending), func(o *scheduler.Occasion) { o.Rule.Of = "771234" })},
		{name: "auto, stopped, nobody's rule", occasion: with(extendedAt(), answeredBy(admin, scheduler.StopExtending), func(o *scheduler.Occasion) { o.Rule = scheduler.Rule{Mode: scheduler.ModeAuto} })},
		{name: "auto, stopped, rule paused", occasion: with(extendedAt(), answeredBy(admin, scheduler.StopExtending), func(o *scheduler.Occasion) { rulePaused(&o.Rule) })},
		{name: "auto, extended again", occasion: with(extendedAt(), again)},
		{name: "auto, over", occasion: with(extendedAt(), over)},
		{name: "trouble, refused", occasion: inTrouble(scheduler.TroubleRefused)},
		{name: "trouble, unclear", occasion: inTrouble(scheduler.TroubleUnclear)},
		{name: "trouble, throttled", occasion: inTrouble(scheduler.TroubleThrottle)},
		{name: "trouble, quota", occasion: inTrouble(scheduler.TroubleQuota)},
		{name: "trouble, no tick", occasion: inTrouble(scheduler.TroubleNoTick)},
		{name: "trouble, owner", occasion: inTrouble(scheduler.TroubleOwner)},
		{name: "trouble, owner, kept by a person", occasion: with(inTrouble(scheduler.TroubleOwner), keptBy(admin))},
		{name: "trouble, keeper", occasion: with(inTrouble(scheduler.TroubleKeeper), keptBy(admin))},
		{name: "trouble, service", occasion: inTrouble(scheduler.TroubleService)},
		{name: "trouble, hidden", occasion: inTrouble(scheduler.TroubleHidden)},
		{name: "trouble, hidden, the host", occasion: inTrouble(scheduler.TroubleHidden), host: true},
		{name: "trouble, room booked", occasion: with(inTrouble(scheduler.TroubleBooked), func(o *scheduler.Occasion) { o.Next.Room = true })},
		{name: "trouble, host booked", occasion: inTrouble(scheduler.TroubleBooked)},
		{name: "trouble, room booked, the host", occasion: with(inTrouble(scheduler.TroubleBooked), func(o *scheduler.Occasion) { o.Next.Room = true }), host: true},
		{name: "trouble, host booked, the host", occasion: inTrouble(scheduler.TroubleBooked), host: true},
		{name: "trouble, refused, the host", occasion: inTrouble(scheduler.TroubleRefused), host: true},
		{name: "trouble, unclear, the host", occasion: inTrouble(scheduler.TroubleUnclear), host: true},
		{name: "trouble, service, the host", occasion: inTrouble(scheduler.TroubleService), host: true},
		{name: "trouble, minutes used up, the host", occasion: inTrouble(scheduler.TroubleSpent), host: true},
		{name: "trouble, minutes used up", occasion: inTrouble(scheduler.TroubleSpent)},
		{name: "trouble, extended", occasion: with(inTrouble(scheduler.TroubleService), extendedBy(admin, 30))},
		{name: "trouble, over", occasion: with(inTrouble(scheduler.TroubleService), over)},
	}
}

func promptScenes() []scene {
	var scenes []scene
	for _, s := range occasionScenes() {
		scenes = append(scenes, scene{name: s.name, reply: func(w *world) Reply {
			read := w.bot.channelReader(theChannel)
			if s.host {
				read = w.bot.personReader(context.Background(), owner)
				read.host = true
			} else {
				read.say = w.bot.printerOf(w.people.people[admin]) // for the golden files of the languages
			}
			return w.bot.announcement(read, s.occasion, shownOf(s.occasion))
		}})
	}
	for _, reason := range []scheduler.PauseReason{scheduler.PausedOwnerLeft, scheduler.PausedOwnerMay} {
		scenes = append(scenes, scene{name: "rule paused, " + string(reason), reply: func(w *world) Reply {
			rule := theRule()
			rule.Minutes, rule.Max, rule.Paused.Reason = 20, 40, reason
			return pausedRule(w.bot.personReader(context.Background(), admin), rule, theMeeting())
		}})
	}
	return scenes
}

func ruledBy(user string, changes ...func(*scheduler.Rule)) func(*world) {
	return func(w *world) {
		rule := theRule()
		rule.Owner.User = user
		for _, change := range changes {
			change(&rule)
		}
		w.rules.rules = map[string]scheduler.Rule{rule.Of: rule}
	}
}

func rulePaused(rule *scheduler.Rule) { rule.Paused.Reason = scheduler.PausedOwnerMay }

func ruleAuto(rule *scheduler.Rule) { rule.Mode, rule.Channel = scheduler.ModeAuto, "" }

func ruleOff(rule *scheduler.Rule) { rule.Mode = scheduler.ModeOff }

func allPaused(w *world) {
	w.rules.paused = scheduler.Pause{Reason: scheduler.PausedByAdmin, By: extension.Actor{Team: theTeam, User: owner}, Since: noon.Add(-time.Hour)}
}

// somebodyPaused is a pause of which nobody knows who made it.
func somebodyPaused(w *world) {
	w.rules.paused = scheduler.Pause{Reason: scheduler.PausedByAdmin, Since: noon.Add(-time.Hour)}
}

func rulesFail(w *world) { w.rules.err = context.DeadlineExceeded }

func comesLater(w *world) {
	missingMeeting("")(w)
	w.hosts.booked, w.hosts.bookedErr = theMeeting(), nil
	w.hosts.booked.Start = noon.Add(time.Hour)
}

func notifying(w *world) { w.channel = "C0NOTIFY" }

func otherwise(mode scheduler.Mode) func(*world) { return func(w *world) { w.mode = mode } }

func ruleScenes() []scene {
	return []scene{
		{name: "watch, ask", command: "watch 914083136 ask"},
		{name: "watch, auto", command: "watch 914083136 auto"},
		{name: "watch, auto, minutes and max", command: "watch 914083136 auto 1 max 90"},
		{name: "watch, as the host", user: owner, command: "watch 914083136 ask"},
		{name: "watch, not yours", user: stranger, command: "watch 914083136 ask"},
		{name: "watch, to come", command: "watch 914083136 ask", set: comesLater},
		{name: "watch, to come, as the host", user: owner, command: "watch 914083136 ask", set: comesLater},
		{name: "watch, not there", command: "watch 111222333 ask"},
		{name: "watch, the platform extends it", command: "watch 914083136 auto", set: func(w *world) { w.scheduler.meetings[0].ProlongMinutes = 15 }},
		{name: "watch, its password is hidden", command: "watch 914083136 auto", set: func(w *world) { w.scheduler.meetings[0].Extendable = false }},
		{name: "watch, instead of another's", command: "watch 914083136 auto", set: ruledBy(owner)},
		{name: "watch, while all is paused", command: "watch 914083136 ask", set: allPaused},
		{name: "watch, may not post", command: "watch 914083136 ask", set: mayNotPost("C0GENERAL")},
		{name: "watch, from a direct message", reply: func(w *world) Reply { return w.asksFrom("D0DIRECT", admin, "watch 914083136 ask") }},
		{name: "watch, too many minutes", command: "watch 914083136 auto 121 max 200"},
		{name: "watch, too many in all", command: "watch 914083136 auto 30 max 241"},
		{name: "watch, fewer in all than at once", command: "watch 914083136 auto 30 max 20"},
		{name: "watch, store down", command: "watch 914083136 ask", set: rulesFail},
		{name: "unwatch", command: "unwatch 914083136", set: ruledBy(owner)},
		{name: "unwatch, asked all the same", command: "unwatch 914083136", set: both(ruledBy(owner), otherwise(scheduler.ModeAsk))},
		{name: "unwatch, extended all the same", command: "unwatch 914083136", set: both(ruledBy(owner), otherwise(scheduler.ModeAuto))},
		{name: "unwatch, not yours", user: stranger, command: "unwatch 914083136", set: ruledBy(owner)},
		{name: "unwatch, not watched", command: "unwatch 914083136"},
		{name: "unwatch, its room is watched", command: "unwatch 914083136", set: both(
			ruledBy(owner, func(rule *scheduler.Rule) { rule.Of = "771234" }),
			func(w *world) { w.scheduler.meetings[0].RoomID = "771234" },
		)},
		{name: "unwatch, store down", command: "unwatch 914083136", set: rulesFail},
		{name: "pause", command: "pause"},
		{name: "pause, told to a channel", command: "pause", set: notifying},
		{name: "resume, told to a channel", command: "resume", set: both(allPaused, notifying)},
		{name: "pause, again", command: "pause", set: allPaused},
		{name: "pause, not an administrator", user: owner, command: "pause"},
		{name: "pause, group of administrators unknown", user: owner, command: "pause", set: func(w *world) { w.policy.AdminGroups = []string{"S0ADMINS"} }},
		{name: "pause, store down", command: "pause", set: rulesFail},
		{name: "resume", command: "resume", set: allPaused},
		{name: "resume, not paused", command: "resume"},
		{name: "resume, store down", command: "resume", set: rulesFail},
		{name: "status, watched", command: "status 914083136", set: ruledBy(owner)},
		{name: "status, watched by direct message", command: "status 914083136", set: ruledBy(owner, ruleAuto)},
		{name: "status, rule paused, all paused", command: "status 914083136", set: both(ruledBy(owner, rulePaused), allPaused)},
		{name: "status, rule off", command: "status 914083136", set: ruledBy(owner, ruleOff)},
		{name: "status, rules not to be read", command: "status 914083136", set: rulesFail},
		{name: "status, all paused, nobody knows by whom", command: "status 914083136", set: somebodyPaused},
		{name: "list, all paused", command: "list", set: allPaused},
		{name: "list, all paused, none", command: "list", set: both(allPaused, many(0, nil))},
		{name: "list, all paused, more than fit", command: "list", set: both(allPaused, many(25, func(int) string { return "Daily" }))},
		{name: "list, all paused, own", user: owner, command: "list", set: allPaused},
		{name: "list, all paused, none of one's own", user: stranger, command: "list", set: allPaused},
		{name: "list, one watched", command: "list", set: ruledBy(owner)},
		{name: "list, one watched, auto", command: "list", set: ruledBy(owner, ruleAuto)},
		{name: "list, one watched, paused", command: "list", set: ruledBy(owner, rulePaused)},
		{name: "list, from a channel that watches", reply: func(w *world) Reply { return w.asksFrom(theChannel, stranger, "list") }, set: watchingChannel},
		{name: "status, from a channel that watches", reply: func(w *world) Reply { return w.asksFrom(theChannel, stranger, "status 914083136") }, set: watchingChannel},
	}
}

// watchingChannel lets people of theChannel extend, and the channel watch theMeeting.
func watchingChannel(w *world) {
	ruledBy(owner)(w)
	w.policy.AllowedChannels, w.people.channel = []string{theChannel}, access.Channel{ID: theChannel, Known: true}
}

func TestGoldenPrompts(t *testing.T) { checkGolden(t, "prompts", "en-US", promptScenes()) }
func TestGoldenRules(t *testing.T)   { checkGolden(t, "rules", "en-US", ruleScenes()) }

// explains lets the scheduler decide so, by checks of which the last one holds if it says nothing is done.
func explains(decision scheduler.Decision, changes ...func(*scheduler.Explanation)) func(*world) {
	return func(w *world) {
		explained := scheduler.Explanation{Rule: theRule(), Decision: decision}
		explained.History.Next.Checked = true
		for _, reason := range []scheduler.Reason{scheduler.RunOver, scheduler.NoRule, scheduler.RuleOff, scheduler.NotYet, scheduler.Empty} {
			explained.Checks = append(explained.Checks, scheduler.Check{Reason: reason, Holds: reason == decision.Reason})
		}
		for _, change := range changes {
			change(&explained)
		}
		w.scheduler.explained = explained
	}
}

func trial(trial scheduler.Trial) func(*scheduler.Explanation) {
	return func(e *scheduler.Explanation) { e.Trial = trial }
}

func nothingFor(reason scheduler.Reason) scheduler.Decision {
	return scheduler.Decision{Act: scheduler.ActNothing, Reason: reason}
}

func whyScenes() []scene {
	notYet := scheduler.Decision{Act: scheduler.ActNothing, Reason: scheduler.NotYet, At: noon.Add(time.Hour)}
	scenes := []scene{
		{name: "why, too early", command: "why 914083136", set: explains(notYet)},
		{name: "why, not yours", user: stranger, command: "why 914083136"},
		{name: "why, not there", command: "why 111222333"},
		{name: "why, store down", command: "why 914083136", set: func(w *world) { w.scheduler.whyErr = context.DeadlineExceeded }},
		{name: "why, asks", command: "why 914083136", set: explains(scheduler.Decision{Act: scheduler.ActAsk, Reason: scheduler.TimeToAsk})},
		{name: "why, extends by one", command: "why 914083136", set: explains(scheduler.Decision{Act: scheduler.ActExtend, Reason: scheduler.TimeToExtend, Minutes: 1})},
		{name: "why, extends", command: "why 914083136", set: explains(scheduler.Decision{Act: scheduler.ActExtend, Reason: scheduler.TimeToExtend, Minutes: 15})},
		{name: "why, by the configuration", command: "why 914083136", set: explains(notYet, func(e *scheduler.Explanation) { e.Rule = scheduler.Rule{Mode: scheduler.ModeAuto} })},
		{name: "why, booked next", command: "why 914083136", set: explains(notYet, func(e *scheduler.Explanation) {
			e.History.Next.Start, e.History.Next.Subject = noon.Add(2*time.Hour), "Secret merger"
		})},
		{name: "why, bookings not known", command: "why 914083136", set: explains(notYet, func(e *scheduler.Explanation) { e.History.Next.Checked = false })},
		{name: "why, a reason of a later version", command: "why 914083136", set: explains(nothingFor("<new>"))},
		{name: "why, by hand", command: "why 914083136 30", set: explains(notYet, trial(scheduler.Trial{Outcome: extension.DidConfirm, End: noon.Add(102 * time.Minute)}))},
		{name: "why, one by hand", command: "why 914083136 1", set: explains(notYet, trial(scheduler.Trial{Outcome: extension.DidConfirm, End: noon.Add(73 * time.Minute)}))},
		{name: "why, by hand, into the next booking", command: "why 914083136 30", set: explains(notYet, trial(scheduler.Trial{Outcome: extension.DidConfirm, End: noon, Overlaps: true}))},
		{name: "why, by hand, no password", command: "why 914083136 30", set: explains(notYet, trial(scheduler.Trial{Outcome: extension.DidConfirm, End: noon, Hidden: true}))},
		{name: "why, by hand, too many", command: "why 914083136 130", set: explains(notYet, trial(scheduler.Trial{Outcome: extension.TooMany, Left: 120}))},
		{name: "why, by hand, few left", command: "why 914083136 30", set: explains(notYet, trial(scheduler.Trial{Outcome: extension.Limited, Left: 20}))},
		{name: "why, by hand, none left", command: "why 914083136 30", set: explains(notYet, trial(scheduler.Trial{Outcome: extension.Limited}))},
		{name: "why, by hand, busy", command: "why 914083136 30", set: explains(notYet, trial(scheduler.Trial{Outcome: extension.Busy}))},
		{name: "why, by hand, over", command: "why 914083136 30", set: explains(nothingFor(scheduler.RunOver), trial(scheduler.Trial{Outcome: extension.Ended}))},
	}
	for _, reason := range []scheduler.Reason{
		scheduler.NoRule, scheduler.RuleOff, scheduler.AllPaused, scheduler.RulePaused, scheduler.PlatformExtends,
		scheduler.NotExtendable, scheduler.InDoubt, scheduler.ToldToEnd, scheduler.ExtendedAlready, scheduler.OverBudget,
		scheduler.CapReached, scheduler.AskedAlready, scheduler.Empty, scheduler.NoGap, scheduler.OverQuota,
	} {
		scenes = append(scenes, scene{name: "why, " + string(reason), command: "why 914083136", set: explains(nothingFor(reason))})
	}
	return append(scenes, scene{name: "why, one must be in", command: "why 914083136", set: both(explains(nothingFor(scheduler.Empty)), func(w *world) { w.least = 1 })})
}

// pressScenes are the private answers to presses under prompts, and to those of commands that are offered.
func pressScenes() []scene {
	on := func(verb string) func(*world) { return offered(under(verb)) }
	unheard := func(w *world) { w.scheduler.followErr = context.DeadlineExceeded }
	taken := func(answer scheduler.Answer) func(*world) {
		return func(w *world) {
			w.scheduler.prompts = map[int64]scheduler.Prompt{7: {ID: 7, Answer: answer, By: extension.Actor{Team: theTeam, User: owner}}}
		}
	}
	pressed := func(w *world) Reply { return w.presses(admin, "P1") }
	return []scene{
		{name: "press, keep", reply: pressed, set: on(verbKeep)},
		{name: "press, end", reply: pressed, set: both(on(verbEnd), unheard)},
		{name: "press, stop", reply: pressed, set: both(on(verbStop), unheard)},
		{name: "press, stop, by a rule", reply: pressed, set: both(on(verbStop), unheard, ruledBy(owner, ruleAuto))},
		{name: "press, stop, by a rule to ask", reply: pressed, set: both(on(verbStop), unheard, ruledBy(owner))},
		{name: "press, stop, nobody's rule", reply: pressed, set: both(on(verbStop), unheard, otherwise(scheduler.ModeAuto))},
		{name: "press, stop, after another stopped", reply: pressed, set: both(on(verbStop), taken(scheduler.StopExtending), ruledBy(owner, ruleAuto))},
		{name: "press, end, after another kept", reply: pressed, set: both(on(verbEnd), taken(scheduler.KeepExtending))},
		{name: "press, end, extended meanwhile", reply: pressed, set: both(on(verbEnd), func(w *world) { w.scheduler.meetings[0].End = noon.Add(90 * time.Minute) })},
		{name: "press, quiet", reply: pressed, set: on(verbQuiet)},
		{name: "press, quiet, again", reply: pressed, set: both(on(verbQuiet), quieted)},
		{name: "press, ask again", reply: pressed, set: both(on(verbAskAgain), quieted)},
		{name: "press, ask again, twice", reply: pressed, set: on(verbAskAgain)},
		{name: "press, watch", reply: pressed, set: offered(typedUnder("watch 914083136 auto"))},
		{name: "list, of one who is not asked", command: "list", set: quieted},
		{name: "left undone, pause", reply: func(w *world) Reply { return w.takesOver("slash_commands", "pause", "") }},
		{name: "left undone, keep", reply: func(w *world) Reply { return w.takesOver("interactive", "", "P1") }, set: on(verbKeep)},
	}
}

// quieted is an administrator who wants to be asked no more.
func quieted(w *world) {
	w.rules.quiet = map[extension.Actor]bool{{Team: theTeam, User: admin}: true}
}

// under is a button under the prompt 7 of theMeeting.
func under(verb string) store.Action {
	return store.Action{
		ID: "P1", Verb: verb, Run: extension.RunOf(theMeeting()), MeetingID: theID, Minutes: 15, Prompt: 7,
		OfferedEnd: theMeeting().End, Expires: theMeeting().End.Add(promptLife),
	}
}

func typedUnder(command string) store.Action {
	return store.Action{ID: "P1", Verb: verbTyped, Run: extension.RunOf(theMeeting()), MeetingID: theID, Command: command, Expires: noon.Add(time.Hour)}
}

// takesOver is what a worker says to an envelope that another left three minutes ago.
func (w *world) takesOver(kind, text, value string) Reply {
	left := job{id: "left", kind: kind, takenOver: true, leftFor: 3 * time.Minute}
	reply, _ := w.bot.reply(context.Background(), left, sender{Team: theTeam, User: admin, Channel: "C0GENERAL", Text: text, Pressed: value, ResponseURL: answerAt})
	return reply
}

func TestGoldenWhy(t *testing.T)     { checkGolden(t, "why", "en-US", whyScenes()) }
func TestGoldenPresses(t *testing.T) { checkGolden(t, "presses", "en-US", pressScenes()) }
