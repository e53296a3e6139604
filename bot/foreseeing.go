package bot

import (
	"context"
	"log/slog"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler"
)

// foreseeing finds out what automation will do, for an answer that can do without.
type foreseeing struct {
	foretelling
	scheduler Scheduler
	logger    *slog.Logger
}

// all gives the outlook of each meeting; zero where it is not known.
func (f *foreseeing) all(ctx context.Context, meetings []meeting.Meeting) []scheduler.Outlook {
	outlooks, err := f.scheduler.Foresee(ctx, meetings)
	if err != nil {
		f.logger.WarnContext(ctx, "an answer goes without saying what automation will do", "error", err)
		return make([]scheduler.Outlook, len(meetings))
	}
	return outlooks
}

func (f *foreseeing) one(ctx context.Context, m meeting.Meeting) scheduler.Outlook {
	return f.all(ctx, []meeting.Meeting{m})[0]
}

// wished is the outlook after somebody made a wish for a meeting, which is dealt with at once.
func (f *foreseeing) wished(ctx context.Context, m meeting.Meeting) scheduler.Outlook {
	outlook, err := f.scheduler.Wished(ctx, m)
	if err != nil {
		f.logger.WarnContext(ctx, "an answer goes without saying what automation will do", "error", err)
	}
	return outlook
}
