package scheduler

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/overtime-bot/overtime/scheduler/extension"
)

// changesTogether is how long a change waits for others, so that one look at the store serves them. An edit takes Slack
// far longer.
const changesTogether = 25 * time.Millisecond

// refresher has messages follow what happens between two looks, in every replica.
type refresher struct {
	changed  *changedRuns
	prompts  PromptStore
	follower *follower
	executor *executor
	poster   *poster
}

// run refreshes messages until ctx ends.
func (r *refresher) run(ctx context.Context) {
	for {
		select {
		case <-r.changed.wake:
		case <-ctx.Done():
			return
		}
		select {
		case <-time.After(changesTogether):
		case <-ctx.Done():
			return
		}
		changed := r.changed.take()
		r.dropUntold(ctx, changed)
		for run, change := range changed {
			r.poster.beside(ctx, "bringing the messages of a run up to date", func() error {
				err := extension.Survive("run "+run, func() error {
					err := r.follower.follow(ctx, change.meetingID, run)
					if change.act {
						err = errors.Join(err, r.executor.actNow(ctx, change.meetingID, run))
					}
					return err
				})
				if err != nil && ctx.Err() == nil {
					r.poster.logger.WarnContext(ctx, "a message does not follow its meeting yet", "run", run, "error", err)
				}
				return nil
			})
		}
	}
}

// dropUntold takes out the runs that no message tells of, which are most. Where that look fails, each run is looked at by
// itself, and says so.
func (r *refresher) dropUntold(ctx context.Context, changed map[string]change) {
	var prompts map[string][]Prompt
	err := extension.Survive("the runs that have changed", func() (err error) {
		prompts, err = r.prompts.Prompts(ctx, slices.Collect(maps.Keys(changed)))
		return err
	})
	if err == nil {
		maps.DeleteFunc(changed, func(run string, change change) bool { return len(prompts[run]) == 0 && !change.act })
	}
}
