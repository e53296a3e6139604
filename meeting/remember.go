package meeting

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/maphash"
	"log/slog"
	"net/http"
	"sync/atomic"
)

// remembered keeps what the entries of the last list held. Most of a list is as it was a moment ago, and decoding is the
// dearest part of a read. An entry is known by two hashes of its bytes with secret seeds.
type remembered[T any] struct {
	decode func(json.RawMessage) (T, error)
	seeds  [2]maphash.Seed
	last   atomic.Pointer[map[entryHash]T]
}

type entryHash [2]uint64

func newRemembered[T any](decode func(json.RawMessage) (T, error)) *remembered[T] {
	r := &remembered[T]{decode: decode, seeds: [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}}
	r.last.Store(new(map[entryHash]T))
	return r
}

// listDecoder decodes the entries of one list.
type listDecoder[T any] struct {
	of           *remembered[T]
	before, seen map[entryHash]T

	read, unread int // entries; those that pages have in common count each time
	reason       error
}

func (r *remembered[T]) begin() *listDecoder[T] {
	before := *r.last.Load()
	return &listDecoder[T]{of: r, before: before, seen: make(map[entryHash]T, len(before))}
}

func (d *listDecoder[T]) decode(raw json.RawMessage) (T, error) {
	hash := entryHash{maphash.Bytes(d.of.seeds[0], raw), maphash.Bytes(d.of.seeds[1], raw)}
	value, known := d.before[hash]
	if !known {
		var err error
		if value, err = d.of.decode(raw); err != nil {
			d.unread++
			d.reason = err
			return value, err
		}
	}
	d.read++
	d.seen[hash] = value
	return value, nil
}

// check fails where there are entries, and none could be read. That is no empty list.
func (d *listDecoder[T]) check(op string) error {
	if d.unread == 0 || d.read > 0 {
		return nil
	}
	return &Error{Op: op, Kind: ErrUnavailable, Status: http.StatusOK, Err: fmt.Errorf("none of %d entries can be read: %w", d.unread, d.reason)}
}

// warn tells the log how many entries are missing.
func (d *listDecoder[T]) warn(ctx context.Context, logger *slog.Logger, op string) {
	if d.unread > 0 {
		logger.WarnContext(ctx, "left entries out of a list: they cannot be read", "op", op, "entries", d.unread, "error", d.reason)
	}
}

// end remembers this list in place of the one before.
func (d *listDecoder[T]) end() { d.of.last.Store(&d.seen) }
