package extension

import (
	"context"
	"fmt"
	"runtime"
	"sync"
)

const postTogether = 8 // messages under way at the same time

// Outbox posts messages beside the work that they tell of: Slack is slower than deadlines allow.
type Outbox struct {
	slots chan struct{}
	work  group
}

// NewOutbox makes an Outbox. Each of its owners waits for its work.
func NewOutbox() *Outbox { return &Outbox{slots: make(chan struct{}, postTogether)} }

// Put has it done when there is a slot, unless ctx ends before.
func (o *Outbox) Put(ctx context.Context, do func()) {
	o.work.Go(func() {
		select {
		case o.slots <- struct{}{}:
		case <-ctx.Done():
			return
		}
		defer func() { <-o.slots }()
		do()
	})
}

// Wait waits for what was put so far.
func (o *Outbox) Wait() { o.work.Wait() }

// group waits for goroutines. One of its owners may wait while another still starts some, which a sync.WaitGroup does
// not allow.
type group struct {
	mu    sync.Mutex
	count int
	idle  chan struct{} // closed once count is 0; nil while nobody waits
}

func (g *group) Go(do func()) {
	g.mu.Lock()
	g.count++
	g.mu.Unlock()
	go func() {
		defer func() {
			g.mu.Lock()
			defer g.mu.Unlock()
			if g.count--; g.count == 0 && g.idle != nil {
				close(g.idle)
				g.idle = nil
			}
		}()
		do()
	}()
}

// Wait blocks until none of the goroutines is left.
func (g *group) Wait() {
	g.mu.Lock()
	if g.count == 0 {
		g.mu.Unlock()
		return
	}
	if g.idle == nil {
		g.idle = make(chan struct{})
	}
	idle := g.idle
	g.mu.Unlock()
	<-idle
}

// Survive turns a panic over one piece of work into an error, so that it does not end the process. It keeps the text of
// the runtime's own panics alone: any other may quote what a person typed.
func Survive(what string, do func() error) (err error) {
	defer func() {
		switch value := recover().(type) {
		case nil:
		case runtime.Error:
			err = fmt.Errorf("%s: panic: %w", what, value)
		default:
			err = fmt.Errorf("%s: panic: %T", what, value)
		}
	}()
	return do()
}
