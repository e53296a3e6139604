package main

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// A person's whole day on the page: asked before the end, a press, the dialog, Home, a mention, a direct message, somebody who
// may not, a wish that is denied, one that is approved, and the history of it all.
func TestADayOnThePage(t *testing.T) {
	slow(t)
	t.Parallel()
	browser := newBrowser(t)
	p := newPlay(t, "APPROVAL_CHANNEL="+demoOps)
	day := &dayOnPage{t: t, browser: browser, p: p, end: p.end("914083136")}
	openPageIn(t, browser, p, demoAlice, demoOps)
	p.clock.Forward(3 * time.Minute)
	readOnPage(t, browser, "Let it end")
	clickOnPage(t, browser, `#messages button[data-action^="more:15"], #messages button[data-action^="extend:15"]`)
	day.wantLater(15)
	day.fillsInTheDialog()
	day.pressesAtHome()
	day.mentionsAndWrites()
	day.isNotErik()
	day.asksForApproval()
	day.readsHistory()
	if n := len(p.meetings.Effects("914083136")); n != 5 {
		t.Errorf("%d effects, want 5", n)
	}
}

// dayOnPage is one page, and what the meeting's end has come to.
type dayOnPage struct {
	t       *testing.T
	browser context.Context
	p       *play
	end     time.Time
}

// wantLater waits until the meeting ends so many minutes later than before.
func (d *dayOnPage) wantLater(minutes int) {
	d.t.Helper()
	d.end = d.end.Add(time.Duration(minutes) * time.Minute)
	wantEndOnPage(d.t, d.browser, d.p, d.end)
}

// goes opens another conversation of the same page.
func (d *dayOnPage) goes(channel string) {
	d.t.Helper()
	clickOnPage(d.t, d.browser, fmt.Sprintf(`[data-channel="%s"]`, channel))
	waitOnPage(d.t, d.browser, "the conversation is open", fmt.Sprintf(`document.querySelector('[data-channel="%s"]').getAttribute('aria-current') === 'page'`, channel))
}

func (d *dayOnPage) fillsInTheDialog() {
	d.t.Helper()
	d.goes(demoGeneral)
	typeOnPage(d.t, d.browser, "/extend")
	chooseOnPage(d.t, d.browser, "weekly", "Weekly product sync")
	clickOnPage(d.t, d.browser, `.modal button[type="submit"]`)
	readOnPage(d.t, d.browser, "Extended by 15 minutes")
	d.wantLater(15)
}

func (d *dayOnPage) pressesAtHome() {
	d.t.Helper()
	openPageIn(d.t, d.browser, d.p, demoAlice, d.p.slack.DirectMessage(demoAlice))
	clickOnPage(d.t, d.browser, `[data-tab="home"]`)
	// The button as it is now: Home is published again after each act, with other values.
	waitOnPage(d.t, d.browser, "Home has a button for the meeting", `(() => {
		const drawn = [...document.querySelectorAll('.app-home > *')];
		const button = drawn.slice(drawn.findIndex((one) => one.innerText.includes('914083136'))).find((one) => one.matches('.block-actions'))?.querySelector('button');
		button?.click();
		return button?.innerText === '+15 min';
	})()`)
	waitOnPage(d.t, d.browser, "Home says what came of the press", `document.querySelector('.app-home').innerText.includes('Extended by 15 minutes')`)
	d.wantLater(15)
}

// Slack shows the answer to a mention to its person alone.
func (d *dayOnPage) mentionsAndWrites() {
	d.t.Helper()
	clickOnPage(d.t, d.browser, `[data-tab="messages"]`)
	typeOnPage(d.t, d.browser, "status 914083136")
	readOnPage(d.t, d.browser, "Weekly product sync")
	d.goes(demoGeneral)
	typeOnPage(d.t, d.browser, "@overtime extend 914083136 20")
	wantContains(d.t, readOnPage(d.t, d.browser, "Extended by 20 minutes"), "Only visible to you", "Weekly product sync")
	d.wantLater(20)
}

func (d *dayOnPage) isNotErik() {
	d.t.Helper()
	openPage(d.t, d.browser, d.p, demoErik)
	typeOnPage(d.t, d.browser, "@overtime extend 914083136 30")
	readOnPage(d.t, d.browser, "among your meetings")
	waitOnPage(d.t, d.browser, "and no title", fmt.Sprintf(`!document.querySelector('#messages').innerText.includes(%q)`, "Weekly product sync"))
}

// asksForApproval asks twice for more than the limit: an administrator denies it, and then approves it.
func (d *dayOnPage) asksForApproval() {
	d.t.Helper()
	direct := d.p.slack.DirectMessage(demoAlice)
	for _, wish := range []struct {
		minutes             int
		verb, done, typedIn string
	}{{130, "deny", "denied", demoGeneral}, {150, "approve", "approved", direct}} {
		minutes, verb, asked := wish.minutes, wish.verb, fmt.Sprintf("%d more minutes", wish.minutes)
		openPageIn(d.t, d.browser, d.p, demoAlice, wish.typedIn)
		typeOnPage(d.t, d.browser, fmt.Sprintf("/extend 914083136 %d", minutes))
		clickOnPage(d.t, d.browser, `#messages button[data-action^="request_approval"]`)
		fillOnPage(d.t, d.browser, "reason", "for the "+verb)
		readOnPage(d.t, d.browser, "I asked the administrators for "+asked)

		openPageIn(d.t, d.browser, d.p, demoDana, demoOps)
		wantContains(d.t, readOnPage(d.t, d.browser, asked), "for the "+verb)
		clickOnPage(d.t, d.browser, fmt.Sprintf(`#messages button[data-action^="%s"]`, verb))
		if verb == "deny" {
			fillOnPage(d.t, d.browser, "reason", "the room is needed")
		} else {
			d.wantLater(minutes)
		}
		readOnPage(d.t, d.browser, wish.done+" "+asked)
		openPageIn(d.t, d.browser, d.p, demoAlice, direct)
		readOnPage(d.t, d.browser, wish.done+" "+asked)
	}
}

func (d *dayOnPage) readsHistory() {
	d.t.Helper()
	zone, err := time.LoadLocation("Europe/Berlin") // Alice's
	must(d.t, err)
	d.goes(demoGeneral)
	typeOnPage(d.t, d.browser, "/extend history 914083136")
	wantContains(d.t, readOnPage(d.t, d.browser, "newest first"), "denied by", "approved by", "(command)", "(button)", "20 minutes", "150 minutes", d.end.In(zone).Format(time.DateOnly))
}

// chooseOnPage types into the field for the meeting of a dialog, and chooses what it finds.
func chooseOnPage(t *testing.T, browser context.Context, typed, title string) {
	t.Helper()
	const field = `.modal input[role="combobox"][data-action="meeting"]`
	if err := chromedp.Do(browser, chromedp.WaitVisible(chromedp.CSS(field))); err != nil {
		t.Fatalf("the dialog has no field for the meeting: %v", err)
	}
	keysOnPage(t, browser, field, typed)
	waitOnPage(t, browser, "it is found", fmt.Sprintf(`[...document.querySelectorAll('.modal [role=option]')].length === 1 && document.querySelector('.modal [role=option]').innerText.includes(%q)`, title))
	clickOnPage(t, browser, `.modal [role="option"]`)
	waitOnPage(t, browser, "it is chosen", fmt.Sprintf(`document.querySelector('.modal .chip')?.innerText.includes(%q)`, title))
}

// fillOnPage types into a text field of a dialog, submits it, and waits until it is closed.
func fillOnPage(t *testing.T, browser context.Context, field, text string) {
	t.Helper()
	selector := fmt.Sprintf(`.modal [data-action="%s"]`, field)
	if err := chromedp.Do(browser, chromedp.WaitVisible(chromedp.CSS(selector))); err != nil {
		t.Fatalf("the dialog has no field %s: %v", field, err)
	}
	keysOnPage(t, browser, selector, text)
	clickOnPage(t, browser, `.modal button[type="submit"]`)
	waitOnPage(t, browser, "the dialog is closed", `document.querySelector('.modal') === null`)
}
