package scheduler_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// A look whose list is older than an extension does not take back what a message tells of it.
func TestLookWithAnOlderListTakesNothingBack(t *testing.T) {
	inOffice(t, scheduler.ModeAsk, func(o *office) {
		o.until(9 * time.Minute)
		if err := o.Tick(o.ctx, time.Now()); err != nil {
			t.Fatal(err)
		}
		o.until(8 * time.Minute)
		prompt := o.wantSaid(scheduler.PromptAsk, 0)[0].Prompt
		o.config.Store.PromptStore = slowPrompts{o.config.Store.PromptStore}
		r := o.another()
		o.replica = r
		var look sync.WaitGroup
		look.Go(func() { _ = r.Tick(o.ctx, time.Now()) })
		time.Sleep(time.Second) // the list is read
		o.wantOutcome(o.extend(o.wish("E1", bob, 15)), extension.DidConfirm)
		if err := r.FollowNow(o.ctx, meetingID, o.run1); err != nil {
			t.Fatal(err)
		}
		tells := fmt.Sprint("end ", o.end.Add(15*time.Minute).Unix())
		if now := o.announcer.shownIn(o.prompts()[0]); !strings.Contains(now, tells) {
			t.Fatalf("prompt %d shows %q", prompt.ID, now)
		}
		look.Wait()
		if now := o.announcer.shownIn(o.prompts()[0]); !strings.Contains(now, tells) {
			t.Errorf("prompt %d shows %q", prompt.ID, now)
		}
	})
}

// slowPrompts takes its time to say which messages follow a meeting.
type slowPrompts struct{ scheduler.PromptStore }

func (s slowPrompts) FollowedPrompts(ctx context.Context) ([]scheduler.Prompt, error) {
	time.Sleep(3 * time.Second) // in a bubble
	return s.PromptStore.FollowedPrompts(ctx)
}
