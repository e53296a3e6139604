package bot

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// history is `/extend history [meeting] [from <date>]`: what was done with the meetings that the person may see, and what
// they did themselves, newest first. It needs nothing of the meeting service.
type history struct {
	past     PastStore
	wishes   PastWishes
	finder   *finder
	gate     *access.Gate
	rules    *rulebook
	refusals *refusals
	now      func() time.Time
}

const (
	historyAtOnce = 100
	historyRounds = 20 // of so many rows from each source: what lies further back takes a date, or a meeting
)

func (h *history) show(ctx context.Context, in interaction) Reply {
	named, refusal, seen := !in.command.Unnamed(), Reply{}, true
	if named {
		found, m, no, ok := h.finder.toSee(ctx, in)
		if refusal, seen = no, ok; ok {
			number := m.ID
			if found.command.Meeting == m.RoomID { // they asked for the room
				number = m.RoomID
			}
			in, in.command = found, in.command.Of(number)
		}
	}
	if !seen && in.command.Meeting == "" { // the title fits no meeting that runs, or several
		return refusal
	}
	rows, err := h.visible(ctx, in, pageAsked(in)*pageSize+1)
	if err != nil {
		return h.refusals.notWritten(ctx, in, err)
	}
	switch {
	case len(rows) == 0 && named && !seen && !in.verdict.SeesAll: // whether there is such a meeting or not
		return refusal
	case len(rows) == 0 && in.command.Meeting != "":
		return in.reply(Telling, i18n.HistoryNoneOf, i18n.HistoryNoneOfNext, i18n.Data{"Meeting": in.command.Meeting, "Command": in.typed("history")})
	case len(rows) == 0:
		return in.reply(Telling, i18n.HistoryNone, i18n.ParseHelp, i18n.Data{"Command": in.typed("help")})
	}
	return h.reply(in, rows)
}

// reply shows the page that was asked for. Of the rows there may be one more than it ends with.
func (h *history) reply(in interaction, rows []deed) Reply {
	page, pages := pageOf(in, len(rows))
	reply := Reply{
		Tone: Telling, Text: in.say.Say(i18n.HistoryHead, nil), Row: turning(in.say, in.command, page, pages, h.now()),
	}
	for _, row := range entriesOn(rows, page) {
		reply.Items = append(reply.Items, saysDeed(in, row))
	}
	return reply
}

// visible are the newest entries that the person may see, as far as they are wanted.
func (h *history) visible(ctx context.Context, in interaction, wanted int) ([]deed, error) {
	rules := h.rules.readable(ctx)
	sources, err := h.sources(ctx, in, rules)
	if err != nil {
		return nil, err
	}
	sights := h.sights(ctx, in, rules)
	rows, err := h.extended(ctx, in, sources, sights, wanted)
	if err != nil {
		return nil, err
	}
	wishes, err := h.wishes.List(ctx, in.command.Meeting, historyWishes)
	if err != nil {
		return nil, err
	}
	deeds := h.withWishes(in, rows, wishes, sights)
	return deeds[:min(wanted, len(deeds))], nil
}

// extended are the newest extensions of the sources that the person may see, as far as they are wanted.
func (h *history) extended(
	ctx context.Context, in interaction, sources []store.Past, sights pastSights, wanted int,
) (rows []extension.Extension, err error) {
	since := h.since(in)
	for before, round := int64(0), 0; round < historyRounds; round++ {
		var batch []extension.Extension
		if batch, before, err = h.batch(ctx, sources, before); err != nil {
			return nil, err
		}
		for _, row := range batch {
			if row.CreatedAt.Before(since) {
				return rows, nil
			}
			if !in.is(row.Actor) && !sights.shows(row.Meeting()) {
				continue
			}
			if rows = append(rows, row); len(rows) == wanted {
				return rows, nil
			}
		}
		if before == 0 {
			break
		}
	}
	return rows, nil
}

// since is the beginning of the day that was named, by the person's own clock.
func (h *history) since(in interaction) time.Time {
	zone := in.zone
	if zone == nil {
		zone = time.UTC
	}
	day, err := time.ParseInLocation(time.DateOnly, in.command.From, zone)
	if err != nil { // none was named
		return time.Time{}
	}
	return day
}

// sources are where the rows are that the person may see: everywhere; else among their own, those of the meetings that they
// host, and those of the meetings and cloud rooms that the channel watches. They depend on nothing that the person named, so that nobody learns by asking.
func (h *history) sources(ctx context.Context, in interaction, rules map[string]scheduler.Rule) ([]store.Past, error) {
	if in.verdict.SeesAll {
		everywhere := []store.Past{{MeetingID: in.command.Meeting}}
		if in.command.Meeting != "" { // the number may be a cloud room's
			everywhere = append(everywhere, store.Past{Room: in.command.Meeting})
		}
		return everywhere, nil
	}
	sources := []store.Past{{By: in.actor(), MeetingID: in.command.Meeting}}
	if in.verdict.SeesOwn {
		accounts, err := h.gate.Accounts(ctx, in.person)
		if err != nil {
			return nil, fmt.Errorf("looking up whose meetings they host: %w", err)
		}
		for _, account := range accounts {
			sources = append(sources, store.Past{Host: account, MeetingID: in.command.Meeting})
		}
	}
	for of, rule := range rules {
		if !in.verdict.SeesWatched || rule.Channel != in.from.Channel {
			continue
		}
		sources = append(sources, store.Past{Room: of, MeetingID: in.command.Meeting})
		if in.command.Meeting == "" || in.command.Meeting == of {
			sources = append(sources, store.Past{MeetingID: of})
		}
	}
	return sources, nil
}

// sights say what the person may know of the runs in the history.
func (h *history) sights(ctx context.Context, in interaction, rules map[string]scheduler.Rule) pastSights {
	sightOf, err := h.gate.Sights(ctx, in.subject)
	if err != nil {
		h.finder.logger.WarnContext(ctx, "nobody can tell which meetings somebody hosts: the history is without them", "error", err)
	}
	return pastSights{sightOf: sightOf, rules: rules, known: make(map[pastRun]access.Sight)}
}

// batch reads on from all sources, newest first. before is where the next batch begins; 0: there is none.
func (h *history) batch(ctx context.Context, sources []store.Past, before int64) (rows []extension.Extension, next int64, err error) {
	for _, source := range sources {
		source.Before = before
		found, err := h.past.Past(ctx, source, historyAtOnce)
		if err != nil {
			return nil, 0, err
		}
		if len(found) == historyAtOnce { // further back, another source may have more than this one was asked for
			next = max(next, found[len(found)-1].ID)
		}
		rows = append(rows, found...)
	}
	rows = slices.DeleteFunc(rows, func(row extension.Extension) bool { return row.ID < next })
	slices.SortFunc(rows, func(a, b extension.Extension) int { return cmp.Compare(b.ID, a.ID) })
	return slices.CompactFunc(rows, func(a, b extension.Extension) bool { return a.ID == b.ID }), next, nil
}
