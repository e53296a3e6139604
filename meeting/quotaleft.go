package meeting

import (
	"math"
	"time"
)

// Operations are what Config.Observe and Error.Op name.
func Operations() []string {
	return []string{
		opLogin, opLogout, opList, opScheduled, opDetail, opBooked, opAttendees, opAddressBook, opRooms, opControl, opExtend,
	}
}

// QuotaLeft is what may still be called of one operation, as far as is known.
type QuotaLeft struct {
	Operation string
	Left      float64 // calls until the earliest one stops counting; infinite where there is no limit
	Limit     float64 // calls in a period
}

// QuotaLeft tells of each operation that is called often. Where several limits hold, it tells of the one that ends first.
func (c *Client) QuotaLeft() []QuotaLeft {
	paths := []struct{ operation, path string }{
		{opList, listPath},
		{opScheduled, scheduledPath},
		{opDetail, detailPath},
		{opBooked, bookedPath},
		{opAttendees, attendeesPath},
		{opAddressBook, addressBookPath},
		{opRooms, roomsPath},
		{opControl, controlPath},
		{opExtend, extendPath},
	}
	all := make([]QuotaLeft, 0, len(paths))
	for _, of := range paths {
		left, limit := c.sender.limits.left(of.path, time.Now())
		all = append(all, QuotaLeft{Operation: of.operation, Left: left, Limit: limit})
	}
	return all
}

func (l *limiter) left(path string, now time.Time) (left, limit float64) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	known := l.of(path)
	open := 0
	for _, calls := range known.open {
		open += calls
	}
	left, limit = math.Inf(1), math.Inf(1)
	for a := range known.limits {
		a.used[0].forget(now)
		rest := float64(max(0, a.limit-open-len(a.used[0].until)))
		if known.blockedUntil.After(now) {
			rest = 0
		}
		if math.IsInf(limit, 1) || rest/float64(a.limit) < left/limit {
			left, limit = rest, float64(a.limit)
		}
	}
	return left, limit
}
