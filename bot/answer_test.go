package bot

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// Who may do what, by buttons and by commands: the same people for all that is about a meeting, administrators alone for
// all automation, everybody for what concerns themselves.
func TestWhoMayChangeAutomation(t *testing.T) {
	rows := []people{
		{"administrator", admin, nil, true, true, true},
		{"host", owner, nil, true, false, true},
		{"listed", stranger, func(w *world) { w.policy.AllowedUsers = []string{stranger} }, true, false, true},
		{"everyone", stranger, func(w *world) { w.policy.AllowEveryone = true }, true, false, true},
		{"group", stranger, func(w *world) {
			w.policy.AllowedGroups, w.people.groups = []string{"S0GROUP"}, map[string]access.Membership{"S0GROUP": access.Member}
		}, true, false, true},
		{"group of administrators", stranger, func(w *world) {
			w.policy.AdminGroups, w.people.groups = []string{"S0GROUP"}, map[string]access.Membership{"S0GROUP": access.Member}
		}, true, true, true},
		{"channel", stranger, func(w *world) {
			w.policy.AllowedChannels, w.people.channel = []string{"C0GENERAL"}, access.Channel{ID: "C0GENERAL", Known: true}
		}, true, false, true},
		{"shared channel", stranger, func(w *world) {
			w.policy.AllowedChannels, w.people.channel = []string{"C0GENERAL"}, access.Channel{ID: "C0GENERAL", Known: true, ExtShared: true}
		}, false, false, true},
		{"not the host", stranger, nil, false, false, true},
		{"hosts may not", owner, func(w *world) { w.policy.HostsMayExtend = false }, false, false, true},
		{"host not to be found out", owner, func(w *world) { w.hosts.err = errors.New("not now") }, false, false, true},
		{"excluded", owner, func(w *world) { w.policy.DeniedUsers = []string{owner} }, false, false, true},
		{"guest", owner, changed(owner, func(p *access.Person) { p.Guest = true }), false, false, true},
		{"another workspace", admin, changed(admin, func(p *access.Person) { p.TeamID = "T0OTHER" }), false, false, true},
		{"unknown", "U0NOBODY", nil, false, false, false},
	}
	acts := []struct {
		name string
		do   func(*world, string) Reply
		did  func(*world) bool
		may  func(people) bool
	}{
		{"extend", pressing(verbExtend), func(w *world) bool { return len(w.scheduler.requests) == 1 }, aboutTheMeeting},
		{"keep", pressing(verbKeep), answeredAs(scheduler.KeepExtending), aboutTheMeeting},
		{"end", pressing(verbEnd), answeredAs(scheduler.LetEnd), aboutTheMeeting},
		{"stop", pressing(verbStop), answeredAs(scheduler.StopExtending), aboutTheMeeting},
		{"watch", typing("watch 914083136 ask"), func(w *world) bool { return w.rules.rules[theID].Mode != "" }, aboutTheMeeting},
		{"watch, by a button", func(w *world, user string) Reply {
			offered(typedUnder("watch 914083136 ask"))(w)
			return w.presses(user, "P1")
		}, func(w *world) bool { return w.rules.rules[theID].Mode != "" }, aboutTheMeeting},
		{"unwatch", func(w *world, user string) Reply {
			ruledBy("U0ANOTHER")(w)
			return w.asks(user, "unwatch 914083136")
		}, func(w *world) bool { return len(w.rules.rules) == 0 && w.rules.rules != nil }, aboutTheMeeting},
		{"pause", typing("pause"), func(w *world) bool { return !w.rules.paused.IsZero() }, func(p people) bool { return p.admins }},
		{"resume", func(w *world, user string) Reply { allPaused(w); return w.asks(user, "resume") }, func(w *world) bool { return w.rules.paused.IsZero() }, func(p people) bool { return p.admins }},
		{"quiet", pressing(verbQuiet), func(w *world) bool { return len(w.rules.quiet) == 1 }, func(p people) bool { return p.themselves }},
	}
	for _, row := range rows {
		for _, act := range acts {
			t.Run(row.name+", "+act.name, func(t *testing.T) {
				w := newWorld(t)
				both(row.set)(w)
				w.build()
				reply := act.do(w, row.user)
				if did := act.did(w); did != act.may(row) {
					t.Errorf("done: %v, want %v: %s %q", did, act.may(row), reply.Tone, reply.Text)
				}
				if refused := reply.Tone == Refusal || reply.Tone == Trouble; refused == act.may(row) || refused && (reply.Said || reply.Replaces || reply.Next == "") {
					t.Errorf("%s %q, %q (said: %v, replaces: %v)", reply.Tone, reply.Text, reply.Next, reply.Said, reply.Replaces)
				}
				if !act.may(row) && len(w.scheduler.followed)+w.poster.tries > 0 {
					t.Errorf("a refusal touched messages: %q, %d posts", w.scheduler.followed, w.poster.tries)
				}
			})
		}
	}
}

// people are a row of the matrix.
type people struct {
	name, user      string
	set             func(*world)
	meeting, admins bool // what is about the meeting; what is for administrators
	themselves      bool // what concerns nobody else
}

func aboutTheMeeting(p people) bool { return p.meeting }

func pressing(verb string) func(*world, string) Reply {
	return func(w *world, user string) Reply {
		offered(under(verb))(w)
		return w.presses(user, "P1")
	}
}

func typing(command string) func(*world, string) Reply {
	return func(w *world, user string) Reply { return w.asks(user, command) }
}

func answeredAs(answer scheduler.Answer) func(*world) bool {
	return func(w *world) bool { return w.scheduler.prompts[7].Answer == answer }
}

// What was done is said by the prompt itself, at once and for everybody; the person needs no answer of their own.
func TestPromptSaysWhatWasDone(t *testing.T) {
	for _, verb := range []string{verbExtend, verbKeep, verbEnd, verbStop} {
		inBubble(t, offered(under(verb)), func(t *testing.T, w *world) {
			w.receives(clicked("click", admin, "P1"))
			<-w.observed
			if len(w.desk.texts())+len(w.poster.texts()) != 0 || len(w.scheduler.followed) != 1 || w.scheduler.followed[0] != under(verb).Run {
				t.Errorf("%s: %q, followed %q", verb, w.desk.texts(), w.scheduler.followed)
			}
			if got := w.answeredEnvelopes(); len(got) != 1 || got[0] != "click" {
				t.Errorf("%s: answered %q", verb, got)
			}
		})
	}
}

// Where the prompt does not say it now, the person reads it, and the prompt is not replaced by that.
func TestPromptThatCannotSayIt(t *testing.T) {
	for name, set := range map[string]func(*world){
		"edit fails":        func(w *world) { w.scheduler.followErr = errors.New("not now") },
		"still posting":     func(w *world) { w.rules.state = scheduler.PromptPosting },
		"closed":            func(w *world) { w.rules.state = scheduler.PromptClosed },
		"prompt not read":   rulesFail,
		"edit never ends":   func(w *world) { w.scheduler.followErr = context.DeadlineExceeded },
		"prompt is unknown": func(w *world) { w.rules.err = scheduler.ErrNoPrompt },
	} {
		for _, verb := range []string{verbExtend, verbKeep, verbEnd, verbStop} {
			inBubble(t, both(offered(under(verb)), set), func(t *testing.T, w *world) {
				w.receives(clicked("click", admin, "P1"))
				<-w.observed
				if len(w.desk.got) != 1 || w.desk.got[0].Replaces == nil || *w.desk.got[0].Replaces || w.desk.got[0].ResponseType != "ephemeral" {
					t.Errorf("%s, %s: %+v", name, verb, w.desk.got)
				}
			})
		}
	}
}

// Ten people press: one extension, and nine read who did it and when the meeting ends by now.
func TestTenPeoplePressAPrompt(t *testing.T) {
	inBubble(t, func(w *world) {
		offered(under(verbExtend))(w)
		done := map[string]bool{}
		w.scheduler.extend = func(_ context.Context, request extension.Request) (extension.Result, error) {
			w.scheduler.mu.Lock()
			defer w.scheduler.mu.Unlock()
			if done[request.Key] {
				return extension.Result{Outcome: extension.Already, Meeting: request.Meeting, By: by(admin)}, nil
			}
			done[request.Key] = true
			return confirmedResult(request), nil
		}
		w.policy.AllowEveryone = true
	}, func(t *testing.T, w *world) {
		for _, id := range []string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"} {
			w.receives(clicked(id, admin, "P1"))
		}
		for range 10 {
			<-w.observed
		}
		texts := w.desk.texts()
		if len(texts) != 9 {
			t.Fatalf("%d read an answer: %q", len(texts), texts)
		}
		for i, text := range texts {
			if !strings.Contains(text, "<@U0ADMIN> extended the meeting, which now ends <!date^1795181400^") || *w.desk.got[i].Replaces {
				t.Errorf("%q (%+v)", text, w.desk.got[i])
			}
		}
	})
}

// A press that comes late says what is true now.
func TestPressUnderAPromptComesLate(t *testing.T) {
	nextRun := theMeeting()
	nextRun.Start = nextRun.Start.Add(time.Hour)
	later := theMeeting()
	later.End = later.End.Add(15 * time.Minute)
	answeredBefore := func(answer scheduler.Answer, user string) func(*world) {
		return func(w *world) {
			w.scheduler.prompts = map[int64]scheduler.Prompt{7: {ID: 7, Answer: answer, By: extension.Actor{Team: theTeam, User: user}}}
		}
	}
	for _, test := range []struct {
		name, verb string
		set        func(*world)
		want       string
		said       bool
	}{
		{"meeting over", verbKeep, missingMeeting("MMC.111072006"), "has already ended", false},
		{"meeting over", verbExtend, missingMeeting("MMC.111072006"), "has already ended", false},
		{"after its end", verbEnd, func(w *world) {
			missingMeeting("MMC.111072006")(w)
			w.now = func() time.Time { return under(verbEnd).OfferedEnd.Add(time.Hour) }
		}, "has already ended", false},
		{"another run", verbStop, func(w *world) { w.scheduler.meetings[0] = nextRun }, "has already ended", false},
		{"extended meanwhile, let end", verbEnd, func(w *world) { w.scheduler.meetings[0] = later }, "The end has changed meanwhile", false},
		{"extended meanwhile, keep", verbKeep, func(w *world) { w.scheduler.meetings[0] = later }, "keep extending", true},
		{"extended meanwhile, extend", verbExtend, ends(extension.Result{Outcome: extension.Moved}), "The end has changed meanwhile", false},
		{"another answered", verbEnd, answeredBefore(scheduler.KeepExtending, owner), "<@U0OWNER> told me to keep", false},
		{"another answered the same", verbEnd, answeredBefore(scheduler.LetEnd, owner), "<@U0OWNER> lets it end", false},
		{"the same envelope again", verbEnd, answeredBefore(scheduler.LetEnd, admin), "<@U0ADMIN> lets it end", true},
		{"prompt gone", verbKeep, func(w *world) { w.scheduler.answerErr = scheduler.ErrNoPrompt }, "I do not know this button", false},
		{"store down", verbKeep, func(w *world) { w.scheduler.answerErr = errors.New("no store") }, "I cannot write down", false},
		{"service down", verbKeep, func(w *world) {
			w.scheduler.findErr = &meeting.Error{Op: "find meeting", Kind: meeting.ErrUnavailable}
		}, "does not answer", false},
	} {
		t.Run(test.name+", "+test.verb, func(t *testing.T) {
			w := newWorld(t)
			both(offered(under(test.verb)), test.set)(w)
			w.build()
			reply := w.presses(admin, "P1")
			if !strings.Contains(reply.Text, test.want) || reply.Said != test.said || reply.Replaces {
				t.Errorf("%s %q (said: %v, replaces: %v), want %q", reply.Tone, reply.Text, reply.Said, reply.Replaces, test.want)
			}
			for _, fault := range lint(render(reply)) {
				t.Error(fault)
			}
		})
	}
}

// Who presses twice reads that it is so already. The undo of each answer works until one was used; the other then says
// that there is nothing to undo, and goes.
func TestQuietIsSaidOnce(t *testing.T) {
	inBubble(t, offered(under(verbQuiet)), func(t *testing.T, w *world) {
		w.receives(clicked("first", owner, "P1"))
		w.receives(clicked("second", owner, "P1"))
		<-w.observed
		<-w.observed
		texts := w.desk.texts()
		slices.Sort(texts)
		wantTexts(t, texts, "I do not write to you any more", "You have told me so already")
		var undo []string
		for id, action := range w.inbox.actions {
			if action.Verb == verbAskAgain {
				undo = append(undo, id)
			}
		}
		if len(undo) != 2 {
			t.Fatalf("%d buttons take it back, want one under each answer", len(undo))
		}
		for _, id := range undo {
			w.receives(clicked("undo "+id, owner, id))
			<-w.observed
		}
		wantTexts(t, w.desk.texts()[2:], "I write to you again", "nothing has changed")
		for _, got := range w.desk.got[2:] {
			if !*got.Replaces || len(got.Blocks) != 1 {
				t.Errorf("the answer leaves a button: %+v", got)
			}
		}
	})
}

// "Don't ask me again" is the host's own, can be taken back, and needs no prompt that is still there.
func TestQuietAndAgain(t *testing.T) {
	w := newWorld(t)
	offered(under(verbQuiet))(w)
	w.build()
	person := extension.Actor{Team: theTeam, User: owner}
	reply := w.presses(owner, "P1")
	if !w.rules.quiet[person] || reply.Replaces || len(reply.Offers) != 1 {
		t.Fatalf("%+v, %+v", w.rules.quiet, reply)
	}
	if list := w.asks(owner, "list"); len(list.Offers) != 1 || list.Offers[0].Action.Verb != verbAskAgain {
		t.Errorf("%+v", list.Offers)
	}
	again := reply.Offers[0].Action
	again.ID = "again"
	offered(again)(w)
	if reply = w.presses(owner, "again"); w.rules.quiet[person] || !reply.Replaces {
		t.Errorf("%+v, %+v", w.rules.quiet, reply)
	}
}

// A button carries out no command but those that answers offer.
func TestTypedButtons(t *testing.T) {
	for command, want := range map[string]Tone{
		"watch 914083136 ask": Done, "unwatch 914083136": Telling, "pause": Telling, "914083136 30": Telling, "list": Telling, "nonsense": Telling,
	} {
		w := newWorld(t)
		offered(typedUnder(command))(w)
		w.build()
		reply := w.presses(admin, "P1")
		if reply.Tone != want || reply.Replaces != (want == Done) || !w.rules.paused.IsZero() || len(w.scheduler.requests) > 0 {
			t.Errorf("%s: %+v", command, reply)
		}
	}
}

// The buttons under an answer belong to what is known when they are offered, and go with the meeting.
func TestOfferedRules(t *testing.T) {
	w := newWorld(t)
	w.build()
	offers := w.asks(admin, "status 914083136").Offers
	want := []store.Action{
		{Verb: verbTyped, Command: "watch 914083136 ask"}, {Verb: verbTyped, Command: "watch 914083136 auto"},
	}
	if len(offers) != len(want) {
		t.Fatalf("%+v", offers)
	}
	for i, offer := range offers {
		if offer.Action.Verb != want[i].Verb || offer.Action.Command != want[i].Command || !offer.Action.Expires.Equal(theMeeting().End) {
			t.Errorf("%+v", offer.Action)
		}
	}
}

// Who stops automation reads that its rule goes on for the next run, and that what they are to type ends it.
func TestStopSaysThatTheRuleGoesOn(t *testing.T) {
	for _, test := range []struct {
		name string
		set  func(*world)
		want string // what is to be typed
		left int    // rules, once that was typed
	}{
		{"by a rule", ruledBy(admin, ruleAuto), "unwatch 914083136", 0},
		{"by a rule of its room", both(ruledBy(owner, ruleAuto, func(rule *scheduler.Rule) { rule.Of = "771234" }), func(w *world) {
			w.scheduler.meetings[0].RoomID = "771234"
		}), "unwatch 771234", 0},
		{"by the configuration", otherwise(scheduler.ModeAuto), "watch 914083136 ask", 1},
		{"by the configuration, while its rule asks", both(otherwise(scheduler.ModeAuto), ruledBy(owner)), "", 0},
		{"by an answer", ruledBy(owner), "", 0},
		{"by a rule that is paused", ruledBy(owner, ruleAuto, rulePaused), "", 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t)
			both(offered(under(verbStop)), test.set)(w)
			w.build()
			reply := w.presses(admin, "P1")
			_, after, _ := strings.Cut(reply.Next, "`/extend ")
			command, _, _ := strings.Cut(after, "`")
			if command != test.want || (reply.Next == "") != (test.want == "") {
				t.Fatalf("%q, want %q in it", reply.Next, test.want)
			}
			if test.want == "" {
				return
			}
			if done := w.asks(admin, command); done.Tone != Done || len(w.rules.rules) != test.left {
				t.Errorf("%s leaves %d rules: %+v", command, len(w.rules.rules), done)
			}
		})
	}
}
