package bot

import (
	"cmp"
	"context"
	"maps"
	"sync"
	"time"

	"github.com/overtime-bot/overtime/bot/grammar"
)

// tellFor is how old a command may be that is answered although it is too old to be done, because it only tells something.
// So long Slack may be away.
const tellFor = 15 * time.Minute

// allowance is what may still be done for an envelope that waited.
type allowance int

const (
	mayNothing allowance = iota
	mayTell              // it is answered if it only tells something
	mayDo
)

// allows says what may still be done for a job. An event that came late is told that it did.
func (j job) allows(late bool) allowance {
	switch {
	case !j.concluded && j.age() <= freshFor:
		return mayDo
	case !late && j.age() <= tellFor:
		return mayTell
	}
	return mayNothing
}

// tells are the commands that change nothing.
var tells = map[grammar.Verb]bool{
	grammar.VerbList: true, grammar.VerbStatus: true, grammar.VerbWhy: true, grammar.VerbHistory: true, grammar.VerbHelp: true,
}

// onlyTells says that a request changes nothing, so that it may be answered at any time.
func (d *Desk) onlyTells(ctx context.Context, from sender) bool {
	switch {
	case from.opensDialog(): // the list answers: its trigger is too old by now
		return true
	case from.submits():
		return false
	case from.kind == interactiveKind:
		action, err := d.actions.Action(ctx, from.Pressed)
		command, unknown := commandOf(action, from.PressedID)
		return err == nil && unknown == nil && tells[cmp.Or(d.table.buttons[action.Verb].verb, command.Verb)]
	}
	command, err := grammar.Parse(from.Text)
	return err == nil && tells[command.Verb]
}

// undelivered are the answers that Slack did not take, to what must not be done again to work them out.
type undelivered struct {
	mu      sync.Mutex
	answers map[string]undeliveredAnswer // by envelope
}

type undeliveredAnswer struct {
	reply Reply
	since time.Time
}

func (u *undelivered) keep(envelope string, reply Reply) {
	u.mu.Lock()
	defer u.mu.Unlock()
	maps.DeleteFunc(u.answers, func(_ string, kept undeliveredAnswer) bool { return time.Since(kept.since) > rememberedFor+tellFor })
	u.answers[envelope] = undeliveredAnswer{reply, time.Now()}
}

// take gives an answer back, to be sent.
func (u *undelivered) take(envelope string) (Reply, bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	kept, found := u.answers[envelope]
	delete(u.answers, envelope)
	return kept.reply, found
}
