package meeting

import (
	"sync"
	"sync/atomic"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
)

// hostPasswords keeps the host's password of each running meeting, and what came of sending it. None of it ever leaves the
// package. What is lost for want of room is read again.
type hostPasswords struct {
	now        func() time.Time
	mutex      sync.Mutex                      // guards what the runs hold
	runs       *lru.Cache[string, *hostAccess] // by conferenceID; of each the latest run
	generation atomic.Uint64                   // counts the lists that have begun
}

// hostAccess is kept for one run. Most runs are never extended, and take little room.
type hostAccess struct {
	uuid       string
	start      time.Time
	password   Secret
	generation uint64       // of the latest list that began before the run was seen
	use        *passwordUse // nil until there is any
}

// passwordUse is what came of sending the password.
type passwordUse struct {
	token   Secret
	fetched time.Time
	until   time.Time

	refused     Secret // the password that the service refused, and that is not sent again
	refusal     error
	refusedAt   time.Time
	lockedUntil time.Time // after too many wrong passwords, ours or others'
	lock        error
}

// refusalPeriod is how long a refused password outlives its meeting's place in the list, which may lag.
const refusalPeriod = time.Hour

// newHostPasswords has room for as many meetings as a list may hold.
func newHostPasswords(now func() time.Time) (*hostPasswords, error) {
	runs, err := lru.New[string, *hostAccess](maxEntries)
	return &hostPasswords{now: now, runs: runs}, err
}

// remember keeps the password of a run. Where a read hides it, the one from an earlier read stays.
func (h *hostPasswords) remember(meeting *Meeting, password Secret) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	known, ok := h.runs.Get(meeting.ID)
	sameRun := ok && known.start.Equal(meeting.Start)
	if ok && known.uuid != "" && meeting.UUID != "" {
		sameRun = known.uuid == meeting.UUID
	}
	if !sameRun {
		known = &hostAccess{uuid: meeting.UUID, start: meeting.Start}
		h.runs.Add(meeting.ID, known)
	}
	known.generation = h.generation.Load()
	if password != "" {
		known.password = password
	}
}

// dropOlder drops runs that neither the list of that generation nor any read since has shown. It keeps fresh refusals.
func (h *hostPasswords) dropOlder(generation uint64) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	now := h.now()
	for _, id := range h.runs.Keys() {
		known, _ := h.runs.Peek(id)
		refused := known.use != nil &&
			(known.use.refused != "" && now.Sub(known.use.refusedAt) < refusalPeriod || now.Before(known.use.lockedUntil))
		if known.generation < generation && !refused {
			h.runs.Remove(id)
		}
	}
}

// forget drops what belongs to a run that is over.
func (h *hostPasswords) forget(id string) { h.runs.Remove(id) }

// of returns a copy of what is known of a meeting.
func (h *hostPasswords) of(id string) (Secret, passwordUse) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	known, ok := h.runs.Peek(id)
	switch {
	case !ok:
		return "", passwordUse{}
	case known.use == nil:
		return known.password, passwordUse{}
	}
	return known.password, *known.use
}

// note changes what came of a password, if its run is still there.
func (h *hostPasswords) note(id string, change func(*passwordUse)) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	known, ok := h.runs.Peek(id)
	if !ok {
		return
	}
	if known.use == nil {
		known.use = new(passwordUse)
	}
	change(known.use)
}

// lasts tells whether the token is good now and at that time. It also lasts where a new one would hardly last longer.
func (u *passwordUse) lasts(until, now time.Time) bool {
	switch {
	case u.token == "" || !now.Before(u.until):
		return false
	case !u.until.Before(until):
		return true
	}
	life := u.until.Sub(u.fetched)
	return now.Add(life).Before(until) && now.Sub(u.fetched) < life/2
}
