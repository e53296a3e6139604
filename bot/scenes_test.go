package bot

import (
	"errors"
	"fmt"
	"strings"
	"testing/synctest"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/meeting/meetingtest"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// typing is a command as somebody types it elsewhere.
func typing(channel, user, command string) func(*world) {
	return func(w *world) { w.asksFrom(channel, user, command) }
}

func extendScenes() []scene {
	const half = "914083136 30"
	return []scene{
		{name: "confirmed", command: half},
		{name: "confirmed, one minute", command: "914083136 1", set: used(owner, 238)},
		{name: "confirmed, nothing given", command: "914083136"},
		{name: "confirmed, until", command: "914083136 until 15:00"},
		{name: "confirmed, max", command: "914083136 max"},
		{name: "confirmed, hostile subject", command: half, set: called(hostile)},
		{name: "confirmed, no subject", command: half, set: called("")},
		{name: "confirmed, invisible subject", command: half, set: called("\u200b\u202e\u200d \ufe0f")},
		{name: "confirmed, long subject", command: half, set: called(strings.Repeat("会议 & ", 200))},
		{name: "accepted", command: half, set: lags(time.Hour)},
		{name: "not known", command: half, set: losesAnswers(false)},
		{name: "settled while waiting: void", command: half, set: settledMeanwhile(extension.Void)},
		{name: "settled while waiting: unclear", command: half, set: settledMeanwhile(extension.Unclear)},
		{only: true, name: "busy", command: half, set: taken(owner)},
		{only: true, name: "busy with automation", command: half, set: taken("")},
		{name: "already", command: half, set: doneBefore("envelope-1", owner, extension.Confirmed)},
		{name: "moved", command: "914083136 until 15:00", set: endMoves(9)},
		{name: "ended meanwhile", command: half, set: whileClaiming(func(w *world) { w.service.EndMeeting(theID) })},
		{only: true, name: "too many at once", command: "914083136 121"},
		{name: "too many at once, and little is left of the meeting", command: "914083136 121", set: used(owner, 217)},
		{name: "too many at once, and little is left of the day", command: "914083136 121", set: usedElsewhere(admin, 277, 1)},
		{name: "too many at once, and the room is booked", command: "914083136 121", set: bookedNext(20 * time.Minute)},
		{name: "too many at once, and the password is hidden", command: "914083136 121", set: hidden},
		{name: "until, after an extension that doesn't show yet", play: typedAfter("914083136 30", "914083136 until 15:00"), set: lags(time.Hour)},
		{name: "too many at once, after an extension that doesn't show yet", play: typedAfter("914083136 30", "914083136 121"), set: lags(time.Hour)},
		{only: true, name: "run limit, some left", command: half, set: used(owner, 220)},
		{only: true, name: "run limit, one left", command: half, set: used(owner, 239)},
		{only: true, name: "run limit, none left", command: half, set: used(owner, 240)},
		{only: true, name: "run limit, max, none left", command: "914083136 max", set: used(owner, 240)},
		{only: true, name: "daily limit, some left", command: half, set: usedElsewhere(admin, 280, 1)},
		{only: true, name: "daily limit, none left", command: half, set: usedElsewhere(admin, 300, 1)},
		{only: true, name: "too often", command: half, set: usedElsewhere(admin, 10, 10)},
		{only: true, name: "limit, nobody to ask", user: owner, command: half, set: both(used(stranger, 240), func(w *world) { w.policy.AdminUsers = nil })},
		{only: true, name: "until two minutes ago", command: "914083136 until 12:58"},
		{only: true, name: "until an hour of the other half of the day", command: "914083136 until 2:30"},
		{only: true, name: "until before the end", command: "914083136 until 13:30"},
		{only: true, name: "until a time that the clock skips", command: "914083136 until 02:30", set: func(w *world) {
			time.Sleep(time.Until(time.Date(2027, 3, 28, 0, 0, 0, 0, time.UTC)))
			w.meetings[0].Start, w.meetings[0].End = time.Now(), time.Now().Add(time.Hour)
		}},
		{name: "room booked next, and more is left", command: "914083136 15", set: bookedNext(30 * time.Minute)},
		{name: "room booked next, shortened", command: "914083136 60", set: bookedNext(30 * time.Minute)},
		{name: "room booked next, max", command: "914083136 max", set: bookedNext(30 * time.Minute)},
		{name: "room booked at the end", command: half, set: bookedNext(0)},
		{only: true, name: "refused: range", command: half, set: refuses(400, "MMC.111071015", "CONF_DURATION_OVER_RANGE")},
		{only: true, name: "refused: room taken", command: half, set: refuses(400, "MMC.111071005", "VMR_CONF_CONFLICT")},
		{only: true, name: "refused: too many meetings", command: half, set: refuses(400, "MMC.115022001", "corp concurrency exhausted")},
		{only: true, name: "refused: longest time", command: half, set: refuses(400, "MMC.111074003", "conf duration is over limit")},
		{only: true, name: "refused: forbidden", command: half, set: refuses(403, "MMC.111070002", "NO_RIGHT")},
		{only: true, name: "refused: host password hidden", command: half, set: hidden},
		{name: "refused: every host password hidden", play: both(listed, func(w *world) { w.asks(admin, half) }), set: hidden},
		{name: "refused: host password wrong", command: half, set: func(w *world) {
			w.service.Inject(meetingtest.Fault{Op: meetingtest.OpControlToken, Kind: meetingtest.Refuse, Times: -1, Code: "MMC.111072065", Message: "password error"})
		}},
		{only: true, name: "refused: login", command: half, set: refuses(401, "", "")},
		{only: true, name: "refused: invalid, hostile message", command: half, set: refuses(400, "MMC.111070001", hostile)},
		{name: "refused: throttled", command: half, set: refuses(429, "", "")},
		{only: true, name: "refused: unavailable", command: half, set: func(w *world) { w.fails(meetingtest.OpControlToken, 503) }},
		{name: "refused, as an equal request was", command: half, set: func(w *world) {
			before := w.stored(extension.Extension{Actor: actor(admin), Minutes: 30})
			time.AfterFunc(time.Second, func() {
				_, err := w.store.Ledger.Abandon(w.t.Context(), before.ID, extension.Ending{})
				w.must(err)
			})
		}},
		{name: "until, of somebody whose zone is not known", command: "914083136 until 15:00", set: func(w *world) {
			w.people.err = errors.New("not now")
			w.policy.AllowedUsers = append(w.policy.AllowedUsers, admin)
		}},
		{only: true, name: "not written", command: half, set: notWritten},
		{only: true, name: "end not readable", command: half, set: whileClaiming(serviceDown)},
		{name: "reading throttled", command: half, set: whileClaiming(refusesReads(429, ""))},
		{only: true, name: "reading unauthorised", command: half, set: whileClaiming(refusesReads(401, ""))},
		{only: true, name: "login refused: clock", command: half, set: whileClaiming(refusesReads(401, "USG.206010057"))},
		{name: "confirmed, clocks apart", command: half, set: func(w *world) { w.ahead = 25 * time.Minute }},
		{name: "list, clocks a minute apart", command: "list", set: func(w *world) { w.ahead = -time.Minute }},
		{only: true, name: "reading forbidden", command: half, set: whileClaiming(refusesReads(403, ""))},
		{name: "the bot breaks", command: half, set: botBreaks},
		{only: true, name: "turned away: store", command: half, set: fault(failing(errTrouble), "StoreEnvelope")},
		{name: "turned away: store, and nobody can know", command: half, set: fault(failing(errTrouble), "StoreEnvelope", "ConcludeEnvelope")},
		{only: true, name: "turned away: too much to do", set: both(oneWorker, fault(hanging, "Extend")), play: turnedAwayFromAFullQueue},
		{name: "turned away: the end of the process", set: both(oneWorker, fault(hanging, "Extend")), play: turnedAwayAtTheEnd},
		{name: "working", command: half, set: takes(10 * time.Second)},
		{only: true, name: "button that nobody knows", play: func(w *world) { w.presses(admin, "") }},
		{name: "button of a meeting that is not theirs", set: offered(more()), play: func(w *world) { w.presses(stranger, "B1") }},
	}
}

// turnedAwayFromAFullQueue types a command while as many wait as may.
func turnedAwayFromAFullQueue(w *world) {
	if !w.notes.pretends { // the queue is empty still
		w.notes.pretends = true
		w.receives(typed("held", owner, "914083136 15"))
		synctest.Wait() // the one worker is at it
		for i := range waitingJobs {
			w.receives(notUnderstoodAtAll(i))
		}
	}
	w.asks(admin, "914083136 30")
}

// turnedAwayAtTheEnd types a command just before the process ends, which has another to finish.
func turnedAwayAtTheEnd(w *world) {
	for _, user := range []string{owner, admin} {
		w.script.does(user, "types /extend 914083136 30")
		w.receives(typed("from "+user, user, "914083136 30"))
		time.Sleep(time.Second)
	}
	w.stop()
}

func accessScenes() []scene {
	const half = "914083136 30"
	return append([]scene{{name: "host", user: owner, command: half}}, asking([]scene{
		{name: "not yours", user: stranger, command: half},
		{name: "not there, for one who is not an administrator", user: stranger, command: "111222333 30"},
		{name: "status, not yours", user: stranger, command: "status 914083136"},
		{name: "excluded", user: stranger, command: half, set: func(w *world) { w.policy.DeniedUsers = []string{stranger} }},
		{name: "not listed", user: stranger, command: half, set: func(w *world) { w.policy.HostsMayExtend = false }},
		{name: "not listed, groups to ask", user: stranger, command: half, set: func(w *world) {
			w.policy.HostsMayExtend, w.policy.AdminGroups = false, []string{"S0ADMINS", "S0MORE", "S0EVENMORE"}
			w.people.groups = map[string]access.Membership{"S0ADMINS": access.NotMember, "S0MORE": access.NotMember, "S0EVENMORE": access.NotMember}
		}},
		{name: "guest", user: stranger, command: half, set: changed(stranger, func(p *access.Person) { p.Guest = true })},
		{name: "another workspace", user: stranger, command: half, set: changed(stranger, func(p *access.Person) { p.TeamID = "T0OTHER" })},
		{name: "address not confirmed", user: owner, command: half, set: changed(owner, func(p *access.Person) { p.EmailConfirmed = false })},
		{name: "deactivated", user: stranger, command: half, set: changed(stranger, func(p *access.Person) { p.Deleted = true })},
		{name: "bot", user: stranger, command: half, set: changed(stranger, func(p *access.Person) { p.Bot = true })},
		{name: "person unknown", user: nobody, command: half},
		{name: "group unknown, not the host", user: stranger, command: half, set: func(w *world) { w.policy.AllowedGroups = []string{"S0GROUP"} }},
		{name: "group unknown, hosts may not", user: stranger, command: "list", set: func(w *world) {
			w.policy.AllowedGroups, w.policy.HostsMayExtend = []string{"S0GROUP"}, false
		}},
		{name: "channel unknown", user: stranger, command: half, set: func(w *world) {
			w.policy.AllowedChannels, w.policy.HostsMayExtend = []string{general}, false
			w.people.channelErr = errors.New("missing_scope")
		}},
		{name: "no such meeting", command: "111222333 30"},
		{name: "not running yet", command: half, set: both(called(hostile), comesLater)},
		{name: "ended, as the service says", command: half, set: hasEnded},
		{name: "nobody in yet", command: half, set: nobodyCame},
		{name: "service down, for the host", user: owner, command: half, set: serviceDown},
		{name: "host unknown", user: owner, command: half, set: hostUnknown},
		{name: "service down, for the administrator", command: "status 914083136", set: serviceDown},
	}...)...)
}

func parseScenes() []scene {
	var scenes []scene
	for _, text := range []string{
		"extend", "status", "914083136 thirty", "914083136 0", "914083136 -5", "914083136 1.5", "914083136 99999999999999999999",
		"914083136 30 please now", "914083136 920417765 30", "hlep", "frobnicate", "914083136 until", "914083136 until 25:00", "914083136 until half past", "914083136 15:30",
		"914083 136", "30 914083136", "914083136-30", "abc123 30", "list everything", "help hlep", "914083136 " + hostile, hostile,
		"https://evil.example/<!channel>/?pwd=verysecret", "914083136 auto", "watch 914083136", "watch 914083136 30 max 60", "watch 914083136 auto max", "watch", "why 914083136 x", "history",
		"777888999 0", "watch 777888999 auto soon", "watch ask 777888999", "unwatch 777888999 now", "status 777888999 30", "why 777888999 soon",
		"status 777888999-30", "statsu 777888999", "frobnicate 777888999", "pause now", "pasue", "history 777888999", "777888999 auto",
		"914083136 " + strings.Repeat("&", 200), strings.Repeat("914083136 ", 400),
	} {
		scenes = append(scenes, scene{name: fmt.Sprintf("%.40q", text), command: text, only: true, world: "as it is"})
	}
	return append(scenes, scene{name: "another command's name", play: func(w *world) {
		w.script.does(admin, "types /prolong 914083136 0")
		w.answerTo(admin, typedIn(general, "e", admin, "/prolong", "914083136 0"))
	}})
}

func lookScenes() []scene {
	plainSubject := func(i int) string { return fmt.Sprintf("Meeting %d", i) }
	return asking([]scene{
		{name: "list, none", command: "list", set: gone},
		{name: "list, one", command: "list"},
		{name: "list, nothing typed", command: ""},
		{name: "list, 25", command: "list", set: many(25, plainSubject)},
		{name: "list, 21", command: "list", set: many(21, plainSubject)},
		{name: "list, hostile subjects and hosts", command: "list", set: both(many(3, func(int) string { return hostile }), func(w *world) {
			w.meetings[0].Host.Name = hostile
			w.meetings[1].Subject = strings.Repeat(hostile, 20)
			w.meetings[2].Subject, w.meetings[2].Host.Name = "", ""
		})},
		{name: "list, own", user: owner, command: "list"},
		{name: "list, own, none", user: stranger, command: "list"},
		{name: "list, hosts unknown", user: owner, command: "list", set: hostUnknown},
		{name: "list, every host password hidden", command: "list", set: reads(meetingtest.Readings{Passwords: meetingtest.ToNobody})},
		{name: "list, not readable", command: "list", set: reads(meetingtest.Readings{Times: meetingtest.InWords})},
		{name: "list, service down", command: "list", set: serviceDown},
		{name: "list, the enterprise's refused", command: "list", set: fault(failing(&meeting.Error{Kind: meeting.ErrForbidden}), "View")},
		{name: "list, too often", play: func(w *world) {
			for range looksAMinute {
				w.inbox.desk.(*Desk).table.looking.allow(actorOf(theTeam, admin))
			}
			w.asks(admin, "list")
		}},
		{name: "status", command: "status 914083136"},
		{name: "status, a minute left", command: "status 914083136", set: both(endsIn(2*time.Minute), passes(time.Second))},
		{name: "status, what is left cannot be read", command: "status 914083136", set: fault(failing(errTrouble), "Added")},
		{name: "status, past its end", command: "status 914083136", set: both(endsIn(30*time.Second), passes(10*time.Second))},
		{name: "status, extended by the platform, no password", command: "status 914083136", set: both(prolonged, hidden)},
		{name: "status, after an extension that doesn't show yet", play: typedAfter("914083136 30", "status 914083136"), set: lags(time.Hour)},
		{name: "status, after an extension in doubt", play: typedAfter("914083136 1", "status 914083136"), set: losesAnswers(false)},
		{name: "list, after an extension that doesn't show yet", play: typedAfter("914083136 30", "list"), set: lags(time.Hour)},
		{name: "list, after an extension in doubt", play: typedAfter("914083136 30", "list"), set: losesAnswers(false)},
		{name: "help", command: "help", world: "as it is"},
		{name: "help extend", command: "help extend", world: "as it is"},
		{name: "help list", command: "help list", world: "as it is"},
		{name: "help status", command: "help status", world: "as it is"},
		{name: "help help", command: "help help", world: "as it is"},
		{name: "help on what is not there yet", command: "help history", world: "as it is"},
		{name: "help watch", command: "help watch", world: "as it is"},
		{name: "help for nobody", user: nobody, command: "help"},
	}...)
}

// passes lets time pass.
func passes(d time.Duration) func(*world) { return func(*world) { time.Sleep(d) } }

// settledScenes are the second answers.
func settledScenes() []scene {
	// later is what somebody reads who has asked, once so much time has passed, and something has happened before.
	later := func(d time.Duration, happens ...func(*world)) func(*world) {
		return func(w *world) {
			w.asks(admin, "914083136 30")
			both(happens...)(w)
			time.Sleep(d)
		}
	}
	return []scene{
		{name: "confirmed", set: losesAnswers(true), play: later(time.Minute)},
		{name: "confirmed, not read again", play: func(w *world) { // settled by a process that died before it told
			e := w.stored(extension.Extension{Envelope: "e1", Actor: actor(admin), Minutes: 30}, extension.Unknown)
			_, err := w.store.Ledger.Move(w.t.Context(), e.ID, e.State, extension.Confirmed, extension.Ending{After: noon.Add(90 * time.Minute), Tell: true})
			w.must(err)
			time.Sleep(time.Minute)
		}},
		{name: "never sent", play: func(w *world) { // by a process that died, and nobody knows the envelope any more
			_, err := w.store.Ledger.Claim(w.t.Context(), extension.Extension{
				Key: "e1", Run: extension.RunOf(theMeeting()), MeetingID: theID, Actor: actor(admin), Origin: extension.FromCommand, Minutes: 30,
			}, extension.Limits{}, time.Second)
			w.must(err)
			time.Sleep(time.Minute)
		}},
		{name: "void", set: losesAnswers(false), play: later(time.Minute)},
		{name: "void, and took effect late", set: losesAnswers(false), play: both(later(time.Minute), func(w *world) {
			w.service.SetEnd(theID, theMeeting().End.Add(30*time.Minute))
			time.Sleep(30 * time.Second)
		})},
		{name: "void, and moved otherwise", set: losesAnswers(false), play: both(later(time.Minute), func(w *world) {
			w.service.SetEnd(theID, theMeeting().End.Add(7*time.Minute))
			time.Sleep(30 * time.Second)
		})},
		{name: "unclear", set: losesAnswers(false), play: later(time.Minute, func(w *world) {
			w.service.SetEnd(theID, theMeeting().End.Add(7*time.Minute))
		})},
		{name: "over", set: losesAnswers(false), play: later(time.Minute, func(w *world) { w.service.EndMeeting(theID) })},
		{name: "accepted, never seen", set: lags(time.Hour), play: later(12 * time.Minute)},
		{name: "never read", set: losesAnswers(false), play: later(12*time.Minute, serviceDown)},
	}
}
