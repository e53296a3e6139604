package scheduler_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/meeting/meetingtest"
	"github.com/overtime-bot/overtime/scheduler"
)

// Nobody could be told, or somebody else was. Then a channel watches, which is asked, too, and once.
func TestWatchAfterOthersWereAsked(t *testing.T) {
	inOffice(t, scheduler.ModeAsk, func(o *office) {
		o.announcer.fail = func(oc scheduler.Occasion) error {
			if oc.Rule.Channel == "" {
				return scheduler.ErrNobodyToTell
			}
			return nil
		}
		o.start(o.replica)
		o.until(9*time.Minute + 30*time.Second)
		o.wantSaid(scheduler.PromptAsk)
		o.watch(scheduler.Rule{Mode: scheduler.ModeAsk})
		o.until(2 * time.Minute)
		o.wantSaid(scheduler.PromptAsk, 0)
	})
}

// What counts as asked depends on who reads it, and who should.
func TestWhoWasAsked(t *testing.T) {
	made := decideEnd.Add(-8 * time.Minute)
	rule := func(channel string) scheduler.Rule {
		return scheduler.Rule{Of: meetingID, Mode: scheduler.ModeAsk, Channel: channel, Owner: alice, Created: made}
	}
	in := func(reader, channel string) scheduler.Prompt {
		return scheduler.Prompt{State: scheduler.PromptPosted, Posted: scheduler.Posted{
			Channel: channel, Timestamp: "1.2", Reader: scheduler.Reader{ID: reader},
		}}
	}
	nobody := scheduler.Prompt{State: scheduler.PromptClosed}
	tried := func(prompt scheduler.Prompt, reader string, at time.Time) scheduler.Prompt {
		prompt.For = reader + " " + strconv.FormatInt(at.UnixMilli(), 10)
		return prompt
	}
	for name, test := range map[string]struct {
		before scheduler.Prompt
		rule   scheduler.Rule
		asked  bool
	}{
		"nobody, then a channel":                          {nobody, rule("C1"), false},
		"nobody, then a person":                           {nobody, rule(""), false},
		"nobody, and still no rule":                       {nobody, scheduler.Rule{Mode: scheduler.ModeAsk}, true},
		"the notify channel, then a channel":              {in("C9", "C9"), rule("C1"), false},
		"the host, then a channel":                        {in("UHOST", "D1"), rule("C1"), false},
		"the host, then a person":                         {in("UHOST", "D1"), rule(""), false},
		"the host, who watches then":                      {in(alice.User, "D1"), rule(""), true},
		"the channel itself, under a rule of before":      {tried(in("C1", "C1"), "C1", made.Add(-time.Hour)), rule("C1"), true},
		"another channel, under a rule of before":         {tried(in("C2", "C2"), "C2", made.Add(-time.Hour)), rule("C1"), false},
		"the owner, where the channel could not be":       {tried(in(alice.User, "D1"), "C1", made), rule("C1"), true},
		"the owner, and the rule is made again":           {tried(in(alice.User, "D1"), "C1", made.Add(-time.Minute)), rule("C1"), false},
		"a channel, and nobody watches any longer":        {tried(in("C1", "C1"), "C1", made), scheduler.Rule{Mode: scheduler.ModeAsk}, true},
		"nobody, tried for this rule":                     {tried(nobody, "C1", made), rule("C1"), true},
		"just being posted":                               {tried(scheduler.Prompt{State: scheduler.PromptPosting}, "C1", made), rule("C1"), true},
		"just being posted by an older replica":           {scheduler.Prompt{State: scheduler.PromptPosting}, rule("C1"), true},
		"posted to the channel by an older replica":       {in("", "C1"), rule("C1"), true},
		"posted to another channel by an older replica":   {in("", "C2"), rule("C1"), false},
		"perhaps posted, for the rule of another channel": {tried(scheduler.Prompt{State: scheduler.PromptUnsure}, "C2", made), rule("C1"), false},
	} {
		s := plain()
		test.before.ID, test.before.Kind, test.before.Run, test.before.End = 1, scheduler.PromptAsk, decideRun, decideEnd
		s.rule, s.history.Prompts = test.rule, []scheduler.Prompt{test.before}
		want := scheduler.TimeToAsk
		if test.asked {
			want = scheduler.AskedAlready
		}
		if got := s.decide().Reason; got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

// troubles are all that the source names.
func troubles(t *testing.T) []scheduler.Trouble {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "trouble.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var found []scheduler.Trouble
	ast.Inspect(file, func(node ast.Node) bool {
		if spec, ok := node.(*ast.ValueSpec); ok && strings.HasPrefix(spec.Names[0].Name, "Trouble") {
			value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			found = append(found, scheduler.Trouble(value))
		}
		return true
	})
	if len(found) < 10 {
		t.Fatalf("only %d troubles", len(found))
	}
	return found
}

// Nobody knows whether Slack has a message. Posted again, it says what it said.
func TestUnsureTroubleSaysTheSame(t *testing.T) {
	for _, trouble := range troubles(t) {
		inOffice(t, scheduler.ModeAsk, func(o *office) {
			o.until(20 * time.Minute)
			_, won, err := o.store.Prompts.ClaimPrompt(o.ctx, scheduler.Prompt{
				Kind: scheduler.PromptTrouble, Trouble: trouble, Run: o.run1, MeetingID: meetingID, End: o.end,
			})
			if err != nil || !won {
				t.Fatal(won, err)
			}
			o.start(o.replica)
			o.until(15 * time.Minute)
			if said := o.wantSaid(scheduler.PromptTrouble, 0); said[0].Trouble != trouble || !said[0].Unsure {
				t.Errorf("%s: it said %s", trouble, said[0].Trouble)
			}
		})
	}
}

// Slack did not answer when a trouble was posted. The second message does not say that an extension was sent.
func TestUnsureTroubleOfWhatWasNeverSent(t *testing.T) {
	inOffice(t, scheduler.ModeOff, func(o *office) {
		o.service.EndMeeting(meetingID)
		onTime := 0
		o.service.Add(meetingtest.Meeting{ID: meetingID, Subject: "Hidden", End: o.end, People: 3, ProlongMinutes: &onTime, HideChair: true})
		o.watch(scheduler.Rule{Mode: scheduler.ModeAuto})
		first := true
		o.announcer.after = func(scheduler.Occasion) error {
			if first {
				first = false
				return scheduler.ErrInDoubt
			}
			return nil
		}
		o.start(o.replica)
		o.until(2 * time.Minute)
		if count := o.service.Count(meetingtest.OpExtend); count != 0 {
			t.Errorf("%d extensions were sent", count)
		}
		for _, said := range o.wantSaid(scheduler.PromptTrouble, 0, 0) {
			if said.Trouble != scheduler.TroubleHidden {
				t.Errorf("it said %s", said.Trouble)
			}
		}
	})
}
