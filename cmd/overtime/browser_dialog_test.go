package main

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// The dialog on the page, by the keyboard alone: a meeting is searched and chosen, what is wrong is said at its field, and more
// than an hour is confirmed in a second view, with the end that it will have.
func TestTheDialogByKeyboard(t *testing.T) {
	slow(t)
	t.Parallel()
	browser := newBrowser(t)
	p := newPlay(t, "AUTO_EXTEND=off")
	before := p.end("914083136")
	openPage(t, browser, p, demoAlice)
	typeOnPage(t, browser, "/extend")
	waitOnPage(t, browser, "the field for the meeting has the focus", `document.activeElement.dataset.action === 'meeting' && document.activeElement.role === 'combobox'`)
	pressOnPage(t, browser, "product")
	waitOnPage(t, browser, "it is found", `document.querySelector('.modal [role=option]')?.innerText.includes('Weekly product sync')`)
	pressOnPage(t, browser, kb.Enter)
	waitOnPage(t, browser, "it is chosen", `document.querySelector('.modal .chip')?.innerText.includes('Weekly product sync')`)

	tabTo(t, browser, "the field for minutes", `active.dataset.action === 'minutes'`)
	pressOnPage(t, browser, "soon"+kb.Enter)
	waitOnPage(t, browser, "the error is said at the field", `(() => {
		const field = document.querySelector('.modal input[data-action=minutes]');
		return field.ariaInvalid === 'true' && document.getElementById(field.getAttribute('aria-describedby'))?.innerText.includes('Type whole minutes');
	})()`)
	tabTo(t, browser, "the field for minutes", `active.dataset.action === 'minutes'`)
	pressOnPage(t, browser, kb.End+kb.Backspace+kb.Backspace+kb.Backspace+kb.Backspace+"90"+kb.Enter)

	place, err := time.LoadLocation("Europe/Berlin")
	must(t, err)
	end := before.Add(90 * time.Minute)
	waitOnPage(t, browser, "it is asked once more", fmt.Sprintf(`document.querySelector('.modal-title').innerText.includes('More than an hour?') && document.querySelector('.modal-body').innerText.includes(%q)`, end.In(place).Format("3:04 PM")))
	pressOnPage(t, browser, " ") // on the cross it would close the dialog
	tabTo(t, browser, "the button", `active.type === 'submit' && active.innerText.includes('Extend')`)
	pressOnPage(t, browser, kb.Enter)
	waitOnPage(t, browser, "both views are closed", `document.querySelector('.modal') === null`)
	readOnPage(t, browser, "Extended by 90 minutes")
	wantEndOnPage(t, browser, p, end)
	if n := len(p.meetings.Effects("914083136")); n != 1 {
		t.Errorf("%d effects, want 1", n)
	}
}

// tabTo presses the Tab key in a dialog until what has the focus is what is meant.
func tabTo(t *testing.T, browser context.Context, what, holds string) {
	t.Helper()
	if err := chromedp.Do(browser, chromedp.WaitVisible(chromedp.CSS(`.modal button[type="submit"]`))); err != nil {
		t.Fatalf("%s: no dialog: %v", what, err)
	}
	for range 30 {
		there, err := chromedp.Run(browser, chromedp.Evaluate[bool](`(() => { const active = document.activeElement; return `+holds+`; })()`))
		must(t, err)
		if there {
			return
		}
		pressOnPage(t, browser, kb.Tab)
	}
	t.Fatalf("the Tab key never comes to %s", what)
}

// pressOnPage presses keys, wherever the focus is.
func pressOnPage(t *testing.T, browser context.Context, keys string) {
	t.Helper()
	if err := chromedp.Do(browser, chromedp.KeyEvent(keys)); err != nil {
		t.Fatalf("pressing %q: %v", keys, err)
	}
}
