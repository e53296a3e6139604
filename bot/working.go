package bot

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/overtime-bot/overtime/bot/i18n"
)

const (
	workingDue    = 7 * time.Second        // after the envelope's arrival; the design promises 8
	workingBudget = 4 * time.Second        // for sending the note: the answer waits behind it
	workingLooks  = 500 * time.Millisecond // for a look at whose the envelope is by now
)

// workingNotes tell people who have waited long that the bot is still at it. The wait for a worker counts too.
type workingNotes struct {
	messenger *messenger
	speaker   *speaker
	isOurs    func(ctx context.Context, envelope string) bool
	logger    *slog.Logger
	open      sync.WaitGroup
}

// start has the note of a job said when it is due, unless stop is called before. stop waits for a note that is being
// said, so that none comes after the answer.
func (w *workingNotes) start(ctx context.Context, next job) (stop func()) {
	ctx = context.WithoutCancel(ctx)
	said := make(chan struct{})
	w.open.Add(1)
	due := max(workingDue-next.age(), time.Second) // what was taken over late is mostly answered at once
	timer := time.AfterFunc(due, func() {
		defer w.open.Done()
		defer close(said)
		w.say(ctx, next)
	})
	return sync.OnceFunc(func() {
		if timer.Stop() {
			w.open.Done()
			return
		}
		<-said
	})
}

// say says it, unless this process stood still and another has the envelope: it may have told the answer.
func (w *workingNotes) say(ctx context.Context, next job) {
	defer func() {
		if value := recover(); value != nil {
			logPanic(ctx, w.logger, "a command panicked", value, "envelope", next.id)
		}
	}()
	from, err := next.sender()
	if err != nil || from.asksNothing() {
		return // the worker logs it
	}
	ctx, cancel := context.WithTimeout(ctx, workingBudget)
	defer cancel()
	looking, done := context.WithTimeout(ctx, workingLooks)
	defer done()
	if !w.isOurs(looking, next.id) {
		return // the worker logs it
	}
	reply := Reply{Tone: Waiting, Text: w.speaker.known(from.User).Say(i18n.Working, nil)}
	if err := w.messenger.note(ctx, from.User, from.place, reply); err != nil {
		w.logger.WarnContext(ctx, "a first word was not delivered", "envelope", next.id, "error", err)
	}
}
