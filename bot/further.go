package bot

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// further says how much longer a meeting may go on, and offers that.
type further struct {
	extender Extender
	rooms    rooms
	limits   Limits
	logger   *slog.Logger
}

// rooms tells what a meeting's cloud room is booked for after its end: zero if it is not, or that is not known.
type rooms interface {
	Booked(ctx context.Context, m meeting.Meeting) meeting.Booking
}

// possible is what may still be added.
type possible struct{ extension.Left }

// of is what one person may still add to a running meeting, from its end as it is now.
func (f *further) of(ctx context.Context, run string, m meeting.Meeting, by extension.Actor) possible {
	p := f.within(ctx, run, by)
	if m.RoomID == "" || p.AtOnce == 0 {
		return p
	}
	waiting, cancel := context.WithTimeout(ctx, roomPatience)
	defer cancel()
	return p.before(m, f.rooms.Booked(waiting, m).Start)
}

// roomPatience is how long an answer waits to know the next booking.
const roomPatience = 2 * time.Second

// within is of by the limits alone; nothing where they are not known.
func (f *further) within(ctx context.Context, run string, by extension.Actor) possible {
	left, err := f.extender.Left(ctx, run, by)
	if err != nil {
		f.logger.WarnContext(ctx, "what is left of a limit could not be read", "error", err)
		return possible{}
	}
	return possible{Left: left}
}

// before clips what may be added to the next booking of the room.
func (p possible) before(m meeting.Meeting, booked time.Time) possible {
	if !booked.IsZero() {
		p.AtOnce = max(0, min(p.AtOnce, int(booked.Sub(m.End)/time.Minute)))
	}
	return p
}

// says how much is left of the limits.
func (f *further) says(say i18n.Printer, p possible) (text string) {
	if p.Limited {
		text = saysLeftOfRun(say, p.Run, f.limits)
	}
	if p.AtOnce == 0 && p.By == extension.LimitDaily {
		text = i18n.Join(text, say.Say(i18n.LimitDailyNone, i18n.Data{"Count": f.limits.DailyMinutes}))
	}
	return text
}

// saysLeftOfRun says how many minutes a run may still get.
func saysLeftOfRun(say i18n.Printer, left int, limits Limits) string {
	key := i18n.LeftOfRun
	if left == 0 {
		key = i18n.NoneLeftOfRun
	}
	return say.Say(key, i18n.Data{"Count": left, "Limit": limits.MaxTotalMinutes})
}

// offers are buttons for more minutes, from the end as it is now. The row of a confirmed extension that made this end
// stands for the usual ones.
func (p possible) offers(say i18n.Printer, run string, m meeting.Meeting, made extension.Extension) (offers []Offer) {
	stands := made.State == extension.Confirmed && made.Token != "" && made.Run == run && made.After.Equal(m.End)
	for _, minutes := range stepsWithin(p.AtOnce) {
		label := say.Say(i18n.ButtonMore, i18n.Data{"Count": minutes})
		if stands && slices.Contains(offeredSteps, minutes) {
			offers = append(offers, Offer{Label: label, Action: store.Action{
				ID: store.OfferID(made, minutes), Verb: store.VerbMore, Minutes: minutes,
			}})
			continue
		}
		offers = append(offers, offerMinutes(label, run, m.ID, minutes, m.End))
	}
	return offers
}
