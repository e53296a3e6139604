package extension_test

import (
	"sync"
	"sync/atomic"
	"testing"

	"github.com/overtime-bot/overtime/scheduler/extension"
)

// Several parts share an outbox: one may wait for its work while another still puts.
func TestOutboxIsWaitedForWhileOthersPut(t *testing.T) {
	outbox := extension.NewOutbox()
	var done atomic.Int64
	var parts sync.WaitGroup
	for range 4 {
		parts.Go(func() {
			for range 500 {
				outbox.Put(t.Context(), func() { done.Add(1) })
				outbox.Wait()
			}
		})
	}
	parts.Wait()
	if got := done.Load(); got != 4*500 {
		t.Errorf("%d pieces of work were done", got)
	}
}
