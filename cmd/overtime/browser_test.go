package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// A person opens the page, types the command, and reads the answer.
func TestPage(t *testing.T) {
	t.Parallel()
	browser := newBrowser(t)
	p := newPlay(t)
	before := p.end("914083136")
	openPage(t, browser, p, demoAlice)
	typeOnPage(t, browser, "/extend 914083136 30")
	answer := readOnPage(t, browser, "Extended by 30 minutes")
	wantContains(t, answer, "/extend 914083136 30", "Extended by 30 minutes: Weekly product sync now ends", "Weekly product sync", "Only visible to you")

	wantEndOnPage(t, browser, p, before.Add(30*time.Minute))

	// And then presses a button under the answer.
	if err := chromedp.Do(browser, chromedp.Click(chromedp.CSS(`#messages button[data-action^="more:"]`))); err != nil {
		t.Fatalf("pressing the button: %v", err)
	}
	wantContains(t, readOnPage(t, browser, "Extended by 15 minutes"), "can get 195 more minutes (limit: 240)")
	wantEndOnPage(t, browser, p, before.Add(45*time.Minute))
}

func wantEndOnPage(t *testing.T, browser context.Context, p *play, want time.Time) {
	t.Helper()
	shown := fmt.Sprintf(`document.querySelector('[data-meeting="914083136"][data-end="%d"]') !== null`, want.UnixMilli())
	if _, err := chromedp.Run(browser, chromedp.Poll[bool](shown)); err != nil {
		t.Errorf("the page does not show the new end %v: %v", want, err)
	}
	if end := p.end("914083136"); !end.Equal(want) {
		t.Errorf("the meeting ends %v, want %v", end, want)
	}
}

// Who may not extend reads why, on the same page.
func TestPageAsGuest(t *testing.T) {
	slow(t)
	t.Parallel()
	browser := newBrowser(t)
	p := newPlay(t)
	openPage(t, browser, p, demoGina)
	typeOnPage(t, browser, "/extend 914083136 30")
	wantContains(t, readOnPage(t, browser, "You can't extend meetings"), "Nothing was done")
	if n := len(p.meetings.Effects("914083136")); n != 0 {
		t.Errorf("%d effects", n)
	}
}

func openPage(t *testing.T, browser context.Context, p *play, user string) {
	t.Helper()
	openPageIn(t, browser, p, user, demoGeneral)
}

func openPageIn(t *testing.T, browser context.Context, p *play, user, channel string) {
	t.Helper()
	err := chromedp.Do(browser,
		chromedp.EmulateViewport(1280, 800),
		chromedp.Navigate(p.slackURL+"/?user="+user+"&channel="+channel),
		chromedp.WaitVisible(chromedp.CSS("#command-input")),
		chromedp.WaitVisible(chromedp.CSS(`[data-meeting="914083136"]`)),
	)
	if err != nil {
		t.Fatalf("opening the page: %v\n%s", err, p.log)
	}
}

func typeOnPage(t *testing.T, browser context.Context, line string) {
	t.Helper()
	if err := chromedp.Do(browser, chromedp.Focus(chromedp.CSS("#command-input")), chromedp.KeyEvent(line+"\r")); err != nil {
		t.Fatalf("typing %q: %v", line, err)
	}
}

// readOnPage waits until the conversation says something, and returns all of it.
func readOnPage(t *testing.T, browser context.Context, part string) string {
	t.Helper()
	said := fmt.Sprintf(`document.querySelector('#messages').innerText.includes(%q)`, part)
	if _, err := chromedp.Run(browser, chromedp.Poll[bool](said)); err != nil {
		t.Errorf("the page does not say %q: %v", part, err)
	}
	text, err := chromedp.Run(browser, chromedp.Text(chromedp.CSS("#messages")))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// newBrowser starts Debian's Chromium, or says how to get it.
func newBrowser(t *testing.T) context.Context {
	t.Helper()
	path := findBrowser()
	if path == "" {
		if os.Getenv("CI") == "true" {
			t.Fatal("no Chromium, and with CI=true nothing may be skipped")
		}
		t.Skip("no Chromium: make test installs it as root on Debian; elsewhere install the package chromium")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-back-forward-cache", true), // the pages left behind would keep their connections, of which there are six
		chromedp.UserDataDir(t.TempDir()))
	timed, cancelTimed := context.WithTimeout(context.Background(), 3*time.Minute) // a whole day, where others use the processors too
	allocator, cancelAllocator := chromedp.NewExecAllocator(timed, options...)
	browser, cancelBrowser := chromedp.NewContext(allocator)
	t.Cleanup(func() {
		_ = chromedp.Cancel(browser) // closes it politely; the next lines leave nothing in any case
		cancelBrowser()
		cancelAllocator()
		cancelTimed()
	})
	return browser
}

func findBrowser() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}
