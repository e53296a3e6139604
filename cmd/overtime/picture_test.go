package main

import (
	"context"
	"flag"
	"os"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

var update = flag.Bool("update", false, "write the pictures of the page that the README shows")

// pictures are those of the README, by the colours that the reader prefers.
var pictures = map[string]string{"light": "../../bot/slacksim/page.png", "dark": "../../bot/slacksim/page-dark.png"}

// The pictures in the README are of this page, with an extension and a prompt:
// go test ./cmd/overtime -run TestPicture -update.
func TestPicture(t *testing.T) {
	slow(t)
	t.Parallel()
	browser := newBrowser(t)
	p := newPlay(t)
	openPageIn(t, browser, p, demoAlice, demoOps)
	typeOnPage(t, browser, "/extend 955512340 30")
	readOnPage(t, browser, "Extended by 30 minutes")
	p.clock.Forward(3 * time.Minute)
	readOnPage(t, browser, "Let it end")
	for colours, file := range pictures {
		prefer(t, browser, colours)
		waitOnPage(t, browser, "the page comes to rest", `document.getAnimations().every((animation) => animation.playState !== "running")`)
		shot := screenshot(t, browser)
		if len(shot) < 20_000 {
			t.Errorf("a picture of %d bytes shows nothing", len(shot))
		}
		if *update {
			must(t, os.WriteFile(file, shot, 0o644))
		}
	}
}

// prefer sets the colours that the browser's user prefers: light or dark.
func prefer(t *testing.T, browser context.Context, colours string) {
	t.Helper()
	features := []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: colours}}
	err := chromedp.Do(browser, chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: features})
		return err
	}))
	must(t, err)
}

func screenshot(t *testing.T, browser context.Context) []byte {
	t.Helper()
	shot, err := chromedp.Run(browser, chromedp.CaptureScreenshot())
	must(t, err)
	return shot
}
