package scheduler_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler"
)

// lateRules has something happen right after a look has read the rules, in the minutes before the end.
type lateRules struct {
	scheduler.RuleStore
	happens func()
}

func (r lateRules) Rules(ctx context.Context) ([]scheduler.Rule, error) {
	rules, err := r.RuleStore.Rules(ctx)
	r.happens()
	return rules, err
}

// A look has begun when somebody wishes otherwise: it does not act on the wish from before.
func TestWishWhileALookIsAtWork(t *testing.T) {
	for _, mode := range []scheduler.Mode{scheduler.ModeAsk, scheduler.ModeAuto} {
		for name, wish := range map[string]func(o *office) error{
			"pause": func(o *office) error {
				_, err := o.store.Automation.PauseAll(o.ctx, alice)
				return err
			},
			"off": func(o *office) error {
				_, err := o.store.Automation.PutRule(o.ctx, scheduler.Rule{Of: meetingID, Mode: scheduler.ModeOff, Owner: alice})
				return err
			},
		} {
			t.Run(string(mode)+" "+name, func(t *testing.T) {
				inOffice(t, mode, func(o *office) {
					once := sync.OnceFunc(func() {
						if err := wish(o); err != nil {
							t.Error(err)
						}
					})
					o.config.Store.RuleStore = lateRules{o.store.Automation, func() {
						if time.Until(o.end) <= 10*time.Minute {
							once()
						}
					}}
					o.start(o.another())
					o.until(time.Minute)
					o.wantEffects()
					o.wantSaid(scheduler.PromptAsk)
				})
			})
		}
	}
}
