package meeting

import (
	"sync"
	"time"
)

// maxChairs bounds what is kept; it is as many meetings as a list may hold.
const maxChairs = maxEntries

// refusalPeriod is how long a refused password outlives its meeting's place in the list, which may lag.
const refusalPeriod = time.Hour

// chair is what extending one run takes. None of it ever leaves the package.
type chair struct {
	password Secret
	control
}

// control is what has become of the password so far.
type control struct {
	token   Secret
	fetched time.Time // the token
	until   time.Time // of the token

	refused     Secret // the password that the service refused, and will not be sent again
	refusal     error
	refusedAt   time.Time
	lockedUntil time.Time // too many wrong passwords, of whomever
	lock        error
}

// keptChair is a chair as it is kept: most runs are never extended, and take little room.
type keptChair struct {
	uuid       string
	start      time.Time
	password   Secret
	generation uint64   // of the latest list that began before it was seen
	control    *control // nil until there is any
}

// isOfRun tells one run of a meeting ID from the next.
func (k *keptChair) isOfRun(meeting *Meeting) bool {
	if k.uuid != "" && meeting.UUID != "" {
		return k.uuid == meeting.UUID
	}
	return k.start.Equal(meeting.Start)
}

func (k *keptChair) whole() chair {
	if k.control == nil {
		return chair{password: k.password}
	}
	return chair{password: k.password, control: *k.control}
}

// chairs keeps the chair of each running meeting, by conferenceID, and the token requests under way.
type chairs struct {
	mutex      sync.Mutex
	byMeeting  map[string]*keptChair
	flights    map[string]*flight[grant]
	generation uint64
}

func newChairs() chairs {
	return chairs{byMeeting: make(map[string]*keptChair), flights: make(map[string]*flight[grant])}
}

// remember keeps the password of a run. Where a read hides it, the one from an earlier read stays.
func (s *chairs) remember(meeting *Meeting, password Secret) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	known := s.byMeeting[meeting.ID]
	if known == nil || !known.isOfRun(meeting) {
		s.makeRoom()
		known = &keptChair{uuid: meeting.UUID, start: meeting.Start}
		s.byMeeting[meeting.ID] = known
	}
	known.generation = s.generation
	if password != "" {
		known.password = password
	}
}

// makeRoom drops any one chair when there are too many; what is lost is read again.
func (s *chairs) makeRoom() {
	if len(s.byMeeting) < maxChairs {
		return
	}
	for id := range s.byMeeting {
		delete(s.byMeeting, id)
		return
	}
}

// beginList marks the time before a list is read: dropOlder then drops what neither it nor
// any read since has shown.
func (s *chairs) beginList() uint64 {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.generation++
	return s.generation
}

func (s *chairs) dropOlder(generation uint64, now time.Time) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for id, known := range s.byMeeting {
		if known.generation < generation && (known.control == nil || !known.control.outlivesList(now)) {
			delete(s.byMeeting, id)
		}
	}
}

// outlivesList tells that a refusal must not be forgotten yet.
func (h *control) outlivesList(now time.Time) bool {
	return h.refused != "" && now.Sub(h.refusedAt) < refusalPeriod || now.Before(h.lockedUntil)
}

// forget drops what belongs to a run that is over.
func (s *chairs) forget(id string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	delete(s.byMeeting, id)
}

// of returns a copy.
func (s *chairs) of(id string) chair {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if known := s.byMeeting[id]; known != nil {
		return known.whole()
	}
	return chair{}
}

// change applies to a chair that is still there.
func (s *chairs) change(id string, change func(*chair)) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	known := s.byMeeting[id]
	if known == nil {
		return
	}
	changed := known.whole()
	change(&changed)
	known.password, known.control = changed.password, &changed.control
}

// dropToken forgets a token that was refused, unless there is another by now.
func (s *chairs) dropToken(held grant) {
	s.change(held.id, func(known *chair) {
		if known.token == held.token {
			known.token = ""
		}
	})
}
