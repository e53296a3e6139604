package main

import (
	"cmp"
	"database/sql"
	"fmt"
	"net/url"
	"slices"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
	"golang.org/x/sync/errgroup"

	"github.com/overtime-bot/overtime/meeting/meetingtest"
	"github.com/overtime-bot/overtime/scheduler/storetest"
)

// crash is a bot that dies at a step, or at several in turn, and is started again each time.
type crash struct {
	name     string
	fates    []string // of each process but the last
	fault    func(trial *trial) meetingtest.Fault
	during   func(trial *trial, dying *process, w wish) // what the trial does until the process is dead; it dies by itself if nil
	patience time.Duration                              // until the last answer; 20 s if 0
	ahead    time.Duration                              // of the clock of the next start; enough for every claim to be over if 0
	effect   int                                        // how often the meeting is extended: 1 or 0, where only one of them is right
	says     claimed                                    // the last answer
}

// later is more than a claim in the inbox lives and a PUT may take.
const later = 25 * time.Second

// crashes are the steps of a command's life, each with a death before and after it.
var crashes = []crash{
	{name: "before it is stored", fates: []string{"kill store before 1"}, effect: 1, says: saysDone},
	{name: "stored, not acked", fates: []string{"hang claim before 1, kill store after 1"}, effect: 1, says: saysDone},
	{name: "stored and acked", fates: []string{"hang claim before 1"}, during: killAfterAck, effect: 1, says: saysDone},
	{name: "before the row is written", fates: []string{"kill claim before 1"}, effect: 1, says: saysDone},
	{name: "row written", fates: []string{"kill claim after 1"}, effect: 1, says: saysDone},
	{name: "before the end is read", fates: []string{"kill read before 2"}, effect: 1, says: saysDone},
	{name: "end read", fates: []string{"kill read after 2"}, effect: 1, says: saysDone},
	{name: "control token under way", fates: []string{"hang aim before 1"}, fault: held(meetingtest.OpControlToken, meetingtest.Fault{}), during: killAtCall(meetingtest.OpControlToken), effect: 1, says: saysDone},
	{name: "before it aims", fates: []string{"kill aim before 1"}, effect: 1, says: saysDone},
	// From here on it may have been sent, for all that is written down.
	{name: "aimed", fates: []string{"kill aim after 1"}, effect: 0, says: saysNot},
	{name: "before it is sent", fates: []string{"kill extend before 1"}, effect: 0, says: saysNot},
	{name: "aimed, control token under way", fault: held(meetingtest.OpControlToken, meetingtest.Fault{}), during: killAimed, effect: 0, says: saysNot},
	{name: "sent, and lost", fault: held(meetingtest.OpExtend, meetingtest.Fault{Kind: meetingtest.HangUp}), during: killAtCall(meetingtest.OpExtend), effect: 0, says: saysNot},
	{name: "sent, and applied after the death", fault: held(meetingtest.OpExtend, meetingtest.Fault{}), during: killAtCall(meetingtest.OpExtend), effect: 1, says: saysDone},
	{name: "applied, not answered", fault: heldAfter, during: killAtEffect, effect: 1, says: saysDone},
	{name: "answer of the service lost", fates: []string{"kill extend after 1"}, effect: 1, says: saysDone},
	{name: "before it reads back", fates: []string{"kill read before 3"}, effect: 1, says: saysDone},
	{name: "read back", fates: []string{"kill read after 3"}, effect: 1, says: saysDone},
	{name: "before the outcome is written", fates: []string{"kill move to confirmed before 1"}, effect: 1, says: saysDone},
	{name: "outcome written", fates: []string{"kill move to confirmed after 1"}, effect: 1, says: saysDone},
	{name: "before it answers", fates: []string{"kill answer before 1"}, effect: 1, says: saysDone},
	{name: "answered", fates: []string{"kill answer after 1"}, effect: 1, says: saysDone},
	{name: "before the answer is noted", fates: []string{"kill note answer before 1"}, effect: 1, says: saysDone},
	{name: "answer noted", fates: []string{"kill note answer after 1"}, effect: 1, says: saysDone},
}

// crashesInDoubt are the steps of the second answer: the service said 500, and had done it.
var crashesInDoubt = []crash{
	{name: "before the doubt is written", fates: []string{"kill move to unknown before 1"}},
	{name: "doubt written", fates: []string{"kill move to unknown after 1"}},
	{name: "before the first answer", fates: []string{"kill answer before 1"}},
	{name: "first answer sent", fates: []string{"kill answer after 1"}},
	{name: "first answer noted", fates: []string{"kill note answer after 1"}},
	{name: "first reading", fates: []string{"kill read after 3"}},
	{name: "second reading", fates: []string{"kill read after 4"}},
	{name: "before the end of the doubt is written", fates: []string{"kill move to confirmed before 1"}},
	{name: "end of the doubt written", fates: []string{"kill move to confirmed after 1"}},
	{name: "before the second answer", fates: []string{"kill answer before 2"}},
	{name: "second answer sent", fates: []string{"kill answer after 2"}},
	{name: "second answer noted", fates: []string{"kill note answer after 2"}},
	{name: "before it is noted that they were told", fates: []string{"kill told before 1"}},
	{name: "noted that they were told", fates: []string{"kill told after 1"}},
}

// crashesAgain die once more while they clear up.
var crashesAgain = []crash{
	{name: "acked, and when taken over", fates: []string{"kill claim before 1", "kill sweep after 1"}, effect: 1, says: saysDone},
	{name: "row written, and before it is given up", fates: []string{"kill claim after 1", "kill abandon before 1"}, effect: 1, says: saysDone},
	{name: "row written, and when it is given up", fates: []string{"kill claim after 1", "kill abandon after 1"}, effect: 1, says: saysDone},
	{name: "row written, and aimed", fates: []string{"kill claim after 1", "kill aim after 1"}, effect: 0, says: saysNot},
	{name: "row written, and applied", fates: []string{"kill claim after 1", "kill extend after 1"}, effect: 1, says: saysDone},
	{name: "applied, and settled", fates: []string{"kill extend after 1", "kill move to confirmed after 1"}, effect: 1, says: saysDone},
	{name: "applied, and told", fates: []string{"kill extend after 1", "kill answer after 1"}, effect: 1, says: saysDone},
	{name: "confirmed, and told again", fates: []string{"kill answer after 1", "kill answer after 1"}, effect: 1, says: saysDone},
}

// crashesLongAgo are found by a bot that comes back when nobody waits for the extension any more.
var crashesLongAgo = []crash{
	{name: "acked", fates: []string{"hang claim before 1"}, during: killAfterAck, ahead: 3 * time.Minute, effect: 0, says: saysNot},
	{name: "row written", fates: []string{"kill claim after 1"}, ahead: 3 * time.Minute, effect: 0, says: saysNot},
	{name: "aimed", fates: []string{"kill aim after 1"}, ahead: 3 * time.Minute, effect: 0, says: saysNot},
	{name: "applied", fates: []string{"kill extend after 1"}, ahead: 3 * time.Minute, effect: 1, says: saysDone},
	{name: "confirmed", fates: []string{"kill answer before 1"}, ahead: 3 * time.Minute, effect: 1, says: saysDone},
	// When response_urls are dead and payloads are erased.
	{name: "acked, an hour ago", fates: []string{"hang claim before 1"}, during: killAfterAck, ahead: 50 * time.Minute, effect: 0, says: saysNot},
	{name: "row written, an hour ago", fates: []string{"kill claim after 1"}, ahead: 50 * time.Minute, effect: 0, says: saysNot},
	{name: "aimed, an hour ago", fates: []string{"kill aim after 1"}, ahead: 50 * time.Minute, effect: 0, says: saysNot},
	{name: "applied, an hour ago", fates: []string{"kill extend after 1"}, ahead: 50 * time.Minute, effect: 1, says: saysDone},
	{name: "confirmed, an hour ago", fates: []string{"kill answer before 1"}, ahead: 50 * time.Minute, effect: 1, says: saysDone},
}

func held(op meetingtest.Op, fault meetingtest.Fault) func(*trial) meetingtest.Fault {
	return func(tr *trial) meetingtest.Fault {
		fault := fault
		fault.Op, fault.HoldBefore = op, tr.released
		return fault
	}
}

func heldAfter(tr *trial) meetingtest.Fault {
	return meetingtest.Fault{Op: meetingtest.OpExtend, HoldAfter: tr.released}
}

func appliedAnd500(*trial) meetingtest.Fault {
	return meetingtest.Fault{Op: meetingtest.OpExtend, Kind: meetingtest.Refuse, Status: 500, Applied: true}
}

func killAfterAck(tr *trial, dying *process, w wish) {
	ctx, cancel := withTimeout(tr.t, stepWithin)
	defer cancel()
	if err := tr.slack.WaitAck(ctx, w.envelope); err != nil {
		tr.t.Errorf("no ack: %v\n%s", err, dying.log)
	}
	dying.waitStep("claim before", 1)
	dying.kill()
}

// killAtCall kills while the service holds the call, which then goes on.
func killAtCall(op meetingtest.Op) func(*trial, *process, wish) {
	return func(tr *trial, dying *process, _ wish) {
		ctx, cancel := withTimeout(tr.t, stepWithin)
		defer cancel()
		if err := tr.service.WaitCall(ctx, op, 1); err != nil {
			tr.t.Errorf("%s was not called: %v\n%s", op, err, dying.log)
		}
		dying.kill()
		tr.release()
	}
}

// killAimed kills while the PUT waits for its token, which is fetched beside the reading of the end.
func killAimed(tr *trial, dying *process, w wish) {
	dying.waitStep("aim after", 1)
	killAtCall(meetingtest.OpControlToken)(tr, dying, w)
}

func killAtEffect(tr *trial, dying *process, w wish) {
	ctx, cancel := withTimeout(tr.t, stepWithin)
	defer cancel()
	if err := tr.service.WaitEffects(ctx, w.meeting, 1); err != nil {
		tr.t.Errorf("no effect: %v\n%s", err, dying.log)
	}
	dying.kill()
	tr.release()
}

// run plays the case and judges it.
func (c crash) run(t *testing.T, database string) {
	tr := newTrial(t, database)
	if c.fault != nil {
		tr.service.Inject(c.fault(tr))
	}
	fates := append(slices.Clone(c.fates), "")
	if c.fates == nil {
		fates = []string{"", ""}
	}
	dying := tr.start(fateAt + "=" + fates[0])
	w, ok := tr.asks(tr.meeting(), 7)
	if !ok {
		t.Fatalf("the bot has no socket:\n%s\n%s", dying.steps, dying.log)
	}
	ahead := c.ahead
	if database == "" && ahead == 0 {
		ahead = later // Postgres goes by a clock of its own: there the time is waited for
	}
	c.untilDead(tr, dying, w)
	for i, fate := range fates[1:] {
		dying = tr.startLater(time.Duration(i+1)*ahead, fateAt+"="+fate)
		if fate != "" {
			dying.dies()
		}
	}
	c.judge(tr, dying, w)
}

func (c crash) untilDead(tr *trial, dying *process, w wish) {
	if c.during != nil {
		c.during(tr, dying, w)
		return
	}
	dying.dies()
}

// judge waits until all is quiet: everybody has an answer, and the sweeper and the timer looked once more.
func (c crash) judge(tr *trial, last *process, w wish) {
	j := newJudge(tr)
	if tr.waitFinal(j, cmp.Or(c.patience, 20*time.Second)) {
		last.waitNextLook()
	}
	last.stop()
	r := j.rule()[w.envelope]
	if len(r.effects) != c.effect {
		tr.t.Errorf("extended %d times, want %d\n  answers %v", len(r.effects), c.effect, r.answers)
	}
	if len(r.answers) > 2+max(1, len(c.fates)) { // a second one settles the first, and a crash may cost a copy
		tr.t.Errorf("answered %d times: %v", len(r.answers), r.answers)
	}
	if n := len(r.answers); n > 0 && r.answers[n-1].says != cmp.Or(c.says, saysDone) {
		tr.t.Errorf("the last answer is %v, want %s", r.answers[n-1], cmp.Or(c.says, saysDone))
	}
	if tr.t.Failed() {
		tr.t.Logf("the last process:\n%s\n%s", last.steps, last.log)
	}
}

// waitNextLook waits until the sweeper and the settling timer have looked for what is left to do.
func (p *process) waitNextLook() {
	for _, look := range []string{"sweep after", "owed after"} {
		count, _ := p.steps.count(look)
		p.waitStep(look, count+1)
	}
}

// together is how many cases run at the same time: most of their time they wait.
const together = 12

// sideBySide runs the cases at the same time, more of them than there are processors.
func sideBySide[T any](t *testing.T, cases []T, name func(T) string, run func(*testing.T, T)) {
	slow(t)
	var group errgroup.Group
	group.SetLimit(together)
	for _, c := range cases {
		group.Go(func() error {
			t.Run(name(c), func(t *testing.T) { run(t, c) })
			return nil
		})
	}
	_ = group.Wait() // the cases told t
}

func (c crash) String() string { return c.name }

func TestCrashes(t *testing.T) {
	t.Parallel()
	sideBySide(t, crashes, crash.String, func(t *testing.T, c crash) { c.run(t, "") })
}

func TestCrashesInDoubt(t *testing.T) {
	slow(t)
	t.Parallel()
	sideBySide(t, crashesInDoubt, crash.String, func(t *testing.T, c crash) {
		c.fault, c.effect = appliedAnd500, 1
		c.run(t, "")
	})
}

func TestCrashesOfTheSecondStart(t *testing.T) {
	slow(t)
	t.Parallel()
	sideBySide(t, crashesAgain, crash.String, func(t *testing.T, c crash) { c.run(t, "") })
}

func TestCrashesLongAgo(t *testing.T) {
	slow(t)
	t.Parallel()
	sideBySide(t, crashesLongAgo, crash.String, func(t *testing.T, c crash) { c.run(t, "") })
}

// crashesOnPostgres go by a clock that no test can move: what claims and deadlines are for is waited for.
var crashesOnPostgres = []string{
	"stored, not acked", "row written", "aimed", "applied, not answered", "outcome written", "before it answers",
}

func TestCrashesOnPostgres(t *testing.T) {
	t.Parallel()
	server := storetest.StartPostgres(t)
	chosen := slices.DeleteFunc(slices.Clone(crashes), func(c crash) bool { return !slices.Contains(crashesOnPostgres, c.name) })
	if len(chosen) != len(crashesOnPostgres) {
		t.Fatalf("only %v are among the crashes", chosen)
	}
	databases := make(map[string]string)
	for i, c := range chosen {
		databases[c.name] = newDatabase(t, server, fmt.Sprint("crash", i))
	}
	sideBySide(t, chosen, crash.String, func(t *testing.T, c crash) {
		c.patience = time.Minute
		c.run(t, databases[c.name])
	})
}

// newDatabase makes one on a server.
func newDatabase(t *testing.T, server *url.URL, name string) string {
	t.Helper()
	db, err := sql.Open("pgx", server.String())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), "CREATE DATABASE "+name); err != nil {
		t.Fatal(err)
	}
	made := *server
	made.Path = "/" + name
	return made.String()
}
