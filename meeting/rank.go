package meeting

import (
	"container/heap"
	"context"
	"time"
)

// peopleFirst is how many calls people get for each one of automation while both wait: a fifth of the quota is kept
// for deadlines.
const peopleFirst = 4

// rank says who a call is for: people, or automatic work for a meeting that ends at end.
type rank struct {
	automatic bool
	end       time.Time // zero is after all others
}

// before tells whether the call goes first, whatever came earlier; people are one kind, and automation the other.
func (r rank) before(other rank) bool {
	switch {
	case r.automatic != other.automatic:
		return !r.automatic
	case r.end.IsZero() || other.end.IsZero():
		return !r.end.IsZero() && other.end.IsZero()
	}
	return r.end.Before(other.end)
}

// standing is the rank of one piece of work. That of a shared piece rises with who joins it, so it is guarded by
// limiter.mutex.
type standing struct{ rank }

type standingKey struct{}

// Automatic marks the calls made with the context as automatic work for a meeting that ends at end: where they have to
// wait for the service's quota, people's calls go first, all but a fifth, and of the automatic ones that with the
// earliest end. A zero end is after all others. Calls without the mark are people's.
func Automatic(ctx context.Context, end time.Time) context.Context {
	return withStanding(ctx, &standing{rank{automatic: true, end: end}})
}

func withStanding(ctx context.Context, held *standing) context.Context {
	return context.WithValue(ctx, standingKey{}, held)
}

// standingOf is nil for people without work that is shared.
func standingOf(ctx context.Context) *standing {
	held, _ := ctx.Value(standingKey{}).(*standing)
	return held
}

func (s *standing) current() rank {
	if s == nil {
		return rank{}
	}
	return s.rank
}

// waiter is a call that waits for its turn.
type waiter struct {
	standing *standing
	arrival  uint64
	deadline time.Time // zero is none
	turn     chan bool // true: it may be made, and is counted; false: it cannot be in time
	at       int       // in its queue; -1 in none
}

// queue holds the waiters of one kind, the next one on top.
type queue []*waiter

func (q queue) Len() int { return len(q) }

func (q queue) Less(i, j int) bool { return q[i].before(q[j].standing.current(), q[j].arrival) }

// before tells whether the waiter goes before one of that rank and arrival.
func (w *waiter) before(other rank, arrival uint64) bool {
	own := w.standing.current()
	return own.before(other) || !other.before(own) && w.arrival < arrival
}

func (q queue) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].at, q[j].at = i, j
}

// Push is for package heap.
func (q *queue) Push(x any) {
	w := x.(*waiter)
	w.at = len(*q)
	*q = append(*q, w)
}

// Pop is for package heap.
func (q *queue) Pop() any {
	old := *q
	last := old[len(old)-1]
	old[len(old)-1] = nil
	*q = old[:len(old)-1]
	last.at = -1
	return last
}

func (q *queue) take(w *waiter) { heap.Remove(q, w.at) }

// line is who waits for one path.
type line struct {
	people, automatic queue
	// passed is how many calls people had since automation had one, counted while it waited.
	passed int
}

func (l *line) isEmpty() bool { return len(l.people)+len(l.automatic) == 0 }

func (l *line) of(r rank) *queue {
	if r.automatic {
		return &l.automatic
	}
	return &l.people
}

func (l *line) add(w *waiter) { heap.Push(l.of(w.standing.current()), w) }

// next takes whose turn it is.
func (l *line) next() *waiter {
	switch {
	case len(l.automatic) == 0:
		return heap.Pop(&l.people).(*waiter)
	case len(l.people) == 0 || l.passed >= peopleFirst:
		l.passed = 0
		return heap.Pop(&l.automatic).(*waiter)
	}
	l.passed++
	return heap.Pop(&l.people).(*waiter)
}

// ahead counts the calls that go before one of that rank which comes now, if nobody else comes.
func (l *line) ahead(r rank) int {
	if !r.automatic {
		people := len(l.people)
		return people + min(len(l.automatic), (l.passed+people)/peopleFirst)
	}
	automatic := 0
	for _, w := range l.automatic {
		if !r.before(w.standing.current()) {
			automatic++
		}
	}
	return automatic + min(len(l.people), max(peopleFirst*(automatic+1)-l.passed, 0))
}

// all lists who waits, in no order.
func (l *line) all() []*waiter {
	return append(append([]*waiter{}, l.people...), l.automatic...)
}
