package scheduler_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// countedPrompts counts the looks at the prompts of runs; the first of them can be made to fail.
type countedPrompts struct {
	scheduler.PromptStore
	looks atomic.Int64
	first func() error
}

func (c *countedPrompts) Prompts(ctx context.Context, runs []string) (map[string][]scheduler.Prompt, error) {
	if len(runs) > 0 && c.looks.Add(1) == 1 && c.first != nil {
		if err := c.first(); err != nil {
			return nil, err
		}
	}
	return c.PromptStore.Prompts(ctx, runs)
}

// Several changes together are looked at once, where no message tells of them.
func TestChangedRunsAreLookedAtTogether(t *testing.T) {
	inOffice(t, scheduler.ModeOff, func(o *office) {
		counted := &countedPrompts{PromptStore: o.store.Prompts}
		o.config.Store.PromptStore = counted
		o.replica = o.another()
		o.start(o.replica)
		synctest.Wait()
		for _, id := range []string{"914083001", "914083002", "914083003", "914083004", "914083005"} {
			o.replica.Observe(extension.Extension{Run: id, MeetingID: id, State: extension.Confirmed})
			time.Sleep(2 * time.Millisecond)
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if looks := counted.looks.Load(); looks != 1 {
			t.Errorf("five changes were looked at %d times", looks)
		}
	})
}

// Where that look fails, messages follow their meetings all the same.
func TestChangedRunsThatCannotBeLookedAt(t *testing.T) {
	for name, first := range map[string]func() error{
		"error": func() error { return errors.New("no store") },
		"panic": func() error { panic("no store") },
	} {
		t.Run(name, func(t *testing.T) {
			inOffice(t, scheduler.ModeAsk, func(o *office) {
				counted := &countedPrompts{PromptStore: o.store.Prompts}
				o.config.Store.PromptStore = counted
				o.replica = o.another()
				o.start(o.replica)
				o.until(9*time.Minute + 30*time.Second)
				counted.first = first
				counted.looks.Store(0)
				o.wantOutcome(o.extend(o.wish("E1", alice, 30)), extension.DidConfirm)
				time.Sleep(time.Second)
				synctest.Wait()
				if shows := o.announcer.shownIn(o.prompts()[0]); !strings.Contains(shows, `by "UALICE"`) {
					t.Errorf("the prompt shows %q", shows)
				}
			})
		})
	}
}
