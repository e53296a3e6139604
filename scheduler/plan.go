package scheduler

import "time"

// mostEarly is how much earlier than its lead a meeting is dealt with at most. Later, more is known of it.
const mostEarly = time.Hour

// PlanItem is one meeting that automation will deal with.
type PlanItem struct {
	End  time.Time
	Lead time.Duration // before the end
	// Extends says that an extension is made of it without a person.
	Extends bool
	// Free says that nothing is left to be done for this end: it takes nothing of the quota.
	Free bool
}

// Planned is what a plan says of one item.
type Planned struct {
	Due      bool // work on it begins now
	Early    bool // and that is ahead of its lead
	Unserved bool // it ends before the quota gets to it
}

// Plan says which items are to be worked on now. They are given in the order of their ends, and this is the one order
// that automation goes by. With rate extensions a minute (0 = no limit), the kth item begins k/rate minutes earlier, but
// at most an hour ahead of its lead. All that end before a due item are due too. The kth extension is not served in time
// if its end is less than k/rate minutes away. A plan makes nothing happen twice: an item that is due is only looked at.
func Plan(now time.Time, items []PlanItem, rate int) []Planned {
	planned := make([]Planned, len(items))
	waiting, extending, due := 0, 0, 0
	for i, item := range items {
		if !item.Free {
			waiting++
		}
		if !now.Before(item.End.Add(-item.Lead - min(work(waiting, rate), mostEarly))) {
			due = i + 1
		}
		if item.Extends && !item.Free {
			extending++
			planned[i].Unserved = now.Add(work(extending, rate)).After(item.End)
		}
	}
	for i := range due {
		planned[i].Early = now.Before(items[i].End.Add(-items[i].Lead))
		planned[i].Due = !(planned[i].Early && items[i].Free)
	}
	return planned
}

// work is how long so many extensions take at the rate.
func work(extensions, rate int) time.Duration {
	if rate <= 0 {
		return 0
	}
	return time.Duration(extensions) * time.Minute / time.Duration(rate)
}
