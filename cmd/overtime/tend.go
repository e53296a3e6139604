package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/overtime-bot/overtime/scheduler/store"
)

// tendEvery is also how soon the log tells that the database's file was removed or replaced.
const tendEvery = 10 * time.Second

// tend looks after the database. The log tells once that it cannot be used, and once that it can be again.
func tend(ctx context.Context, database *store.Store, logger *slog.Logger) {
	ticker := time.NewTicker(tendEvery)
	defer ticker.Stop()
	for failing := false; ; {
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
		err := database.Tend(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil && !failing:
			logger.Error("the database cannot be used; nothing is extended until it can", "error", err)
		case err == nil && failing:
			logger.Info("the database can be used again")
		}
		failing = err != nil
	}
}
