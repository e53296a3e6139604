package bot

import (
	"context"
	"sync"
	"time"

	"github.com/overtime-bot/overtime/bot/i18n"
)

const (
	firstWordBudget = 4 * time.Second // for sending it: the last word waits behind it
)

// word is a first word that may still have to be said. The nil word is none.
type word struct {
	timer *time.Timer
	over  chan struct{} // closed when it was said
	once  sync.Once
	done  func()
}

// firstWord tells a person who has waited long that the bot is still at it, so that nobody is left in silence. It
// counts from the arrival: a command that waits for a worker is one that waits.
func (b *Bot) firstWord(ctx context.Context, next job) *word {
	ctx = context.WithoutCancel(ctx)
	w := &word{over: make(chan struct{}), done: b.firstWords.Done}
	b.firstWords.Add(1)
	w.timer = time.AfterFunc(firstWordDue-time.Since(next.arrived), func() {
		defer b.firstWords.Done()
		defer close(w.over)
		b.sayWorking(ctx, next)
	})
	return w
}

// stop makes sure that the first word is not said after the last one: it waits for one that is being said.
func (w *word) stop() {
	if w == nil {
		return
	}
	w.once.Do(func() {
		if w.timer.Stop() {
			w.done()
			return
		}
		<-w.over
	})
}

func (b *Bot) sayWorking(ctx context.Context, next job) {
	defer func() {
		if value := recover(); value != nil {
			b.panicked(ctx, next, value)
		}
	}()
	from, err := senderOf(next)
	if err != nil {
		return // the worker logs it
	}
	ctx, cancel := context.WithTimeout(ctx, firstWordBudget)
	defer cancel()
	reply := Reply{Tone: Waiting, Text: b.printerFor(from.User).Say(i18n.Working, nil)}
	if err := b.responder.post(ctx, from.ResponseURL, render(reply)); err != nil {
		b.logger.WarnContext(ctx, "a first word was not delivered", "envelope", next.id, "error", err)
	}
}

// printerFor speaks a person's language if it is known already, else the default one: the first word cannot wait.
func (b *Bot) printerFor(user string) i18n.Printer {
	person, _ := b.config.People.Known(user)
	return b.printerOf(person)
}
