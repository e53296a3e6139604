package main

import (
	"context"
	"errors"
	"math"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot"
	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/bot/socket"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// counts wants exactly these series to be other than at the start. Of a histogram it is how often it was observed.
func counts(t *testing.T, what string, do func(*metrics), want map[string]float64) {
	t.Helper()
	m := newMetrics()
	before := seriesOf(t, m)
	do(m)
	for series, value := range seriesOf(t, m) {
		if was := before[series]; value != was && !(math.IsNaN(value) && math.IsNaN(was)) && want[series] == 0 {
			t.Errorf("%s: %s is %v, want %v as before", what, series, value, before[series])
		}
	}
	after := seriesOf(t, m)
	for series, value := range want {
		if _, there := after[series]; !there || after[series] != value {
			t.Errorf("%s: %s is %v, want %v", what, series, after[series], value)
		}
	}
}

// A look counts by its result. One that saw nothing leaves what the last one saw.
func TestLooksAreCounted(t *testing.T) {
	at := time.Unix(1_795_867_200, 0)
	report := scheduler.TickReport{
		At: at, Took: time.Second, Meetings: 7, Reasons: map[scheduler.Reason]int{scheduler.NotYet: 5, scheduler.TimeToAsk: 2},
		Alarms: map[scheduler.Trouble]int{scheduler.TroubleNoTick: 3},
	}
	seen := map[string]float64{
		`overtime_ticks_total{outcome="ok"}`: 1, `overtime_tick_seconds`: 1, `overtime_last_tick_timestamp_seconds`: float64(at.Unix()), `overtime_meetings_running`: 7,
		`overtime_decisions{reason="` + snake(scheduler.NotYet) + `"}`: 5, `overtime_decisions{reason="` + snake(scheduler.TimeToAsk) + `"}`: 2,
		`overtime_automation_troubles_total{trouble="` + snake(scheduler.TroubleNoTick) + `"}`: 3,
	}
	counts(t, "a look", func(m *metrics) { m.tick(report) }, seen)
	inPart := report
	inPart.Err = errors.New("one meeting could not be extended")
	delete(seen, `overtime_ticks_total{outcome="ok"}`)
	seen[`overtime_ticks_total{outcome="failed"}`] = 1
	counts(t, "a look that failed in part", func(m *metrics) { m.tick(inPart) }, seen)
	blind := scheduler.TickReport{At: at.Add(time.Hour), Took: time.Second, Blind: true, Err: errors.New("no list"), Alarms: report.Alarms}
	delete(seen, `overtime_ticks_total{outcome="failed"}`)
	seen[`overtime_ticks_total{outcome="ok"}`], seen[`overtime_ticks_total{outcome="blind"}`], seen[`overtime_tick_seconds`] = 1, 1, 2
	seen[`overtime_automation_troubles_total{trouble="`+snake(scheduler.TroubleNoTick)+`"}`] = 6
	counts(t, "a look that saw nothing, after a good one", func(m *metrics) { m.tick(report); m.tick(blind) }, seen)
	counts(t, "a look at nothing, after one at much", func(m *metrics) { m.tick(report); m.tick(scheduler.TickReport{At: at}) }, map[string]float64{
		`overtime_ticks_total{outcome="ok"}`: 2, `overtime_tick_seconds`: 2, `overtime_last_tick_timestamp_seconds`: float64(at.Unix()),
		`overtime_automation_troubles_total{trouble="` + snake(scheduler.TroubleNoTick) + `"}`: 3,
	})
}

// Each thing that the parts report has its series, and a refusal for too many calls has one more.
func TestEventsAreCounted(t *testing.T) {
	for what, c := range map[string]struct {
		do   func(*metrics)
		want map[string]float64
	}{
		"a call": {
			func(m *metrics) { m.call("extend meeting", 200, time.Second) },
			map[string]float64{`overtime_meeting_call_seconds{operation="extend_meeting",status="200"}`: 1},
		},
		"a call that is one too many": {
			func(m *metrics) { m.call("extend meeting", 429, time.Second) },
			map[string]float64{`overtime_meeting_call_seconds{operation="extend_meeting",status="429"}`: 1, `overtime_throttled_total{service="meeting"}`: 1},
		},
		"a call of Slack": {
			func(m *metrics) { m.slackCall("users.info", "user_not_found") },
			map[string]float64{`overtime_slack_calls_total{code="user_not_found",method="users.info"}`: 1},
		},
		"a call of Slack that is one too many": {
			func(m *metrics) { m.slackCall("users.info", slackThrottled) },
			map[string]float64{`overtime_slack_calls_total{code="ratelimited",method="users.info"}`: 1, `overtime_throttled_total{service="slack"}`: 1},
		},
		"a command": {
			func(m *metrics) { m.command(grammar.VerbExtend, bot.Refusal, time.Second) },
			map[string]float64{`overtime_commands_total{answer="refused",verb="extend"}`: 1, `overtime_answer_seconds`: 1},
		},
		"what was not understood": {
			func(m *metrics) { m.command("", bot.Refusal, time.Second) },
			map[string]float64{`overtime_commands_total{answer="refused",verb="none"}`: 1, `overtime_answer_seconds`: 1},
		},
		"an extension": {
			func(m *metrics) { m.extension(extension.Extension{State: extension.Void, Origin: extension.FromTick}) },
			map[string]float64{`overtime_extensions_total{origin="tick",state="void"}`: 1},
		},
		"an ack": {
			func(m *metrics) { m.socket(socket.Event{Kind: socket.EventAcked, Duration: time.Second}) },
			map[string]float64{`overtime_socket_events_total{event="` + string(socket.EventAcked) + `"}`: 1, `overtime_ack_seconds`: 1},
		},
	} {
		counts(t, what, c.do, c.want)
	}
}

// promptsInMemory take what the test says, and fail with err.
type promptsInMemory struct {
	scheduler.PromptStore
	first bool
	err   error
}

func (p promptsInMemory) ClaimPrompt(_ context.Context, prompt scheduler.Prompt) (scheduler.Prompt, bool, error) {
	return prompt, p.first, p.err
}

func (p promptsInMemory) MovePrompt(context.Context, int64, scheduler.PromptState, scheduler.Posted) error {
	return p.err
}

func (p promptsInMemory) UnsurePrompts(context.Context, time.Duration, int) ([]scheduler.Prompt, error) {
	if p.err != nil {
		return nil, p.err
	}
	return make([]scheduler.Prompt, 2), nil
}

func (p promptsInMemory) AnswerPrompt(context.Context, int64, scheduler.Answer, extension.Actor) (scheduler.Prompt, bool, error) {
	return scheduler.Prompt{}, p.first, p.err
}

// What becomes of a message is counted once, where it was stored: not by who came second, and not where it failed.
func TestPromptsAreCounted(t *testing.T) {
	happens := map[string]func(countedPrompts){
		"written": func(c countedPrompts) { _, _, _ = c.ClaimPrompt(t.Context(), scheduler.Prompt{}) },
		"answered_keep": func(c countedPrompts) {
			_, _, _ = c.AnswerPrompt(t.Context(), 1, scheduler.KeepExtending, extension.Actor{})
		},
		"answered_end": func(c countedPrompts) { _, _, _ = c.AnswerPrompt(t.Context(), 1, scheduler.LetEnd, extension.Actor{}) },
		"answered_stop": func(c countedPrompts) {
			_, _, _ = c.AnswerPrompt(t.Context(), 1, scheduler.StopExtending, extension.Actor{})
		},
		"lapsed":     func(c countedPrompts) { _, _, _ = c.AnswerPrompt(t.Context(), 1, scheduler.Lapse, extension.Actor{}) },
		"posted":     func(c countedPrompts) { _ = c.MovePrompt(t.Context(), 1, scheduler.PromptPosted, scheduler.Posted{}) },
		"not_posted": func(c countedPrompts) { _ = c.MovePrompt(t.Context(), 1, scheduler.PromptUnposted, scheduler.Posted{}) },
		"closed":     func(c countedPrompts) { _ = c.MovePrompt(t.Context(), 1, scheduler.PromptClosed, scheduler.Posted{}) },
		"unsure":     func(c countedPrompts) { _, _ = c.UnsurePrompts(t.Context(), time.Minute, 9) },
	}
	for outcome, do := range happens {
		times := 1.0
		if outcome == "unsure" {
			times = 2
		}
		series := map[string]float64{`overtime_prompts_total{outcome="` + outcome + `"}`: times}
		counts(t, outcome, func(m *metrics) { do(countedPrompts{promptsInMemory{first: true}, m.prompt}) }, series)
		counts(t, outcome+", failed", func(m *metrics) { do(countedPrompts{promptsInMemory{first: true, err: errors.New("full")}, m.prompt}) }, nil)
		if outcome == "written" || outcome == "answered_keep" {
			counts(t, outcome+", second", func(m *metrics) { do(countedPrompts{promptsInMemory{}, m.prompt}) }, nil)
		}
	}
	if len(happens) != len(promptOutcomes) {
		t.Errorf("%d things become of a message, and %d are tried", len(promptOutcomes), len(happens))
	}
}
