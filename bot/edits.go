package bot

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/overtime-bot/overtime/bot/pace"
)

// errOvertaken says that an edit was not sent, because a newer one of the same message is.
var errOvertaken = errors.New("a newer edit of the message took its place")

// editors are those who edit messages now. Of several edits of one message, the newest alone is sent.
type editors struct {
	mu     sync.Mutex
	newest map[messageID]*editor
}

type messageID struct{ channel, timestamp string }

// editor is one edit that waits, or is on its way.
type editor struct {
	overtake context.CancelCauseFunc
	done     chan struct{}
}

// edit replaces a message that was posted. To do so twice does no harm.
func (m *messenger) edit(ctx context.Context, channel, timestamp string, reply Reply) error {
	waiting, before, done := m.editors.begin(ctx, messageID{channel, timestamp})
	defer done()
	select {
	case <-before: // it is overtaken, or on its way: then it must arrive first
	case <-ctx.Done():
	}
	var message Message
	if waiting.Err() == nil {
		message = m.compose(ctx, reply)
	}
	err := m.lines.Patiently(waiting, edits, pace.Second, func() error {
		if overtaken := context.Cause(waiting); overtaken != nil {
			return overtaken
		}
		_, edited, _, err := m.poster.UpdateMessageContext(ctx, channel, timestamp, messageOptions(message)...)
		return proven(edited, err)
	})
	if errors.Is(context.Cause(waiting), errOvertaken) && err != nil {
		err = errOvertaken
	}
	if err != nil {
		return fmt.Errorf("editing a message in %s: %w", channel, withoutURL(err))
	}
	return nil
}

// begin overtakes an edit of the same message. before is closed when that is over; waiting ends when this one is overtaken.
func (e *editors) begin(ctx context.Context, id messageID) (waiting context.Context, before <-chan struct{}, done func()) {
	waiting, overtake := context.WithCancelCause(ctx)
	mine := &editor{overtake: overtake, done: make(chan struct{})}
	e.mu.Lock()
	defer e.mu.Unlock()
	before = closed
	if other := e.newest[id]; other != nil {
		other.overtake(errOvertaken)
		before = other.done
	}
	e.newest[id] = mine
	return waiting, before, func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		if e.newest[id] == mine {
			delete(e.newest, id)
		}
		close(mine.done)
		overtake(nil)
	}
}

// closed is over already.
var closed = func() <-chan struct{} {
	over := make(chan struct{})
	close(over)
	return over
}()
