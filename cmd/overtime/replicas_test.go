package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/meeting/meetingtest"
	"github.com/overtime-bot/overtime/scheduler/storetest"
)

// The traffic of the replicas: so many processes on one database, so many commands a second over so many meetings.
const (
	replicas        = 3
	trafficMeetings = 20
	trafficRounds   = 60
	trafficStays    = 6 // generations of meetings that nobody types for any more
	trafficRate     = 10
	trafficFor      = time.Minute
	calmTrafficFor  = 10 * time.Second
)

// seeded is chance that can be had again: its seed is told.
func seeded(t *testing.T) *rand.Rand {
	t.Helper()
	seed := rand.Uint64()
	if text := os.Getenv("OVERTIME_TEST_SEED"); text != "" {
		if _, err := fmt.Sscan(text, &seed); err != nil {
			t.Fatalf("OVERTIME_TEST_SEED: %v", err)
		}
	}
	t.Logf("OVERTIME_TEST_SEED=%d", seed)
	return rand.New(rand.NewPCG(seed, 0))
}

// traffic is people typing, while things happen.
type traffic struct {
	*trial
	chance   *rand.Rand
	meetings []string
	replaced []string // oldest first
	typed    int
	bots     []*process
}

func newTraffic(t *testing.T, database string) *traffic {
	t.Helper()
	tr := &traffic{trial: newTrial(t, database), chance: seeded(t)}
	for range trafficMeetings {
		tr.meetings = append(tr.meetings, tr.meeting())
	}
	for range replicas {
		tr.bots = append(tr.bots, tr.start())
	}
	return tr
}

// types is one command, with minutes that nobody else types for that meeting. After some rounds the meetings are
// others, so that none comes to its limit.
func (tr *traffic) types() (wish, bool) {
	turn, round := tr.typed%trafficMeetings, tr.typed/trafficMeetings%trafficRounds
	if round == 0 && tr.typed >= trafficMeetings {
		tr.replace(turn)
	}
	tr.typed++
	return tr.asks(tr.meetings[turn], 1+round)
}

// replace has another meeting run in the place of one. Each ends some generations later, when nobody waits for a word about it.
func (tr *traffic) replace(turn int) {
	tr.replaced = append(tr.replaced, tr.meetings[turn])
	tr.meetings[turn] = tr.meeting()
	if over := len(tr.replaced) - trafficStays*trafficMeetings; over > 0 {
		tr.service.EndMeeting(tr.replaced[over-1])
	}
}

// run types at the rate, and lets each tick do what it likes besides.
func (tr *traffic) run(during time.Duration, tick func(turn int, w wish)) {
	ticker := time.NewTicker(time.Second / trafficRate)
	defer ticker.Stop()
	turns, typed := int(during.Seconds())*trafficRate, 0
	for turn := range turns {
		if w, ok := tr.types(); ok {
			typed++
			tick(turn, w)
		}
		<-ticker.C // the rate is what this test is of
	}
	if typed < turns*3/4 {
		tr.t.Errorf("only %d of %d commands could be typed: the others found no socket", typed, turns)
	}
}

// finish waits for every answer, lets the bots end, and judges.
func (tr *traffic) finish() {
	j := newJudge(tr.trial)
	tr.waitFinal(j, 60*time.Second)
	for _, bot := range tr.bots {
		bot.stop()
	}
	rulings := j.rule()
	said := make(map[string]int)
	effects := 0
	for _, r := range rulings {
		effects += len(r.effects)
		for _, a := range r.answers {
			said[a.key]++
		}
	}
	tr.t.Logf("%d wishes, %d extensions; answers: %v", len(rulings), effects, said)
	if effects < len(rulings)/2 {
		tr.t.Errorf("%d of %d wishes were extensions: that is not what people want", effects, len(rulings))
	}
	if tr.t.Failed() {
		for _, bot := range tr.bots {
			tr.t.Logf("a bot:\n%s", bot.log)
		}
	}
}

// killOne ends a bot at once and starts another in its place, which takes its time while the others work.
func (tr *traffic) killOne(starting *sync.WaitGroup) {
	i := tr.chance.IntN(len(tr.bots))
	dead := tr.bots[i]
	dead.kill()
	starting.Go(func() { tr.bots[i] = tr.start() })
}

// Three processes on one Postgres, of which one or another is killed all the time, while sockets break, envelopes
// come again, and the service loses answers.
func TestReplicasThatAreKilled(t *testing.T) {
	slow(t)
	t.Parallel()
	tr := newTraffic(t, storetest.StartPostgres(t).String())
	kills := 0
	var starting sync.WaitGroup
	next := 10 + tr.chance.IntN(20)
	tr.run(trafficFor, func(turn int, w wish) {
		if turn == next {
			starting.Wait()
			tr.killOne(&starting)
			kills++
			next = turn + 15 + tr.chance.IntN(30)
		}
		tr.disturb(w)
	})
	starting.Wait()
	t.Logf("killed %d times", kills)
	tr.finish()
}

// disturb is what happens on the way.
func (tr *traffic) disturb(w wish) {
	switch tr.chance.IntN(25) {
	case 0:
		if open := tr.slack.SocketIDs(); len(open) > 0 {
			tr.slack.DropSockets(open[tr.chance.IntN(len(open))])
		}
	case 1, 2, 3:
		tr.slack.DuplicateNext(1 + tr.chance.IntN(3))
	case 4, 5, 6:
		_ = tr.slack.Redeliver(w.envelope) // no socket is open: then not
	case 7:
		tr.service.Inject(meetingtest.Fault{
			Op: meetingtest.OpExtend, ConferenceID: w.meeting, Kind: meetingtest.HangUp, Applied: tr.chance.IntN(2) == 0,
		})
	}
}

// The same in calm weather, with each envelope delivered to every process.
func TestReplicasThatAllGetEachEnvelope(t *testing.T) {
	t.Parallel()
	tr := newTraffic(t, storetest.StartPostgres(t).String())
	tr.run(calmTrafficFor, func(_ int, w wish) {
		if err := tr.slack.Redeliver(w.envelope, tr.slack.SocketIDs()...); err != nil {
			t.Error(err)
		}
	})
	tr.finish()
	j := newJudge(tr.trial)
	for _, w := range tr.wishes() {
		if answers := j.answers(w); len(answers) != 1 {
			t.Errorf("%v has %d answers: %v", w, len(answers), answers)
		}
	}
}
