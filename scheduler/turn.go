package scheduler

import (
	"context"
	"fmt"
)

// turn lets one at a time through. Unlike a mutex's, those who wait may give up: what is done in a turn asks others
// over the network.
type turn chan struct{}

func newTurn() turn { return make(turn, 1) }

func (t turn) take(ctx context.Context) error {
	select {
	case t <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("waiting for a turn: %w", ctx.Err())
	}
}

func (t turn) pass() { <-t }
