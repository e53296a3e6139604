package bot

import (
	"cmp"
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
	hosts    *askingHosts
	limits   Limits
	logger   *slog.Logger
}

// rooms tells what a meeting's cloud room is booked for after its end: zero if it is not, or that is not known.
type rooms interface {
	Booked(ctx context.Context, m meeting.Meeting) meeting.Booking
}

// possible is what may still be added.
type possible struct {
	extension.Left
	booked  time.Time // the room's next booking, if it leaves less than the limits do
	unknown bool      // nobody could read what the limits leave
	hidden  bool      // nothing can be added: the host's password is not known
	// awaited is an extension of the run that does not show in its end yet: until it does, nothing is offered from that end.
	awaited extension.Extension
}

// stuck says that nothing can be added now, whatever the limits leave.
func (p possible) stuck() bool { return p.hidden || p.awaited.ID != 0 }

// of is what one person may still add to a running meeting, from its end as it is now.
func (f *further) of(ctx context.Context, run string, m meeting.Meeting, by extension.Actor) possible {
	p := f.within(ctx, run, by)
	if p.awaited = f.awaited(ctx, run, m.End); p.awaited.ID != 0 {
		p.AtOnce, p.By, p.unknown = 0, "", false
		return p
	}
	if !m.Extendable {
		p.hidden, p.unknown, p.AtOnce, p.By = true, false, 0, ""
	}
	if m.RoomID == "" || p.AtOnce == 0 {
		return p
	}
	waiting, cancel := context.WithTimeout(ctx, roomPatience)
	defer cancel()
	return p.before(m, f.rooms.Booked(waiting, m).Start)
}

// each is of for several meetings, which wait for their bookings together.
func (f *further) each(ctx context.Context, meetings []meeting.Meeting, by extension.Actor) []possible {
	waiting, cancel := context.WithTimeout(ctx, roomPatience)
	defer cancel()
	all := make([]possible, len(meetings))
	for i, m := range meetings {
		all[i] = f.of(waiting, extension.RunOf(m), m, by)
	}
	return all
}

// next is what can be done about the end that an answer tells: buttons for more, and what is left. Where nothing is, it says
// why; a host whose meeting hides its password can type that.
func (f *further) next(ctx context.Context, in interaction, m meeting.Meeting, left possible, made extension.Extension) (text string, offers []Offer) {
	if left.hidden {
		text, offers = f.hosts.ask(ctx, in, m)
		return cmp.Or(text, in.say.Say(i18n.StatusNoPassword, nil)), offers
	}
	return f.says(in, left), left.offers(in.say, cmp.Or(made.Run, extension.RunOf(m)), m, made)
}

// roomPatience is how long an answer waits to know the next booking.
const roomPatience = 2 * time.Second

// within is of by the limits alone; nothing where they are not known.
func (f *further) within(ctx context.Context, run string, by extension.Actor) possible {
	left, err := f.extender.Left(ctx, run, by)
	if err != nil {
		f.logger.WarnContext(ctx, "what is left of a limit could not be read", "error", err)
		return possible{unknown: true}
	}
	return possible{Left: left}
}

// awaited is an extension of a run that does not show in that end yet, as far as that is known.
func (f *further) awaited(ctx context.Context, run string, end time.Time) extension.Extension {
	awaited, err := f.extender.Awaited(ctx, run, end)
	if err != nil {
		f.logger.WarnContext(ctx, "whether an extension is awaited could not be read", "error", err)
	}
	return awaited
}

// before clips what may be added to the next booking of the room.
func (p possible) before(m meeting.Meeting, booked time.Time) possible {
	if fits := int(booked.Sub(m.End) / time.Minute); !booked.IsZero() && fits < p.AtOnce {
		p.AtOnce, p.By, p.booked = max(0, fits), extension.LimitRoom, booked
	}
	return p
}

// moved says that a meeting ends at another time than the one that a button was for, and what can be done about that.
func (f *further) moved(ctx context.Context, in interaction, m meeting.Meeting) Reply {
	reply := in.reply(Telling, i18n.Moved, i18n.MovedNext, i18n.Data{"Meeting": in.named(m), "End": in.date(m.End)})
	left := f.of(ctx, extension.RunOf(m), m, in.actor())
	next, offers := f.next(ctx, in, m, left, extension.Extension{})
	if left.AtOnce == 0 {
		reply.Next = cmp.Or(next, reply.Next)
	}
	reply.Heading, reply.Offers = headingOf(in.sight, m), offers
	return reply
}

// unknownPassword says that a meeting hides its password, and has its host type that.
func (f *further) unknownPassword(ctx context.Context, in interaction, m meeting.Meeting) Reply {
	reply := Reply{Tone: Refusal, Text: in.say.Say(i18n.StatusNoPassword, nil), Heading: headingOf(in.sight, m)}
	reply.Next, reply.Offers = f.hosts.ask(ctx, in, m)
	reply.Next = cmp.Or(reply.Next, in.say.Say(i18n.NothingExtended, nil))
	return reply
}

// awaits says that an extension of a meeting does not show in its end yet, so that nothing is reckoned from that.
func (f *further) awaits(in interaction, m meeting.Meeting, awaited extension.Extension) Reply {
	reply := in.reply(Waiting, "", i18n.BusyNext, i18n.Data{"Command": in.typed("status " + m.ID)})
	reply.Text = i18n.Join(saysAwaited(in.say, awaited), in.say.Say(i18n.AwaitedNothing, nil))
	reply.Heading = headingOf(in.sight, m)
	return reply
}

// booked says that the room's next booking leaves less than somebody asked for, and offers that.
func (f *further) booked(in interaction, m meeting.Meeting, left possible) Reply {
	reply := in.reply(Refusal, i18n.LimitRoom, i18n.LimitRoomNext, i18n.Data{"Meeting": in.named(m), "Start": in.date(left.booked)})
	if left.AtOnce > 0 {
		less := in.typed(extendCommand(m.ID, left.AtOnce).String())
		reply = in.reply(Refusal, i18n.LimitRoomLess, i18n.TooManyNext, i18n.Data{"Count": left.AtOnce, "Start": in.date(left.booked), "Command": less})
	}
	reply.Heading, reply.Offers = headingOf(in.sight, m), left.offers(in.say, extension.RunOf(m), m, extension.Extension{})
	return reply
}

// says how much is left of the limits.
func (f *further) says(in interaction, p possible) (text string) {
	say := in.say
	text = saysAwaited(say, p.awaited)
	if p.AtOnce == 0 && p.By == extension.LimitRoom {
		text = i18n.Join(text, say.Say(i18n.ClippedToRoom, i18n.Data{"Start": in.date(p.booked)}))
	}
	if p.Limited {
		text = i18n.Join(text, saysLeftOfRun(say, p.Run, f.limits))
	}
	if p.AtOnce == 0 && p.By == extension.LimitDaily {
		text = i18n.Join(text, say.Say(i18n.LimitDailyNone, i18n.Data{"Count": f.limits.DailyMinutes}))
	}
	return text
}

// saysAwaited says that an extension does not show in the end yet; nothing of none.
func saysAwaited(say i18n.Printer, awaited extension.Extension) string {
	key := i18n.AwaitedUnknown
	switch {
	case awaited.ID == 0:
		return ""
	case awaited.Platform:
		return say.Say(i18n.HandedUnknown, nil)
	case awaited.State == extension.Accepted:
		key = i18n.AwaitedAccepted
	}
	return say.Say(key, i18n.Data{"Who": who(awaited.Actor), "Count": awaited.Minutes})
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
