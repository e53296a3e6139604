package meeting

import (
	"encoding/json"
	"hash/maphash"
	"sync"
)

// entries remembers what the entries of the last list held. Most of a list is as it was a moment ago, and to decode
// it is the dearest part of a read. An entry is known by two hashes of its bytes with secret seeds.
type entries struct {
	seeds [2]maphash.Seed
	mutex sync.Mutex
	last  map[entryKey]reading
}

type entryKey [2]uint64

func newEntries() *entries {
	return &entries{seeds: [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}}
}

// pass decodes the entries of one list, and keeps them for the next.
type pass struct {
	known *entries
	seen  map[entryKey]reading
}

func (e *entries) begin() *pass { return &pass{known: e, seen: make(map[entryKey]reading)} }

func (p *pass) decode(raw json.RawMessage) (reading, error) {
	key := entryKey{maphash.Bytes(p.known.seeds[0], raw), maphash.Bytes(p.known.seeds[1], raw)}
	read, known := p.known.get(key)
	if !known {
		var err error
		if read, err = decodeMeeting(raw); err != nil {
			return reading{}, err
		}
	}
	p.seen[key] = read
	return read, nil
}

// end forgets what this list did not hold.
func (p *pass) end() {
	p.known.mutex.Lock()
	defer p.known.mutex.Unlock()
	p.known.last = p.seen
}

func (e *entries) get(key entryKey) (reading, bool) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	read, known := e.last[key]
	return read, known
}
