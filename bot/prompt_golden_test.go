package bot

import (
	"context"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler"
)

// The rule and the channel of these tests.
const theChannel = "C0PRODUCT"

func theRule() scheduler.Rule {
	return scheduler.Rule{Of: theID, Mode: scheduler.ModeAsk, Channel: theChannel, Owner: scheduler.Actor{Team: theTeam, User: owner}}
}

// askedAt is a prompt ten minutes before the end, as the scheduler hands it over.
func askedAt() scheduler.Occasion {
	m := theMeeting()
	m.End = noon.Add(10 * time.Minute)
	return scheduler.Occasion{
		Prompt: scheduler.Prompt{
			ID: 7, Kind: scheduler.PromptAsk, Run: scheduler.RunOf(m), MeetingID: m.ID, End: m.End, RuleOf: theID,
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
	o.Last = after(o, scheduler.Actor{}, 15)
	o.Meeting.End = o.Last.After
	o.Decision = scheduler.Decision{Reason: scheduler.NotYet, AutoLeft: 45, Left: 225}
	return o
}

// after is a confirmed extension of the prompt's end.
func after(o scheduler.Occasion, by scheduler.Actor, minutes int) scheduler.Extension {
	end := o.Prompt.End.Add(time.Duration(minutes) * time.Minute)
	return scheduler.Extension{
		ID: 3, Run: o.Prompt.Run, MeetingID: theID, Actor: by, Minutes: minutes, State: scheduler.Confirmed,
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
		o.Prompt.Answer, o.Prompt.By = answer, scheduler.Actor{Team: theTeam, User: user}
	}
}

func extendedBy(user string, minutes int) func(*scheduler.Occasion) {
	return func(o *scheduler.Occasion) {
		o.Last = after(*o, scheduler.Actor{Team: theTeam, User: user}, minutes)
		o.Meeting.End = o.Last.After
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
			o.Decision.Clipped, o.Decision.Offers, o.Decision.AutoLeft = true, []int{15, 20}, 20
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
		{name: "ask, kept and stopped", occasion: with(askedAt(), answeredBy(admin, scheduler.StopExtending))},
		{name: "auto", occasion: extendedAt()},
		{name: "auto, the host", occasion: with(extendedAt(), func(o *scheduler.Occasion) { o.Rule = scheduler.Rule{Mode: scheduler.ModeAuto} }), host: true},
		{name: "auto, accepted, one minute left", occasion: with(extendedAt(), func(o *scheduler.Occasion) {
			o.Last.State, o.Last.After, o.Meeting.End, o.Decision.AutoLeft = scheduler.Accepted, o.Prompt.End, o.Prompt.End, 1
		})},
		{name: "auto, by one minute, used up", occasion: with(extendedAt(), extendedBy("", 1), func(o *scheduler.Occasion) { o.Decision.AutoLeft = 0 })},
		{name: "auto, stopped", occasion: with(extendedAt(), answeredBy(admin, scheduler.StopExtending))},
		{name: "auto, extended again", occasion: with(extendedAt(), again)},
		{name: "auto, over", occasion: with(extendedAt(), over)},
		{name: "trouble, refused", occasion: inTrouble(scheduler.TroubleRefused)},
		{name: "trouble, unclear", occasion: inTrouble(scheduler.TroubleUnclear)},
		{name: "trouble, throttled", occasion: inTrouble(scheduler.TroubleThrottle)},
		{name: "trouble, quota", occasion: inTrouble(scheduler.TroubleQuota)},
		{name: "trouble, no tick", occasion: inTrouble(scheduler.TroubleNoTick)},
		{name: "trouble, owner", occasion: inTrouble(scheduler.TroubleOwner)},
		{name: "trouble, service", occasion: inTrouble(scheduler.TroubleService)},
		{name: "trouble, hidden", occasion: inTrouble(scheduler.TroubleHidden)},
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
			return w.bot.announcement(read, s.occasion, stageOf(s.occasion))
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
	w.rules.paused = scheduler.Pause{Reason: scheduler.PausedByAdmin, By: scheduler.Actor{Team: theTeam, User: owner}, Since: noon.Add(-time.Hour)}
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
	w.policy.AllowedChannels, w.people.channel = []string{theChannel}, Channel{ID: theChannel, Known: true}
}

func TestGoldenPrompts(t *testing.T) { checkGolden(t, "prompts", "en-US", promptScenes()) }
func TestGoldenRules(t *testing.T)   { checkGolden(t, "rules", "en-US", ruleScenes()) }
