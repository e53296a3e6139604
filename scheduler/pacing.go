package scheduler

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/overtime-bot/overtime/scheduler/extension"
)

// Quota tells how many extensions a minute the service allows, as far as is known; 0 = no limit.
type Quota interface{ ExtendRate() int }

// Automation begins extensions in groups, and those of a group are read together. Of four groups in a minute, five fall
// into any minute that the service may count. So each takes a fifth of its quota.
const (
	groupEvery     = 15 * time.Second
	groupsAMinute  = 4
	groupsTogether = 3 // a group does not wait for the slowest meeting of the one before
	readsOfGroup   = 4 // of the list, while a group of extensions goes through
	readsOfSingle  = 2 // of a meeting by itself: before and after
	withoutQuota   = 16
	leftForUs      = 5 // the part of the quota that people leave to automation, however many they are: a fifth
)

// pacing keeps automation within the service's quota. People go first: it counts what they extend.
type pacing struct {
	quota Quota // nil: the service has none
	clock extension.Clock

	people atomic.Int64 // extensions that people began since they were counted
	begun  time.Time    // the last group; belongs to the look
}

func (p *pacing) perMinute() int {
	if p.quota == nil {
		return 0
	}
	return max(0, p.quota.ExtendRate())
}

// group is how many extensions are begun together while so many meetings are listed. A long list read for each group would
// use its own quota up. Then a group is small enough for each meeting to be read by itself.
func (p *pacing) group(listed int) int {
	quota := p.perMinute()
	if quota == 0 {
		return withoutQuota
	}
	group := quota / (groupsAMinute + 1)
	if pages := 1 + listed/extension.PageSize; groupsAMinute*readsOfGroup*pages > quota {
		group = min(pages, quota/(readsOfSingle*groupsAMinute+1))
	}
	return max(1, group)
}

// rate is how many extensions a minute automation can count on; 0 is no limit. It is what its groups take, less what
// people began since it was last asked, but at least the fifth that is kept for it.
func (p *pacing) rate(listed int, since time.Duration) int {
	begun := int(p.people.Swap(0))
	quota := p.perMinute()
	if quota == 0 {
		return 0
	}
	if since > time.Minute {
		begun = int(float64(begun) * float64(time.Minute) / float64(since))
	}
	return max(1, min(p.group(listed)*groupsAMinute, max(quota-begun, quota/leftForUs)))
}

// await waits until the next group may begin; false where that is not before until.
func (p *pacing) await(ctx context.Context, until time.Time) bool {
	now := p.clock.Now()
	if wait := groupEvery - now.Sub(p.begun); p.perMinute() > 0 && 0 < wait && wait <= groupEvery {
		if !now.Add(wait).Before(until) || p.clock.Wait(ctx, wait) != nil {
			return false
		}
		now = p.clock.Now()
	}
	if ctx.Err() != nil || !now.Before(until) {
		return false
	}
	p.begun = now
	return true
}
