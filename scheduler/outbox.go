package scheduler

import (
	"context"
	"sync"
)

const postTogether = 8 // messages under way at the same time

// outbox posts messages beside the work that they tell of: Slack is slower than deadlines allow.
type outbox struct {
	slots chan struct{}
	work  sync.WaitGroup
}

func newOutbox() *outbox { return &outbox{slots: make(chan struct{}, postTogether)} }

// put has it done when there is a slot, unless ctx ends before. Whoever owns the outbox waits for its work.
func (o *outbox) put(ctx context.Context, do func()) {
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
