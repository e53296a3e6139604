package meetingtest

import (
	"fmt"
	"net/http"
	"slices"
	"time"
)

// Minutes is in which minute calls count against the quota.
type Minutes int

// Which minute counts.
const (
	FromFirstCall Minutes = iota // it begins with the first call after the one before
	ClockMinutes                 // it begins with the clock's
	Sliding                      // the one before each call
)

// take counts a call, unless that is one too many, and tells how many are left; negative says that it was too many.
func (s *Server) take(path string, now time.Time) int {
	calls := s.windows[path]
	switch {
	case len(calls) == 0:
	case s.readings.Minutes == Sliding:
		calls = slices.DeleteFunc(calls, func(at time.Time) bool { return now.Sub(at) >= time.Minute })
	case s.readings.Minutes == ClockMinutes && !now.Truncate(time.Minute).Equal(calls[0].Truncate(time.Minute)),
		s.readings.Minutes == FromFirstCall && now.Sub(calls[0]) >= time.Minute:
		calls = nil
	}
	left := s.quota - len(calls) - 1
	if left >= 0 {
		calls = append(calls, now)
	}
	s.windows[path] = calls
	return left
}

// meter counts the call and tells the client what is left. Over the quota it refuses.
func (s *Server) meter(w http.ResponseWriter, c *call) (refused answer, over bool) {
	s.mu.Lock()
	limit, left := s.quota, 0
	if limit > 0 {
		left = s.take(c.request.URL.Path, c.now)
	}
	s.mu.Unlock()
	if limit <= 0 {
		return answer{}, false
	}
	w.Header().Set("X-APIG-Ratelimit-Api", fmt.Sprintf("remain:%d,limit:%d,time:1 minute", max(left, 0), limit))
	w.Header().Set("X-APIG-Ratelimit-Api-Allenv", "remain:199,limit:200,time:1 second")
	if left >= 0 {
		return answer{}, false
	}
	return c.gatewayRefusal(http.StatusTooManyRequests, apigThrottled, fmt.Sprintf(
		"The throttling threshold has been reached: policy api over ratelimit,limit:%d,time:1 minute", limit)), true
}
