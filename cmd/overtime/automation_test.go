package main

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/overtime-bot/overtime/bot/slacksim"
	"github.com/overtime-bot/overtime/meeting/meetingtest"
)

// A person who watches the page reads the prompt when its time has come, presses a button, and sees what came of it.
func TestPromptOnPage(t *testing.T) {
	t.Parallel()
	browser := newBrowser(t)
	p := newPlay(t)
	before := p.end("914083136")
	openPageIn(t, browser, p, demoDana, demoOps)
	if err := chromedp.Do(browser, chromedp.Click(chromedp.CSS(`[data-forward="300"]`))); err != nil {
		t.Fatalf("moving the clock on: %v", err)
	}
	wantContains(t, readOnPage(t, browser, "Extend it?"), "Weekly product sync", "If nobody answers, I do nothing", "+15 min", "Let it end")
	if err := chromedp.Do(browser, chromedp.Click(chromedp.CSS(`#messages button[data-action^="extend:"]`))); err != nil {
		t.Fatalf("pressing the button: %v", err)
	}
	said := readOnPage(t, browser, "extended Weekly product sync: it now ends")
	wantContains(t, said, "Weekly product sync", "can get 225 more minutes (limit: 240)")
	if strings.Contains(said, "Extend it?") {
		t.Errorf("the prompt was not replaced:\n%s", said)
	}
	wantEndOnPage(t, browser, p, before.Add(15*time.Minute))
	shot := screenshot(t, browser)
	if len(shot) < 20_000 {
		t.Errorf("a picture of %d bytes shows nothing", len(shot))
	}
}

// Who operates the bot sees that nobody looks at the meetings.
func TestNotReadyWithoutLooks(t *testing.T) {
	p := newStagedPlay(t)
	p.meetings.Inject(meetingtest.Fault{Op: meetingtest.OpOnline, Kind: meetingtest.Refuse, Status: 503, Times: -1})
	p.start()
	if state := p.program.health.readiness(t.Context()); state.Ready || !strings.Contains(strings.Join(state.Reasons, "; "), "not looked at") {
		t.Errorf("ready: %+v", state)
	}
}

// automationCrash is a bot that dies while it does something by itself.
type automationCrash struct {
	name, mode, fate string
	effects          int // of the meeting in all
	offers           int // messages with a button for more time
	messages         int // about the meeting, at least
}

// automationCrashes are the steps of a prompt and of an automatic extension, with a death before and after each.
var automationCrashes = []automationCrash{
	{name: "before the prompt is written down", mode: "ask", fate: "kill claim ask before 1", offers: 1, messages: 1},
	{name: "prompt written down, not posted", mode: "ask", fate: "kill claim ask after 1", messages: 1},
	{name: "posted, and not noted", mode: "ask", fate: "kill note post before 1", offers: 1, messages: 2},
	{name: "posted and noted", mode: "ask", fate: "kill note post after 1", offers: 1, messages: 1},
	{name: "before the extension's row", mode: "auto", fate: "kill claim before 1", effects: 1, messages: 1},
	{name: "the extension's row is written", mode: "auto", fate: "kill claim after 1", effects: 1, messages: 1},
	{name: "extension applied, and not noted", mode: "auto", fate: "kill extend after 1", effects: 1, messages: 1},
	{name: "extended, and not told", mode: "auto", fate: "kill claim auto before 1", effects: 1, messages: 1},
	{name: "told, and not noted", mode: "auto", fate: "kill note post before 1", effects: 1, messages: 1},
}

// Whatever step the process dies at: one prompt and one extension for an end at most, and people hear of it.
func TestAutomationSurvivesCrashes(t *testing.T) {
	slow(t)
	for _, c := range automationCrashes {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.run(t)
		})
	}
}

func (c automationCrash) run(t *testing.T) {
	trial := newTrial(t, "")
	trial.slack.AddChannel(slacksim.Channel{ID: demoOps, Name: "meeting-ops", Members: []string{slacksim.BotUserID}})
	onTime := 0
	id := trial.service.Add(meetingtest.Meeting{
		Subject: "Trial", People: 3, MaxTotalMinutes: -1, ProlongMinutes: &onTime, End: time.Now().Add(9 * time.Minute).Truncate(time.Minute),
	})
	settings := []string{"NOTIFY_CHANNEL=" + demoOps, "AUTO_EXTEND=" + c.mode, "AUTO_EXTEND_LEAD=10m"}
	first := trial.start(append(settings, fateAt+"="+c.fate)...)
	first.dies()
	second := trial.startLater(3*time.Minute, settings...) // longer than a prompt may be posting
	defer second.kill()
	ctx, cancel := withTimeout(t, time.Minute)
	defer cancel()
	err := trial.slack.Wait(ctx, func(slacksim.State) bool {
		return len(c.about(trial, id)) >= c.messages && len(trial.service.Effects(id)) >= c.effects
	})
	if err != nil {
		t.Errorf("%v: %d messages, %d extensions\n%s", err, len(c.about(trial, id)), len(trial.service.Effects(id)), second.log)
	}
	second.stop() // with all that it is about to do
	c.judge(t, trial, id)
}

func (automationCrash) about(trial *trial, id string) []slacksim.Message {
	var about []slacksim.Message
	for _, message := range trial.slack.Messages(slacksim.Filter{Channel: demoOps}) {
		if strings.Contains(string(message.Blocks), id) {
			about = append(about, message)
		}
	}
	return about
}

func (c automationCrash) judge(t *testing.T, trial *trial, id string) {
	t.Helper()
	ends := make(map[time.Time]int)
	for _, effect := range trial.service.Effects(id) {
		if ends[effect.Before]++; ends[effect.Before] > 1 {
			t.Errorf("extended twice at %v", effect.Before)
		}
	}
	offers := 0
	for _, message := range c.about(trial, id) {
		if _, ok := buttonOf(message, "+15 min"); ok {
			offers++
		}
	}
	if len(ends) != c.effects || offers != c.offers {
		t.Errorf("%d extensions and %d prompts, want %d and %d", len(ends), offers, c.effects, c.offers)
		for _, message := range c.about(trial, id) {
			t.Log(message.Text)
		}
	}
}
