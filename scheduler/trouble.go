package scheduler

import (
	"errors"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// Trouble is what went wrong with automation.
type Trouble string

// The troubles.
const (
	NoTrouble       Trouble = ""
	TroubleRefused  Trouble = "refused"   // by the service
	TroubleUnclear  Trouble = "unclear"   // nobody knows whether it took effect
	TroubleThrottle Trouble = "throttled" // the service's quota is used up
	TroubleDelayed  Trouble = "delayed"   // our own calls are: a minute's quota is used up
	TroubleQuota    Trouble = "quota"     // known ahead: more meetings end than the quota serves
	TroubleNoTick   Trouble = "no-tick"   // nobody looked at the meetings for too long
	TroubleOwner    Trouble = "owner"     // the person it acts for could not be looked up
	TroubleKeeper   Trouble = "keeper"    // the person who chose to keep extending the run may no longer do so
	TroubleService  Trouble = "service"   // the meeting service does not answer
	TroubleBlind    Trouble = "blind"     // it does not, and nobody knows whether a watched meeting runs, or when it ends
	TroubleStuck    Trouble = "stuck"     // whatever was tried, the end is the same
	TroubleUnseen   Trouble = "unseen"    // the account may list only its own meetings, and no longer this one
	TroubleHidden   Trouble = "hidden"    // the account does not see the host's password
	TroubleBooked   Trouble = "booked"    // a watched meeting's room is booked right at its end
	TroubleSpent    Trouble = "spent"     // the minutes of a watched meeting's run are used up
)

// Troubles are all of them.
func Troubles() []Trouble {
	return []Trouble{
		TroubleRefused, TroubleUnclear, TroubleThrottle, TroubleDelayed, TroubleQuota, TroubleNoTick, TroubleOwner, TroubleKeeper,
		TroubleService, TroubleBlind, TroubleStuck, TroubleUnseen, TroubleHidden, TroubleBooked, TroubleSpent,
	}
}

// passing are the troubles that may pass by themselves before the end.
var passing = map[Trouble]bool{
	TroubleThrottle: true, TroubleDelayed: true, TroubleService: true, TroubleOwner: true, TroubleNoTick: true, TroubleStuck: true,
}

// troubleOf says what an error of an extension means to people.
func troubleOf(err error) Trouble {
	switch {
	case errors.Is(err, meeting.ErrNoTurn):
		return TroubleDelayed
	case errors.Is(err, meeting.ErrThrottled):
		return TroubleThrottle
	case errors.Is(err, meeting.ErrUnavailable):
		return TroubleService
	case errors.Is(err, extension.ErrNotWritten):
		return TroubleNoTick
	default:
		return TroubleRefused
	}
}

// troubleOfRead says what an error of reading means to people: of a refusal, that the service does not answer.
func troubleOfRead(err error) Trouble {
	if trouble := troubleOf(err); trouble == TroubleDelayed || trouble == TroubleThrottle {
		return trouble
	}
	return TroubleService
}
