package bot

import (
	"cmp"
	"time"

	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// hows say by what an extension came about.
var hows = map[extension.Origin]i18n.Key{
	extension.FromCommand: i18n.HistoryTyped, extension.FromButton: i18n.HistoryButton,
	extension.FromTick: i18n.HistoryAutomatic, extension.FromApproval: i18n.HistoryApproved,
}

// cameOut say how it came out.
var cameOut = map[extension.State]i18n.Key{
	extension.Sent: i18n.HistorySent, extension.Unknown: i18n.HistoryUnknown, extension.Confirmed: i18n.HistoryConfirmed,
	extension.Accepted: i18n.HistoryAccepted, extension.Refused: i18n.HistoryNotSent, extension.Void: i18n.HistoryVoid,
	extension.Unclear: i18n.HistoryUnclear,
}

// saysRow is an entry of the history: when, which meeting, who, by what, by how much, from when to when, and how it came out.
func saysRow(in interaction, d deed, titles int) string {
	row := d.done
	by := who(row.Actor)
	if row.Actor.User == "" && row.Wisher.User != "" {
		by = in.say.Say(i18n.HistoryWished, i18n.Data{"Who": who(row.Wisher)})
	}
	how := in.say.Say(hows[row.Origin], nil)
	if d.wish.By.User != "" {
		how = in.say.Say(i18n.HistoryApprovedBy, i18n.Data{"By": who(d.wish.By)})
	}
	data := i18n.Data{
		"When": dayToken(row.CreatedAt, in.zone), "Meeting": namedPast(d.sight, row.Meeting(), titles), "Who": by,
		"How": how, "Count": row.Minutes,
	}
	key := i18n.HistoryExtended
	switch {
	case row.Platform && row.Each > 0:
		key, data["Count"] = i18n.HistoryHandedEach, row.Each
	case row.Platform:
		key = i18n.HistoryHanded
	}
	text := in.say.Say(key, data)
	if end := cmp.Or(row.Target, row.After); !row.Before.IsZero() && !row.Platform {
		if row.State == extension.Confirmed || row.State == extension.Unclear {
			end = cmp.Or(row.After, row.Target)
		}
		text += " · " + timeOfDayToken(row.Before, in.zone, row.CreatedAt) + " → " + timeOfDayToken(end, in.zone, row.CreatedAt)
	}
	out := cameOut[row.State]
	switch {
	case row.Platform && (row.State == extension.Confirmed || row.State == extension.Unclear):
		out = i18n.HistoryNobodyKnows
	case row.State == extension.Refused && row.Reason == extension.ReasonRefused:
		out = i18n.HistoryRefused
	}
	return text + " · " + in.say.Say(out, nil)
}

// dayToken shows a day in figures, and the time, in the reader's own zone.
func dayToken(at time.Time, zone *time.Location) string {
	return tokenOf(at, zone, "{date_num} {time}")
}
