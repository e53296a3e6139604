package extension

import "time"

// readings is what was seen of a row's run.
type readings struct {
	over         bool // the run has ended
	steady       bool // two readings a second apart were equal; one is enough for an accepted row
	end          time.Time
	prolongsSelf bool // the platform extends the meeting by itself
}

// verdict is what becomes of a row: its own state again when nothing is known yet.
type verdict struct {
	state  State
	reason string
	again  time.Duration // it is looked at again then; 0 = no more
	untold bool          // there is nothing to tell people
}

// judge decides by what was read. late says that the row has waited for as long as a row may.
func judge(row Extension, seen readings, late bool) verdict {
	switch {
	case row.State == Accepted:
		return judgeAccepted(row, seen, late)
	case row.State == Void:
		return judgeVoid(row, seen, late)
	case seen.over:
		return verdict{state: Unclear, reason: reasonRunEnded}
	case !seen.steady && late:
		return verdict{state: Unclear, reason: reasonNeverKnown}
	case !seen.steady:
		return verdict{state: Unknown, reason: reasonAmbiguous, again: settleAgain, untold: true}
	case row.Platform:
		return verdict{state: Unclear, reason: reasonProlongs}
	case seen.end.Equal(row.Target):
		return verdict{state: Confirmed, reason: reasonReadLater}
	case !seen.end.Equal(row.Before):
		return verdict{state: Unclear, reason: ReasonOtherEnd}
	case seen.prolongsSelf:
		return verdict{state: Unclear, reason: reasonProlongs}
	default:
		return verdict{state: Void, reason: reasonUnchanged, again: recheckEvery}
	}
}

// judgeAccepted decides about a row that the service said yes to: it waits for its target, and is never sent again.
func judgeAccepted(row Extension, seen readings, late bool) verdict {
	switch {
	case !seen.over && seen.steady && !seen.end.Before(row.Target):
		return verdict{state: Confirmed, reason: reasonReadLater}
	case seen.over:
		return verdict{state: Accepted, reason: reasonAcceptedOver}
	case late:
		return verdict{state: Accepted, reason: reasonNeverTarget}
	default:
		return verdict{state: Accepted, reason: row.Reason, again: recheckEvery, untold: true}
	}
}

// judgeVoid decides about a row that took no effect in time. People were told that they hear of it if the end moves.
func judgeVoid(row Extension, seen readings, late bool) verdict {
	unmoved := seen.over || !seen.steady || seen.end.Equal(row.Before)
	switch {
	case unmoved && (seen.over || late):
		return verdict{state: Void, reason: row.Reason, untold: true}
	case unmoved:
		return verdict{state: Void, reason: row.Reason, again: recheckEvery, untold: true}
	case seen.end.Equal(row.Target):
		return verdict{state: Confirmed, reason: reasonLate}
	}
	return verdict{state: Void, reason: ReasonOtherEnd}
}
