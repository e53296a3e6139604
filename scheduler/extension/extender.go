package extension

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"math"
	"sync"
	"time"

	"github.com/overtime-bot/overtime/meeting"
)

// Meetings is what an Extender needs of the meeting service.
type Meetings interface {
	Running(ctx context.Context) ([]meeting.Meeting, error)
	Get(ctx context.Context, id string) (meeting.Meeting, error)
	Extend(ctx context.Context, id string, minutes int) error
	AutoExtend(ctx context.Context, id string, minutes int) error
}

// Config is what an Extender is made of. Meetings, Ledger, Notifier and Clock.Now are required.
type Config struct {
	Meetings Meetings
	Ledger   Ledger
	Notifier Notifier
	Outbox   *Outbox // shared with others who tell people something; nil = one of its own
	Clock    Clock
	Logger   *slog.Logger

	MaxMinutes int    // at once; 0 = no limit
	Limits     Limits // over time
	// Booked tells what a meeting's cloud room is booked for after its end: zero if it is not, or that is not known. Nil:
	// nobody knows.
	Booked func(ctx context.Context, m meeting.Meeting) meeting.Booking
	// Prepare fetches what a PUT needs beside its meeting, unless it is there; nil if nothing is needed. The PUT does not
	// depend on it: what failed is asked for again.
	Prepare func(ctx context.Context, id string, until time.Time) error
	Timeout time.Duration // of one PUT, MEETING_TIMEOUT; 10 s if 0
	// Observe is told each state that an extension reaches; may be nil.
	Observe func(Extension)
}

// Extender is the one door to extensions. Make one with New; Run settles doubt until its context ends.
type Extender struct {
	config   Config
	reads    *reader
	underway underway
	lag      lag
}

// How long things take.
const (
	settleMargin   = 3 * time.Second        // after the PUT's own deadline
	takenPatience  = 5 * time.Second        // for a run that someone else holds
	bookedPatience = 2 * time.Second        // for what is booked next, once the end is read
	readBackFor    = 5 * time.Second        // after a 200
	readApart      = time.Second            // between the two readings that settle
	watchFor       = 10 * time.Minute       // an accepted row, or one that cannot be settled
	recheckEvery   = 15 * time.Second       // of an accepted row
	storePatience  = 5 * time.Second        // for a write that must not be cut off by a caller who left
	takenPoll      = 100 * time.Millisecond // looks at a run that is taken, perhaps by another process
	longestLag     = 10 * time.Second       // of the list, that settling reckons with: its two readings are twice that apart
)

// New makes an Extender.
func New(config Config) (*Extender, error) {
	if config.Meetings == nil || config.Ledger == nil || config.Notifier == nil || config.Clock.Now == nil {
		return nil, errors.New("extension: Meetings, Ledger, Notifier and Clock.Now are required")
	}
	config.Timeout = cmp.Or(config.Timeout, 10*time.Second)
	config.Logger = cmp.Or(config.Logger, slog.New(slog.DiscardHandler))
	config.Outbox = cmp.Or(config.Outbox, NewOutbox())
	if config.Booked == nil {
		config.Booked = func(context.Context, meeting.Meeting) meeting.Booking { return meeting.Booking{} }
	}
	if config.Prepare == nil {
		config.Prepare = func(context.Context, string, time.Time) error { return nil }
	}
	if config.Observe == nil {
		config.Observe = func(Extension) {}
	}
	x := &Extender{config: config, underway: underway{rows: make(map[int64]bool)}}
	x.reads = newReader(config.Meetings, config.Clock.Now, config.Timeout, x.underway.count)
	return x, nil
}

// Find tells of a running meeting by its ID or cloud-room ID, from a read that may be a few seconds old: good
// enough to know whose meeting it is, never to act on its end.
func (x *Extender) Find(ctx context.Context, id string) (meeting.Meeting, error) {
	return x.reads.recent(ctx, id)
}

// Known is what was read of a running meeting last, by its ID or cloud-room ID, if it is not over by that. It makes no call.
// Extend finds out whether the run is still on.
func (x *Extender) Known(id string) (meeting.Meeting, bool) {
	return x.reads.unended(id)
}

// Look reads a running meeting with a read that begins after the call.
func (x *Extender) Look(ctx context.Context, id string) (meeting.Meeting, error) {
	return x.reads.fresh(ctx, id)
}

// Running lists the running meetings, earliest end first, from a read that began after the call.
func (x *Extender) Running(ctx context.Context) ([]meeting.Meeting, error) {
	return x.reads.all(ctx)
}

// Listed lists the running meetings in any order, from a read that is younger than that, with what was read of single ones
// since. It is shared and the same whichever meeting it is asked for, and must not be changed.
func (x *Extender) Listed(ctx context.Context, than time.Duration) ([]meeting.Meeting, error) {
	return x.reads.recentList(ctx, than)
}

// Awaited is the extension of a run of which nobody knows yet how it came out, or which a reading with that end does not
// show yet: the zero Extension if there is none.
func (x *Extender) Awaited(ctx context.Context, run string, end time.Time) (Extension, error) {
	awaited, err := x.config.Ledger.Awaited(ctx, run)
	if err != nil || awaited.State == Accepted && !awaited.Outruns(end, x.config.Clock.Now()) {
		return Extension{}, err
	}
	return awaited, nil
}

// Left is what the limits leave.
type Left struct {
	Run     int   // minutes that the run may still get, if Limited
	Limited bool  // one run has a limit
	AtOnce  int   // minutes that the person may add to the run now
	By      Limit // that leaves no more; empty if it is the limit at once
}

// Left tells what the limits leave of a run, and of that for one person.
func (x *Extender) Left(ctx context.Context, run string, by Actor) (Left, error) {
	left := Left{AtOnce: cmp.Or(x.config.MaxMinutes, math.MaxInt)}
	limits := x.config.Limits
	if limits.RunMinutes == 0 && limits.DailyMinutes == 0 {
		return left, nil
	}
	added, err := x.config.Ledger.Added(ctx, run, by)
	if err != nil {
		return left, err
	}
	hold := func(limit Limit, minutes int) {
		if minutes = max(0, minutes); minutes < left.AtOnce {
			left.AtOnce, left.By = minutes, limit
		}
	}
	if limits.RunMinutes > 0 {
		left.Run, left.Limited = max(0, limits.RunMinutes-added.Run), true
		hold(LimitRun, left.Run)
	}
	if limits.DailyMinutes > 0 && by != (Actor{}) {
		hold(LimitDaily, limits.DailyMinutes-added.Daily)
	}
	return left, nil
}

// lag is the longest time that the service took to show what it had accepted, as far as settling can wait for it.
type lag struct {
	mu      sync.Mutex
	longest time.Duration
}

func (l *lag) saw(lag time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.longest = max(l.longest, min(lag, longestLag))
}

func (l *lag) seen() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.longest
}

// underway are the rows that this process works on. Its own timer leaves them alone.
type underway struct {
	mu   sync.Mutex
	rows map[int64]bool
}

// begin adds a row until the returned function is called.
func (u *underway) begin(id int64) (end func()) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.rows[id] = true
	return func() {
		u.mu.Lock()
		defer u.mu.Unlock()
		delete(u.rows, id)
	}
}

func (u *underway) has(id int64) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.rows[id]
}

func (u *underway) count() int {
	u.mu.Lock()
	defer u.mu.Unlock()
	return len(u.rows)
}
