package meeting

import (
	"context"
	"slices"
	"sync"
	"time"
)

// Rank says what a call is for. A lower one goes first.
type Rank int

const (
	extending Rank = iota // for people who extend; also what has no mark
	deadlines             // for automation
	looking               // for people who look
	ranks
)

// shares are what the calls of some ranks may use together, as part of a quota, and whose calls that binds. So a fifth is
// kept for deadlines, and those who look leave a tenth to who extends. What nobody else wants, automation may use up: it
// paces what it does itself.
var shares = [...]struct {
	of, binds [ranks]bool
	part, in  int
}{
	{of: [ranks]bool{true, true, true}, binds: [ranks]bool{true, true, true}, part: 1, in: 1},
	{of: [ranks]bool{extending: true, looking: true}, binds: [ranks]bool{extending: true, looking: true}, part: 4, in: 5},
	{of: [ranks]bool{deadlines: true, looking: true}, binds: [ranks]bool{looking: true}, part: 9, in: 10},
	{of: [ranks]bool{looking: true}, binds: [ranks]bool{looking: true}, part: 2, in: 5},
}

// priority is the rank of a call, which may rise while it waits: shared work has the highest rank of those who wait for it.
type priority struct {
	patience time.Duration // for a turn; 0 is the context's

	mutex sync.Mutex
	rank  Rank
	risen func() // where it waits
}

type priorityKey struct{}

// Automatic marks the calls made with the context as automation's; others are people's, who extend. Where calls wait for
// the service's quota, people's go first, but automation keeps a fifth of it. Calls of one kind go in the order in which
// they came.
func Automatic(ctx context.Context) context.Context {
	return withPriority(ctx, &priority{rank: deadlines})
}

// Looking marks the calls made with the context as those of people who only look. They go last, and use two fifths of the
// quota at most.
func Looking(ctx context.Context) context.Context { return withPriority(ctx, &priority{rank: looking}) }

// RankOf is the rank that the context is marked with.
func RankOf(ctx context.Context) Rank { return priorityOf(ctx).now() }

// WithRank marks the calls made with the context. If patience is not 0, each of them waits so long for its turn at most, and
// then fails with ErrNoTurn.
func WithRank(ctx context.Context, rank Rank, patience time.Duration) context.Context {
	return withPriority(ctx, &priority{rank: rank, patience: patience})
}

func withPriority(ctx context.Context, p *priority) context.Context {
	return context.WithValue(ctx, priorityKey{}, p)
}

// priorityOf is nil where the context has no mark.
func priorityOf(ctx context.Context) *priority {
	p, _ := ctx.Value(priorityKey{}).(*priority)
	return p
}

func (p *priority) now() Rank {
	if p == nil {
		return extending
	}
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return p.rank
}

// raise gives the call a higher rank, if that is one.
func (p *priority) raise(to Rank) {
	p.mutex.Lock()
	higher, risen := to < p.rank, p.risen
	p.rank = min(p.rank, to)
	p.mutex.Unlock()
	if higher && risen != nil {
		risen()
	}
}

// waitsAt has the line hear of a rise.
func (p *priority) waitsAt(risen func()) {
	if p == nil {
		return
	}
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.risen = risen
}

// waiter is a call that waits for its turn.
type waiter struct {
	priority *priority
	deadline time.Time // zero is none
	turn     chan turn
}

// turn is what comes of waiting.
type turn struct {
	rank   Rank // that the call counts for
	inTime bool // else its turn would come too late
}

// line holds the calls that wait for one path in the order of their arrival.
type line struct{ waiting []*waiter }

// byRank counts who waits.
func (l *line) byRank() (counts [ranks]int) {
	for _, w := range l.waiting {
		counts[w.priority.now()]++
	}
	return counts
}

// take takes the first of a rank out of the line. It is nil where none waits.
func (l *line) take(r Rank) *waiter {
	at := slices.IndexFunc(l.waiting, func(w *waiter) bool { return w.priority.now() == r })
	if at < 0 {
		return nil
	}
	w := l.waiting[at]
	l.waiting = slices.Delete(l.waiting, at, at+1)
	return w
}

// ahead counts the calls that surely go before one of a rank that comes now. Those who extend go before deadlines only as
// far as their share goes, so they are not counted there.
func (l *line) ahead(r Rank) [ranks]int {
	counts := l.byRank()
	for other := range ranks {
		if other != r && r != looking {
			counts[other] = 0
		}
	}
	return counts
}
