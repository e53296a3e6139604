package scheduler

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/overtime-bot/overtime/scheduler/extension"
)

// Quota tells how many extensions a minute the service allows, as far as is known; 0 = no limit.
type Quota interface{ ExtendRate() int }

// Automation extends in waves: those of a wave are read together. Of the waves of four in a minute there are five in
// any minute that the service may count, so that a fifth of its quota each is what it allows.
const (
	waveEvery     = 15 * time.Second
	wavesAMinute  = 4
	wavesTogether = 3
	readsOfWave   = 4 // of the list, while a wave of extensions goes through
	withoutQuota  = 16
	leftForUs     = 5 // the part of the quota that people leave to automation, however many they are: a fifth
	readsOfSingle = 2 // of a meeting by itself: before and after
)

// pace counts what people extend, who go first.
type pace struct{ begun atomic.Int64 }

func (s *Scheduler) quota() int {
	if s.config.Quota == nil {
		return 0
	}
	return max(0, s.config.Quota.ExtendRate())
}

// wave is how many extensions are begun together. Where the list is so long that to read it for each wave would use its
// own quota up, the wave is small enough for each meeting to be read by itself.
func (t *tick) wave() int {
	quota := t.quota()
	if quota == 0 {
		return withoutQuota
	}
	wave := quota / (wavesAMinute + 1)
	if pages := 1 + len(t.meetings)/extension.PageSize; wavesAMinute*readsOfWave*pages > quota {
		wave = min(pages, quota/(readsOfSingle*wavesAMinute+1))
	}
	return max(1, wave)
}

// rate is how many extensions a minute automation can count on: its waves, less what people take of the quota, but at
// least the fifth that is kept for it. 0 is no limit. It is asked once a tick, since it counts what people began after
// the one before.
func (t *tick) rate() int {
	begun := int(t.people.begun.Swap(0))
	quota := t.quota()
	if quota == 0 {
		return 0
	}
	if since := t.now.Sub(t.looked.get()); since > time.Minute {
		begun = int(float64(begun) * float64(time.Minute) / float64(since))
	}
	return max(1, min(t.wave()*wavesAMinute, max(quota-begun, quota/leftForUs)))
}

// inWaves extends what is due, in the order of the ends, and where a wave has room left fetches tokens for what is due
// later. A wave does not wait for the slowest meeting of the one before.
func (t *tick) inWaves(ctx context.Context, due, ahead []candidate) error {
	size := t.wave()
	var mu sync.Mutex
	var errs []error
	var waves sync.WaitGroup
	slots := make(chan struct{}, wavesTogether)
	for len(due)+len(ahead) > 0 {
		slots <- struct{}{}
		if !t.awaitWave(ctx) {
			break
		}
		wave := due[:min(size, len(due))]
		room := ahead[:min(size-len(wave), len(ahead))]
		due, ahead = due[len(wave):], ahead[len(room):]
		waves.Go(func() {
			defer func() { <-slots }()
			failed := t.goThrough(ctx, wave, room)
			mu.Lock()
			defer mu.Unlock()
			errs = append(errs, failed)
		})
	}
	waves.Wait()
	return errors.Join(errs...)
}

// goThrough is one wave.
func (t *tick) goThrough(ctx context.Context, wave, room []candidate) error {
	return errors.Join(t.beside(
		func() error { return t.each(ctx, wave, max(1, len(wave)), t.extendByItself) },
		func() error { return t.each(ctx, room, max(1, len(room)), t.prepareAhead) },
	)...)
}

// awaitWave waits until the next wave may begin; false where that is not before the end of the tick.
func (t *tick) awaitWave(ctx context.Context) bool {
	now := t.config.Clock.Now()
	if wait := waveEvery - now.Sub(t.waved); t.quota() > 0 && 0 < wait && wait <= waveEvery {
		if !now.Add(wait).Before(t.until) || t.config.Clock.Wait(ctx, wait) != nil {
			return false
		}
		now = t.config.Clock.Now()
	}
	if ctx.Err() != nil || !now.Before(t.until) {
		return false
	}
	t.waved = now
	return true
}
