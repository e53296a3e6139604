package bot

import (
	"time"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// askedAt is a prompt ten minutes before the end, as the scheduler hands it over.
func askedAt() scheduler.Occasion {
	m := theMeeting()
	m.End = noon.Add(10 * time.Minute)
	return scheduler.Occasion{
		Prompt: scheduler.Prompt{
			Kind: scheduler.PromptAsk, Run: extension.RunOf(m), MeetingID: m.ID, End: m.End, RuleOf: theID,
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

// handedBy is a run that was handed to the platform, by a row of that number.
func handedBy(user string, row int64) func(*scheduler.Occasion) {
	return func(o *scheduler.Occasion) {
		o.Outlook.Handed = extension.Extension{
			ID: row, Platform: true, Actor: extension.Actor{Team: theTeam, User: user}, State: extension.Confirmed,
			CreatedAt: noon.Add(time.Minute), Before: o.Meeting.End, After: o.Meeting.End,
		}
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

// foreseen has an occasion say what comes next, by what it says of the run and by the clock.
func foreseen(o scheduler.Occasion) scheduler.Occasion {
	if o.Over {
		return o
	}
	prompt := o.Prompt
	prompt.ID, prompt.Answered = 7, noon
	history := scheduler.History{
		Run:     scheduler.RunSummary{Run: prompt.Run, Minutes: 240 - o.Decision.Left, AutoMinutes: 60 - o.Decision.AutoLeft, Last: o.Last, Handed: o.Outlook.Handed},
		Prompts: []scheduler.Prompt{prompt}, Next: o.Next,
	}
	if o.Decision.Reason == scheduler.AskAtDaily {
		history.Daily = 300
	}
	terms := scheduler.Terms{
		Automation: scheduler.Automation{Mode: scheduler.ModeOff, Lead: 10 * time.Minute, Minutes: 15, Max: 60, MinPeople: 2},
		AtOnce:     120, RunMinutes: 240, Daily: 300,
	}
	atOnce := func(due time.Time) time.Time { return due }
	o.Outlook = scheduler.Foresee(noon, atOnce, o.Meeting, o.Rule, history, terms)
	return o
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
	clipped := func(o *scheduler.Occasion) {
		o.Decision.Clipped, o.Decision.Offers = true, []int{15, 20}
		o.Next.Start, o.Next.Subject = o.Prompt.End.Add(20*time.Minute), "Secret merger"
	}
	hostBooked := func(o *scheduler.Occasion) { o.Next.Host = o.Prompt.End.Add(20 * time.Minute) }
	again := func(o *scheduler.Occasion) {
		extendedBy(admin, 30)(o)
		o.Last.Before = o.Prompt.End.Add(15 * time.Minute)
	}
	atDaily := func(o *scheduler.Occasion) { o.Rule.Mode, o.Decision.Reason = scheduler.ModeAuto, scheduler.AskAtDaily }
	scenes := []occasionScene{
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
		{name: "ask at the limit of a day", occasion: with(askedAt(), atDaily)},
		{name: "ask, kept, extended in the client", occasion: with(askedAt(), answeredBy(admin, scheduler.KeepExtending), func(o *scheduler.Occasion) { o.Meeting.End = o.Prompt.End.Add(5 * time.Minute) })},
		{name: "ask, stopped, extended in the client", occasion: with(askedAt(), answeredBy(admin, scheduler.StopExtending), func(o *scheduler.Occasion) { o.Meeting.End = o.Prompt.End.Add(5 * time.Minute) })},
		{name: "auto, and now at the limit of a day", occasion: with(extendedAt(), atDaily)},
		{name: "ask, room booked next", occasion: with(askedAt(), clipped)},
		{name: "ask, room and host booked next", occasion: with(askedAt(), clipped, hostBooked)},
		{name: "ask, host booked next", occasion: with(askedAt(), hostBooked)},
		{name: "ask, the host, who is booked next", occasion: with(askedAt(), hostBooked), host: true},
		{name: "ask, next not checked", occasion: with(askedAt(), func(o *scheduler.Occasion) { o.Next = scheduler.NextBooking{} })},
		{name: "ask, perhaps the second time", occasion: with(askedAt(), func(o *scheduler.Occasion) { o.Unsure = true })},
		{name: "ask, hostile subject", occasion: with(askedAt(), func(o *scheduler.Occasion) { o.Meeting.Subject = hostile })},
		{name: "ask, extended", occasion: with(askedAt(), extendedBy(admin, 15))},
		{name: "ask, extended by automation", occasion: with(askedAt(), answeredBy(admin, scheduler.KeepExtending), extendedBy("", 15))},
		{name: "ask, extended again", occasion: with(askedAt(), again)},
		{name: "ask, extended in the client", occasion: with(askedAt(), func(o *scheduler.Occasion) { o.Meeting.End = o.Prompt.End.Add(5 * time.Minute) })},
		{name: "ask, over", occasion: with(askedAt(), over)},
		{name: "ask, extended, over", occasion: with(askedAt(), extendedBy(admin, 15), over)},
		{name: "ask, extended again, over", occasion: with(askedAt(), again, over)},
		{name: "ask, let end, over", occasion: with(askedAt(), answeredBy(admin, scheduler.LetEnd), over)},
		{name: "ask, let end, extended, over", occasion: with(askedAt(), answeredBy(admin, scheduler.LetEnd), extendedBy(owner, 15), over)},
		{name: "ask, kept, over", occasion: with(askedAt(), answeredBy(admin, scheduler.KeepExtending), over)},
		{name: "ask, kept, extended by automation, over", occasion: with(askedAt(), answeredBy(admin, scheduler.KeepExtending), extendedBy("", 15), over)},
		{name: "ask, handed to the platform, over", occasion: with(askedAt(), handedBy(owner, 2), over)},
		{name: "auto, at a person's wish, stopped, over", occasion: with(extendedAt(), answeredBy(admin, scheduler.StopExtending), func(o *scheduler.Occasion) { o.Last.Wisher = actor(owner) }, over)},
		{name: "ask, let end", occasion: with(askedAt(), answeredBy(admin, scheduler.LetEnd))},
		{name: "ask, keep", occasion: with(askedAt(), answeredBy(admin, scheduler.KeepExtending))},
		{name: "ask, keep, of somebody who no longer may", occasion: with(askedAt(), answeredBy(admin, scheduler.KeepExtending), lapsed)},
		{name: "ask, kept and stopped", occasion: with(askedAt(), answeredBy(admin, scheduler.StopExtending))},
		{name: "ask, handed to the platform", occasion: with(askedAt(), handedBy(owner, 2))},
		{name: "ask, handed to the platform, the host", occasion: with(askedAt(), handedBy(owner, 2)), host: true},
		{name: "ask, kept, then handed to the platform", occasion: with(askedAt(), answeredBy(admin, scheduler.KeepExtending), handedBy(owner, 2))},
		{name: "auto, handed to the platform", occasion: with(extendedAt(), handedBy(owner, 4))},
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
		{name: "trouble, delayed", occasion: inTrouble(scheduler.TroubleDelayed)},
		{name: "trouble, unseen", occasion: inTrouble(scheduler.TroubleUnseen)},
		{name: "trouble, quota", occasion: inTrouble(scheduler.TroubleQuota)},
		{name: "trouble, no tick", occasion: inTrouble(scheduler.TroubleNoTick)},
		{name: "trouble, owner", occasion: inTrouble(scheduler.TroubleOwner)},
		{name: "trouble, owner, kept by a person", occasion: with(inTrouble(scheduler.TroubleOwner), keptBy(admin))},
		{name: "trouble, keeper", occasion: with(inTrouble(scheduler.TroubleKeeper), keptBy(admin))},
		{name: "trouble, nothing known", occasion: with(inTrouble(scheduler.TroubleBlind), func(o *scheduler.Occasion) {
			o.Prompt.End, o.Meeting = time.Time{}, meeting.Meeting{ID: o.Meeting.ID, People: -1}
		})},
		{name: "trouble, stuck", occasion: inTrouble(scheduler.TroubleStuck)},
		{name: "trouble, service", occasion: inTrouble(scheduler.TroubleService)},
		{name: "trouble, hidden", occasion: inTrouble(scheduler.TroubleHidden)},
		{name: "trouble, hidden, the host", occasion: inTrouble(scheduler.TroubleHidden), host: true},
		{name: "trouble, room booked", occasion: inTrouble(scheduler.TroubleBooked)},
		{name: "trouble, room booked, the host", occasion: inTrouble(scheduler.TroubleBooked), host: true},
		{name: "trouble, refused, the host", occasion: inTrouble(scheduler.TroubleRefused), host: true},
		{name: "trouble, unclear, the host", occasion: inTrouble(scheduler.TroubleUnclear), host: true},
		{name: "trouble, service, the host", occasion: inTrouble(scheduler.TroubleService), host: true},
		{name: "trouble, minutes used up, the host", occasion: inTrouble(scheduler.TroubleSpent), host: true},
		{name: "trouble, minutes used up", occasion: inTrouble(scheduler.TroubleSpent)},
		{name: "trouble, extended", occasion: with(inTrouble(scheduler.TroubleService), extendedBy(admin, 30))},
		{name: "trouble, over", occasion: with(inTrouble(scheduler.TroubleService), over)},
	}
	for i := range scenes {
		scenes[i].occasion = foreseen(scenes[i].occasion)
	}
	return scenes
}

// promptScenes are the messages of the automation, and those of rules that pause.
func promptScenes() []scene {
	var scenes []scene
	for _, s := range occasionScenes() {
		scenes = append(scenes, scene{name: s.name, play: func(w *world) {
			if s.host { // who reads it where nobody watches, and NOTIFY_CHANNEL refuses
				s.occasion.Rule = scheduler.Rule{Mode: s.occasion.Rule.Mode}
				w.poster.fail("C0NOTIFY", slackSays("not_in_channel"))
			}
			_, err := w.posts(s.occasion)
			w.must(err)
		}})
	}
	for _, reason := range []scheduler.PauseReason{scheduler.PausedOwnerLeft, scheduler.PausedOwnerMay} {
		scenes = append(scenes, scene{name: "rule paused, " + string(reason), play: func(w *world) {
			rule := theRule()
			rule.Minutes, rule.Max, rule.Paused.Reason = 20, 40, reason
			w.must(w.tellsOfPause(rule, theMeeting()))
		}})
	}
	for i := range scenes {
		scenes[i].set, scenes[i].world = notifying, "of all messages"
	}
	return scenes
}
