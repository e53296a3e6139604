package meeting

import (
	"bytes"
	"context"
	"errors"
	"io"
	"testing"
	"time"
)

func TestOnceBody(t *testing.T) {
	body := &onceBody{ctx: t.Context(), bytes: bytes.NewReader([]byte("body"))}
	if got, err := io.ReadAll(body); string(got) != "body" || err != nil || body.shut() {
		t.Errorf("open: %q, %v; what was given out counts as not sent", got, err)
	}
	body = &onceBody{ctx: t.Context(), bytes: bytes.NewReader([]byte("body"))}
	if !body.shut() {
		t.Error("nothing was given out")
	}
	if got, err := io.ReadAll(body); len(got) != 0 || !errors.Is(err, errShut) {
		t.Errorf("shut: %q, %v", got, err)
	}
	past, cancel := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer cancel()
	body = &onceBody{ctx: past, bytes: bytes.NewReader([]byte("body"))}
	if got, err := io.ReadAll(body); len(got) != 0 || !errors.Is(err, context.DeadlineExceeded) || !body.shut() {
		t.Errorf("too late: %q, %v", got, err)
	}
}
