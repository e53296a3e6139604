package slacksim

import (
	"math"
	"time"
)

// bucket is a token bucket.
type bucket struct {
	tokens float64
	at     time.Time
}

// spend takes one token from the named bucket, or answers ratelimited with the seconds to wait. The caller holds mu.
func (s *Server) spend(name string, perSecond float64, burst int, now time.Time) *apiError {
	b, ok := s.limits[name]
	if !ok {
		b = &bucket{tokens: float64(burst), at: now}
		s.limits[name] = b
	}
	if passed := now.Sub(b.at).Seconds(); passed > 0 {
		b.tokens = min(float64(burst), b.tokens+passed*perSecond)
		b.at = now
	}
	if b.tokens < 1 {
		wait := int(math.Ceil((1 - b.tokens) / perSecond))
		return &apiError{code: "ratelimited", extra: object{"retry_after": max(1, wait)}}
	}
	b.tokens--
	return nil
}

// spendMessage holds a channel to about one message a second, with a burst.
func (s *Server) spendMessage(channelID string, now time.Time) *apiError {
	if s.cfg.MessageBurst < 0 {
		return nil
	}
	return s.spend("channel "+channelID, 1, s.cfg.MessageBurst, now)
}
