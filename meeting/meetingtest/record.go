package meetingtest

import (
	"context"
	"slices"
	"time"
)

// keptCalls is how many of the latest calls are kept. Counts are of all.
const keptCalls = 20_000

// Call is a request that reached the service, also one that was refused or never answered.
type Call struct {
	At           time.Time // when it arrived
	Op           Op
	Method, Path string
	ConferenceID string
	RequestID    string
	Answered     bool
	Status       int  // 0 before the answer, or if there was none
	Fault        Kind // what was done to it on purpose; empty if nothing
}

// record is guarded by Server.mu.
type record struct {
	calls    []*Call
	arrived  map[Op]int
	answered map[Op]int
	signal   chan struct{} // nil while nobody waits
}

// changed wakes everybody who waits.
func (r *record) changed() {
	if r.signal != nil {
		close(r.signal)
		r.signal = nil
	}
}

func (s *Server) arrived(c *call) *Call {
	entry := &Call{
		At: c.now, Op: c.op, Method: c.request.Method, Path: c.request.URL.Path,
		ConferenceID: c.meeting, RequestID: c.id,
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.record.calls) >= 2*keptCalls {
		s.record.calls = slices.Clone(s.record.calls[keptCalls:])
	}
	s.record.calls = append(s.record.calls, entry)
	s.record.arrived[c.op]++
	s.record.changed()
	return entry
}

func (s *Server) answered(entry *Call, status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	entry.Answered, entry.Status = true, status
	s.record.answered[entry.Op]++
	s.record.changed()
}

// Calls returns the calls in the order of their arrival; of very many only the latest.
func (s *Server) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	calls := make([]Call, len(s.record.calls))
	for i, c := range s.record.calls {
		calls[i] = *c
	}
	return calls
}

// Count returns how many calls of that kind arrived.
func (s *Server) Count(op Op) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.record.arrived[op]
}

// Changed returns a channel that is closed at the next change: a call that arrives or is done, an
// extension, a meeting that is added or changed by a method. Time passing is no change.
func (s *Server) Changed() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.record.signal == nil {
		s.record.signal = make(chan struct{})
	}
	return s.record.signal
}

// WaitCall waits until n calls of that kind have arrived.
func (s *Server) WaitCall(ctx context.Context, op Op, n int) error {
	return s.wait(ctx, func() bool { return s.Count(op) >= n })
}

// WaitDone waits until n calls of that kind are over, with an answer or without.
func (s *Server) WaitDone(ctx context.Context, op Op, n int) error {
	return s.wait(ctx, func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.record.answered[op] >= n
	})
}

// WaitEffects waits until the meeting was really extended n times.
func (s *Server) WaitEffects(ctx context.Context, id string, n int) error {
	return s.wait(ctx, func() bool { return len(s.Effects(id)) >= n })
}

func (s *Server) wait(ctx context.Context, done func() bool) error {
	for {
		changed := s.Changed()
		if done() {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
