package extension

import "time"

// LagsFor is how long after an extension a reading may still show an end from before. It is more than any lag that was
// seen, and more than the clocks of this process and of the database are apart.
const LagsFor = 2 * time.Minute

// isPast says that no reading is from before the extension now: it was read back a while ago, or was accepted and is no longer
// looked at.
func (e *Extension) isPast(now time.Time) bool {
	if e.State == Accepted {
		return e.SettleAt.IsZero()
	}
	return e.State == Confirmed && now.Sub(e.UpdatedAt).Abs() >= LagsFor
}

// Outruns says that a reading with that end may be from before the extension. What was accepted and not read yet may take
// long. What was read back, and an end earlier than the one that was extended, count for a while only: if such an end lasts,
// somebody shortened the meeting. A later end is not from before: others moved it, or the service granted less.
func (e *Extension) Outruns(end, now time.Time) bool {
	since := e.UpdatedAt
	switch {
	case e.Before.Before(end):
		return false
	case e.State == Accepted && e.Before.Equal(end):
		return true
	case e.State == Accepted: // each look at it is an update
		since = e.CreatedAt
	}
	return now.Sub(since).Abs() < LagsFor // in the future: the clock was set back
}
