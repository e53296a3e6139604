package main

import (
	"context"
	"time"
)

// tendEvery is also how soon the log tells that the database's file was removed or replaced.
const tendEvery = 10 * time.Second

// tend looks after the database. The log tells once that it cannot be used, and once that it can be again.
func (p *program) tend(ctx context.Context) {
	ticker := time.NewTicker(tendEvery)
	defer ticker.Stop()
	for failing := false; ; {
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
		err := p.store.Tend(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil && !failing:
			p.logger.Error("the database cannot be used; nothing is extended until it can", "error", err)
		case err == nil && failing:
			p.logger.Info("the database can be used again")
		}
		failing = err != nil
	}
}
