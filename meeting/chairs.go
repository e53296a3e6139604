package meeting

import (
	"sync"
	"time"
)

// maxChairs bounds what is kept; it is as many meetings as a list may hold.
const maxChairs = maxPages * pageSize

// refusalPeriod is how long a refused password outlives its meeting's place in the list, which may lag.
const refusalPeriod = time.Hour

// chair is what extending one run takes. None of it ever leaves the package.
type chair struct {
	uuid     string
	start    time.Time
	password Secret
	token    Secret
	until    time.Time // of the token
	fetched  time.Time // the token

	refused     Secret // the password that the service refused, and will not be sent again
	refusal     error
	refusedAt   time.Time
	lockedUntil time.Time // too many wrong passwords, of whomever
	lock        error

	generation uint64 // of the latest list that began before it was seen
}

// isOfRun tells one run of a meeting ID from the next.
func (h chair) isOfRun(meeting Meeting) bool {
	if h.uuid != "" && meeting.UUID != "" {
		return h.uuid == meeting.UUID
	}
	return h.start.Equal(meeting.Start)
}

// chairs keeps the chair of each running meeting, by conferenceID, and the token requests under way.
type chairs struct {
	mutex      sync.Mutex
	byMeeting  map[string]*chair
	flights    map[string]*flight[grant]
	generation uint64
}

func newChairs() chairs {
	return chairs{byMeeting: make(map[string]*chair), flights: make(map[string]*flight[grant])}
}

// remember keeps the password of a run. Where a read hides it, the one from an earlier read stays.
func (s *chairs) remember(meeting Meeting, password Secret) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	known := s.byMeeting[meeting.ID]
	if known == nil || !known.isOfRun(meeting) {
		s.makeRoom()
		known = &chair{uuid: meeting.UUID, start: meeting.Start}
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
		refused := known.refused != "" && now.Sub(known.refusedAt) < refusalPeriod
		if known.generation < generation && !refused && !now.Before(known.lockedUntil) {
			delete(s.byMeeting, id)
		}
	}
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
		return *known
	}
	return chair{}
}

// change applies to a chair that is still there.
func (s *chairs) change(id string, change func(*chair)) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if known := s.byMeeting[id]; known != nil {
		change(known)
	}
}

// dropToken forgets a token that was refused, unless there is another by now.
func (s *chairs) dropToken(held grant) {
	s.change(held.id, func(known *chair) {
		if known.token == held.token {
			known.token = ""
		}
	})
}
