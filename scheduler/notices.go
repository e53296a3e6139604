package scheduler

import (
	"context"
	"log/slog"

	"github.com/overtime-bot/overtime/scheduler/extension"
)

// notices are told beside the work that has a deadline, all through one outbox.
type notices struct {
	outbox *extension.Outbox
	logger *slog.Logger
}

// put has people told when their turn comes. A panic is an error; what fails is logged, and left to a later look.
func (n *notices) put(ctx context.Context, what string, tell func() error, about ...any) {
	n.outbox.Put(ctx, func() {
		if err := extension.Survive(what, tell); err != nil {
			n.logger.ErrorContext(ctx, "failed: "+what, append(about, "error", err)...)
		}
	})
}
