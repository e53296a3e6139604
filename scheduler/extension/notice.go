package extension

import (
	"context"

	"github.com/overtime-bot/overtime/meeting"
)

// Notice is a fact for people; the bot writes the sentence.
type Notice struct {
	Extension Extension       // as it stands now
	Meeting   meeting.Meeting // as it was read last; its ID alone where it could not be read
	Over      bool            // the run has ended
}

// Notifier tells people what became of an extension after its first answer.
type Notifier interface {
	// Settled is called once, by the replica that settled the row. The row has left Unknown (or Sent, after a
	// crash), or an accepted one was confirmed.
	Settled(ctx context.Context, notice Notice) error
}
