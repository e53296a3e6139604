package bot

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/bot/socket"
	"github.com/overtime-bot/overtime/meeting/meetingtest"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// over are the lines of what is over, which came about in one of these ways; in any, where none is named.
func (w *world) over(hows ...string) (lines []map[string]any) {
	w.t.Helper()
	for line := range strings.Lines(w.log.String()) {
		var read map[string]any
		w.must(json.Unmarshal([]byte(line), &read))
		if how, _ := read["how"].(string); read["msg"] == "done" && (len(hows) == 0 || slices.Contains(hows, how)) {
			lines = append(lines, read)
		}
	}
	return lines
}

// inShort is one line in short.
func inShort(line map[string]any) string {
	text := fmt.Sprint(line["how"], " ", line["verb"], " ", line["user"], " ", line["meeting"], " ", line["minutes"], " ", line["outcome"])
	if reason := line["reason"]; reason != "" {
		text += fmt.Sprintf(" (%v)", reason)
	}
	if from := line["from"].(string); from != "" {
		text += " " + from[11:16] + "-" + (line["to"].(string) + "                ")[11:16]
	}
	return strings.TrimSpace(text)
}

// The log says once what is over, however often the envelope comes: at once, or, if it was in doubt, when it is settled.
func TestWhatIsOverIsSaidOnce(t *testing.T) {
	for _, c := range []struct {
		user, command, want string
		set                 func(*world)
		answered            bool // by the service, which gave the request an ID
	}{
		{admin, "914083136 30", "typed extend U0ADMIN 914083136 30 confirmed 13:12-13:42", nil, true},
		{admin, "914083136 30", "typed extend U0ADMIN 914083136 30 confirmed (read later) 13:12-13:42", lags(time.Minute), true},
		{admin, "914083136 30", "typed extend U0ADMIN 914083136 30 accepted (target was never read) 13:12-13:42", lags(time.Hour), true},
		{admin, "914083136 30", "typed extend U0ADMIN 914083136 30 confirmed (read later) 13:12-13:42", losesAnswers(true), false},
		{admin, "914083136 30", "typed extend U0ADMIN 914083136 30 void (end unchanged) 13:12-13:12", losesAnswers(false), false},
		{admin, "914083136 30", "typed extend U0ADMIN 914083136 30 refused (MMC.111074003) 13:12-", refuses(400, "MMC.111074003", ""), true},
		{admin, "914083136 200", "typed extend U0ADMIN 914083136 200 refused (too many minutes)", nil, false},
		{admin, "914083136 until 25:99", "typed  U0ADMIN  0 invalid (parse bad time)", nil, false},
		{admin, "914083136 auto 20", "handed_over auto U0ADMIN 914083136 20 confirmed 13:12-13:12", nil, true},
		{admin, "watch 914083136 ask", "typed watch U0ADMIN 914083136 0 told", nil, false},
		{admin, "list", "typed list U0ADMIN  0 told", nil, false},
		{admin, "914083137 30", "typed extend U0ADMIN 914083137 30 invalid (no meeting)", nil, false},
		{stranger, "914083136 30", "typed extend U0STRANGER 914083136 30 denied (not yours)", nil, false},
		{stranger, "pause", "typed pause U0STRANGER  0 denied (denied admin)", nil, false},
	} {
		t.Run(c.command, func(t *testing.T) {
			inBubble(t, c.set, func(t *testing.T, w *world) {
				for range 2 {
					w.receives(typed("e1", c.user, c.command))
				}
				time.Sleep(30 * time.Minute)
				lines := w.over()
				if len(lines) != 1 {
					t.Fatalf("%s: %d lines, want %q\n%s", c.command, len(lines), c.want, w.log)
				}
				if got := inShort(lines[0]); got != c.want {
					t.Errorf("%s: %q, want %q", c.command, got, c.want)
				}
				keys := []string{"how", "verb", "team", "user", "meeting", "minutes", "from", "to", "outcome", "reason", "took_seconds", "request_id"}
				for _, key := range keys {
					if _, there := lines[0][key]; !there {
						t.Errorf("%s: there is no %s", c.command, key)
					}
				}
				if lines[0]["level"] != "INFO" || lines[0]["team"] != theTeam || (lines[0]["request_id"] != "") != c.answered {
					t.Errorf("%s: %v", c.command, lines[0])
				}
			})
		})
	}
}

// Of what is asked of administrators, the log says who asked, who decided what, and what came of it: each once, with the meeting.
func TestWhatIsApprovedIsSaidOnce(t *testing.T) {
	const asks, end = "typed extend U0OWNER 914083136 180 refused (too many minutes)|button request_approval U0OWNER 914083136 180 told|", " 13:12-"
	pressed := func(user, verb string) func(*world, heard) {
		return func(w *world, card heard) { w.presses(user, w.button(card, verb)) }
	}
	first := func(change func(*world), then func(*world, heard)) func(*world, heard) {
		return func(w *world, card heard) { change(w); then(w, card) }
	}
	const approved, extended = "button approve U0ADMIN 914083136 180 told (approved)" + end, "approved extend U0OWNER 914083136 180 "
	for name, c := range map[string]struct {
		do   func(*world, heard)
		want string
	}{
		"approved": {pressed(admin, verbApprove), extended + "confirmed" + end + "16:12|" + approved},
		"approved, and refused": {
			first(refuses(400, "MMC.111074003", ""), pressed(admin, verbApprove)), extended + "refused (MMC.111074003)" + end + "|" + approved,
		},
		"approved, and in doubt": {first(losesAnswers(true), pressed(admin, verbApprove)), approved + "|" + extended + "confirmed (read later)" + end + "16:12"},
		"denied":                 {pressed(admin, verbDeny), "button deny U0ADMIN 914083136 180 told (denied)" + end},
		"approved by two": {
			func(w *world, card heard) { pressed(admin, verbApprove)(w, card); pressed(second, verbDeny)(w, card) },
			extended + "confirmed" + end + "16:12|" + approved + "|button deny U0SECOND 914083136 180 expired (approved)" + end,
		},
		"their own": {pressed(owner, verbApprove), "button approve U0OWNER 914083136 0 denied (denied admin)|automatic request_approval U0OWNER 914083136 180 expired (expired)" + end},
		"approved, of somebody who left": {
			first(changed(owner, func(p *access.Person) { p.Deleted = true }), pressed(admin, verbApprove)), "button approve U0ADMIN 914083136 180 expired (lapsed)" + end,
		},
		"over":    {first(ends, func(*world, heard) {}), "automatic request_approval U0OWNER 914083136 180 expired (expired)" + end},
		"nothing": {func(*world, heard) {}, "automatic request_approval U0OWNER 914083136 180 expired (expired)" + end},
		"moved": {
			first(func(w *world) { w.asks(admin, "914083136 15") }, func(*world, heard) {}),
			"typed extend U0ADMIN 914083136 15 confirmed" + end + "13:27|automatic request_approval U0OWNER 914083136 180 expired (moved)" + end,
		},
	} {
		inBubble(t, approving, func(t *testing.T, w *world) {
			card, _ := w.wants(owner, "914083136 180")
			c.do(w, card)
			time.Sleep(2 * time.Hour)
			var lines []string
			for _, line := range w.over() {
				lines = append(lines, inShort(line))
			}
			if got := strings.Join(lines, "|"); got != asks+c.want {
				t.Errorf("%s:\n%s\nwant\n%s", name, strings.ReplaceAll(got, "|", "\n"), strings.ReplaceAll(asks+c.want, "|", "\n"))
			}
		})
	}
}

// ends ends the meeting.
func ends(w *world) { w.service.EndMeeting(theID) }

// What a dead process left is said by the one that takes it over, once: it was done, or it came too late.
func TestWhatIsTakenOverIsSaidOnce(t *testing.T) {
	for age, want := range map[time.Duration]string{
		time.Second:      "typed extend U0ADMIN 914083136 30 confirmed 13:12-13:42",
		10 * time.Minute: "typed  U0ADMIN  0 expired (settled nothing)",
	} {
		inBubble(t, func(w *world) {
			w.leaves(typed("e1", admin, "914083136 30"), 0)
			time.Sleep(age)
		}, func(t *testing.T, w *world) {
			<-w.observed
			w.receives(typed("e1", admin, "914083136 30"))
			time.Sleep(30 * time.Minute)
			lines := w.over()
			if len(lines) != 1 || inShort(lines[0]) != want {
				t.Errorf("after %v: %v, want %q", age, lines, want)
			}
		})
	}
}

// An answer that nobody can be given any more has one line all the same. It says what was extended for it, if anything was.
func TestWhatWasNeverAnsweredIsSaidOnce(t *testing.T) {
	for state, want := range map[extension.State]string{
		"":                  "typed    0 expired (never answered)",
		extension.Confirmed: "typed extend U0ADMIN 914083136 15 confirmed 13:12-13:27",
		extension.Refused:   "typed    0 expired (never answered)",
	} {
		inBubble(t, func(w *world) {
			if state != "" {
				w.did(1, state, func(e *extension.Extension) { e.Envelope = "erased" })
			}
			w.leaves(socket.Envelope{ID: "erased", Type: "slash_commands"}, time.Hour)
		}, func(t *testing.T, w *world) {
			time.Sleep(10 * time.Minute)
			lines := w.over()
			if len(lines) != 1 || inShort(lines[0]) != want {
				t.Errorf("%q: %v, want %q", state, lines, want)
			}
		})
	}
}

// What an answer counts as, by the sentence that it begins with, and the reason in words.
func TestOutcomesOfAnswers(t *testing.T) {
	for outcome, keys := range map[string][]i18n.Key{
		extension.OutDenied:  {i18n.NotYours, i18n.PressedNotYours, i18n.ListOwnNone, i18n.HandedDenied, i18n.ApprovalOwn, "denied_guest"},
		extension.OutInvalid: {i18n.NoSuchTime, i18n.NothingExtended, i18n.NoMeeting, i18n.TimePassed, i18n.EndLater, "parse_bad_time"},
		extension.OutExpired: {
			i18n.StaleButton, i18n.Ended, i18n.Moved, i18n.CameLate, i18n.SettledNothing, i18n.LeftUnclear, i18n.DialogTooOld,
		},
	} {
		for _, key := range keys {
			for _, tone := range []Tone{Refusal, Failed, Done} {
				reason := strings.ReplaceAll(string(key), "_", " ")
				if got, why := outOf(Reply{Why: key, Tone: tone}); got != outcome || why != reason {
					t.Errorf("%s: %s (%s), want %s (%s)", key, got, why, outcome, reason)
				}
			}
		}
	}
	for tone, outcome := range map[Tone]string{Refusal: "refused", Failed: "refused", Done: "told", Waiting: "told", Asking: "told"} {
		reason := ""
		if outcome == "refused" {
			reason = "any other"
		}
		if got, why := outOf(Reply{Why: "any_other", Tone: tone}); got != outcome || why != reason {
			t.Errorf("%s: %s (%s), want %s (%s)", tone.Name(), got, why, outcome, reason)
		}
	}
}

// To open the Home tab or to invite the bot asks for nothing, and has no line.
func TestWhatAsksNothingHasNoLine(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, w *world) {
		w.receives(opensHome("Ev1", admin, "home"))
		w.receives(happened("Ev2", time.Now(), "type", "member_joined_channel", "user", theBot, "channel", general))
		time.Sleep(time.Minute)
		if lines := w.over(); len(lines) > 0 {
			t.Errorf("%v", lines)
		}
	})
}

// The line says how long it took until the person had the answer.
func TestWhatIsOverTook(t *testing.T) {
	inBubble(t, func(w *world) {
		w.service.Inject(meetingtest.Fault{Op: meetingtest.OpExtend, Before: 2 * time.Second, Times: 1})
	}, func(t *testing.T, w *world) {
		w.receives(typed("e1", admin, "914083136 30"))
		time.Sleep(time.Minute)
		if lines := w.over(); len(lines) != 1 || lines[0]["took_seconds"].(float64) < 2 || lines[0]["took_seconds"].(float64) > 10 {
			t.Errorf("%v", lines)
		}
	})
}
