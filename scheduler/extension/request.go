package extension

import (
	"errors"
	"time"

	"github.com/overtime-bot/overtime/meeting"
)

// Request is one wish to extend a running meeting.
type Request struct {
	Key      string          // the envelope of a command; run and offered end of a button or a look
	Envelope string          // the envelope that the answer goes to
	Holder   string          // who holds that envelope; empty if it is not to be looked at
	Meeting  meeting.Meeting // as it was found, and as the actor was authorised for it
	Origin   Origin
	Actor    Actor  // who asks; of an approval, who asked for it
	Wisher   Actor  // at whose wish automation asks
	RuleOf   string // of the rule by which automation asks
	Minutes  int
	Platform bool // hand it to the platform; Minutes is not used
	Each     int  // with Platform: the minutes that it is to add each time; 0 leaves that to it
	// OfferedEnd is the end that the request was made for: if it has moved, nothing is sent. It is zero for a
	// typed number of minutes, which counts from the end as it is.
	OfferedEnd time.Time
}

// Outcome is how a request ended, for now.
type Outcome string

// The outcomes. Those with the name of a State say that a row was stored in it.
const (
	DidConfirm Outcome = "confirmed" // read back
	DidAccept  Outcome = "accepted"  // the service said yes; not yet read
	DidRefuse  Outcome = "refused"   // no effect: Result.Err says why
	NotKnown   Outcome = "unknown"   // not confirmed yet; a notice follows
	NoEffect   Outcome = "void"      // settled as not done, while the request waited
	NotClear   Outcome = "unclear"   // settled as something else, while the request waited

	Busy    Outcome = "busy"    // Result.By holds the run
	Already Outcome = "already" // Result.By did the same before
	Moved   Outcome = "moved"   // the end is no longer the offered one
	Ended   Outcome = "ended"   // the run is over
	TooMany Outcome = "too-many"
	Limited Outcome = "limited" // Result.Limit and Left say which limit and what is left
)

// Result is what Extend did.
type Result struct {
	Outcome   Outcome
	Extension Extension       // the row, where one was stored
	Meeting   meeting.Meeting // as it was read last
	By        Extension       // Busy and Already: whose
	Limit     Limit           // Limited
	Left      int             // minutes left: TooMany and Limited
	Joined    bool            // the answer is that of an equal request of the same person
	// Booked is the next booking of the meeting's cloud room; zero if there is none, or that is not known. Minutes that
	// reach beyond its start are shortened.
	Booked meeting.Booking
	Err    error // DidRefuse: what the service, or the way to it, said
}

// ErrNotWritten says that the store did not take what must be written down first: nothing was sent.
var ErrNotWritten = errors.New("could not be written down")

// ErrTakenOver says that the envelope of the request is in other hands, or was answered: who holds it now may have told
// the person that nothing was done.
var ErrTakenOver = errors.New("the envelope was taken over by another process, or was answered")

// row is what is stored of the request first.
func (r Request) row() Extension {
	row := Extension{
		Key: r.Key, Envelope: r.Envelope, Holder: r.Holder, Run: RunOf(r.Meeting), MeetingID: r.Meeting.ID,
		Origin: r.Origin, Actor: r.Actor, Wisher: r.Wisher, RuleOf: r.RuleOf, Host: r.Meeting.HostUUID,
		Room: r.Meeting.RoomID, Subject: SubjectOf(r.Meeting),
	}
	if r.Platform {
		row.Platform, row.Each = true, r.Each
	} else {
		row.Minutes = r.Minutes
	}
	return row
}

// within are the limits that hold for the request. An approval lifts those of minutes, which count all the same.
func (r Request) within(limits Limits) Limits {
	if r.Origin == FromApproval {
		return Limits{PersonRate: limits.PersonRate}
	}
	return limits
}

// equals reports whether a typed command wishes the same as one of the same person that is still under way.
func (r Request) equals(by Extension) bool {
	return r.Origin == FromCommand && by.Origin == FromCommand && r.Actor == by.Actor &&
		r.row().Minutes == by.Minutes && r.Platform == by.Platform && r.row().Each == by.Each
}

// resultOf is the result that a stored row stands for.
func resultOf(row Extension) Result {
	outcome := Outcome(row.State)
	if row.State == Sent {
		outcome = NotKnown
	}
	return Result{
		Outcome: outcome, Extension: row, Joined: true,
		Meeting: meeting.Meeting{ID: row.MeetingID, End: row.After},
	}
}
