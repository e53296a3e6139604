package meeting

import (
	"crypto/sha256"
	"slices"
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

	refused     []fingerprint // of passwords that the service refused, and that are not sent again
	refusal     error         // of the latest of them
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

// fingerprint tells a password from others without keeping it.
type fingerprint [sha256.Size]byte

func fingerprintOf(password Secret) fingerprint { return sha256.Sum256([]byte(password.Reveal())) }

// refuses says that the service refused this password before.
func (u *passwordUse) refuses(password Secret) bool {
	return slices.Contains(u.refused, fingerprintOf(password))
}

// remember keeps the password of a run, and says whether the meeting can be extended with what is known. Where a read hides
// the password, the one from before stays: from an earlier read, or from the host.
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
	meeting.Extendable = known.password != ""
}

// offer keeps a password that the host gave, unless a later run is known by now. It returns the refusal of one that the
// service refused before.
func (h *hostPasswords) offer(meeting Meeting, password Secret) error {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	known, ok := h.runs.Get(meeting.ID)
	switch {
	case !ok:
		h.runs.Add(meeting.ID, &hostAccess{uuid: meeting.UUID, start: meeting.Start, password: password, generation: h.generation.Load()})
	case known.use != nil && known.use.refuses(password):
		return known.use.refusal
	case known.start.Equal(meeting.Start):
		known.password = password
	}
	return nil
}

// refuse notes that the service refused a password: it is not kept.
func (h *hostPasswords) refuse(id string, password Secret, refusal error) {
	now := h.now()
	h.note(id, func(use *passwordUse) {
		use.token = ""
		use.refused, use.refusal, use.refusedAt = append(use.refused, fingerprintOf(password)), refusal, now
	})
	h.mutex.Lock()
	defer h.mutex.Unlock()
	if known, ok := h.runs.Peek(id); ok && known.password == password {
		known.password = ""
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
			(len(known.use.refused) > 0 && now.Sub(known.use.refusedAt) < refusalPeriod || now.Before(known.use.lockedUntil))
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
