package extension_test

import (
	"strings"
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

// A panic may quote what a person typed: of any but the runtime's own, the error names the type alone.
func TestSurviveQuotesNobody(t *testing.T) {
	err := extension.Survive("a command", func() error { panic("914083136 with my password") })
	if err == nil || strings.Contains(err.Error(), "password") || !strings.Contains(err.Error(), "a command") {
		t.Errorf("%v", err)
	}
	var none []int
	err = extension.Survive("a command", func() error { _ = none[len(t.Name())]; return nil })
	if err == nil || !strings.Contains(err.Error(), "index out of range") {
		t.Errorf("%v", err)
	}
}
