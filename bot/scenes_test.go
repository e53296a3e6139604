package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// ends lets the scheduler answer with one result.
func ends(result extension.Result) func(*world) {
	return func(w *world) {
		w.scheduler.extend = func(_ context.Context, request extension.Request) (extension.Result, error) {
			if result.Meeting.ID == "" {
				result.Meeting = request.Meeting
			}
			return result, result.Err
		}
	}
}

func endsWith(err error) func(*world) {
	return func(w *world) {
		w.scheduler.extend = func(context.Context, extension.Request) (extension.Result, error) {
			return extension.Result{}, fmt.Errorf("reading the end of the meeting: %w", err)
		}
	}
}

// refuses lets the service refuse the PUT.
func refuses(kind error, status int, code, message string) func(*world) {
	return func(w *world) {
		w.scheduler.extend = func(_ context.Context, request extension.Request) (extension.Result, error) {
			return extension.Result{Outcome: extension.DidRefuse, Meeting: request.Meeting, Err: &meeting.Error{
				Op: "extend meeting", Kind: kind, Status: status, Code: code, Message: message,
			}}, nil
		}
	}
}

func by(user string) extension.Extension {
	return extension.Extension{Actor: extension.Actor{Team: theTeam, User: user}, After: noon.Add(90 * time.Minute)}
}

func limitedTo(limit extension.Limit, left int) extension.Result {
	return extension.Result{Outcome: extension.Limited, Limit: limit, Left: left}
}

func extendScenes() []scene {
	unavailable := &meeting.Error{Op: "x", Kind: meeting.ErrUnavailable, Status: 500}
	return []scene{
		{name: "confirmed", command: "914083136 30"},
		{name: "confirmed, one minute", command: "914083136 1", set: func(w *world) { w.scheduler.left = 1 }},
		{name: "confirmed, nothing given", command: "914083136"},
		{name: "confirmed, until", command: "914083136 until 15:00"},
		{name: "confirmed, max", command: "914083136 max"},
		{name: "confirmed, what is left cannot be read", command: "914083136 30", set: func(w *world) { w.scheduler.leftErr = errors.New("no store") }},
		{name: "confirmed, hostile subject", command: "914083136 30", set: func(w *world) { w.scheduler.meetings[0].Subject = hostile }},
		{name: "confirmed, no subject", command: "914083136 30", set: func(w *world) { w.scheduler.meetings[0].Subject = "" }},
		{name: "confirmed, invisible subject", command: "914083136 30", set: func(w *world) { w.scheduler.meetings[0].Subject = "\u200b\u202e\u200d \ufe0f" }},
		{name: "confirmed, long subject", command: "914083136 30", set: func(w *world) { w.scheduler.meetings[0].Subject = strings.Repeat("会议 & ", 200) }},
		{name: "accepted", command: "914083136 30", set: ends(extension.Result{Outcome: extension.DidAccept})},
		{name: "not known", command: "914083136 30", set: ends(extension.Result{Outcome: extension.NotKnown})},
		{name: "settled while waiting: void", command: "914083136 30", set: ends(extension.Result{Outcome: extension.NoEffect, Extension: extension.Extension{State: extension.Void}})},
		{name: "settled while waiting: unclear", command: "914083136 30", set: ends(extension.Result{Outcome: extension.NotClear, Extension: extension.Extension{State: extension.Unclear}})},
		{name: "busy", command: "914083136 30", set: ends(extension.Result{Outcome: extension.Busy, By: by(owner)})},
		{name: "busy with automation", command: "914083136 30", set: ends(extension.Result{Outcome: extension.Busy})},
		{name: "already", command: "914083136 30", set: ends(extension.Result{Outcome: extension.Already, By: by(owner)})},
		{name: "moved", command: "914083136 until 15:00", set: ends(extension.Result{Outcome: extension.Moved})},
		{name: "ended meanwhile", command: "914083136 30", set: ends(extension.Result{Outcome: extension.Ended})},
		{name: "too many at once", command: "914083136 121", set: ends(extension.Result{Outcome: extension.TooMany, Left: 120})},
		{name: "run limit, some left", command: "914083136 30", set: ends(limitedTo(extension.LimitRun, 20))},
		{name: "run limit, one left", command: "914083136 30", set: ends(limitedTo(extension.LimitRun, 1))},
		{name: "run limit, none left", command: "914083136 30", set: ends(limitedTo(extension.LimitRun, 0))},
		{name: "run limit, max, none left", command: "914083136 max", set: ends(limitedTo(extension.LimitRun, 0))},
		{name: "daily limit, some left", command: "914083136 30", set: ends(limitedTo(extension.LimitDaily, 20))},
		{name: "daily limit, none left", command: "914083136 30", set: ends(limitedTo(extension.LimitDaily, 0))},
		{name: "too often", command: "914083136 30", set: ends(limitedTo(extension.LimitPerson, 0))},
		{name: "limit, nobody to ask", user: owner, command: "914083136 30", set: func(w *world) {
			w.policy.AdminUsers = nil
			ends(limitedTo(extension.LimitRun, 0))(w)
		}},
		{name: "until before the end", command: "914083136 until 13:30"},
		{name: "until a time that the clock skips", command: "914083136 until 02:30", set: func(w *world) {
			w.now = func() time.Time { return time.Date(2026, 3, 29, 0, 0, 0, 0, time.UTC) }
		}},
		{name: "refused: longest time", command: "914083136 30", set: refuses(meeting.ErrLimitReached, 400, "MMC.111074003", "conf duration is over limit")},
		{name: "refused: forbidden", command: "914083136 30", set: refuses(meeting.ErrForbidden, 403, "MMC.111070403", "")},
		{name: "refused: host password hidden", command: "914083136 30", set: refuses(meeting.ErrForbidden, 0, "", "")},
		{name: "refused: host password wrong", command: "914083136 30", set: refuses(meeting.ErrInvalid, 400, "MMC.111072065", "password error")},
		{name: "refused: login", command: "914083136 30", set: refuses(meeting.ErrUnauthorised, 401, "", "")},
		{name: "refused: invalid, hostile message", command: "914083136 30", set: refuses(meeting.ErrInvalid, 400, "MMC.111070001", hostile)},
		{name: "refused: throttled", command: "914083136 30", set: refuses(meeting.ErrThrottled, 429, "", "")},
		{name: "refused: unavailable", command: "914083136 30", set: refuses(meeting.ErrUnavailable, 503, "", "")},
		{name: "refused, as an equal request was", command: "914083136 30", set: ends(extension.Result{Outcome: extension.DidRefuse})},
		{name: "until, of somebody whose zone is not known", command: "914083136 until 15:00", set: func(w *world) {
			w.people.err = errors.New("not now")
			w.policy.AllowedUsers = append(w.policy.AllowedUsers, admin)
		}},
		{name: "not written", command: "914083136 30", set: endsWith(extension.ErrNotWritten)},
		{name: "end not readable", command: "914083136 30", set: endsWith(unavailable)},
		{name: "reading throttled", command: "914083136 30", set: endsWith(&meeting.Error{Op: "x", Kind: meeting.ErrThrottled})},
		{name: "reading unauthorised", command: "914083136 30", set: endsWith(&meeting.Error{Op: "x", Kind: meeting.ErrUnauthorised})},
		{name: "reading forbidden", command: "914083136 30", set: endsWith(&meeting.Error{Op: "x", Kind: meeting.ErrForbidden})},
		{name: "the bot breaks", command: "914083136 30", set: func(w *world) {
			w.scheduler.extend = func(context.Context, extension.Request) (extension.Result, error) { panic("broken") }
		}},
		{name: "turned away: store", reply: turnedAway(i18n.NotWritten)},
		{name: "turned away: too much to do", reply: turnedAway(i18n.Overloaded)},
		{name: "turned away: the end of the process", reply: turnedAway(i18n.Restarting)},
		{name: "working", reply: func(w *world) Reply {
			return Reply{Tone: Waiting, Text: w.bot.printerFor(admin).Say(i18n.Working, nil)}
		}},
		{name: "button that nobody knows", reply: func(w *world) Reply {
			reply, _ := w.bot.reply(context.Background(), job{id: "e", kind: "interactive"}, sender{Team: theTeam, User: admin})
			return reply
		}},
	}
}

func turnedAway(key i18n.Key) func(*world) Reply {
	return func(w *world) Reply {
		reply, _ := w.bot.reply(context.Background(), job{id: "e", kind: "slash_commands", turnAway: key, next: i18n.NotWrittenNext}, sender{User: admin})
		return reply
	}
}

func changed(user string, change func(*access.Person)) func(*world) {
	return func(w *world) {
		person := w.people.people[user]
		change(&person)
		w.people.people[user] = person
	}
}

func missingMeeting(code string) func(*world) {
	return func(w *world) {
		w.scheduler.findErr = &meeting.Error{Op: "find meeting", Kind: meeting.ErrNotRunning, Code: code}
	}
}

func accessScenes() []scene {
	return []scene{
		{name: "host", user: owner, command: "914083136 30"},
		{name: "not yours", user: stranger, command: "914083136 30"},
		{name: "not there, for one who is not an administrator", user: stranger, command: "111222333 30"},
		{name: "status, not yours", user: stranger, command: "status 914083136"},
		{name: "excluded", user: stranger, command: "914083136 30", set: func(w *world) { w.policy.DeniedUsers = []string{stranger} }},
		{name: "not listed", user: stranger, command: "914083136 30", set: func(w *world) { w.policy.HostsMayExtend = false }},
		{name: "not listed, groups to ask", user: stranger, command: "914083136 30", set: func(w *world) {
			w.policy.HostsMayExtend, w.policy.AdminGroups = false, []string{"S0ADMINS", "S0MORE", "S0EVENMORE"}
			w.people.groups = map[string]access.Membership{"S0ADMINS": access.NotMember, "S0MORE": access.NotMember, "S0EVENMORE": access.NotMember}
		}},
		{name: "guest", user: stranger, command: "914083136 30", set: changed(stranger, func(p *access.Person) { p.Guest = true })},
		{name: "another workspace", user: stranger, command: "914083136 30", set: changed(stranger, func(p *access.Person) { p.TeamID = "T0OTHER" })},
		{name: "deactivated", user: stranger, command: "914083136 30", set: changed(stranger, func(p *access.Person) { p.Deleted = true })},
		{name: "bot", user: stranger, command: "914083136 30", set: changed(stranger, func(p *access.Person) { p.Bot = true })},
		{name: "person unknown", user: "U0NOBODY", command: "914083136 30"},
		{name: "group unknown, not the host", user: stranger, command: "914083136 30", set: func(w *world) { w.policy.AllowedGroups = []string{"S0GROUP"} }},
		{name: "group unknown, hosts may not", user: stranger, command: "list", set: func(w *world) {
			w.policy.AllowedGroups, w.policy.HostsMayExtend = []string{"S0GROUP"}, false
		}},
		{name: "channel unknown", user: stranger, command: "914083136 30", set: func(w *world) {
			w.policy.AllowedChannels, w.policy.HostsMayExtend = []string{"C0GENERAL"}, false
			w.people.channelErr = errors.New("missing_scope")
		}},
		{name: "no such meeting", command: "111222333 30"},
		{name: "not running yet", command: "914083136 30", set: func(w *world) {
			missingMeeting("")(w)
			w.hosts.booked, w.hosts.bookedErr = meeting.Meeting{ID: theID, Subject: hostile, Start: noon.Add(time.Hour)}, nil
		}},
		{name: "ended, as the service says", command: "914083136 30", set: missingMeeting("MMC.111072006")},
		{name: "ended, as the booking says", command: "914083136 30", set: func(w *world) {
			missingMeeting("")(w)
			w.hosts.booked, w.hosts.bookedErr = meeting.Meeting{ID: theID, Start: noon.Add(-time.Hour)}, nil
		}},
		{name: "service down, for the host", user: owner, command: "914083136 30", set: func(w *world) {
			w.scheduler.findErr = &meeting.Error{Op: "x", Kind: meeting.ErrUnavailable}
		}},
		{name: "service down, for the administrator", command: "status 914083136", set: func(w *world) { w.scheduler.findErr = errors.New("connection refused") }},
	}
}

func parseScenes() []scene {
	var scenes []scene
	for _, text := range []string{
		"extend", "status", "914083136 thirty", "914083136 0", "914083136 -5", "914083136 1.5", "914083136 99999999999999999999",
		"914083136 30 please now", "hlep", "frobnicate", "914083136 until", "914083136 until 25:00", "914083136 until half past", "914083136 15:30",
		"914083 136", "30 914083136", "914083136-30", "abc123 30", "list everything", "help hlep", "914083136 " + hostile, hostile,
		"https://evil.example/<!channel>/?pwd=verysecret", "914083136 auto", "watch 914083136", "watch 914083136 30 max 60", "watch 914083136 auto max", "watch", "why 914083136 x", "history",
		"777888999 0", "watch 777888999 auto soon", "watch ask 777888999", "unwatch 777888999 now", "status 777888999 30", "why 777888999 soon",
		"status 777888999-30", "statsu 777888999", "frobnicate 777888999", "pause now", "pasue", "history 777888999", "777888999 auto",
		"914083136 " + strings.Repeat("&", 200), strings.Repeat("914083136 ", 400),
	} {
		scenes = append(scenes, scene{name: fmt.Sprintf("%.40q", text), command: text})
	}
	return append(scenes, scene{name: "another command's name", reply: func(w *world) Reply {
		reply, _ := w.bot.reply(context.Background(), job{id: "e", kind: "slash_commands"}, sender{
			Team: theTeam, User: admin, Command: "/prolong", Text: "914083136 0",
		})
		return reply
	}})
}

func many(count int, subject func(int) string) func(*world) {
	return func(w *world) {
		w.scheduler.meetings = nil
		for i := range count {
			m := theMeeting()
			m.ID = fmt.Sprint(914083136 + i)
			m.Subject, m.End, m.People = subject(i), noon.Add(time.Duration(i)*time.Minute), i
			w.scheduler.meetings = append(w.scheduler.meetings, m)
		}
	}
}

func lookScenes() []scene {
	plainSubject := func(i int) string { return fmt.Sprintf("Meeting %d", i) }
	return []scene{
		{name: "list, none", command: "list", set: many(0, nil)},
		{name: "list, one", command: "list"},
		{name: "list, nothing typed", command: ""},
		{name: "list, 25", command: "list", set: many(25, plainSubject)},
		{name: "list, 21", command: "list", set: many(21, plainSubject)},
		{name: "list, hostile subjects and hosts", command: "list", set: func(w *world) {
			many(3, func(int) string { return hostile })(w)
			w.scheduler.meetings[0].HostName = hostile
			w.scheduler.meetings[1].Subject, w.scheduler.meetings[1].People = strings.Repeat(hostile, 20), -1
			w.scheduler.meetings[2].Subject, w.scheduler.meetings[2].HostName = "", ""
		}},
		{name: "list, own", user: owner, command: "list"},
		{name: "list, own, none", user: stranger, command: "list"},
		{name: "list, hosts unknown", user: owner, command: "list", set: func(w *world) { w.hosts.err = errors.New("not now") }},
		{name: "list, service down", command: "list", set: func(w *world) { w.scheduler.findErr = &meeting.Error{Kind: meeting.ErrUnavailable} }},
		{name: "status", command: "status 914083136"},
		{name: "status, a minute left", command: "status 914083136", set: func(w *world) { w.scheduler.meetings[0].End = noon.Add(119 * time.Second) }},
		{name: "status, past its end", command: "status 914083136", set: func(w *world) { w.scheduler.meetings[0].End = noon.Add(-time.Minute) }},
		{name: "status, extended by the platform, no password", command: "status 914083136", set: func(w *world) {
			w.scheduler.meetings[0].ProlongMinutes, w.scheduler.meetings[0].Extendable = 15, false
		}},
		{name: "help", command: "help"},
		{name: "help extend", command: "help extend"},
		{name: "help list", command: "help list"},
		{name: "help status", command: "help status"},
		{name: "help help", command: "help help"},
		{name: "help on what is not there yet", command: "help history"},
		{name: "help watch", command: "help watch"},
		{name: "help for nobody", user: "U0NOBODY", command: "help"},
	}
}

// settledScenes are the second answers.
func settledScenes() []scene {
	seen := theMeeting()
	var scenes []scene
	for _, s := range []struct {
		name   string
		notice extension.Notice
	}{
		{"confirmed", extension.Notice{Extension: extension.Extension{State: extension.Confirmed}, Meeting: seen}},
		{"confirmed, not read again", extension.Notice{
			Extension: extension.Extension{State: extension.Confirmed, After: noon.Add(time.Hour)}, Meeting: meeting.Meeting{ID: theID},
		}},
		{"never sent", extension.Notice{Extension: extension.Extension{State: extension.Refused}, Meeting: meeting.Meeting{ID: theID}}},
		{"void", extension.Notice{Extension: extension.Extension{State: extension.Void}, Meeting: seen}},
		{"unclear", extension.Notice{Extension: extension.Extension{State: extension.Unclear}, Meeting: seen}},
		{"over", extension.Notice{Extension: extension.Extension{State: extension.Unclear}, Meeting: meeting.Meeting{ID: theID}, Over: true}},
		{"accepted, never seen", extension.Notice{Extension: extension.Extension{State: extension.Accepted}, Meeting: seen}},
		{"never read", extension.Notice{Extension: extension.Extension{State: extension.Unclear}, Meeting: meeting.Meeting{ID: theID}}},
	} {
		scenes = append(scenes, scene{name: s.name, reply: func(w *world) Reply {
			c := w.bot.newCall(context.Background(), job{}, sender{User: admin})
			s.notice.Extension.Minutes, s.notice.Extension.MeetingID, s.notice.Extension.Before = 30, theID, noon
			reply := w.bot.settledReply(c.say, c.zone, c.typed("914083136 30"), s.notice)
			reply.Offers = w.bot.settledOffers(context.Background(), c.say, s.notice)
			return reply
		}})
	}
	return scenes
}
