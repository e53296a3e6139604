package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/bot/slacksim"
)

// waitOnPage waits until an expression of JavaScript holds.
func waitOnPage(t *testing.T, browser context.Context, what, expression string) {
	t.Helper()
	if _, err := chromedp.Run(browser, chromedp.Poll[bool](expression)); err != nil {
		t.Errorf("%s: %v", what, err)
	}
}

// clickOnPage presses what a CSS selector finds.
func clickOnPage(t *testing.T, browser context.Context, selector string) {
	t.Helper()
	if err := chromedp.Do(browser, chromedp.WaitVisible(chromedp.CSS(selector)), chromedp.Click(chromedp.CSS(selector))); err != nil {
		t.Fatalf("pressing %s: %v", selector, err)
	}
}

// keysOnPage types into what a CSS selector finds. chromedp.SendKeys reads the element's attributes while the page may change
// them.
func keysOnPage(t *testing.T, browser context.Context, selector, keys string) {
	t.Helper()
	if err := chromedp.Do(browser, chromedp.Focus(chromedp.CSS(selector)), chromedp.KeyEvent(keys)); err != nil {
		t.Fatalf("typing %q into %s: %v", keys, selector, err)
	}
}

// The list that completes is a combobox: arrow keys move in it, Enter takes what is marked, and nothing is sent by that.
func TestPageCompletes(t *testing.T) {
	slow(t)
	t.Parallel()
	browser := newBrowser(t)
	p := newPlay(t)
	openPage(t, browser, p, demoAlice)
	const input = "#command-input"
	keysOnPage(t, browser, input, "/extend wa")
	waitOnPage(t, browser, "a combobox that is open", `(() => {
		const input = document.querySelector('#command-input');
		const list = document.getElementById(input.getAttribute('aria-controls'));
		return input.role === 'combobox' && input.ariaExpanded === 'true' && list?.role === 'listbox' && list.innerText.includes('watch <meeting>')
	})()`)
	keysOnPage(t, browser, input, kb.ArrowDown)
	waitOnPage(t, browser, "the first is marked", `(() => {
		const marked = document.getElementById(document.querySelector('#command-input').getAttribute('aria-activedescendant'));
		return marked?.getAttribute('aria-selected') === 'true' && marked.innerText.startsWith('/extend watch')
	})()`)
	// A key that the browser itself presses: of what types beside it, Enter would also send.
	waitOnPage(t, browser, "Enter is kept from sending", `!document.querySelector('#command-input').dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', bubbles: true, cancelable: true}))`)
	waitOnPage(t, browser, "it is taken", `document.querySelector('#command-input').value === '/extend watch '`)
	keysOnPage(t, browser, input, kb.ArrowDown+"\t"+kb.ArrowDown+"\t"+"\r")
	typed := func(slacksim.State) bool {
		return slices.ContainsFunc(p.slack.Messages(slacksim.Filter{User: demoAlice}), func(m slacksim.Message) bool {
			return strings.HasPrefix(m.Command, "/extend watch 9") && strings.HasSuffix(m.Command, " ask")
		})
	}
	ctx, cancel := withTimeout(t, 20*time.Second)
	defer cancel()
	if err := p.slack.Wait(ctx, typed); err != nil {
		t.Errorf("what was completed was not sent: %v, %v", err, p.slack.Messages(slacksim.Filter{User: demoAlice}))
	}
	waitOnPage(t, browser, "the line is empty", `document.querySelector('#command-input').value === ''`)
	keysOnPage(t, browser, input, kb.ArrowUp)
	waitOnPage(t, browser, "the line is recalled", `document.querySelector('#command-input').value.endsWith(' ask')`)
}

// After a press the focus is where it was: on a button of the same message, though its content is another.
func TestPageKeepsTheFocus(t *testing.T) {
	slow(t)
	t.Parallel()
	browser := newBrowser(t)
	p := newPlay(t)
	openPage(t, browser, p, demoAlice)
	typeOnPage(t, browser, "/extend 914083136 30")
	readOnPage(t, browser, "Extended by 30 minutes")
	clickOnPage(t, browser, `#messages button[data-action^="more:"]`)
	readOnPage(t, browser, "Extended by 15 minutes")
	waitOnPage(t, browser, "the focus is in the messages", `document.querySelector('#messages').contains(document.activeElement)`)
}

// Each thing that can be pressed is large enough, and times are in the zone of the person, wherever the browser is.
func TestPageForEverybody(t *testing.T) {
	slow(t)
	t.Parallel()
	browser := newBrowser(t)
	p := newPlay(t)
	const small = `[...document.querySelectorAll('button, summary, select, input, [role=option]')].filter((one) => {
		const box = one.getBoundingClientRect();
		return one.checkVisibility({opacityProperty: false}) && !one.closest('p, bdi.mention') && box.width > 0 && (box.width < 24 || box.height < 24)
	}).map((one) => one.outerHTML.slice(0, 120))`
	for user, zone := range map[string]string{demoChen: "Asia/Shanghai", demoGina: "America/New_York"} {
		openPage(t, browser, p, user)
		waitOnPage(t, browser, "the clock is in "+zone, fmt.Sprintf(`document.querySelector('.clock-day').innerText.includes(%q)`, zone))
		place, err := time.LoadLocation(zone)
		must(t, err)
		shown := strings.TrimPrefix(p.end("914083136").In(place).Format("15:04"), "0")
		if user == demoGina {
			shown = p.end("914083136").In(place).Format("3:04 PM")
		}
		waitOnPage(t, browser, "the meeting ends at "+shown, fmt.Sprintf(`document.querySelector('[data-meeting="914083136"] .meeting-end').innerText.includes(%q)`, shown))
		typeOnPage(t, browser, "/extend help")
		waitOnPage(t, browser, "an answer", `document.querySelectorAll('#messages article').length > 1`)
		keysOnPage(t, browser, "#command-input", "/")
		waitOnPage(t, browser, "hints", `document.querySelector('[role=option]') !== null`)
		found, err := chromedp.Run(browser, chromedp.Evaluate[[]string](small))
		must(t, err)
		if len(found) > 0 {
			t.Errorf("smaller than 24 pixels:\n%s", strings.Join(found, "\n"))
		}
	}
}

// A fault shows that it is armed, what it did, and that it is over.
func TestPageBreaksThings(t *testing.T) {
	slow(t)
	t.Parallel()
	browser := newBrowser(t)
	p := newPlay(t, "AUTO_EXTEND=off")
	openPage(t, browser, p, demoAlice)
	armed := func(id string, want bool) {
		t.Helper()
		waitOnPage(t, browser, id+" is armed or not", fmt.Sprintf(`document.querySelector('[data-break="%s"]').getAttribute('aria-pressed') === '%v'`, id, want))
	}
	did := func(id, what string) {
		t.Helper()
		waitOnPage(t, browser, id+" says what it did", fmt.Sprintf(`document.querySelector('[data-break="%s"]').innerText.includes(%q)`, id, what))
	}
	press := func(id string) {
		t.Helper()
		clickOnPage(t, browser, fmt.Sprintf(`[data-break="%s"]`, id))
	}
	press("lose-answer")
	armed("lose-answer", true)
	typeOnPage(t, browser, "/extend 914083136 30")
	did("lose-answer", "Once: extend 914083136")
	armed("lose-answer", false)
	// After a login was refused the bot calls nobody for a while: that comes last.
	for _, broken := range []struct{ id, did string }{
		{"service-down", "online"}, {"database-gone", "overtime.db taken away"}, {"login-refused", "login"},
	} {
		id := broken.id
		press(id)
		armed(id, true)
		before := len(p.slack.Messages(slacksim.Filter{Reader: demoAlice, User: slacksim.BotUserID}))
		typeOnPage(t, browser, "/extend 920417765 15")
		ctx, cancel := withTimeout(t, 40*time.Second)
		err := p.slack.Wait(ctx, func(s slacksim.State) bool {
			return len(s.Messages(slacksim.Filter{Reader: demoAlice, User: slacksim.BotUserID})) > before
		})
		cancel()
		must(t, err)
		did(id, broken.did)
		press(id)
		armed(id, false)
	}
	press("slack-throttled")
	press("slack-throttled")
	armed("slack-throttled", false)
	press("drop-sockets")
	did("drop-sockets", "sockets")
	p.waitSockets(1)
	if n := len(p.meetings.Effects("914083136")); n != 1 {
		t.Errorf("%d effects, want 1", n)
	}
}

// A person lets a new meeting run, and later begins from the beginning.
func TestPageNewMeetingAndReset(t *testing.T) {
	slow(t)
	t.Parallel()
	browser := newBrowser(t)
	p := newStagedPlay(t)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- p.perform(ctx, io.Discard, func() {}) }()
	defer func() {
		cancel()
		must(t, <-ended)
	}()
	p.waitSockets(1)
	openPage(t, browser, p, demoAlice)
	clickOnPage(t, browser, ".new-meeting summary")
	keysOnPage(t, browser, `.new-meeting [name="title"]`, "Launch review")
	clickOnPage(t, browser, `[data-add="meeting"]`)
	waitOnPage(t, browser, "the meeting is shown", `[...document.querySelectorAll('.meeting-subject')].some((one) => one.innerText === 'Launch review')`)
	waitOnPage(t, browser, "its number is told", `/^\d{9} runs/.test(document.querySelector('.new-meeting-said').innerText)`)
	typeOnPage(t, browser, "/extend list")
	readOnPage(t, browser, "Launch review")
	clickOnPage(t, browser, "[data-forward='1800']")
	waitOnPage(t, browser, "half an hour later", `[...document.querySelectorAll('.meeting')].length < 8`)
	clickOnPage(t, browser, ".reset button")
	clickOnPage(t, browser, `.reset [data-reset="asking"]`)
	waitOnPage(t, browser, "all is as it was", `document.querySelector('#messages').innerText === '' && document.querySelectorAll('.meeting').length === 7`)
	p.waitSockets(1)
	if ahead := time.Until(p.clock.Now()); ahead > time.Minute {
		t.Errorf("the clock is still %v ahead", ahead)
	}
	typeOnPage(t, browser, "/extend 914083136 30")
	wantContains(t, readOnPage(t, browser, "Extended by 30 minutes"), "can get 210 more minutes (limit: 240)")
}

// A thread is read and written beside its conversation; a slash command does not work there, as in Slack.
func TestPageThread(t *testing.T) {
	t.Parallel()
	browser := newBrowser(t)
	p := newPlay(t)
	ts, err := p.slack.Say(demoBob, demoGeneral, "", "The review runs late")
	must(t, err)
	openPage(t, browser, p, demoAlice)
	clickOnPage(t, browser, fmt.Sprintf(`[data-reply="%s"]`, ts))
	keysOnPage(t, browser, "#thread-input", "how long?\r")
	waitOnPage(t, browser, "the reply is in the thread", `document.querySelector('#thread-messages').innerText.includes('how long?')`)
	waitOnPage(t, browser, "and not in the channel", `!document.querySelector('#messages').innerText.includes('how long?')`)
	waitOnPage(t, browser, "which counts it", `document.querySelector('.thread-link')?.innerText.includes('1 reply')`)
	keysOnPage(t, browser, "#thread-input", "/extend list\r")
	waitOnPage(t, browser, "no command in a thread", `document.querySelector('.thread [role=alert]')?.innerText.includes('/extend is not supported in threads')`)
	clickOnPage(t, browser, `.thread button[aria-label="Close the thread"]`)
	waitOnPage(t, browser, "the meetings are back", `document.querySelector('.thread') === null && document.querySelector('.world') !== null`)
}

// The verbs that the page completes are those of the bot: it understands each, and its help names no other.
func TestPageKnowsTheVerbs(t *testing.T) {
	source, err := os.ReadFile("../../bot/slacksim/page/src/commands.ts")
	must(t, err)
	var offered []string
	for _, found := range regexp.MustCompile(`verb: "(\w+)"`).FindAllStringSubmatch(string(source), -1) {
		offered = append(offered, found[1])
	}
	p := newPlay(t)
	for _, verb := range offered {
		command, err := grammar.Parse(verb + " 914083136")
		if err == nil && string(command.Verb) != verb {
			t.Errorf("the page completes %q, which the bot takes for %q", verb, command.Verb)
		}
	}
	help := p.types(demoDana, "/extend help")
	for _, found := range regexp.MustCompile(`/extend ([a-z]+)(?:\s|$)`).FindAllStringSubmatch(help, -1) {
		if !slices.Contains(offered, found[1]) {
			t.Errorf("help names %q, which the page does not complete", found[1])
		}
	}
}

// --as takes the names of the people that there are.
func TestDemoAsNobody(t *testing.T) {
	var out, complaint strings.Builder
	if status := run(t.Context(), []string{"demo", "--as", "zed", "--once", "/extend list"}, nil, &out, &complaint); status != 2 {
		t.Errorf("exit status %d, want 2", status)
	}
	p := newStagedPlay(t)
	names := 0
	for _, person := range p.slack.People() {
		names++
		wantContains(t, complaint.String(), `"`+person.Name+`"`)
		if demoUser(person.Name) != person.ID {
			t.Errorf("--as %s is %s, want %s", person.Name, demoUser(person.Name), person.ID)
		}
	}
	if names < 6 {
		t.Errorf("%d people", names)
	}
}

// A menu that opens at the end of a conversation is there to be read and pressed, whole.
func TestPageMenuIsNotCutOff(t *testing.T) {
	slow(t)
	browser := newBrowser(t)
	p := newPlay(t, "AUTO_EXTEND=off")
	openPage(t, browser, p, demoAlice)
	typeOnPage(t, browser, "/extend list")
	readOnPage(t, browser, "are running")
	if err := chromedp.Do(browser, chromedp.EmulateViewport(400, 480)); err != nil {
		t.Fatal(err)
	}
	_, err := chromedp.Run(browser, chromedp.Evaluate[bool](`([...document.querySelectorAll('#messages button.overflow')].at(-1).click(), true)`))
	must(t, err)
	waitOnPage(t, browser, "all of it is in sight", `(() => {
		const [menu, seen] = ['[role=menu]', '.messages-scroll'].map((one) => document.querySelector(one)?.getBoundingClientRect() ?? {});
		return menu.top >= seen.top && menu.bottom <= seen.bottom && menu.left >= 0 && menu.right <= innerWidth;
	})()`)
}
