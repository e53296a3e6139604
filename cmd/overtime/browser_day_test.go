package main

import (
	"fmt"
	"testing"
	"time"
)

// A person's day on the page: asked before the end, a press, a mention, a direct message, and somebody who may not.
func TestADayOnThePage(t *testing.T) {
	slow(t)
	browser := newBrowser(t)
	p := newPlay(t)
	before := p.end("914083136")
	openPageIn(t, browser, p, demoAlice, demoOps)
	p.clock.Forward(3 * time.Minute)
	readOnPage(t, browser, "Let it end")
	clickOnPage(t, browser, `#messages button[data-action^="more:15"], #messages button[data-action^="extend:15"]`)
	wantEndOnPage(t, browser, p, before.Add(15*time.Minute))

	// Slack shows the answer to a mention to its person alone.
	openPage(t, browser, p, demoAlice)
	typeOnPage(t, browser, "@overtime extend 914083136 30")
	wantContains(t, readOnPage(t, browser, "Extended by 30 minutes"), "Only visible to you", "Weekly product sync")
	wantEndOnPage(t, browser, p, before.Add(45*time.Minute))

	openPageIn(t, browser, p, demoAlice, p.slack.DirectMessage(demoAlice))
	typeOnPage(t, browser, "status 914083136")
	readOnPage(t, browser, "Weekly product sync")

	openPage(t, browser, p, demoErik)
	typeOnPage(t, browser, "@overtime extend 914083136 30")
	readOnPage(t, browser, "among your meetings")
	waitOnPage(t, browser, "and no title", fmt.Sprintf(`!document.querySelector('#messages').innerText.includes(%q)`, "Weekly product sync"))
	if n := len(p.meetings.Effects("914083136")); n != 2 {
		t.Errorf("%d effects, want 2", n)
	}
}
