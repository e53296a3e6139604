package meeting

import (
	"context"
	"slices"
	"sync/atomic"
	"time"
)

// peopleFirst is how many calls people get for each one of automation's while both wait. The rest, a fifth of the quota,
// is kept for deadlines.
const peopleFirst = 4

// priority says who a call is for. Shared work that automation began is people's from when a person joins it.
type priority struct{ automatic atomic.Bool }

type priorityKey struct{}

// Automatic marks the calls made with the context as automation's; others are people's. Where calls wait for the service's
// quota, people's go first, but automation keeps a fifth of it. Calls of one kind go in the order in which they came.
func Automatic(ctx context.Context) context.Context {
	p := new(priority)
	p.automatic.Store(true)
	return withPriority(ctx, p)
}

func withPriority(ctx context.Context, p *priority) context.Context {
	return context.WithValue(ctx, priorityKey{}, p)
}

// priorityOf is nil where the context has no mark.
func priorityOf(ctx context.Context) *priority {
	p, _ := ctx.Value(priorityKey{}).(*priority)
	return p
}

func (p *priority) isAutomatic() bool { return p != nil && p.automatic.Load() }

// waiter is a call that waits for its turn.
type waiter struct {
	priority *priority
	deadline time.Time // zero is none
	turn     chan bool // true: the call may be made, and is counted; false: its turn would come too late
}

// line holds two queues for one path, people's and automation's. They share a slice in the order of arrival: a call can
// change from one to the other.
type line struct {
	waiting []*waiter
	passed  int // calls that people had since automation had one, counted while it waits
}

// next takes whose turn it is. Somebody must be waiting.
func (l *line) next() *waiter {
	// Automation's first: a call may become people's in between.
	automatic := slices.IndexFunc(l.waiting, func(w *waiter) bool { return w.priority.isAutomatic() })
	person := slices.IndexFunc(l.waiting, func(w *waiter) bool { return !w.priority.isAutomatic() })
	chosen := person
	switch {
	case automatic < 0:
	case person < 0 || l.passed >= peopleFirst:
		chosen, l.passed = automatic, 0
	default:
		l.passed++
	}
	w := l.waiting[chosen]
	l.waiting = slices.Delete(l.waiting, chosen, chosen+1)
	return w
}

// ahead counts the calls that go before one that comes now, if nobody else comes.
func (l *line) ahead(isAutomatic bool) int {
	people, automatic := 0, 0
	for _, w := range l.waiting {
		if w.priority.isAutomatic() {
			automatic++
		} else {
			people++
		}
	}
	if isAutomatic {
		return automatic + min(people, max(peopleFirst*(automatic+1)-l.passed, 0))
	}
	return people + min(automatic, (l.passed+people)/peopleFirst)
}
