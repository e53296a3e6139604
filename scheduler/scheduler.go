package scheduler

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"golang.org/x/sync/semaphore"
)

// Config is what a Scheduler is made of. Extender, Store, Announcer and Clock.Now are required.
type Config struct {
	Extender  Door
	Store     Stores
	Announcer Announcer
	Outbox    *extension.Outbox // the Extender's; nil = one of its own
	Clock     extension.Clock
	Logger    *slog.Logger

	Automation Automation
	MaxMinutes int           // at once; 0 = no limit
	RunMinutes int           // added to one run; 0 = no limit
	Daily      int           // minutes of one person in 24 hours; 0 = no limit
	Timeout    time.Duration // of one call of the meeting service; 10 s if 0
	Bookings   Bookings      // nil: nobody checks whether something is booked next
	Sight      Sight         // nil: the list of running meetings is never less than what was asked for
	Tokens     Tokens        // nil: control tokens are not fetched ahead
	Quota      Quota         // nil: the service has no quota
	// Observe is told what each look came to; for metrics, may be nil.
	Observe func(TickReport)
}

// Scheduler does what happens by itself. Make one with New; Run works until its context ends.
type Scheduler struct {
	prompts   PromptStore
	outbox    *extension.Outbox
	logger    *slog.Logger
	records   *records
	poster    *poster
	pacing    *pacing
	changed   *changedRuns
	follower  *follower
	looker    *looker
	loop      *loop
	refresher *refresher
}

// remembered is how many messages, tokens and failures are remembered. Beyond that, some are dealt with again for nothing.
const remembered = 20_000

// New makes a Scheduler.
func New(config Config) (*Scheduler, error) {
	if config.Extender == nil || config.Store == (Stores{}) || config.Announcer == nil || config.Clock.Now == nil {
		return nil, errors.New("scheduler: Extender, Store, Announcer and Clock.Now are required")
	}
	schedule, err := ParseSchedule(config.Automation.Schedule)
	if err != nil {
		return nil, fmt.Errorf("scheduler: the schedule: %w", err)
	}
	schedule = steadily(schedule)
	clock, store, announcer := config.Clock, config.Store, config.Announcer
	timeout := cmp.Or(config.Timeout, 10*time.Second)
	logger := cmp.Or(config.Logger, slog.New(slog.DiscardHandler))
	outbox := cmp.Or(config.Outbox, extension.NewOutbox())
	owner := rand.Text()
	changed := &changedRuns{runs: make(map[string]change), wake: make(chan struct{}, 1)}
	shown, errShown := lru.New[int64, facts](remembered)
	ready, errReady := lru.New[string, time.Time](remembered)
	attempts, errAttempts := lru.New[string, attempt](remembered)
	if err := errors.Join(errShown, errReady, errAttempts); err != nil {
		return nil, fmt.Errorf("scheduler: %w", err)
	}
	reach := time.Duration(max(config.MaxMinutes, config.Automation.Minutes)) * time.Minute
	records := &records{
		store: store, announcer: announcer, find: config.Extender.Find, listed: config.Extender.Listed, now: clock.Now, schedule: schedule,
		terms:    Terms{Automation: config.Automation, AtOnce: config.MaxMinutes, RunMinutes: config.RunMinutes, Daily: config.Daily},
		looks:    func(due time.Time) time.Time { return lastLook(schedule, clock.Now().Add(-1).Local(), due) },
		bookings: newBookingCache(config.Bookings, max(bookedReach, reach), timeout, clock.Now, logger),
	}
	poster := &poster{
		outbox: outbox, prompts: store, announcer: announcer, records: records, shown: shown, clock: clock, logger: logger,
	}
	alarms := &alarms{poster: poster, now: clock.Now, attempts: attempts, counts: make(map[Trouble]int)}
	authoriser := &authoriser{store: store, owner: owner, poster: poster, alarms: alarms, changed: changed}
	executor := &executor{
		door: config.Extender, tokens: config.Tokens, timeout: timeout, records: records, authoriser: authoriser,
		poster: poster, alarms: alarms, clock: clock, logger: logger,
	}
	follower := &follower{prompts: store, announcer: announcer, records: records, shown: shown}
	for i := range follower.editing {
		follower.editing[i] = semaphore.NewWeighted(1)
	}
	pacing := &pacing{quota: config.Quota, clock: clock}
	looker := &looker{
		list: config.Extender.Running, records: records, executor: executor, follower: follower, poster: poster,
		alarms: alarms, outage: &outage{alarms: alarms, records: records, owner: owner}, pacing: pacing, schedule: schedule, clock: clock,
		logger: logger, observe: config.Observe, ready: ready, unseen: &unseen{sight: config.Sight, records: records, alarms: alarms},
		witness: &witness{rules: store, bookings: records.bookings, logger: logger},
	}
	return &Scheduler{
		prompts: store, outbox: outbox, logger: logger, records: records, poster: poster, pacing: pacing, changed: changed,
		follower: follower, looker: looker,
		loop:      &loop{leases: store, owner: owner, schedule: schedule, looker: looker, clock: clock, logger: logger},
		refresher: &refresher{changed: changed, prompts: store, follower: follower, executor: executor, poster: poster},
	}, nil
}

// Run looks at the meetings as the schedule says until ctx ends, and then waits for what it began.
func (s *Scheduler) Run(ctx context.Context) error {
	defer s.records.bookings.close()
	defer s.outbox.Wait()
	var loops sync.WaitGroup
	loops.Go(func() { s.loop.run(ctx) })
	loops.Go(func() { s.refresher.run(ctx) })
	loops.Wait()
	return nil
}

// Tick looks at all running meetings and does what is due: it asks, extends, and has its messages follow. It returns
// when what it began is over. An error means that some of it failed; each failure costs its own meeting.
func (s *Scheduler) Tick(ctx context.Context, now time.Time) error {
	err := s.looker.look(ctx, now)
	s.outbox.Wait()
	return err
}

// LastTick tells when the running meetings were last looked at: by this process or, as far as the lease tells, by
// another one. It is zero until then.
func (s *Scheduler) LastTick() time.Time { return s.looker.lastLook() }

// TickDue tells when the look after the last one is due; zero until there was one.
func (s *Scheduler) TickDue() time.Time {
	last := s.looker.lastLook()
	if last.IsZero() {
		return last
	}
	return s.loop.next(last)
}

// Observe takes note of each state that an extension reaches.
func (s *Scheduler) Observe(e extension.Extension) {
	if e.State == extension.Sent && e.Origin != extension.FromTick {
		s.pacing.people.Add(1)
	}
	unclear := e.Platform && e.State == extension.Unclear // it counts as handed over, too
	if unclear || e.State == extension.Confirmed || e.State == extension.Accepted {
		s.changed.add(e.Run, e.MeetingID, false)
	}
}

// Booked tells what a meeting's cloud room is booked for after its end: zero if it is not, or that is not known.
func (s *Scheduler) Booked(ctx context.Context, m meeting.Meeting) meeting.Booking {
	s.records.bookings.read(ctx, m.End)
	next := s.records.bookings.next(m)
	return meeting.Booking{Start: next.Start, Subject: next.Subject}
}

// Answer stores what a person answered to a prompt, and does what follows from it at once. False says that it was
// answered before; the prompt is as it stands. ErrNoPrompt.
func (s *Scheduler) Answer(ctx context.Context, promptID int64, answer Answer, by extension.Actor) (Prompt, bool, error) {
	prompt, first, err := s.prompts.AnswerPrompt(ctx, promptID, answer, by)
	if err == nil && first {
		s.changed.add(prompt.Run, prompt.MeetingID, true)
	}
	return prompt, first, err
}

// Wished has a running meeting dealt with at once, after somebody made a wish for it, and says what comes of that.
func (s *Scheduler) Wished(ctx context.Context, m meeting.Meeting) (Outlook, error) {
	outlooks, err := s.records.foresee(ctx, []meeting.Meeting{s.records.counted(ctx, m)}, true)
	s.changed.add(extension.RunOf(m), m.ID, true)
	if err != nil {
		return Outlook{}, err
	}
	return outlooks[0], nil
}

// Foresee says what automation will do with running meetings, if nothing changes.
func (s *Scheduler) Foresee(ctx context.Context, meetings []meeting.Meeting) ([]Outlook, error) {
	return s.records.foresee(ctx, meetings, false)
}

// FollowNow brings the messages about a run up to date, after a press or an extension.
func (s *Scheduler) FollowNow(ctx context.Context, meetingID, run string) error {
	return s.follower.follow(ctx, meetingID, run)
}
