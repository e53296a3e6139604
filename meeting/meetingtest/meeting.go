package meetingtest

import (
	"cmp"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"math/big"
	"slices"
	"time"
)

// LongestMeeting is the limit of a meeting that has none of its own, from its start: 30 h as advertised.
const LongestMeeting = 30 * 60

// Host is who scheduled a meeting.
type Host struct{ UUID, Account, Name, Email string }

// Person is somebody of the enterprise, an invitee, or one who is in a meeting.
type Person struct {
	UUID, Account, Name, Email string
	Chair                      bool // says so of itself; an invitee's role is free text to the service
}

// Occurrence is one time that a recurring meeting is booked for.
type Occurrence struct{ Start, End time.Time }

// Meeting is one run of a meeting.
type Meeting struct {
	ID      string // conferenceID; nine random digits if empty
	UUID    string // confUUID, shown while it runs only if given: the service does so for immediate meetings
	RoomID  string // vmrConferenceID; empty without a cloud room
	Subject string
	// Start and End are instants. Start is now if zero, End an hour later. The wire cuts them to the
	// minute; a meeting ends at the instant.
	Start, End time.Time
	Host       Host
	// HostUnlisted keeps the host out of the participants of the details.
	HostUnlisted bool
	// Scheduled, or a Start to come: it is booked. It begins at Start if People are in, else by Begin.
	Scheduled bool
	// Later makes it a recurring one: the times after Start and End, in order. Once a run is over, or nobody came, the
	// next time is booked under the same ID, for as many People as this one was added with.
	Later     []Occurrence
	People    int      // how many are in
	Attendees []Person // who they are, as far as told; the others are guests
	Invited   []Person // when it was booked; the account sees what it is invited to
	// ProlongMinutes is confConfigInfo.prolongLength: the platform extends by so much at the end, again
	// and again, while People are in. nil leaves it out of the answer, and ends on time.
	ProlongMinutes *int
	// AutoMinutes is what an extension with auto 1 made of it: as ProlongMinutes, unseen on the wire.
	AutoMinutes                  int
	ChairPassword, GuestPassword string // six random digits if empty
	HideChair                    bool   // the account sees neither the chair's password nor its link
	MaxTotalMinutes              int    // from Start to End; 0: LongestMeeting, negative: none
}

// Effect is an extension that was really applied.
type Effect struct {
	At            time.Time
	RunStart      time.Time // which run of the meeting
	Minutes       int
	Auto          bool      // auto 1: the mode of the platform; After equals Before
	Before, After time.Time // the end
}

// Add books a meeting, or lets it run, and returns its ID. A meeting of the same ID ends first.
func (s *Server) Add(m Meeting) string {
	now := s.config.Now()
	m = filledIn(m, now)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.book.advance(now)
	if old := s.book.byID[m.ID]; old != nil {
		old.Later = nil
		s.book.finish(old, now)
	}
	s.book.know(Person{UUID: m.Host.UUID, Account: m.Host.Account, Name: m.Host.Name, Email: m.Host.Email})
	r := &run{Meeting: m, room: token(16)}
	r.series = series{recurring: len(m.Later) > 0, booked: Occurrence{m.Start, m.End}, number: 1, expected: m.People}
	s.book.put(r)
	s.record.changed()
	return m.ID
}

func filledIn(m Meeting, now time.Time) Meeting {
	m.ID = cmp.Or(m.ID, "9"+digits(8))
	m.ChairPassword = cmp.Or(m.ChairPassword, digits(6))
	m.GuestPassword = cmp.Or(m.GuestPassword, digits(6))
	m.Host.UUID = cmp.Or(m.Host.UUID, token(16))
	if m.Start.IsZero() {
		m.Start = now
	}
	if m.End.IsZero() {
		m.End = m.Start.Add(time.Hour)
	}
	m = m.clone()
	m.Scheduled = m.Scheduled || m.Start.After(now)
	return m
}

// clone shares nothing with m that could be changed.
func (m Meeting) clone() Meeting {
	m.Attendees, m.Invited, m.Later = slices.Clone(m.Attendees), slices.Clone(m.Invited), slices.Clone(m.Later)
	if m.ProlongMinutes != nil {
		m.ProlongMinutes = new(*m.ProlongMinutes)
	}
	return m
}

// Remove makes the service forget the meeting, all times of a recurring one: it is not even in the history.
func (s *Server) Remove(id string) {
	s.change(id, func(r *run, _ time.Time) { s.book.drop(r) })
}

// EndMeeting ends it now. Of a recurring one it ends the run, or the booking, that is next.
func (s *Server) EndMeeting(id string) {
	s.change(id, func(r *run, now time.Time) { s.book.finish(r, now) })
}

// Begin lets a booked meeting begin now, for as long as it was booked: the duration counts from the
// first who joins.
func (s *Server) Begin(id string) {
	s.change(id, func(r *run, now time.Time) { s.book.begin(r, now) })
}

// SetEnd moves the end as if somebody had extended it by hand. Lists lag as they do for any change.
func (s *Server) SetEnd(id string, end time.Time) {
	s.change(id, func(r *run, now time.Time) { s.book.moveEnd(r, now, end) })
}

// SetPeople changes how many are in.
func (s *Server) SetPeople(id string, people int) {
	s.change(id, func(r *run, _ time.Time) { r.People = people })
}

// change does it to the meeting, running or booked; nothing if there is none.
func (s *Server) change(id string, do func(*run, time.Time)) {
	now := s.config.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.book.advance(now)
	if r := s.book.byID[id]; r != nil {
		do(r, now)
		s.book.advance(now)
		s.record.changed()
	}
}

// End returns when the meeting, running or booked, really ends, whatever the lists show.
func (s *Server) End(id string) (time.Time, bool) {
	m, found := s.Meeting(id)
	return m.End, found
}

// Meeting returns the meeting, running or booked, as it really is.
func (s *Server) Meeting(id string) (Meeting, bool) {
	now := s.config.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.book.advance(now)
	r := s.book.byID[id]
	if r == nil {
		return Meeting{}, false
	}
	return r.clone(), true
}

// Meetings returns those that run or are booked as they really are, by start, then by ID.
func (s *Server) Meetings() []Meeting {
	now := s.config.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.book.advance(now)
	all := make([]Meeting, 0, len(s.book.byID))
	for _, r := range s.book.notEnded() {
		all = append(all, r.clone())
	}
	return all
}

// Effects returns the extensions that calls really made to any run of the meeting, in order.
func (s *Server) Effects(id string) []Effect {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.book.effects[id])
}

// Prolongations returns the extensions that the platform made by itself, in order.
func (s *Server) Prolongations(id string) []Effect {
	now := s.config.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.book.advance(now)
	return slices.Clone(s.book.prolongations[id])
}

// AddPerson puts somebody into the address book. Hosts are in it by themselves.
func (s *Server) AddPerson(p Person) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.book.know(p)
}

// token returns random hexadecimal digits, two for each byte.
func token(bytes int) string {
	b := make([]byte, bytes)
	_, _ = rand.Read(b) // never fails
	return hex.EncodeToString(b)
}

func digits(n int) string {
	limit := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil)
	v, _ := rand.Int(rand.Reader, limit) // never fails
	return fmt.Sprintf("%0*d", n, v)
}
