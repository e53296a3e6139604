package bot

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/slack-go/slack"
)

func throttles(wait time.Duration) error { return &slack.RateLimitedError{RetryAfter: wait} }

// While an edit of a message waits, a newer one takes its place: Slack gets the newest alone, and what was overtaken is
// no success, so that nobody takes its words for what the message shows.
func TestOvertakenEditsAreDropped(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, w *world) {
		messenger := w.inbox.messenger
		w.poster.fail(theChannel, throttles(30*time.Second))
		results := make([]error, 5)
		var sending sync.WaitGroup
		for i := range results {
			sending.Go(func() {
				results[i] = messenger.edit(t.Context(), theChannel, "1.1", Reply{Tone: Telling, Text: fmt.Sprint("edit ", i)})
			})
			synctest.Wait()
			time.Sleep(time.Second)
		}
		var other error
		sending.Go(func() {
			other = messenger.edit(t.Context(), theChannel, "1.2", Reply{Tone: Telling, Text: "of another message"})
		})
		sending.Wait()
		for i, err := range results[:4] {
			if !errors.Is(err, errOvertaken) {
				t.Errorf("edit %d: %v", i, err)
			}
		}
		if results[4] != nil || other != nil {
			t.Errorf("the newest: %v, of another message: %v", results[4], other)
		}
		texts := make(map[string]int)
		for _, edit := range w.poster.edited() {
			texts[edit.text]++
		}
		if len(w.poster.edited()) != 2 || texts["edit 4"] != 1 || len(messenger.editors.newest) != 0 {
			t.Errorf("Slack got %v", texts)
		}
	})
}

// An edit that is on its way arrives before the next one of the same message.
func TestEditsArriveInOrder(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, w *world) {
		messenger := w.inbox.messenger
		goesOn := make(chan struct{})
		messenger.poster = slowEdits{messenger.poster, sync.OnceFunc(func() { <-goesOn })}
		var sending sync.WaitGroup
		for i := range 2 {
			sending.Go(func() {
				if err := messenger.edit(t.Context(), theChannel, "1.1", Reply{Tone: Telling, Text: fmt.Sprint("edit ", i)}); err != nil {
					t.Errorf("edit %d: %v", i, err)
				}
			})
			synctest.Wait()
		}
		if early := w.poster.edited(); len(early) != 0 {
			t.Errorf("too early: %v", early)
		}
		close(goesOn)
		sending.Wait()
		if edits := w.poster.edited(); len(edits) != 2 || edits[1].text != "edit 1" {
			t.Errorf("%+v", edits)
		}
	})
}

type slowEdits struct {
	Poster
	meets func()
}

func (s slowEdits) UpdateMessageContext(
	ctx context.Context, channel, timestamp string, options ...slack.MsgOption,
) (channelID, ts, text string, err error) {
	s.meets()
	return s.Poster.UpdateMessageContext(ctx, channel, timestamp, options...)
}

// A method that Slack throttles, or a channel, holds no other back; the same one is held for every part of the bot.
func TestOneThrottledMethodHoldsNoOtherBack(t *testing.T) {
	reply := Reply{Tone: Telling, Text: "words"}
	calls := map[string]func(context.Context, *world) error{
		"a post": func(ctx context.Context, w *world) error {
			_, err := w.inbox.messenger.post(ctx, theChannel, reply)
			return err
		},
		"a post to another channel": func(ctx context.Context, w *world) error {
			_, err := w.inbox.messenger.post(ctx, general, reply)
			return err
		},
		"an ephemeral message": func(ctx context.Context, w *world) error {
			return w.inbox.messenger.postAt(ctx, admin, amongOthers(theChannel, ""), render(reply))
		},
		"an edit": func(ctx context.Context, w *world) error {
			return w.inbox.messenger.edit(ctx, theChannel, "1.1", reply)
		},
		"opening a view": func(ctx context.Context, w *world) error {
			_, err := w.inbox.desk.(*Desk).dialogs.views.OpenViewContext(ctx, "trigger", slack.ModalViewRequest{})
			return err
		},
		"filling a view": func(ctx context.Context, w *world) error {
			_, err := w.inbox.desk.(*Desk).dialogs.views.UpdateViewContext(ctx, slack.ModalViewRequest{}, "", "", "V1")
			return err
		},
	}
	for throttled, first := range calls {
		t.Run(throttled, func(t *testing.T) {
			inBubble(t, nil, func(t *testing.T, w *world) {
				w.poster.errs = map[string][]error{theChannel: {throttles(time.Minute)}, general: {throttles(time.Minute)}}
				w.modals.openErr, w.modals.updErr = throttles(time.Minute), throttles(time.Minute)
				within, cancel := context.WithTimeout(t.Context(), 2*time.Second)
				defer cancel()
				if err := first(within, w); !isThrottled(err) {
					t.Fatalf("the first: %v", err)
				}
				w.poster.errs, w.modals.openErr, w.modals.updErr = nil, nil, nil
				for name, call := range calls {
					if err := call(within, w); isThrottled(err) != (name == throttled) {
						t.Errorf("%s: %v", name, err)
					}
				}
				if _, err := w.announcer.messenger.post(within, theChannel, reply); isThrottled(err) != (throttled == "a post") {
					t.Errorf("a post of the automation: %v", err)
				}
			})
		})
	}
}

func isThrottled(err error) bool {
	_, throttled := errors.AsType[*slack.RateLimitedError](err)
	return throttled
}
