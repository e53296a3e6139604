package meeting

import (
	"errors"
	"fmt"
	"log/slog"
)

// The kinds of an Error, to be matched with errors.Is.
var (
	ErrNotFound     = errors.New("no such meeting")
	ErrNotRunning   = errors.New("meeting is not running")
	ErrUnauthorised = errors.New("login or token refused")
	ErrForbidden    = errors.New("account may not do this")
	ErrInvalid      = errors.New("request is invalid")
	ErrLimitReached = errors.New("limit of the meeting's plan reached")
	ErrOutOfRange   = errors.New("number of minutes is out of range")
	ErrRoomTaken    = errors.New("cloud room is taken by another meeting")
	ErrConcurrency  = errors.New("too many meetings at the same time")
	ErrThrottled    = errors.New("too many calls")
	ErrUnavailable  = errors.New("service is unavailable")
	// ErrAmbiguous is of Extend and AutoExtend only: the call may have taken effect.
	// Any other error of theirs proves that it had none.
	ErrAmbiguous = errors.New("outcome is not known")
	// ErrNoTurn is the cause of an ErrThrottled that is our own: the call was not made, since the quota is used up until
	// after its deadline.
	ErrNoTurn = errors.New("no turn in the quota before the deadline")
)

// isGone tells that a run is over, or never was.
func isGone(err error) bool { return errors.Is(err, ErrNotFound) || errors.Is(err, ErrNotRunning) }

// Error is what the meeting service, or the way to it, answered instead of a result.
type Error struct {
	Op        string // what was being done, as "extend meeting"
	Kind      error  // one of the Err variables above
	Status    int    // HTTP status; 0 if there was no answer
	Code      string // the vendor's, as "MMC.111074003"; may be empty
	Message   string // the vendor's, bounded and without control characters; foreign text
	RequestID string // X-Request-Id, for the log
	Err       error  // the cause below, if any: a transport's error, a context's

	number int64 // of the code as it came, for matching
}

// Error gives the operator's text; people read sentences of the bot's own.
func (e *Error) Error() string {
	text := fmt.Sprintf("%s: %v", e.Op, e.Kind)
	if e.Status != 0 {
		text += fmt.Sprintf(" (HTTP %d)", e.Status)
	}
	if e.Code != "" {
		text += " " + e.Code
	}
	if e.Message != "" {
		text += ": " + e.Message
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap lets errors.Is find the kind and the cause.
func (e *Error) Unwrap() []error { return []error{e.Kind, e.Err} }

// LogValue puts the parts in the log, with the request ID.
func (e *Error) LogValue() slog.Value {
	return slog.GroupValue(slog.String("error", e.Error()), slog.String("request_id", e.RequestID))
}
