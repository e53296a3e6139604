package meeting

import (
	"encoding/json"
	"hash/maphash"
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
			return value, err
		}
	}
	d.seen[hash] = value
	return value, nil
}

// end remembers this list in place of the one before.
func (d *listDecoder[T]) end() { d.of.last.Store(&d.seen) }
