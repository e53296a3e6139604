package meeting

import (
	"context"
	"errors"
	"io"
	"testing"
	"time"
)

func TestGate(t *testing.T) {
	body := newGate([]byte("body"), t.Context())
	if got, err := io.ReadAll(body); string(got) != "body" || err != nil || body.shut() {
		t.Errorf("open: %q, %v; what was given out counts as not sent", got, err)
	}
	body = newGate([]byte("body"), t.Context())
	if !body.shut() {
		t.Error("nothing was given out")
	}
	if got, err := io.ReadAll(body); len(got) != 0 || !errors.Is(err, errGateShut) {
		t.Errorf("shut: %q, %v", got, err)
	}
	past, cancel := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer cancel()
	body = newGate([]byte("body"), past)
	if got, err := io.ReadAll(body); len(got) != 0 || !errors.Is(err, context.DeadlineExceeded) || !body.shut() {
		t.Errorf("too late: %q, %v", got, err)
	}
}
