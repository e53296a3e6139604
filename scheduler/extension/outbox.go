package extension

import (
	"context"
	"fmt"
	"runtime"
	"sync"
)

const postTogether = 8 // messages under way at the same time

// Outbox posts messages beside the work that they tell of: Slack is slower than deadlines allow.
// One of its owners may wait while another still puts, which a sync.WaitGroup does not allow.
type Outbox struct {
	slots chan struct{}

	mu    sync.Mutex
	count int        // of what is under way or waits for a slot
	idle  *sync.Cond // count is 0
}

// NewOutbox makes an Outbox. Each of its owners waits for its work.
func NewOutbox() *Outbox {
	o := &Outbox{slots: make(chan struct{}, postTogether)}
	o.idle = sync.NewCond(&o.mu)
	return o
}

// Put has it done when there is a slot, unless ctx ends before.
func (o *Outbox) Put(ctx context.Context, do func()) {
	o.add(1)
	go func() {
		defer o.add(-1)
		select {
		case o.slots <- struct{}{}:
		case <-ctx.Done():
			return
		}
		defer func() { <-o.slots }()
		do()
	}()
}

func (o *Outbox) add(more int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.count += more; o.count == 0 {
		o.idle.Broadcast()
	}
}

// Wait waits for what was put so far.
func (o *Outbox) Wait() {
	o.mu.Lock()
	defer o.mu.Unlock()
	for o.count > 0 {
		o.idle.Wait()
	}
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
