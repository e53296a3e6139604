package bot

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/overtime-bot/overtime/meeting/meetingtest"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// ruleScenes are the commands that change what automation does, and what others say of it.
func ruleScenes() []scene {
	const watch = "watch 914083136 ask"
	return append([]scene{
		{name: "watch, ask", command: watch},
		{name: "watch, ask, minutes and max", command: watch + " 1 max 90"},
		{name: "watch, auto", command: "watch 914083136 auto"},
		{name: "watch, auto, minutes and max", command: "watch 914083136 auto 1 max 90"},
		{name: "watch, as the host", user: owner, command: watch},
		{name: "watch, not yours", user: stranger, command: watch},
		{name: "watch, to come", command: watch, set: comesLater},
		{name: "watch, to come, as the host", user: owner, command: watch, set: comesLater},
		{name: "watch, not there", command: "watch 111222333 ask"},
		{name: "watch, just after the end", set: endsIn(time.Minute), play: func(w *world) {
			time.Sleep(59 * time.Second)
			w.asks(admin, "list")
			time.Sleep(2 * time.Second)
			w.asks(admin, watch)
		}},
		{name: "watch, the platform extends it", command: "watch 914083136 auto", set: prolonged},
		{name: "watch, its password is hidden", command: "watch 914083136 auto", set: hidden},
		{name: "watch, instead of another's", command: "watch 914083136 auto", set: ruledBy(owner)},
		{name: "watch, while all is paused", command: watch, set: allPaused},
		{name: "watch, may not post", command: watch, set: mayNotPost(general)},
		{name: "watch, from a direct message", play: typing("D0DIRECT", admin, watch)},
		{name: "watch, too many minutes", command: "watch 914083136 auto 121 max 200"},
		{name: "watch, too many in all", command: "watch 914083136 auto 30 max 241"},
		{name: "watch, fewer in all than at once", command: "watch 914083136 auto 30 max 20"},
		{name: "watch, store down", command: watch, set: rulesFail},
		{name: "unwatch", command: "unwatch 914083136", set: ruledBy(owner)},
		{name: "unwatch, asked all the same", command: "unwatch 914083136", set: both(ruledBy(owner), otherwise(scheduler.ModeAsk))},
		{name: "unwatch, extended all the same", command: "unwatch 914083136", set: both(ruledBy(owner), otherwise(scheduler.ModeAuto))},
		{name: "unwatch, not yours", user: stranger, command: "unwatch 914083136", set: ruledBy(owner)},
		{name: "unwatch, not watched", command: "unwatch 914083136"},
		{name: "unwatch, its room is watched", command: "unwatch 914083136", set: both(inRoom("771234"), ruledBy(owner, ruleOf("771234")))},
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
	}, asking([]scene{
		{name: "status, watched", command: "status 914083136", set: ruledBy(owner)},
		{name: "status, watched by direct message", command: "status 914083136", set: ruledBy(owner, ruleAuto)},
		{name: "status, rule paused, all paused", command: "status 914083136", set: both(ruledBy(owner, rulePaused), allPaused)},
		{name: "status, rule off", command: "status 914083136", set: ruledBy(owner, ruleOff)},
		{name: "status, rules not to be read", command: "status 914083136", set: rulesFail},
		{name: "status, all paused, nobody knows by whom", command: "status 914083136", set: pausedBy(extension.Actor{})},
		{name: "list, all paused", command: "list", set: allPaused},
		{name: "list, all paused, none", command: "list", set: both(allPaused, gone)},
		{name: "list, all paused, more than fit", command: "list", set: both(allPaused, many(25, func(int) string { return "Daily" }))},
		{name: "list, all paused, own", user: owner, command: "list", set: allPaused},
		{name: "list, all paused, none of one's own", user: stranger, command: "list", set: allPaused},
		{name: "list, one watched", command: "list", set: ruledBy(owner)},
		{name: "list, one watched, auto", command: "list", set: ruledBy(owner, ruleAuto)},
		{name: "list, one watched, paused", command: "list", set: ruledBy(owner, rulePaused)},
		{name: "list, from a channel that watches", play: typing(theChannel, stranger, "list"), set: watchingChannel},
		{name: "status, from a channel that watches", play: typing(theChannel, stranger, "status 914083136"), set: watchingChannel},
	}...)...)
}

// whyScenes explain what automation does with a meeting, by all that may keep it from acting.
func whyScenes() []scene {
	const why = "why 914083136"
	lastPrompt := func(kind scheduler.PromptKind, answer scheduler.Answer) func(*world) {
		return func(w *world) {
			prompt, _, err := w.store.Prompts.ClaimPrompt(w.t.Context(), scheduler.Prompt{
				Kind: kind, Run: extension.RunOf(theMeeting()), MeetingID: theID, End: w.meetings[0].End, RuleOf: theID,
			})
			w.must(err)
			if answer != scheduler.NoAnswer {
				_, _, err = w.store.Prompts.AnswerPrompt(w.t.Context(), prompt.ID, answer, actor(owner))
				w.must(err)
			}
		}
	}
	byItself := func(minutes int, before time.Time) func(*world) {
		return func(w *world) {
			w.stored(extension.Extension{Minutes: minutes, Origin: extension.FromTick, Before: before}, extension.Confirmed)
		}
	}
	due := endsIn(10 * time.Minute)
	next := func(after time.Duration, room string) func(*world) {
		return func(w *world) {
			m := booked("777888999", "Secret merger")
			m.Scheduled, m.RoomID, m.Start = true, room, w.meetings[0].End.Add(after)
			m.End = m.Start.Add(time.Hour)
			w.meetings = append(w.meetings, m)
		}
	}
	decides := func(reason scheduler.Reason) func(*world) {
		return func(w *world) {
			w.explains = func(e *scheduler.Explanation) {
				e.Decision = scheduler.Decision{Act: scheduler.ActNothing, Reason: reason}
				e.Outlook.Decision = e.Decision
				for i := range e.Checks {
					e.Checks[i].Holds = e.Checks[i].Reason == reason
				}
			}
		}
	}
	ruled := ruledBy(owner)
	auto := ruledBy(owner, ruleAuto)
	return withChecks([]scene{
		{name: "why, too early", command: why, set: ruled},
		{name: "why, not yours", user: stranger, command: why},
		{name: "why, not there", command: "why 111222333"},
		{name: "why, store down", command: why, set: fault(failing(context.DeadlineExceeded), "Why")},
		{name: "why, asks", command: why, set: both(due, ruled)},
		{name: "why, extends by one", command: why, set: both(due, ruledBy(owner, ruleAuto, func(rule *scheduler.Rule) { rule.Minutes = 1 }))},
		{name: "why, extends", command: why, set: both(due, auto)},
		{name: "why, by the configuration", command: why, set: otherwise(scheduler.ModeAuto)},
		{name: "why, room booked next", command: why, set: both(ruled, inRoom("881234567"), next(time.Hour, "881234567"))},
		{name: "why, the host has another meeting next", command: why, set: both(due, ruled, inRoom("881234567"), next(0, ""))},
		{name: "why, bookings not known", command: why, set: both(ruled, func(w *world) { w.fails(meetingtest.OpList, 500) })},
		{name: "why, by hand", command: "why 914083136 30", set: ruled},
		{name: "why, one by hand", command: "why 914083136 1", set: ruled},
		{name: "why, by hand, into the next booking", command: "why 914083136 30", set: both(ruled, inRoom("881234567"), next(20*time.Minute, "881234567"))},
		{name: "why, by hand, no password", command: "why 914083136 30", set: both(ruled, hidden)},
		{name: "why, by hand, too many", command: "why 914083136 130", set: ruled},
		{name: "why, by hand, few left", command: "why 914083136 30", set: both(ruled, used(owner, 220))},
		{name: "why, by hand, none left", command: "why 914083136 30", set: both(ruled, used(owner, 240))},
		{name: "why, by hand, busy", command: "why 914083136 30", set: both(ruled, taken(owner))},
		{name: "why, by hand, over", command: "why 914083136 30", set: both(ruled, endsIn(30*time.Second), passes(10*time.Second))},
		{name: "why, nobody watches it", command: why},
		{name: "why, off", command: why, set: ruledBy(owner, ruleOff)},
		{name: "why, all is paused", command: why, set: both(ruled, allPaused)},
		{name: "why, the rule is paused", command: why, set: ruledBy(owner, rulePaused)},
		{name: "why, the platform extends it", command: why, set: both(ruled, prolonged)},
		{name: "why, no password", command: why, set: both(ruled, hidden)},
		{name: "why, in doubt", command: why, set: both(ruled, taken(owner))},
		{name: "why, told to end", command: why, set: both(ruled, lastPrompt(scheduler.PromptAsk, scheduler.LetEnd))},
		{name: "why, extended already", command: why, set: both(auto, byItself(15, theMeeting().End))},
		{name: "why, no minutes left", command: why, set: both(ruled, used(owner, 240))},
		{name: "why, automatic minutes used up", command: why, set: both(auto, byItself(60, noon), lastPrompt(scheduler.PromptAsk, scheduler.NoAnswer))},
		{name: "why, asked already", command: why, set: both(ruled, lastPrompt(scheduler.PromptAsk, scheduler.NoAnswer))},
		{name: "why, empty", command: why, set: both(due, ruled, peopled(1))}, // which the list of all meetings alone tells
		{name: "why, one must be in", command: why, set: both(due, ruled, peopled(0), func(w *world) { w.least = 1 })},
		{name: "why, how many are in is not known", command: why, set: both(due, ruled, func(w *world) { w.fails(meetingtest.OpOnline, 500) })},
		{name: "why, by hand, booked at its end", command: "why 914083136 30", set: both(ruled, bookedNext(0))},
		{name: "why, booked at its end", command: why, set: both(due, ruled, inRoom("771234"), next(0, "771234"))},
		{name: "why, over the quota", command: why, set: both(due, auto, decides(scheduler.OverQuota))}, // as above
		{name: "why, a reason of a later version", command: why, set: both(ruled, decides("<new>"))},
	})
}

// withChecks has each answer to why followed by the press for all its checks.
func withChecks(scenes []scene) []scene {
	for i, s := range scenes {
		user := cmp.Or(s.user, admin)
		scenes[i].only = true
		scenes[i].play = func(w *world) {
			short := w.asks(user, s.command)
			if slices.Contains(w.verbs(short), verbWhyAll) {
				w.presses(user, w.button(short, verbWhyAll))
			}
		}
	}
	return scenes
}

func ruleOf(id string) func(*scheduler.Rule) { return func(rule *scheduler.Rule) { rule.Of = id } }

// asked is a message that asks about theMeeting.
func asked() scheduler.Occasion {
	return with(askedAt(), func(o *scheduler.Occasion) {
		o.Meeting, o.Prompt.End = theMeeting(), theMeeting().End
	})
}

// pressScenes are the presses of buttons under messages of the automation, and under answers.
func pressScenes() []scene {
	// under is the press of a button under a message of the automation, after others.
	under := func(occasion scheduler.Occasion, verb string, before ...func(*world)) func(*world) {
		return func(w *world) {
			w.announces(occasion)
			button := w.button(w.poster.last(), verb)
			both(before...)(w)
			w.presses(admin, button)
		}
	}
	auto := func() scheduler.Occasion {
		return with(asked(), func(o *scheduler.Occasion) {
			o.Prompt.Kind, o.Prompt.End = scheduler.PromptAuto, noon.Add(57*time.Minute)
			o.Last = after(*o, extension.Actor{}, 15)
		})
	}
	unheard := fault(failing(context.DeadlineExceeded), "FollowNow")
	toHost := func() scheduler.Occasion {
		return with(asked(), func(o *scheduler.Occasion) { o.Rule = scheduler.Rule{Mode: scheduler.ModeAsk} })
	}
	fromUnder := func(verb string, set func(*world)) scene { // by the host, who alone reads it
		return scene{set: set, play: func(w *world) {
			w.announces(toHost())
			w.presses(owner, w.button(w.poster.last(), verb))
		}}
	}
	named := func(name string, s scene) scene { s.name = name; return s }
	askAgain := func(before ...func(*world)) scene {
		return scene{play: func(w *world) {
			w.announces(toHost())
			quiet := w.presses(owner, w.button(w.poster.last(), "quiet"))
			both(before...)(w)
			w.presses(owner, w.button(quiet, "ask again"))
		}}
	}
	return []scene{
		{name: "press, extend", play: under(asked(), "extend"), set: ruledBy(owner)},
		{name: "press, keep", play: under(asked(), "keep"), set: ruledBy(owner)},
		{name: "press, end", play: under(asked(), "end"), set: ruledBy(owner)},
		{name: "press, end, and the prompt cannot say it", play: under(asked(), "end"), set: unheard},
		{name: "press, stop", play: under(auto(), "stop"), set: both(unheard, extendedByItself)},
		{name: "press, stop, by a rule", play: under(auto(), "stop"), set: both(unheard, extendedByItself, ruledBy(owner, ruleAuto))},
		{name: "press, stop, by a rule to ask", play: under(auto(), "stop"), set: both(unheard, extendedByItself, ruledBy(owner))},
		{name: "press, stop, nobody's rule", play: under(auto(), "stop"), set: both(unheard, extendedByItself, otherwise(scheduler.ModeAuto))},
		{name: "press, stop, after another stopped", set: both(extendedByItself, ruledBy(owner, ruleAuto)), play: func(w *world) {
			w.announces(auto())
			stop := w.button(w.poster.last(), "stop")
			w.presses(owner, stop)
			w.presses(admin, stop)
		}},
		{name: "press, end, after another kept", set: ruledBy(owner), play: func(w *world) {
			w.announces(asked())
			prompt := w.poster.last()
			w.presses(owner, w.button(prompt, "keep"))
			w.presses(admin, w.button(prompt, "end"))
		}},
		{name: "press, end, extended meanwhile", set: ruledBy(owner), play: under(asked(), "end", func(w *world) { w.service.SetEnd(theID, noon.Add(90*time.Minute)) })},
		named("press, quiet", fromUnder("quiet", nil)),
		named("press, quiet, again", fromUnder("quiet", func(w *world) {
			w.faults.put("SetQuiet", once(func(ctx context.Context) error {
				_, err := w.store.Automation.SetQuiet(ctx, actor(owner), true)
				return err
			}))
		})),
		named("press, ask again", askAgain()),
		named("press, ask again, twice", askAgain(func(w *world) {
			_, err := w.store.Automation.SetQuiet(w.t.Context(), actor(owner), false)
			w.must(err)
		})),
		{name: "press, watch", play: func(w *world) {
			status := w.asks(admin, "status 914083136")
			w.presses(admin, status.buttons[1].id)
		}},
		{name: "list, of one who is not asked", command: "list", set: quieted(admin)},
		{name: "left undone, pause", set: func(w *world) {
			w.script.does(admin, "types /extend pause, and the process dies")
			w.leaves(typed("e1", admin, "pause"), 3*time.Minute)
		}, play: takenOver},
		{name: "left undone, keep", set: func(w *world) {
			w.script.does(admin, "presses a button to keep extending, and the process dies")
			offered(store.Action{ID: "P1", Verb: "keep", Run: extension.RunOf(theMeeting()), MeetingID: theID, Prompt: 1, Expires: noon.Add(time.Hour)})(w)
			w.leaves(clicked("e1", admin, "P1"), 3*time.Minute)
		}, play: takenOver},
	}
}

// takenOver waits until an envelope is answered that another process left.
func takenOver(w *world) { <-w.observed }
