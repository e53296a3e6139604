package scheduler

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/robfig/cron/v3"
)

// toldOnce has every message that is written down told before, and counts those that are not written down.
type toldOnce struct {
	PromptStore
	RunStore
	RuleStore
	Announcer
	unwritten int
}

func (*toldOnce) ClaimPrompt(_ context.Context, prompt Prompt) (Prompt, bool, error) {
	return prompt, false, nil
}

func (*toldOnce) Prompts(context.Context, []string) (map[string][]Prompt, error) { return nil, nil }
func (*toldOnce) Runs(context.Context, []string) (map[string]RunSummary, error)  { return nil, nil }

func (*toldOnce) Paused(context.Context) (Pause, error) { return Pause{}, nil }

func (o *toldOnce) Announce(context.Context, Occasion) (Posted, error) {
	o.unwritten++
	return Posted{}, nil
}

// While the store fails nothing can be written down. Another trouble in between, which can be, makes nobody hear of the
// first one again.
func TestOutageIsToldOnceAlsoBesideAnother(t *testing.T) {
	now := time.Date(2026, 3, 2, 15, 0, 0, 0, time.UTC)
	people := &toldOnce{}
	poster := &poster{outbox: extension.NewOutbox(), prompts: people, announcer: people, clock: extension.Clock{Now: time.Now}, logger: slog.New(slog.DiscardHandler)}
	o := &outage{
		alarms: &alarms{poster: poster, counts: make(map[Trouble]int)},
		records: &records{
			store: Stores{PromptStore: people, RunStore: people, RuleStore: people}, schedule: cron.Every(time.Minute), now: time.Now,
			terms: Terms{Automation: Automation{Mode: ModeAsk, Lead: 10 * time.Minute}},
		},
	}
	o.keep(now.Add(-time.Hour), []meeting.Meeting{{ID: "914083136", Start: now.Add(-time.Hour), End: now.Add(5 * time.Minute), People: 3, Extendable: true}})
	o.listed = now
	for _, written := range []bool{false, true, false, false} {
		o.tell(t.Context(), now, TroubleNoTick, written)
		poster.outbox.Wait()
	}
	if people.unwritten != 1 {
		t.Errorf("told %d times", people.unwritten)
	}
}
