package bot

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/bot/i18n"
)

const (
	waitingJobs   = 4096             // more commands are turned away
	waitingAways  = 256              // that wait to hear it
	awayWorkers   = waitingAways     // who tell them: while the store hangs, each takes some seconds
	finishWithin  = 15 * time.Second // after the sockets closed, so that the whole process ends within 20 s
	answersWithin = 5 * time.Second  // of them, kept for the answers to what had to be cut off
)

// NewInbox makes an Inbox. It is the last of the three to be made, and refuses a Config that lacks something.
func NewInbox(config Config, desk *Desk) (*Inbox, error) {
	if desk == nil || config.People == nil || config.Hosts == nil || config.Bookings == nil || config.Poster == nil ||
		config.Envelopes == nil || config.Actions == nil || config.Rules == nil || config.Past == nil || config.Quiet == nil ||
		config.Prompts == nil || config.Approvals == nil || config.Catalogue == nil || config.Now == nil ||
		config.Views == nil || config.Dialogs == nil || config.Passwords == nil {
		return nil, errors.New("bot: a required field of its Config is missing")
	}
	inbox := &Inbox{
		envelopes: config.Envelopes, desk: desk, views: desk, messenger: config.messenger(),
		observe: config.Observe, logger: config.logger(),
		owner: rand.Text(), workers: cmp.Or(config.Workers, 64),
		jobs: make(chan job, waitingJobs), turnedAway: make(chan job, waitingAways),
		claims: newClaims(), unheard: undelivered{answers: make(map[string]undeliveredAnswer)}, now: config.Now, homes: desk.homes,
	}
	inbox.messenger.showAtHome = desk.homes.tells
	inbox.notes = &workingNotes{messenger: inbox.messenger, speaker: config.speaker(), isOurs: inbox.isOurs, logger: inbox.logger}
	if inbox.observe == nil {
		inbox.observe = func(grammar.Verb, Tone, time.Duration) {}
	}
	return inbox, nil
}

// Run works on envelopes until ctx ends. Then it finishes what was received, for 15 s at most. The sockets must be closed
// before ctx ends, so that nothing more arrives.
func (i *Inbox) Run(ctx context.Context) error {
	answering, stopAnswering := context.WithCancel(context.WithoutCancel(ctx))
	defer stopAnswering()
	working, stopWorking := context.WithCancel(answering)
	defer stopWorking()
	queueing, stopQueueing := context.WithCancel(answering)
	defer stopQueueing()
	var workers sync.WaitGroup
	for range i.workers {
		workers.Go(func() { i.work(queueing, working, answering, i.jobs) })
	}
	for range awayWorkers {
		workers.Go(func() { i.work(queueing, working, answering, i.turnedAway) })
	}
	var claims, sweep, homes sync.WaitGroup
	homes.Go(func() { i.homes.run(ctx) })
	claims.Go(func() { i.every(answering, renewEvery, "renewing claims", i.renew) })
	sweep.Go(func() { i.every(ctx, sweepEvery, "the sweep", i.sweep) })
	<-ctx.Done()
	defer time.AfterFunc(finishWithin-answersWithin, stopWorking).Stop()
	defer time.AfterFunc(finishWithin, stopAnswering).Stop()
	homes.Wait()
	sweep.Wait() // or it would queue what nobody takes
	stopQueueing()
	workers.Wait()
	i.notes.open.Wait()
	stopAnswering()
	claims.Wait()
	_, unnoted := i.claims.due()
	i.note(ctx, unnoted)
	return nil
}

const commandBudget = 40 * time.Second // for one command; its claim is renewed meanwhile

// work takes jobs until no more are queued and none waits.
func (i *Inbox) work(queueing, working, answering context.Context, jobs <-chan job) {
	for {
		select {
		case next := <-jobs:
			i.do(working, answering, next)
		case <-queueing.Done():
			select {
			case next := <-jobs:
				i.do(working, answering, next)
			default:
				return
			}
		}
	}
}

// do works on one envelope, from its payload to its answer. The work may be cut off sooner than the answer.
func (i *Inbox) do(working, answering context.Context, next job) {
	defer func() {
		next.stop()
		i.claims.drop(next.id)
		if value := recover(); value != nil {
			logPanic(answering, i.logger, "a command panicked", value, "envelope", next.id)
		}
	}()
	if answering.Err() != nil {
		i.logger.ErrorContext(answering, "a command was left unanswered at the end", "envelope", next.id)
		return
	}
	from, err := next.sender()
	if err != nil {
		i.logger.ErrorContext(answering, "an envelope was not understood", "envelope", next.id, "type", next.kind, "error", err)
		i.noteAnswered(answering, next.id, false)
		logOver(answering, i.logger, next.arrived, sender{kind: next.kind}, "", Reply{Tone: Refusal, Why: i18n.ParseUnknownVerb})
		return
	}
	from.holder, from.late = i.owner, next.kind == eventKind && !next.takenOver && next.age() > freshFor
	if next.decided && next.turnAway == "" {
		i.noteAnswered(answering, next.id, false)
		logOver(answering, i.logger, next.arrived, from, verbDialog, Reply{Tone: Asking})
		i.observe(verbDialog, Asking, time.Since(next.arrived))
		return
	}
	if working.Err() != nil && next.takenOver {
		i.logger.WarnContext(answering, "an envelope that was taken over is left to the next process", "envelope", next.id)
		return
	}
	if working.Err() != nil && from.asksNothing() {
		return
	}
	if working.Err() != nil && next.turnAway == "" {
		next.turnAway, next.next = i18n.Restarting, i18n.NotWrittenNext
	}
	if next.turnAway == "" && !i.isOurs(answering, next.id) {
		i.logger.WarnContext(answering, "an envelope was taken over by another process, which carries it out", "envelope", next.id)
		return
	}
	reply, verb := i.reply(working, next, from)
	next.stop()
	if reply.Later {
		return
	}
	i.answers(answering, next, from, verb, reply)
}

// answers gives the answer, once, and says in the log that it is over.
func (i *Inbox) answers(ctx context.Context, next job, from sender, verb grammar.Verb, reply Reply) {
	reply, ours := i.conclude(ctx, next, from, verb, reply)
	if !ours {
		i.logger.WarnContext(ctx, "an envelope was taken over by another process, which answers it", "envelope", next.id)
		return
	}
	answered := true
	if reply.Said {
		i.noteAnswered(ctx, next.id, false)
	} else {
		answered = i.deliver(ctx, from, reply)
	}
	if answered { // else it is taken over once more
		logOver(ctx, i.logger, next.arrived, from, verb, reply)
	}
	if reply.Tone == Done || reply.Pending {
		i.homes.changed()
	}
	i.observe(verb, reply.Tone, time.Since(next.arrived))
}

// reply has the answer worked out.
func (i *Inbox) reply(ctx context.Context, next job, from sender) (Reply, grammar.Verb) {
	ctx, cancel := context.WithTimeout(ctx, commandBudget)
	defer cancel()
	if reply, kept := i.unheard.take(next.id); kept && next.turnAway == "" {
		return reply, ""
	}
	switch {
	case next.turnAway != "":
		return i.desk.turnAway(ctx, from, next.turnAway, next.next), ""
	case next.takenOver || next.age() > freshFor:
		return i.desk.resume(ctx, from, next.allows(from.late))
	}
	return i.desk.answer(ctx, from)
}

// isOurs says that nobody has taken the envelope over or answered it. Where that is not known, this process goes on: all
// that it may do is claimed once more.
func (i *Inbox) isOurs(ctx context.Context, id string) bool {
	if i.claims.lives(id) {
		return true
	}
	reading, cancel := context.WithTimeout(ctx, storePatience)
	defer cancel()
	envelope, err := i.envelopes.Envelope(reading, id)
	return err != nil || envelope.Owner == i.owner && !envelope.Answered
}

// conclude says what this process may tell; false if another has taken the envelope over, and tells. Who is told that
// nothing was done may rely on it: that is written down first. Where it cannot be, nobody can know. So is that something was
// done that must not be done again, before Slack has the answer.
func (i *Inbox) conclude(ctx context.Context, next job, from sender, verb grammar.Verb, reply Reply) (Reply, bool) {
	if !reply.stands(verb) {
		return reply, i.isOurs(ctx, next.id)
	}
	writing, cancel := context.WithTimeout(ctx, storePatience)
	defer cancel()
	ours, err := i.envelopes.ConcludeEnvelope(writing, next.envelope(), i.owner, claimFor)
	if err != nil {
		i.logger.WarnContext(ctx, "what came of a command could not be written down", "envelope", next.id, "error", err)
	}
	if err != nil && reply.Tone == Failed {
		return i.desk.turnAway(ctx, from, i18n.NotKnown, i18n.NotKnownNext), true
	}
	return reply, err != nil || ours
}

// stands says that what was asked for must not be done any more once this answer is worked out. Else its row in the ledger
// tells the next process what was done, or there was nothing to do.
func (r Reply) stands(verb grammar.Verb) bool {
	if r.Once || r.Tone == Failed || r.Tone == Refusal {
		return true
	}
	return verb == grammar.VerbExtend && !r.Said && !r.Own && !r.Pending
}

// deliver sends the reply where it was asked for, else by direct message, and notes that it was sent. An extension may
// have been settled while the promise to tell how was on its way. The one that settled it may have told it first, and a
// promise must not be the last that the person reads: deliver tells the outcome once more.
func (i *Inbox) deliver(ctx context.Context, from sender, reply Reply) bool {
	unsent := reply
	unsent.Offers = slices.Clone(reply.Offers) // the actions are not stored yet
	if err := i.messenger.answer(ctx, from.User, from.place, reply); err != nil {
		i.logger.ErrorContext(ctx, "an answer was not delivered", "envelope", from.envelope, "user", from.User, "error", err)
		if reply.Once {
			i.unheard.keep(from.envelope, unsent)
		}
		return false
	}
	unread := reply.Effect != nil && !i.wasAnswered(ctx, from.envelope)
	if i.noteAnswered(ctx, from.envelope, reply.Pending) && unread {
		i.show(ctx, reply)
	}
	if reply.Promised == 0 {
		return true
	}
	if outcome, settled := i.desk.promised(ctx, from, reply.Promised); settled {
		i.deliver(ctx, from, outcome)
	}
	return true
}

// wasAnswered says that somebody noted the answer before, and told others what came of it. Where that is not known, they did.
func (i *Inbox) wasAnswered(ctx context.Context, id string) bool {
	reading, cancel := context.WithTimeout(ctx, storePatience)
	defer cancel()
	envelope, err := i.envelopes.Envelope(reading, id)
	return envelope.Answered || err != nil
}

// show tells others what came of it. That follows the note that the person has the answer: whatever is answered again, after
// trouble or a crash, others read once. A crash between the two, or a note that the store does not take, costs them the line.
func (i *Inbox) show(ctx context.Context, reply Reply) {
	if reply.Effect == nil {
		return
	}
	telling, cancel := context.WithTimeout(ctx, postBudget)
	defer cancel()
	i.messenger.tellAt(telling, reply.Effect.place, reply.Effect.reply)
}
