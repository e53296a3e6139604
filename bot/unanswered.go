package bot

import (
	"context"

	"github.com/overtime-bot/overtime/scheduler/extension"
)

// unanswered is of an envelope whose sender can be told nothing any more: what was extended for it, if anything was.
func (d *Desk) unanswered(ctx context.Context, envelope string) outcomeLine {
	result, sent, err := d.extender.Resume(ctx, envelope)
	if err == nil && sent {
		row := result.Extension
		return overOf(extension.Request{Envelope: envelope, Actor: row.Actor, Wisher: row.Wisher}, result)
	}
	return outcomeLine{done: extension.Done{Outcome: extension.OutExpired, Reason: "never answered"}}
}
