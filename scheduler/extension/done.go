package extension

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/overtime-bot/overtime/meeting"
)

// Done is what the log says of a command, a press or an automatic act when it is over, and what the history says of an
// extension. It has the same keys in both.
type Done struct {
	How       string        // one of the Hows
	Verb      string        // of the command or the button
	Team      string        // of the person; empty where nobody asked
	User      string        // ID of the person
	Meeting   string        // ID; empty where it is about none
	Minutes   int           // asked for
	From, To  time.Time     // the end before and after; zero if it is not known
	Outcome   string        // one of the Outs
	Reason    string        // why, in a word or a few; empty where there is nothing to explain
	Took      time.Duration // until it was over
	RequestID string        // the meeting service's; empty where it answered nothing
}

// The values of Done.How.
const (
	HowTyped      = "typed"
	HowButton     = "button"
	HowAutomatic  = "automatic"
	HowApproved   = "approved"
	HowHandedOver = "handed_over" // a wish that the platform extends the meeting, however it was made
)

// The values of Done.Outcome beside the states of an extension that is over.
const (
	OutDenied  = "denied"  // this person may not
	OutInvalid = "invalid" // it was not understood, or cannot be done as it was asked for
	OutExpired = "expired" // it came too late
	OutTold    = "told"    // there was nothing to extend: the answer told something, or a rule was changed
)

// The verbs of extensions.
const (
	verbExtend   = "extend"
	verbPlatform = "auto"
)

var hows = map[Origin]string{
	FromCommand: HowTyped, FromButton: HowButton, FromApproval: HowApproved, FromTick: HowAutomatic,
}

// Done says of an extension who did what. Of one that automation made at somebody's wish, that is the person.
func (e *Extension) Done() Done {
	d := Done{
		How: hows[e.Origin], Verb: verbExtend, Team: e.Pays().Team, User: e.Pays().User, Meeting: e.MeetingID, Minutes: e.Minutes,
		From: e.Before, To: e.After, Outcome: string(e.State), Reason: e.Reason, Took: e.UpdatedAt.Sub(e.CreatedAt),
		RequestID: e.RequestID,
	}
	if e.Platform {
		d.How, d.Verb, d.Minutes = HowHandedOver, verbPlatform, e.Each
	}
	switch e.State {
	case Sent:
		d.Outcome, d.Reason = string(Unknown), reasonUnderWay
	case Accepted:
		d.To = e.Target
	case Refused:
		d.To = time.Time{}
	}
	return d
}

// Done says what came of a request. It is false where another line says so: one of an extension that is settled by the
// timer is written when that is over, by the replica that settled it.
func (r Request) Done(result Result, err error) (Done, bool) {
	row := result.Extension
	own := row.ID != 0 && row.Envelope == r.Envelope
	inDoubt := result.Outcome == DidAccept || result.Outcome == NotKnown
	if err == nil && own && (inDoubt || row.settledLater()) {
		return Done{}, false
	}
	wish := r.row()
	d := wish.Done()
	if row.ID != 0 {
		d = row.Done()
	}
	d.Team, d.User, d.Took = wish.Pays().Team, wish.Pays().User, 0
	if row.ID != 0 && !own {
		d.Reason = reasonJoined
	}
	switch result.Outcome {
	case Busy:
		d.Outcome, d.Reason = string(Refused), reasonBusy
	case Already:
		d.Outcome, d.Reason = OutTold, reasonAlready
	case Moved:
		d.Outcome, d.Reason = OutExpired, reasonMoved
	case Ended:
		d.Outcome, d.Reason = OutExpired, reasonRunOver
	case TooMany:
		d.Outcome, d.Reason = string(Refused), reasonTooMany
	case Limited:
		d.Outcome, d.Reason = string(Refused), reasonLimit+string(result.Limit)
	}
	return d.because(errors.Join(err, result.Err)), true
}

// because adds what stood in the way, if anything did.
func (d Done) because(err error) Done {
	if err == nil {
		return d
	}
	d.Outcome, d.Reason = string(Refused), reasonFailed
	service, _ := errors.AsType[*meeting.Error](err)
	switch {
	case errors.Is(err, meeting.ErrNotFound), errors.Is(err, meeting.ErrNotRunning):
		d.Outcome, d.Reason = OutExpired, reasonRunOver
	case service != nil:
		d.Reason = cmp.Or(service.Code, reasonFailed)
	case errors.Is(err, ErrNotWritten):
		d.Reason = reasonNotWritten
	}
	if service != nil {
		d.RequestID = cmp.Or(service.RequestID, d.RequestID)
	}
	return d
}

// settledLater says that the timer ended the doubt about the row, or will.
func (e *Extension) settledLater() bool {
	return e.State == Void || e.State == Unclear || e.State == Confirmed && (e.Reason == reasonReadLater || e.Reason == reasonLate)
}

// isOver says that nothing more comes of the row.
func (e *Extension) isOver() bool { return !e.State.Open() && e.SettleAt.IsZero() }

// Field is a key of Done with its value: a string or a number.
type Field struct {
	Key   string
	Value any
}

// Fields are the keys of Done in their order. Each is always there.
func (d Done) Fields() []Field {
	return []Field{
		{"how", d.How},
		{"verb", d.Verb},
		{"team", d.Team},
		{"user", d.User},
		{"meeting", d.Meeting},
		{"minutes", d.Minutes},
		{"from", rfc3339(d.From)},
		{"to", rfc3339(d.To)},
		{"outcome", d.Outcome},
		{"reason", d.Reason},
		{"took_seconds", float64(d.Took.Round(time.Millisecond).Milliseconds()) / 1000}, // Seconds() adds, and 1.235 would be 1.2349999999999999
		{"request_id", d.RequestID},
	}
}

// Log writes the one line of what is over.
func (d Done) Log(ctx context.Context, logger *slog.Logger) {
	var attrs []slog.Attr
	for _, field := range d.Fields() {
		attrs = append(attrs, slog.Any(field.Key, field.Value))
	}
	logger.LogAttrs(ctx, slog.LevelInfo, "done", attrs...)
}

func rfc3339(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
