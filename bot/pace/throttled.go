package pace

import (
	"errors"
	"net/http"
	"time"

	"github.com/slack-go/slack"
)

// Throttled says whether Slack throttled a call, and for how long it wants no other; 0 if it does not say.
func Throttled(err error) (wait time.Duration, throttled bool) {
	limited, timed := errors.AsType[*slack.RateLimitedError](err)
	refused, _ := errors.AsType[slack.SlackErrorResponse](err)
	status, _ := errors.AsType[slack.StatusCodeError](err)
	switch {
	case timed:
		return max(limited.RetryAfter, 0), true
	case refused.Err == "ratelimited", refused.Err == "rate_limited", status.Code == http.StatusTooManyRequests:
		return 0, true
	}
	return 0, false
}

// briefly is how long to wait where nobody says how long.
const briefly = time.Second

// Again says whether a call that was not taken may be taken later, and how long to wait. A status other than Slack's own
// comes from something on the way, perhaps a proxy.
func Again(err error) (time.Duration, bool) {
	if wait, throttled := Throttled(err); throttled {
		return max(wait, briefly), true
	}
	return briefly, turnedAway(err)
}

func turnedAway(err error) bool {
	status, ok := errors.AsType[slack.StatusCodeError](err)
	return ok && status.Code >= 300 && status.Code < 500
}
