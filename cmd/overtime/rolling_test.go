package main

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/slacksim"
	"github.com/overtime-bot/overtime/scheduler/storetest"
)

// The traffic of a rolling restart: so many commands a second by so many people. A machine that is slower gets fewer: where too
// many wait at once, the store is late for some, which are turned away, and that is another matter.
const (
	rollingRate    = 200
	rollingPeople  = 500
	rollingWaiting = 60
	rollingWithin  = 2 * time.Minute
)

// roll types until every bot is replaced, and everybody has typed: a new bot starts, and then the old one ends as SIGTERM
// lets it. Nobody types again without an answer: two at once would be refused.
func (tr *traffic) roll() time.Duration {
	replaced := make(chan struct{})
	go func() {
		defer close(replaced)
		for i, old := range tr.bots {
			tr.bots[i] = tr.start()
			old.stop()
		}
	}()
	began := time.Now()
	ticker := time.NewTicker(time.Second / rollingRate)
	defer ticker.Stop()
	late := time.After(rollingWithin)
	for answered, over := 0, false; !over || tr.typed < rollingPeople; {
		select {
		case <-late: // the test then says who has no answer
			if !over {
				<-replaced
			}
			return time.Since(began)
		case <-replaced:
			replaced, over = nil, true
		case <-ticker.C:
			for asked := tr.wishes(); answered < len(asked) && len(tr.read(asked[answered])) > 0; {
				answered++
			}
			if tr.typed-answered < rollingWaiting {
				tr.typesInTurn()
			}
		}
	}
	return time.Since(began)
}

// typesInTurn is the next person's command, for a meeting that nobody else extends.
func (tr *traffic) typesInTurn() {
	person := tr.typed % rollingPeople
	if _, ok := tr.asksAs(fmt.Sprintf("U0ROLL%04d", person), tr.meetings[person], 1+tr.typed/rollingPeople); !ok {
		tr.t.Errorf("command %d found no socket", tr.typed)
	}
	tr.typed++
}

// read is what the bot answered the person.
func (tr *traffic) read(w wish) []slacksim.Message {
	return tr.slack.Messages(slacksim.Filter{Channel: directOf(w.user), User: slacksim.BotUserID, Envelope: w.envelope})
}

// A rolling restart of three processes on one Postgres, under load, loses no command and carries none out twice.
func TestRollingRestartLosesNoCommand(t *testing.T) {
	slow(t)
	tr := &traffic{trial: newTrial(t, storetest.StartPostgres(t).String())}
	tr.environ = append(tr.environ, "MEETING_TIMEOUT=10s")
	for range rollingPeople {
		tr.meetings = append(tr.meetings, tr.meeting())
	}
	for range replicas {
		tr.bots = append(tr.bots, tr.start())
	}
	everyBot := slices.Clone(tr.bots)
	took := tr.roll()
	everyBot = append(everyBot, tr.bots...)
	t.Logf("%d commands in %v: %.0f a second", tr.typed, took.Round(time.Millisecond), float64(tr.typed)/took.Seconds())
	if tr.typed < rollingPeople {
		t.Errorf("only %d commands were typed", tr.typed)
	}
	ctx, cancel := withTimeout(t, time.Minute)
	defer cancel()
	asked := tr.wishes()
	for _, w := range asked {
		if err := tr.slack.Wait(ctx, func(slacksim.State) bool { return len(tr.read(w)) > 0 }); err != nil {
			t.Fatalf("%v has no answer: %v", w, err)
		}
	}
	for _, bot := range tr.bots {
		bot.stop()
	}
	tr.wantEachOnce(asked)
	if t.Failed() {
		for _, bot := range everyBot {
			t.Logf("a bot:\n%s", bot.log)
		}
	}
}

// wantEachOnce holds the commands against what the service did: each person asks for other minutes each time.
func (tr *traffic) wantEachOnce(asked []wish) {
	tr.t.Helper()
	for _, w := range asked {
		times := 0
		for _, effect := range tr.service.Effects(w.meeting) {
			if effect.Minutes == w.minutes {
				times++
			}
		}
		if times != 1 {
			tr.t.Errorf("%v was carried out %d times; the first answer is %q", w, times, tr.read(w)[0].Text)
		}
	}
}
