package socket

import "sync"

// inFlight counts envelopes that are not acked yet. Unlike a WaitGroup, a select can wait for it.
type inFlight struct {
	mu     sync.Mutex
	number int
	none   chan struct{} // closed when the number falls to 0
}

// start counts one more, unless limit are under way; limit 0 = no limit.
func (f *inFlight) start(limit int) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if limit > 0 && f.number >= limit {
		return false
	}
	if f.number == 0 {
		f.none = make(chan struct{})
	}
	f.number++
	return true
}

func (f *inFlight) finish() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.number--
	if f.number == 0 {
		close(f.none)
	}
}

// idle is closed once nothing is under way.
func (f *inFlight) idle() <-chan struct{} {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.none == nil {
		f.none = make(chan struct{})
		close(f.none)
	}
	return f.none
}
