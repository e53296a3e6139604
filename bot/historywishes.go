package bot

import (
	"cmp"
	"slices"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// historyWishes bounds the wishes that one look reads: what lies further back takes a meeting.
const historyWishes = 1000

// deed is an entry of the history: an extension, the wish of which nothing came, or both.
type deed struct {
	done extension.Extension
	wish store.Approval // its ID is 0 where nobody had to be asked

	sight access.Sight // what the reader may know of the meeting
}

func (d deed) at() time.Time {
	if d.done.ID != 0 {
		return d.done.CreatedAt
	}
	if d.wish.Decided.After(d.wish.Created) {
		return d.wish.Decided
	}
	return d.wish.Created
}

// withWishes puts the wishes that the person may see among the extensions, newest first: beside the extension that came of
// them, else as entries of their own.
func (h *history) withWishes(in interaction, rows []extension.Extension, wishes []store.Approval, sights pastSights) []deed {
	hosts, asked := make(map[string]string), make(map[int64]store.Approval)
	for _, row := range rows {
		hosts[row.Run] = cmp.Or(hosts[row.Run], row.Host)
	}
	since := h.since(in)
	var deeds []deed
	for _, wish := range wishes {
		if wish.Extension != 0 {
			asked[wish.Extension] = wish
			continue
		}
		m := wish.Meeting()
		m.HostUUID = cmp.Or(m.HostUUID, hosts[wish.Run], h.hostOf(wish)) // which wishes of earlier versions do not have
		d := deed{wish: wish, sight: sights.of(m)}
		if !d.at().Before(since) && (in.is(wish.Actor) || d.sight.Shows(m)) {
			deeds = append(deeds, d)
		}
	}
	for _, row := range rows {
		deeds = append(deeds, deed{done: row, wish: asked[row.ID], sight: sights.of(row.Meeting())})
	}
	slices.SortStableFunc(deeds, func(a, b deed) int { return b.at().Compare(a.at()) })
	return deeds
}

// hostOf is whose meeting a wish is about, as far as that was read since it began.
func (h *history) hostOf(wish store.Approval) string {
	if m, known := h.finder.extender.Known(wish.MeetingID); known && extension.RunOf(m) == wish.Run {
		return m.HostUUID
	}
	return ""
}

// becameOf say what became of a wish of which no extension came.
var becameOf = map[store.ApprovalState]i18n.Key{
	store.ApprovalAsked: i18n.HistoryWaits, store.Approved: i18n.HistoryNothingCame, store.ApprovalDenied: i18n.HistoryDenied,
	store.ApprovalExpired: i18n.HistoryExpired, store.ApprovalMoved: i18n.HistoryMoved, store.ApprovalLapsed: i18n.HistoryLapsed,
	store.ApprovalUnsent: i18n.HistoryUnsent,
}

// saysDeed is an entry of the history. What the one who denied wrote is not our own text.
func saysDeed(in interaction, d deed) Item {
	item := Item{Named: func(titles int) string {
		if d.done.ID != 0 {
			return saysRow(in, d, titles)
		}
		return saysWish(in, d, titles)
	}}
	if d.done.ID == 0 && d.wish.Note != "" {
		item.About = in.say.Say(i18n.ApprovalNote, i18n.Data{"Reason": plain(d.wish.Note, aboutLimit)})
	}
	return item
}

// saysWish is what somebody asked for, and what became of it.
func saysWish(in interaction, d deed, titles int) string {
	text := in.say.Say(i18n.HistoryAsked, i18n.Data{
		"When": dayToken(d.at(), in.zone), "Meeting": namedPast(d.sight, d.wish.Meeting(), titles), "Who": who(d.wish.Actor), "Count": d.wish.Minutes,
	})
	became := in.say.Say(becameOf[d.wish.State], i18n.Data{"By": who(d.wish.By)})
	if d.wish.State == store.Approved && d.wish.Outcome == "" {
		became = in.say.Say(i18n.HistoryApprovedBy, i18n.Data{"By": who(d.wish.By)}) + " · " + in.say.Say(i18n.HistorySent, nil)
	}
	return text + " · " + became
}
