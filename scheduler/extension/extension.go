package extension

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/overtime-bot/overtime/meeting"
)

// State is where an extension stands in its life:
//
//	sent → confirmed | accepted | refused | unknown
//	unknown → confirmed | void | unclear
//	accepted → confirmed, when the target is read later
//	void → confirmed, when it takes effect late
type State string

// The states of an extension.
const (
	Sent      State = "sent"      // claimed, perhaps sent: holds the run
	Unknown   State = "unknown"   // sent, and nobody knows the outcome yet: holds the run
	Confirmed State = "confirmed" // the target was read back
	Accepted  State = "accepted"  // the service said yes, the target was not read yet
	Refused   State = "refused"   // proven to have had no effect
	Void      State = "void"      // settled: it took no effect yet
	Unclear   State = "unclear"   // settled: the end moved otherwise than asked
)

// States are all of them.
var States = []State{Sent, Unknown, Confirmed, Accepted, Refused, Void, Unclear}

// Open reports whether the state holds its run: no other extension of the run may begin.
func (s State) Open() bool { return s == Sent || s == Unknown }

// Origin is what asked for an extension.
type Origin string

// The origins of an extension.
const (
	FromCommand  Origin = "command"
	FromButton   Origin = "button"
	FromApproval Origin = "approval"
	FromTick     Origin = "tick"
)

// Origins are all of them.
var Origins = []Origin{FromCommand, FromButton, FromApproval, FromTick}

// Actor is the person who asked, by IDs of Slack. The zero Actor is automation.
type Actor struct{ Team, User string }

// Extension is one wish to extend one run of a meeting, as it is stored.
type Extension struct {
	ID        int64
	Key       string // unique among the open, accepted and confirmed: the envelope, or run and offered end
	Attempt   int    // 1 for the first row of a key, counted by the store
	Envelope  string // the Slack envelope to be answered; empty for automation
	Run       string // of RunOf: caps and claims belong to it
	MeetingID string
	Origin    Origin
	Actor     Actor
	Wisher    Actor  // at whose wish automation asked; zero for people, and for the configuration's own
	RuleOf    string // Rule.Of of the rule by which automation asked; empty for people, and for the configuration's own
	Holder    string // with which its envelope was claimed; a Claim looks at it, and it is not stored
	Minutes   int    // asked for; 0 with Platform
	Platform  bool   // handed to the platform (auto: 1): no target
	Each      int    // with Platform: the minutes that it is to add each time; 0 leaves that to it
	Host      string // the meeting's HostUUID, where it was known; empty in rows of earlier versions
	Room      string // the meeting's cloud room, as Host
	Subject   string // what it is called, as Host: foreign text, for those whose Sight shows it
	State     State
	Token     string // given by the store: who offers more under this row shows it again
	Reason    string // a code of this package, "" while there is nothing to explain
	RequestID string // the meeting service's, of what was sent; empty where nothing was answered

	// Before is the end that was read ahead of the PUT, and Target the end that it aims at (none with Platform).
	// After is the end that was read last. Each is zero until known. A row without Before was never sent.
	Before, Target, After time.Time

	// By the database's clock. SettleAt is when an open row is to be settled by reading, and an accepted one
	// to be read again.
	CreatedAt, UpdatedAt, SettleAt time.Time
}

// Pays is the person against whose limits the extension counts; zero is nobody.
func (e *Extension) Pays() Actor {
	if e.Actor == (Actor{}) {
		return e.Wisher
	}
	return e.Actor
}

// RunOf names the run of a meeting that is going on: its ID and its start. A personal room and a series meet
// again under the same ID. The UUID is left out, since not every read of the same run gives one.
func RunOf(m meeting.Meeting) string {
	return m.ID + "@" + strconv.FormatInt(m.Start.Unix(), 10)
}

// CountedIn is a meeting with the number of people that a list has of its run, where the meeting's own detail does not tell.
func CountedIn(listed []meeting.Meeting, m meeting.Meeting) meeting.Meeting {
	same := func(other meeting.Meeting) bool { return RunOf(other) == RunOf(m) }
	if at := slices.IndexFunc(listed, same); at >= 0 && m.People < 0 {
		m.People = listed[at].People
	}
	return m
}

// Meeting is the run's meeting, as far as the row knows it: its numbers, its host, what it is called and when the run began.
func (e *Extension) Meeting() meeting.Meeting {
	m := meeting.Meeting{ID: e.MeetingID, RoomID: e.Room, HostUUID: e.Host, Subject: e.Subject, People: -1}
	_, start, _ := strings.Cut(e.Run, "@")
	if seconds, err := strconv.ParseInt(start, 10, 64); err == nil {
		m.Start = time.Unix(seconds, 0).UTC()
	}
	return m
}

// OfferKey is the key of every extension that is offered for one end of a run, by a button or by a look at the
// meetings. However many press or look, it is one extension.
func OfferKey(run string, end time.Time) string {
	return run + " until " + strconv.FormatInt(end.Unix(), 10)
}

// Limits are what a claim must stay within; 0 is no limit.
type Limits struct {
	RunMinutes   int // added to one run, over all people
	DailyMinutes int // added in the last 24 hours by one person, or by automation at their wish
	PersonRate   int // claims by one person in the last minute
}

// Added are minutes that count against limits.
type Added struct {
	Run   int // of a run
	Daily int // of a person; 0 of nobody
}

// Limit names a limit of Limits.
type Limit string

// The limits that a claim can meet.
const (
	LimitRun    Limit = "run"
	LimitDaily  Limit = "daily"
	LimitPerson Limit = "person"
	LimitRoom   Limit = "room" // its next booking; no claim meets it
)

// TakenError says that another extension holds the run.
type TakenError struct{ By Extension }

func (e *TakenError) Error() string { return fmt.Sprintf("run is taken by extension %d", e.By.ID) }

// DuplicateError says that a row used the key that is accepted or confirmed. An open one is a TakenError: it holds the
// run.
type DuplicateError struct{ Of Extension }

func (e *DuplicateError) Error() string { return fmt.Sprintf("done already by extension %d", e.Of.ID) }

// LimitError says which limit a claim would break, and how many minutes are left under it.
type LimitError struct {
	Limit Limit
	Left  int
}

func (e *LimitError) Error() string { return fmt.Sprintf("limit %q: %d left", e.Limit, e.Left) }

// ErrMoved says that a row is not in the state that the caller saw: someone else moved it.
var ErrMoved = errors.New("extension was moved by someone else")

// Ending is what a transition writes beside the state.
type Ending struct {
	After     time.Time     // the end that was read; zero keeps what is stored
	Reason    string        // why
	RequestID string        // the meeting service's; empty keeps what is stored
	SettleIn  time.Duration // from now by the database's clock; 0 = look at it no more
	Tell      bool          // people are owed a notice of this move, until Told
}

// The reasons of rows.
const (
	reasonUnderWay     = "under way"
	reasonReadLater    = "read later"
	reasonRunOver      = "run over"
	reasonRoomBooked   = "room is booked next"
	reasonMoved        = "end moved"
	reasonReadFailed   = "end could not be read"
	reasonNotAimed     = "cut off before it was sent"
	reasonAmbiguous    = "outcome not known"
	ReasonRefused      = "refused by the service"
	reasonNotSent      = "not sent"
	reasonNotRead      = "target not read yet"
	reasonRepeated     = "settled before"
	reasonUnchanged    = "end unchanged"
	ReasonOtherEnd     = "end moved otherwise"
	reasonLate         = "took effect late"
	reasonProlongs     = "platform extends it itself"
	reasonRunEnded     = "run ended before it was known"
	reasonNeverKnown   = "could not be read in time"
	reasonNeverTarget  = "target was never read"
	reasonAcceptedOver = "run ended before the target was read"
)

// The reasons of requests that no row tells of.
const (
	reasonJoined     = "equal to one under way"
	reasonBusy       = "another extension is under way"
	reasonAlready    = "extended already"
	reasonTooMany    = "too many minutes"
	reasonLimit      = "limit: "
	reasonFailed     = "something could not be read"
	reasonNotWritten = "could not be written down"
)
