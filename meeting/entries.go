package meeting

import (
	"encoding/json"
	"hash/maphash"
	"sync"
)

// entries remembers what the entries of the last list held. Most of a list is as it was a moment ago, and to decode
// it is the dearest part of a read. An entry is known by two hashes of its bytes with secret seeds.
type entries[T any] struct {
	decode func(json.RawMessage) (T, error)
	seeds  [2]maphash.Seed
	mutex  sync.Mutex
	last   *listed[T]
}

// listed is a list as it was read, in its order. It is never changed.
type listed[T any] struct {
	entries []entry[T]
	once    sync.Once
	index   map[entryKey]int32 // made when it is needed first
}

type entry[T any] struct {
	key    entryKey
	length int32
	value  T
}

type entryKey [2]uint64

func newEntries[T any](decode func(json.RawMessage) (T, error)) *entries[T] {
	return &entries[T]{decode: decode, seeds: [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}, last: &listed[T]{}}
}

func (e *entries[T]) keyOf(raw []byte) entryKey {
	return entryKey{maphash.Bytes(e.seeds[0], raw), maphash.Bytes(e.seeds[1], raw)}
}

func (l *listed[T]) find(key entryKey) (int, bool) {
	l.once.Do(func() {
		l.index = make(map[entryKey]int32, len(l.entries))
		for at, entry := range l.entries {
			l.index[entry.key] = int32(at)
		}
	})
	at, found := l.index[key]
	return int(at), found
}

// pass decodes the entries of one list, and keeps them for the next.
type pass[T any] struct {
	of       *entries[T]
	before   *listed[T]
	next     int  // where the next entry stood before, if the list is as it was
	foreseen bool // and so it is
	seen     []entry[T]
}

func (e *entries[T]) begin() *pass[T] {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	return &pass[T]{of: e, before: e.last, seen: make([]entry[T], 0, len(e.last.entries))}
}

// known finds the entry that was expected at the beginning of the rest of a page, and tells its length: what has the
// same hashes is the same, and needs no search for its end. That holds for objects alone: 1 is the beginning of 12.
func (p *pass[T]) known(rest []byte) int {
	if p.next >= len(p.before.entries) || len(rest) == 0 || rest[0] != '{' {
		return 0
	}
	expected := &p.before.entries[p.next]
	length := int(expected.length)
	p.foreseen = length <= len(rest) && maphash.Bytes(p.of.seeds[0], rest[:length]) == expected.key[0] &&
		maphash.Bytes(p.of.seeds[1], rest[:length]) == expected.key[1]
	if !p.foreseen {
		return 0
	}
	return length
}

// decode returns what an entry holds; after known, of the entry that was known.
func (p *pass[T]) decode(raw json.RawMessage) (T, error) {
	if p.foreseen {
		p.foreseen = false
		return p.keep(p.next), nil
	}
	key := p.of.keyOf(raw)
	if at, found := p.before.find(key); found {
		return p.keep(at), nil
	}
	value, err := p.of.decode(raw)
	if err == nil {
		p.next++ // most likely one that has changed
		p.seen = append(p.seen, entry[T]{key: key, length: int32(len(raw)), value: value})
	}
	return value, err
}

func (p *pass[T]) keep(at int) T {
	p.next = at + 1
	p.seen = append(p.seen, p.before.entries[at])
	return p.before.entries[at].value
}

// end forgets what this list did not hold.
func (p *pass[T]) end() {
	p.of.mutex.Lock()
	defer p.of.mutex.Unlock()
	p.of.last = &listed[T]{entries: p.seen}
}
