package main

import (
	"testing"
	"time"

	"github.com/overtime-bot/overtime/meeting/meetingtest"
)

// fault is something that goes wrong with the service for one meeting, and what is true after it.
type fault struct {
	name   string
	fault  meetingtest.Fault
	effect int
	says   claimed // the last answer
}

func refusal(status int, code string) meetingtest.Fault {
	return meetingtest.Fault{Kind: meetingtest.Refuse, Status: status, Code: code}
}

func applied(f meetingtest.Fault) meetingtest.Fault {
	f.Applied = true
	return f
}

// faultsOfTheExtension befall the PUT.
var faultsOfTheExtension = []fault{
	{"late, in time", meetingtest.Fault{Before: 300 * time.Millisecond, After: 300 * time.Millisecond}, 1, saysDone},
	{"applied after the deadline", meetingtest.Fault{Before: 3 * time.Second}, 1, saysDone},
	{"answered after the deadline", meetingtest.Fault{After: 3 * time.Second}, 1, saysDone},
	{"hung up", meetingtest.Fault{Kind: meetingtest.HangUp}, 0, saysNot},
	{"applied and hung up", applied(meetingtest.Fault{Kind: meetingtest.HangUp}), 1, saysDone},
	{"reset", meetingtest.Fault{Kind: meetingtest.Reset}, 0, saysNot},
	{"applied and reset", applied(meetingtest.Fault{Kind: meetingtest.Reset}), 1, saysDone},
	{"no answer at all", meetingtest.Fault{Kind: meetingtest.Hang}, 0, saysNot},
	{"applied, and no answer at all", applied(meetingtest.Fault{Kind: meetingtest.Hang}), 1, saysDone},
	{"500", refusal(500, ""), 0, saysNot},
	{"applied and 500", applied(refusal(500, "")), 1, saysDone},
	{"503", refusal(503, ""), 0, saysNot},
	{"applied and 504", applied(refusal(504, "")), 1, saysDone},
	{"no code, 400", meetingtest.Fault{Kind: meetingtest.HTML, Status: 400}, 0, saysNot},
	{"applied, and a 400 that says nothing", applied(meetingtest.Fault{Kind: meetingtest.HTML, Status: 400}), 1, saysDone},
	{"doubtful code", refusal(400, "MMC.111072049"), 0, saysNot},
	{"applied and a doubtful code", applied(refusal(400, "MMC.111072049")), 1, saysDone},
	{"applied and another doubtful code", applied(refusal(400, "MMC.111074004")), 1, saysDone},
	{"applied and a code that nobody knows", applied(refusal(400, "MMC.111999999")), 1, saysDone},
	{"refused: the longest time", refusal(400, "MMC.111074003"), 0, saysNot},
	{"control token refused once", refusal(401, ""), 1, saysDone},
	{"control token refused for good", meetingtest.Fault{Kind: meetingtest.Refuse, Status: 401, Times: -1}, 0, saysNot},
	{"applied and malformed", applied(meetingtest.Fault{Kind: meetingtest.Malformed}), 1, saysDone},
	{"applied and a page", applied(meetingtest.Fault{Kind: meetingtest.HTML}), 1, saysDone},
	{"a page with 502", meetingtest.Fault{Kind: meetingtest.HTML, Status: 502}, 0, saysNot},
	{"truncated", meetingtest.Fault{Kind: meetingtest.Truncated}, 1, saysDone},
	{"redirected", meetingtest.Fault{Kind: meetingtest.Redirect}, 0, saysNot},
	{"applied and redirected", applied(meetingtest.Fault{Kind: meetingtest.Redirect}), 1, saysDone},
}

// Each befalls a meeting of its own, all at the same time.
func TestFaultsOfTheExtension(t *testing.T) {
	slow(t)
	t.Parallel()
	tr := newTrial(t, "")
	bot := tr.start()
	asked := make(map[string]wish)
	for _, f := range faultsOfTheExtension {
		asked[f.name] = tr.asksUnder(f.fault)
	}
	j := newJudge(tr)
	tr.waitFinal(j, 40*time.Second)
	bot.stop()
	rulings := j.rule()
	for _, f := range faultsOfTheExtension {
		t.Run(f.name, func(t *testing.T) { f.check(t, rulings[asked[f.name].envelope]) })
	}
	tellIfFailed(t, bot)
}

// asksUnder asks for a meeting whose PUT goes wrong.
func (tr *trial) asksUnder(fault meetingtest.Fault) wish {
	tr.t.Helper()
	fault.Op, fault.ConferenceID = meetingtest.OpExtend, tr.meeting()
	tr.service.Inject(fault)
	w, ok := tr.asks(fault.ConferenceID, 7)
	if !ok {
		tr.t.Fatal("the bot has no socket")
	}
	return w
}

func (f fault) check(t *testing.T, r ruling) {
	t.Helper()
	if len(r.effects) != f.effect {
		t.Errorf("extended %d times, want %d; puts %v, answers %v", len(r.effects), f.effect, r.puts, r.answers)
	}
	if n := len(r.answers); n == 0 || r.answers[n-1].says != f.says {
		t.Errorf("answers %v, want the last to say: %s", r.answers, f.says)
	}
	if len(r.answers) > 2 {
		t.Errorf("answered %d times: %v", len(r.answers), r.answers)
	}
}

func tellIfFailed(t *testing.T, p *process) {
	t.Helper()
	if t.Failed() {
		t.Logf("the bot:\n%s", p.log)
	}
}

// trouble is a fault of more than one call, with a stage of its own since it befalls every meeting.
type trouble struct {
	name   string
	bring  func(tr *trial, meeting string)
	effect int
	says   claimed
	ahead  time.Duration // the bot starts again so much later, after the first answer; 0 = it does not
}

var troubles = []trouble{
	{name: "429 with a header", bring: refusePut(meetingtest.Fault{Kind: meetingtest.Refuse, Status: 429, RetryAfter: "1"}), effect: 0, says: saysNot},
	{name: "429 without a header", bring: refusePut(meetingtest.Fault{Kind: meetingtest.Refuse, Status: 429}), effect: 0, says: saysNot},
	{name: "429 for every call", bring: func(tr *trial, _ string) {
		tr.service.Inject(meetingtest.Fault{Kind: meetingtest.Refuse, Status: 429, RetryAfter: "60", Times: -1})
	}, effect: 0, says: saysNot},
	{name: "expired control tokens", bring: func(tr *trial, meeting string) {
		tr.extended(meeting)
		tr.service.ExpireControlTokens()
	}, effect: 1, says: saysDone},
	{name: "expired access tokens", bring: func(tr *trial, meeting string) {
		tr.extended(meeting)
		tr.service.ExpireTokens()
	}, effect: 1, says: saysDone},
	{name: "the list lags a little", bring: func(tr *trial, _ string) {
		tr.service.SetListLag(2 * time.Second)
	}, effect: 1, says: saysDone},
	{name: "the list lags long", bring: func(tr *trial, _ string) {
		tr.service.SetListLag(7 * time.Second)
	}, effect: 1, says: saysDone},
	{name: "the list lags long, and the answer is lost", bring: func(tr *trial, meeting string) {
		tr.service.SetListLag(7 * time.Second)
		tr.extended(meeting) // the lag is measured
		tr.service.Inject(applied(meetingtest.Fault{Op: meetingtest.OpExtend, Kind: meetingtest.HangUp}))
	}, effect: 1, says: saysDone},
	{name: "every read fails after the answer was lost", bring: func(tr *trial, _ string) {
		tr.service.Inject(applied(meetingtest.Fault{Op: meetingtest.OpExtend, Kind: meetingtest.HangUp}))
		for _, op := range []meetingtest.Op{meetingtest.OpOnline, meetingtest.OpOnlineDetail} {
			tr.service.Inject(meetingtest.Fault{Op: op, Skip: 2, Kind: meetingtest.Refuse, Status: 503, Times: 6})
		}
	}, effect: 1, says: saysDone},
	{name: "the login is locked", bring: func(tr *trial, _ string) {
		tr.service.LockOut()
		tr.service.ExpireTokens()
	}, effect: 0, says: saysNot},
	{name: "said yes, did nothing", bring: refusePut(meetingtest.Fault{Kind: meetingtest.Malformed}), effect: 0, says: saysUnclear, ahead: 12 * time.Minute},
}

func refusePut(fault meetingtest.Fault) func(*trial, string) {
	return func(tr *trial, _ string) {
		fault.Op = meetingtest.OpExtend
		tr.service.Inject(fault)
	}
}

// extended is an extension by which the bot gets to know the service.
func (tr *trial) extended(meeting string) {
	tr.t.Helper()
	if _, ok := tr.asks(meeting, 3); !ok {
		tr.t.Fatal("the bot has no socket")
	}
	tr.waitFinal(newJudge(tr), 40*time.Second)
}

func TestTroubles(t *testing.T) {
	slow(t)
	t.Parallel()
	sideBySide(t, troubles, func(f trouble) string { return f.name }, func(t *testing.T, f trouble) {
		tr := newTrial(t, "")
		bot := tr.start()
		meeting := tr.meeting()
		f.bring(tr, meeting)
		w, ok := tr.asks(meeting, 7)
		if !ok {
			t.Fatal("the bot has no socket")
		}
		j := newJudge(tr)
		j.mayBeUnclear = f.says == saysUnclear
		if f.ahead > 0 {
			tr.waitAnswered(j, w)
			bot.stop()
			bot = tr.startLater(f.ahead)
		}
		tr.waitFinal(j, 40*time.Second)
		bot.stop()
		fault{effect: f.effect, says: f.says}.check(t, j.rule()[w.envelope])
		tellIfFailed(t, bot)
	})
}
