package access

import (
	"sync"
	"time"
)

// budget counts the calls of a method in the last minute.
type budget struct {
	mu    sync.Mutex
	calls []time.Time // in order; those of the last minute
	most  int         // calls that Slack allows in a minute
}

// take counts a call that is about to be made. It is false, and counts none, where there is an answer of that age, which
// still holds, and the minute has no room for another. Half of the calls are for any of these, and the more of the rest
// the sooner an answer ends. A call for an unknown answer is made in any case.
func (b *budget) take(now time.Time, known bool, age time.Duration) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	for len(b.calls) > 0 {
		if age := now.Sub(b.calls[0]); 0 <= age && age < time.Minute {
			break
		}
		b.calls = b.calls[1:] // over, or the clock was put back
	}
	room := b.most/2 + int(float64(b.most/2)*min(age.Seconds()/believed.Seconds(), 1))
	if known && len(b.calls) >= room {
		return false
	}
	b.calls = append(b.calls, now)
	return true
}
