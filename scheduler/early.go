package scheduler

import (
	"context"
	"sync"
	"time"

	"github.com/overtime-bot/overtime/meeting"
)

const (
	// manyExtend is from how many extensions under way on a read may begin early: it is shared by them.
	manyExtend = 8
	// An early read is worth it where reads take so long, and not where whoever reads after the PUT would wait for it.
	slowRead    = 3 * time.Millisecond
	slowestRead = 500 * time.Millisecond
	// An early read that was too early is paid for by so many that are not made, up to the most.
	earlyPrice = 3
	mostCredit = 64
	// earlyPatience is how long an early read is waited for after the PUT.
	earlyPatience = time.Second
)

// early decides about reads that begin while a PUT is on its way. Where many extend at once, such a read spares each
// the time of another after the PUT; where the service mostly shows the new end later than that, it is left out.
type early struct {
	mu     sync.Mutex
	credit int
}

// worth says whether one more early read may be made.
func (e *early) worth() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.credit < 0 {
		e.credit++
		return false
	}
	return true
}

func (e *early) came(inTime bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if inTime {
		e.credit = min(e.credit+1, mostCredit)
	} else {
		e.credit = max(e.credit-earlyPrice, -mostCredit)
	}
}

// ahead joins a read that begins while the PUT is on its way; nil where that is not worth it, or where the target could
// come from elsewhere: the platform extends as well, or the same was sent before. leave must follow.
func (r *reader) ahead(row Extension, now meeting.Meeting, people int) *batch {
	if row.Platform || row.Origin == FromTick || row.Attempt > 1 || now.ProlongMinutes > 0 || people < manyExtend {
		return nil
	}
	if took := r.lastTook(); took < slowRead || took > slowestRead || !r.early.worth() {
		return nil
	}
	return r.join(func(b *batch) { b.ids[row.MeetingID], b.early = true, true })
}

// shown is what an early read has shown of the target, once the PUT has had its 200. Nothing but the very target
// counts: another end may be somebody else's, from before the PUT. (Who adds as many minutes by hand in the moment of
// the PUT gets it told an end that is too early, as one who adds some just after a read always does.)
func (r *reader) shown(ctx context.Context, b *batch, row Extension) (meeting.Meeting, bool) {
	if b == nil {
		return meeting.Meeting{}, false
	}
	ctx, cancel := context.WithTimeout(ctx, earlyPatience)
	defer cancel()
	m, err := b.of(ctx, row.MeetingID)
	inTime := err == nil && RunOf(m) == row.Run && m.End.Equal(row.Target)
	r.early.came(inTime)
	return m, inTime
}
