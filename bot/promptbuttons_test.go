package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// under is a button under a prompt of theMeeting.
func under(verb string, prompt int64) store.Action {
	return store.Action{
		ID: "P1", Verb: verb, Run: extension.RunOf(theMeeting()), MeetingID: theID, Minutes: 15, Prompt: prompt,
		OfferedEnd: theMeeting().End, Expires: theMeeting().End.Add(promptLife),
	}
}

// typedUnder is a button that carries out a command.
func typedUnder(command string) store.Action {
	return store.Action{ID: "P1", Verb: "typed", Run: extension.RunOf(theMeeting()), MeetingID: theID, Command: command, Expires: noon.Add(time.Hour)}
}

// prompted posts a prompt about theMeeting, with a button P1 that does this, and gives its ID.
func (w *world) prompted(verb string) int64 {
	w.t.Helper()
	prompt := w.announces(asked()).Prompt.ID
	offered(under(verb, prompt))(w)
	return prompt
}

// answerOf is what people answered to a prompt.
func (w *world) answerOf(prompt int64) scheduler.Answer {
	w.t.Helper()
	found, err := w.store.Prompts.Prompt(w.t.Context(), prompt)
	w.must(err)
	return found.Answer
}

// people are a row of the matrix.
type people struct {
	name, user      string
	set             func(*world)
	meeting, admins bool // what is about the meeting; what is for administrators
	themselves      bool // what concerns nobody else
}

// act is a column of it.
type act struct {
	name string
	do   func(*world, string) heard
	did  func(*world) bool
	may  func(people) bool
}

// Who may do what, by buttons and by commands: the same people for all that is about a meeting, administrators alone for
// all automation, everybody for what concerns themselves.
func TestWhoMayChangeAutomation(t *testing.T) {
	rows := []people{
		{"administrator", admin, nil, true, true, true},
		{"host", owner, nil, true, false, true},
		{"listed", stranger, func(w *world) { w.policy.AllowedUsers = []string{stranger} }, true, false, true},
		{"everyone", stranger, func(w *world) { w.policy.AllowEveryone = true }, true, false, true},
		{"group", stranger, allowedGroup(access.Member), true, false, true},
		{"group of administrators", stranger, adminGroup(access.Member), true, true, true},
		{"channel", stranger, allowedChannel(general), true, false, true},
		{"shared channel", stranger, both(allowedChannel(general), func(w *world) { w.people.channel.ExtShared = true }), false, false, true},
		{"not the host", stranger, nil, false, false, true},
		{"hosts may not", owner, func(w *world) { w.policy.HostsMayExtend = false }, false, false, true},
		{"host not to be found out", owner, hostUnknown, false, false, true},
		{"excluded", owner, func(w *world) { w.policy.DeniedUsers = []string{owner} }, false, false, true},
		{"guest", owner, changed(owner, func(p *access.Person) { p.Guest = true }), false, false, true},
		{"another workspace", admin, changed(admin, func(p *access.Person) { p.TeamID = "T0OTHER" }), false, false, true},
		{"unknown", nobody, nil, false, false, false},
	}
	aboutTheMeeting := func(p people) bool { return p.meeting }
	pressing := func(verb string) func(*world, string) heard {
		return func(w *world, user string) heard {
			w.prompted(verb)
			return w.presses(user, "P1")
		}
	}
	typing := func(command string) func(*world, string) heard {
		return func(w *world, user string) heard { return w.asks(user, command) }
	}
	answered := func(answer scheduler.Answer) func(*world) bool {
		return func(w *world) bool { return w.answerOf(1) == answer }
	}
	watched := func(w *world) bool { return w.rules()[theID].Mode != "" }
	acts := []act{
		{"extend", pressing("extend"), func(w *world) bool { return slices.Equal(w.effects(), []int{15}) }, aboutTheMeeting},
		{"keep", pressing("keep"), answered(scheduler.KeepExtending), aboutTheMeeting},
		{"end", pressing("end"), answered(scheduler.LetEnd), aboutTheMeeting},
		{"stop", pressing("stop"), answered(scheduler.StopExtending), aboutTheMeeting},
		{"watch", typing("watch 914083136 ask"), watched, aboutTheMeeting},
		{"watch, by a button", func(w *world, user string) heard {
			offered(typedUnder("watch 914083136 ask"))(w)
			return w.presses(user, "P1")
		}, watched, aboutTheMeeting},
		{"unwatch", func(w *world, user string) heard {
			ruledBy("U0ANOTHER")(w)
			return w.asks(user, "unwatch 914083136")
		}, func(w *world) bool { return len(w.rules()) == 0 }, aboutTheMeeting},
		{"pause", typing("pause"), (*world).paused, func(p people) bool { return p.admins }},
		{"resume", func(w *world, user string) heard { allPaused(w); return w.asks(user, "resume") }, func(w *world) bool { return !w.paused() }, func(p people) bool { return p.admins }},
		{"quiet", pressing("quiet"), func(w *world) bool { return w.faults.count("SetQuiet") == 1 }, func(p people) bool { return p.themselves }},
	}
	for _, row := range rows {
		for _, act := range acts {
			t.Run(row.name+", "+act.name, func(t *testing.T) { inBubble(t, row.set, row.may(act)) })
		}
	}
}

// may tests whether people may act.
func (p people) may(act act) func(*testing.T, *world) {
	return func(t *testing.T, w *world) {
		said, may := act.do(w, p.user), act.may(p)
		if did := act.did(w); did != may {
			t.Errorf("done: %v, want %v: %s %q", did, may, said.tone, said.text)
		}
		refused := strings.HasSuffix(said.observed, " refused") || strings.HasSuffix(said.observed, " trouble")
		if refused == may || refused && (said.silent() || said.replaces || len(said.next) == 0) {
			t.Errorf("%s: %s %q, %q (replaces: %v)", said.observed, said.tone, said.text, said.next, said.replaces)
		}
		prompts := 0
		if strings.HasPrefix(act.name, "extend") || slices.Contains([]string{"keep", "end", "stop", "quiet"}, act.name) {
			prompts = 1
		}
		if !may && (len(w.poster.edited()) > 0 || w.poster.tries > prompts) {
			t.Errorf("a refusal touched messages: %+v, %d posts", w.poster.edited(), w.poster.tries)
		}
	}
}

// What was done is said by the prompt itself, at once and for everybody; the person needs no answer of their own.
func TestPromptSaysWhatWasDone(t *testing.T) {
	for verb, want := range map[string]string{
		"extend": "<@U0ADMIN> extended *", "keep": "<@U0ADMIN> asked me to keep extending", "end": "<@U0ADMIN> chose to let *", "stop": "<@U0ADMIN> told me to stop",
	} {
		inBubble(t, nil, func(t *testing.T, w *world) {
			w.prompted(verb)
			w.receives(clicked("click", admin, "P1"))
			<-w.observed
			edits := w.poster.edited()
			if len(w.desk.texts())+len(w.poster.heardBy(admin)) != 0 || len(edits) != 1 || edits[0].place != theChannel {
				t.Fatalf("%s: %q, edited %+v", verb, w.desk.texts(), edits)
			}
			wantTexts(t, []string{edits[0].text}, want)
			if got := w.answered(); !slices.Equal(got, []string{"click"}) {
				t.Errorf("%s: answered %q", verb, got)
			}
		})
	}
}

// Where the prompt does not say it now, the person reads it, and the prompt is not replaced by that.
func TestPromptThatCannotSayIt(t *testing.T) {
	posting := func(w *world, verb string) { // which another process began to, and has not noted
		prompt, _, err := w.store.Prompts.ClaimPrompt(w.t.Context(), asked().Prompt)
		w.must(err)
		offered(under(verb, prompt.ID))(w)
	}
	closed := func(w *world, verb string) {
		w.must(w.store.Prompts.MovePrompt(w.t.Context(), w.prompted(verb), scheduler.PromptClosed, scheduler.Posted{}))
	}
	but := func(set func(*world)) func(*world, string) {
		return func(w *world, verb string) { w.prompted(verb); set(w) }
	}
	for name, prompt := range map[string]func(*world, string){
		"edit fails":        but(func(w *world) { w.poster.fail(theChannel, slackSays("internal_error"), slackSays("internal_error")) }),
		"still posting":     posting,
		"closed":            closed,
		"prompt not read":   but(fault(failing(context.DeadlineExceeded), "Prompt")),
		"edit never ends":   but(fault(failing(context.DeadlineExceeded), "FollowNow")),
		"prompt is unknown": but(fault(failing(scheduler.ErrNoPrompt), "Prompt")),
	} {
		for _, verb := range []string{"extend", "keep", "end", "stop"} {
			inBubble(t, nil, func(t *testing.T, w *world) {
				prompt(w, verb)
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
	inBubble(t, func(w *world) { w.policy.AllowEveryone = true }, func(t *testing.T, w *world) {
		w.prompted("extend")
		for i := range 10 {
			w.receives(clicked(fmt.Sprint("click ", i), admin, "P1"))
		}
		for range 10 {
			<-w.observed
		}
		if !slices.Equal(w.effects(), []int{15}) {
			t.Errorf("the service added %v", w.effects())
		}
		answers := w.desk.heard()
		if len(answers) != 9 {
			t.Fatalf("%d read an answer: %q", len(answers), w.desk.texts())
		}
		for _, said := range answers {
			if !strings.Contains(said.text, "<@U0ADMIN> extended *Weekly product sync*, which now ends at <!date^1795181220^") || said.replaces {
				t.Errorf("%+v", said)
			}
		}
	})
}

// A press that comes late says what is true now.
func TestPressUnderAPromptComesLate(t *testing.T) {
	// What has happened between the prompt and the press.
	over := func(w *world, _ int64) { w.service.Remove(theID); refusesReads(400, "MMC.111072006")(w) }
	another := func(w *world, _ int64) { w.nextRun() }
	extended := func(w *world, _ int64) { w.service.SetEnd(theID, theMeeting().End.Add(15*time.Minute)) }
	forgotten := func(w *world, _ int64) { w.faults.put("Answer", failing(scheduler.ErrNoPrompt)) }
	storeDown := func(w *world, _ int64) { w.faults.put("Answer", failing(errTrouble)) }
	down := func(w *world, _ int64) { serviceDown(w) }
	answered := func(answer scheduler.Answer, user string) func(*world, int64) {
		return func(w *world, prompt int64) {
			_, _, err := w.store.Prompts.AnswerPrompt(w.t.Context(), prompt, answer, actor(user))
			w.must(err)
		}
	}
	longAfter := func(w *world, prompt int64) {
		over(w, prompt)
		time.Sleep(time.Until(theMeeting().End.Add(time.Minute)))
	}
	for _, test := range []struct {
		name, verb string
		happens    func(*world, int64)
		want       string
		said       bool
	}{
		{"meeting over", "keep", over, "has already ended", false},
		{"meeting over", "extend", over, "has already ended", false},
		{"after its end", "end", longAfter, "has already ended", false},
		{"another run", "stop", another, "has already ended", false},
		{"extended meanwhile, let end", "end", extended, "The end has changed in the meantime", false},
		{"extended meanwhile, keep", "keep", extended, "extended in the meeting client", true},
		{"extended meanwhile, extend", "extend", extended, "The end has changed in the meantime", false},
		{"another answered, and the newest counts", "end", answered(scheduler.KeepExtending, owner), "<@U0ADMIN> chose to let *", true},
		{"another answered the same", "end", answered(scheduler.LetEnd, owner), "<@U0OWNER> chose to let *", false},
		{"the same envelope again", "end", answered(scheduler.LetEnd, admin), "<@U0ADMIN> chose to let *", true},
		{"prompt gone", "keep", forgotten, "I no longer know this button", false},
		{"store down", "keep", storeDown, "I can't save requests", false},
		{"service down", "keep", down, "isn't answering", false},
	} {
		t.Run(test.name+", "+test.verb, func(t *testing.T) {
			inBubble(t, nil, func(t *testing.T, w *world) {
				test.happens(w, w.prompted(test.verb))
				said := w.presses(admin, "P1")
				if silent := said.silent(); silent != test.said || said.replaces {
					t.Errorf("%s %q (said by the prompt: %v, replaces: %v)", said.tone, said.text, silent, said.replaces)
				}
				if edits := w.poster.edited(); test.said && len(edits) > 0 {
					said = edits[len(edits)-1].heard
				}
				if !strings.Contains(said.text, test.want) {
					t.Errorf("%s %q, want %q", said.tone, said.text, test.want)
				}
				for _, fault := range lintHeard(said) {
					t.Error(fault)
				}
			})
		})
	}
}

// A second press is answered with "you already told me". Each answer has an undo button. Once one was used, the other
// says that there is nothing to undo, and goes.
func TestQuietIsSaidOnce(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, w *world) {
		w.prompted("quiet")
		w.receives(clicked("first", owner, "P1"))
		w.receives(clicked("second", owner, "P1"))
		<-w.observed
		<-w.observed
		texts := w.desk.texts()
		slices.Sort(texts)
		wantTexts(t, texts, "I'll no longer message you", "You already told me")
		var after []heard
		for _, said := range w.desk.heard() {
			after = append(after, w.presses(owner, w.button(said, "ask again")))
		}
		wantTexts(t, []string{after[0].text, after[1].text}, "I'll message you again", "nothing has changed")
		for _, said := range after {
			if !said.replaces || len(said.blocks) != 1 {
				t.Errorf("the answer leaves a button: %+v", said)
			}
		}
	})
}

// "Don't ask me again" is the host's own, can be taken back, and needs no prompt that is still there.
func TestQuietAndAgain(t *testing.T) {
	inBubble(t, offered(under("quiet", 99)), func(t *testing.T, w *world) {
		said := w.presses(owner, "P1")
		if !w.quiet(owner) || said.replaces || len(said.buttons) != 1 {
			t.Fatalf("%v, %+v", w.quiet(owner), said)
		}
		if list := w.asks(owner, "list"); !slices.Equal(w.verbs(list), []string{"ask again"}) {
			t.Errorf("%+v", list.buttons)
		}
		if said = w.presses(owner, said.buttons[0].id); w.quiet(owner) || !said.replaces {
			t.Errorf("%v, %+v", w.quiet(owner), said)
		}
	})
}

// A button carries out no command but those that answers offer.
func TestTypedButtons(t *testing.T) {
	for command, want := range map[string]Tone{
		"watch 914083136 ask": Done, "unwatch 914083136": Telling, "pause": Telling, "914083136 30": Telling, "list": Telling, "nonsense": Telling,
	} {
		inBubble(t, offered(typedUnder(command)), func(t *testing.T, w *world) {
			said := w.presses(admin, "P1")
			if said.tone != want || said.replaces != (want == Done) || w.paused() || len(w.wished()) > 0 {
				t.Errorf("%s: %+v", command, said)
			}
		})
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
		{"by a rule of its room", both(inRoom("771234"), ruledBy(owner, ruleAuto, ruleOf("771234"))), "unwatch 771234", 0},
		{"by the configuration", otherwise(scheduler.ModeAuto), "watch 914083136 ask", 1},
		{"by the configuration, while its rule asks", both(otherwise(scheduler.ModeAuto), ruledBy(owner)), "", 0},
		{"by an answer", ruledBy(owner), "", 0},
		{"by a rule that is paused", ruledBy(owner, ruleAuto, rulePaused), "", 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, test.set, func(t *testing.T, w *world) {
				w.prompted("stop")
				w.faults.put("FollowNow", failing(errTrouble)) // the person reads it alone
				said := w.presses(admin, "P1")
				command := toType(said)
				if command != test.want || (len(said.next) == 0) != (test.want == "") {
					t.Fatalf("%q, want %q in it", said.next, test.want)
				}
				if test.want == "" {
					return
				}
				if done := w.asks(admin, command); done.tone != Done || len(w.rules()) != test.left {
					t.Errorf("%s leaves %d rules: %+v", command, len(w.rules()), done)
				}
			})
		})
	}
}
