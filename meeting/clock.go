package meeting

import (
	"errors"
	"net/http"
	"sync/atomic"
	"time"
)

// ErrClock is in a refusal that only a wrong clock explains: the service took the signature of a login for expired.
var ErrClock = errors.New("the clock of this machine is wrong: set it by NTP")

// clockTolerance is how far the clocks may be apart. The bot acts minutes before an end, and reckons by its own clock.
const clockTolerance = time.Minute

// serviceClock compares the service's clock with ours.
type serviceClock struct {
	now   func() time.Time
	ahead atomic.Int64 // nanoseconds
}

// learn takes the Date of an answer, which the service wrote at some time after asked. A proxy's cache gives an old one.
func (c *serviceClock) learn(asked time.Time, header http.Header) {
	dated, err := http.ParseTime(header.Get("Date"))
	if err != nil || header.Get("Age") != "" {
		return
	}
	answered := c.now()
	switch {
	case dated.After(answered):
		c.ahead.Store(int64(dated.Sub(answered)))
	case dated.Before(asked.Truncate(time.Second)): // a Date has whole seconds
		c.ahead.Store(int64(dated.Sub(asked)))
	default:
		c.ahead.Store(0)
	}
}
