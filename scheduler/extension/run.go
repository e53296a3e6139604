package extension

import (
	"strconv"
	"time"

	"github.com/overtime-bot/overtime/meeting"
)

// RunOf names the run of a meeting that is going on: its ID and its start. A personal room and a series meet
// again under the same ID. The UUID is left out, since not every read of the same run gives one.
func RunOf(m meeting.Meeting) string {
	return m.ID + "@" + strconv.FormatInt(m.Start.Unix(), 10)
}

// OfferKey is the key of every extension that is offered for one end of a run, by a button or by the tick: whoever
// presses, and however many tick, it is one extension.
func OfferKey(run string, end time.Time) string {
	return run + " until " + strconv.FormatInt(end.Unix(), 10)
}
