// Package scheduler does what happens by itself before a meeting ends: it looks at the running meetings as the schedule
// says, decides, asks or extends, has its messages follow their meetings, and tells of trouble. It knows nothing of
// Slack: it emits facts, and the bot writes the sentences.
package scheduler

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// Door is what the scheduler needs of extension.Extender.
type Door interface {
	Find(ctx context.Context, id string) (meeting.Meeting, error)
	Look(ctx context.Context, id string) (meeting.Meeting, error)
	Running(ctx context.Context) ([]meeting.Meeting, error)
	Extend(ctx context.Context, request extension.Request) (extension.Result, error)
	Tell(ctx context.Context, row extension.Extension, now meeting.Meeting)
	Told(ctx context.Context, row extension.Extension) error
}

// Config is what a Scheduler is made of. Extender, Store, Announcer and Clock.Now are required.
type Config struct {
	Extender  Door
	Store     AutomationStore
	Announcer Announcer
	Outbox    *extension.Outbox // the Extender's; nil = one of its own
	Clock     extension.Clock
	Logger    *slog.Logger

	Automation Automation
	MaxMinutes int           // at once; 0 = no limit
	RunMinutes int           // added to one run; 0 = no limit
	Timeout    time.Duration // of one call of the meeting service; 10 s if 0
	Bookings   Bookings      // nil: whether something is booked next is not checked
	Tokens     Tokens        // nil: control tokens are not fetched ahead
	Quota      Quota         // nil: the service has no quota
	// Observe is told what each tick came to; for metrics, may be nil.
	Observe func(TickReport)
}

// Scheduler does what happens by itself. Make one with New; Run works until its context ends.
type Scheduler struct {
	config Config
	*automation
}

// writePatience is for a write that must not be cut off by a caller who left.
const writePatience = 5 * time.Second

// New makes a Scheduler.
func New(config Config) (*Scheduler, error) {
	if config.Extender == nil || config.Store == nil || config.Announcer == nil || config.Clock.Now == nil {
		return nil, errors.New("scheduler: Extender, Store, Announcer and Clock.Now are required")
	}
	config.Timeout = cmp.Or(config.Timeout, 10*time.Second)
	config.Logger = cmp.Or(config.Logger, slog.New(slog.DiscardHandler))
	config.Outbox = cmp.Or(config.Outbox, extension.NewOutbox())
	automation, err := newAutomation(config.Automation)
	if err != nil {
		return nil, err
	}
	return &Scheduler{config: config, automation: automation}, nil
}

// Run looks at the meetings as the schedule says until ctx ends, and then waits for what it began.
func (s *Scheduler) Run(ctx context.Context) error {
	defer s.config.Outbox.Wait()
	var loops sync.WaitGroup
	loops.Go(func() { s.runTicks(ctx) })
	loops.Go(func() { s.runChanges(ctx) })
	loops.Wait()
	return nil
}

// Observe takes note of each state that an extension reaches.
func (s *Scheduler) Observe(e extension.Extension) {
	if e.State == extension.Sent && e.Origin != extension.FromTick {
		s.people.begun.Add(1)
	}
	if e.State == extension.Confirmed || e.State == extension.Accepted {
		s.changed.add(e.Run, e.MeetingID, false)
	}
}
