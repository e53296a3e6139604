package meetingtest

import (
	"fmt"
	"net/http"
	"time"
)

// window is what was used of a path's quota since its start; a new one starts with the first call
// that comes a minute later.
type window struct {
	start time.Time
	used  int
}

// meter counts the call and tells the client what is left. Over the quota it refuses.
func (s *Server) meter(w http.ResponseWriter, c *call) (refused answer, over bool) {
	s.mu.Lock()
	limit, left := s.quota, 0
	if limit > 0 {
		used := s.windows[c.request.URL.Path]
		if used == nil || c.now.Sub(used.start) >= time.Minute {
			used = &window{start: c.now}
			s.windows[c.request.URL.Path] = used
		}
		if left = limit - used.used - 1; left >= 0 {
			used.used++
		}
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
