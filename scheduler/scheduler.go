// Package scheduler is the one door to extensions: it claims, compares, writes down, sends, reads back, and
// settles what stayed in doubt. Slash commands, buttons and automation all end in Extend, so that caps, history
// and idempotency exist once. It knows nothing of Slack: it emits facts, and the bot writes the sentences.
package scheduler

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/overtime-bot/overtime/meeting"
)

// Meetings is what the scheduler needs of the meeting service.
type Meetings interface {
	Running(ctx context.Context) ([]meeting.Meeting, error)
	Get(ctx context.Context, id string) (meeting.Meeting, error)
	Extend(ctx context.Context, id string, minutes int) error
	AutoExtend(ctx context.Context, id string, minutes int) error
}

// Config is what a Scheduler is made of. Meetings, Store, Notifier and Clock.Now are required.
type Config struct {
	Meetings Meetings
	Store    Store
	Notifier Notifier
	Clock    Clock
	Logger   *slog.Logger

	MaxMinutes int           // at once; 0 = no limit
	Limits     Limits        // over time
	Timeout    time.Duration // of one PUT, MEETING_TIMEOUT; 10 s if 0
	// Observe is told each state that an extension reaches; for metrics, may be nil.
	Observe func(Extension)

	// What happens by itself; without AutomationStore nothing does. With it, Announcer is required.
	Automation      Automation
	AutomationStore AutomationStore
	Announcer       Announcer
	Bookings        Bookings // nil: whether something is booked next is not checked
	Tokens          Tokens   // nil: control tokens are not fetched ahead
	Quota           Quota    // nil: the service has no quota
	// ObserveTick is told what each tick came to; for metrics, may be nil.
	ObserveTick func(TickReport)
}

// Scheduler extends meetings. Make one with New; Run settles doubt, and does what happens by itself, until its
// context ends.
type Scheduler struct {
	config Config
	reads  *reader
	lag    atomic.Int64 // longest time seen between a PUT's 200 and its end in a reading, in nanoseconds

	mu       sync.Mutex
	underway map[int64]bool // rows that this process works on: its own timer leaves them alone

	automation *automation // nil without an AutomationStore
}

// How long things take; the design's figures.
const (
	settleMargin  = 3 * time.Second        // after the PUT's own deadline
	takenPatience = 5 * time.Second        // for a run that someone else holds
	readBackFor   = 5 * time.Second        // after a 200
	readApart     = time.Second            // between the two readings that settle
	watchFor      = 10 * time.Minute       // an accepted row, or one that cannot be settled
	recheckEvery  = 15 * time.Second       // of an accepted row
	storePatience = 5 * time.Second        // for a write that must not be cut off by a caller who left
	takenPoll     = 100 * time.Millisecond // looks at a run that is taken, perhaps by another process
)

// New makes a Scheduler.
func New(config Config) (*Scheduler, error) {
	if config.Meetings == nil || config.Store == nil || config.Notifier == nil || config.Clock.Now == nil {
		return nil, errors.New("scheduler: Meetings, Store, Notifier and Clock.Now are required")
	}
	config.Timeout = cmp.Or(config.Timeout, 10*time.Second)
	config.Logger = cmp.Or(config.Logger, slog.New(slog.DiscardHandler))
	s := &Scheduler{config: config, underway: make(map[int64]bool)}
	s.reads = newReader(config.Meetings, config.Clock.Now, config.Timeout, s.crowd)
	if config.AutomationStore == nil {
		return s, nil
	}
	if config.Announcer == nil {
		return nil, errors.New("scheduler: automation needs an Announcer")
	}
	var err error
	s.automation, err = newAutomation(config.Automation)
	return s, err
}

// Find tells of a running meeting by its ID or cloud-room ID, from a read that may be a few seconds old: good
// enough to know whose meeting it is, never to act on its end.
func (s *Scheduler) Find(ctx context.Context, id string) (meeting.Meeting, error) {
	return s.reads.recent(ctx, id)
}

// Look reads a running meeting anew.
func (s *Scheduler) Look(ctx context.Context, id string) (meeting.Meeting, error) {
	return s.reads.fresh(ctx, id)
}

// Running lists the running meetings, earliest end first, from a read that began after the call.
func (s *Scheduler) Running(ctx context.Context) ([]meeting.Meeting, error) {
	return s.reads.all(ctx)
}

// Left tells how many minutes one run may still get, and false where there is no limit.
func (s *Scheduler) Left(ctx context.Context, run string) (int, bool, error) {
	limit := s.config.Limits.RunMinutes
	if limit == 0 {
		return 0, false, nil
	}
	added, err := s.config.Store.Added(ctx, run)
	return max(0, limit-added), true, err
}

func (s *Scheduler) observe(e Extension) {
	if s.config.Observe != nil {
		s.config.Observe(e)
	}
	if s.automation == nil {
		return
	}
	if e.State == Sent && e.Origin != FromTick {
		s.automation.people.begun.Add(1)
	}
	if e.State == Confirmed || e.State == Accepted {
		s.automation.changed.add(e.Run, e.MeetingID, false)
	}
}

func (s *Scheduler) begin(id int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.underway[id] = true
}

func (s *Scheduler) end(id int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.underway, id)
}

// crowd is how many extensions this process works on.
func (s *Scheduler) crowd() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.underway)
}

func (s *Scheduler) mine(id int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.underway[id]
}
