package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/meeting/meetingtest"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/slack-go/slack"
)

// refusalCodes are those of https://docs.slack.dev/reference/methods/chat.postMessage and chat.update that say no, and some
// that no documentation has.
var refusalCodes = strings.Fields(`
	as_user_not_supported channel_not_found duplicate_channel_not_found duplicate_message_not_found ekm_access_denied
	invalid_metadata_format invalid_metadata_schema is_archived is_inactive markdown_text_conflict message_limit_exceeded
	messages_tab_disabled metadata_must_be_sent_from_app metadata_too_large msg_blocks_too_long msg_too_long no_text not_in_channel
	restricted_action restricted_action_non_threadable_channel restricted_action_read_only_channel
	restricted_action_thread_locked restricted_action_thread_only_channel slack_connect_canvas_sharing_blocked
	slack_connect_file_link_sharing_blocked slack_connect_lists_sharing_blocked team_access_not_granted team_not_found
	too_many_attachments too_many_contact_cards user_not_found user_disabled cannot_dm_bot access_denied accesslimited
	account_inactive deprecated_endpoint enterprise_is_restricted invalid_auth method_deprecated missing_scope
	not_allowed_token_type not_authed no_permission org_login_required token_expired token_revoked two_factor_setup_required
	invalid_arg_name invalid_arguments invalid_array_arg invalid_charset invalid_form_data invalid_post_type missing_post_type
	team_added_to_org unknown_method cant_update_message edit_window_closed message_not_found cant_broadcast_message
	external_channel_migrating is_external_limited block_mismatch invalid_attachments
	moon_is_full restricted_action_on_thursdays channel_is_asleep x`)

// Whatever code Slack refuses with, the next in line is told, at once and once; the log says what to do. Nobody is left
// where all refuse.
func TestAnyRefusalGoesToTheNextInLine(t *testing.T) {
	for _, code := range refusalCodes {
		inBubble(t, both(notifying, meets(func(m *meetingtest.Meeting) { m.Host.Email = "" })), func(t *testing.T, w *world) {
			w.poster.fail(theChannel, slackSays(code))
			w.poster.fail(owner, slackSays(code))
			began := time.Now()
			_, err := w.posts(askedAt())
			if err != nil || !slices.Equal(w.poster.places(), []string{"C0NOTIFY"}) || w.poster.tries != 3 || time.Since(began) > time.Second {
				t.Errorf("%s: told %q after %d tries and %v: %v", code, w.poster.places(), w.poster.tries, time.Since(began), err)
			}
			if w.log.count(`"remedy":"`) != 2 || w.log.count(`"remedy":""`) != 0 {
				t.Errorf("%s: no remedy:\n%s", code, w.log)
			}
			for _, place := range []string{theChannel, owner, "C0NOTIFY"} {
				w.poster.fail(place, slackSays(code))
			}
			if _, err := w.posts(askedAt()); !errors.Is(err, scheduler.ErrNobodyToTell) {
				t.Errorf("%s: all refuse: %v", code, err)
			}
		})
	}
}

// A refused edit leaves its message as it is, whatever the code.
func TestAnyRefusalOfAnEditIsFinal(t *testing.T) {
	for _, code := range refusalCodes {
		inBubble(t, nil, func(t *testing.T, w *world) {
			occasion := w.announces(askedAt())
			w.poster.fail(occasion.Prompt.Channel, slackSays(code), slackSays(code))
			if _, err := w.follows(with(occasion, extendedBy(owner, 15))); err != nil || w.log.count("can no longer follow") != 1 {
				t.Errorf("%s: %v", code, err)
			}
		})
	}
}

// What somebody on the way turned away was not taken, whatever the status: it is tried again in a second, and is no doubt.
func TestTurnedAwayOnTheWayIsTriedAgain(t *testing.T) {
	for status := 300; status < 500; status++ {
		inBubble(t, nil, func(t *testing.T, w *world) {
			w.poster.fail(theChannel, slack.StatusCodeError{Code: status})
			began := time.Now()
			_, err := w.posts(askedAt())
			if took := time.Since(began); err != nil || w.poster.tries != 2 || took < time.Second || took > 2*time.Second {
				t.Errorf("%d: %d tries in %v: %v", status, w.poster.tries, took, err)
			}
			var always []error
			for range 100 {
				always = append(always, slack.StatusCodeError{Code: status})
			}
			w.poster.fail(theChannel, always...)
			if _, err := w.posts(askedAt()); err == nil || errors.Is(err, scheduler.ErrInDoubt) || errors.Is(err, scheduler.ErrNobodyToTell) || w.poster.tries > 6 {
				t.Errorf("%d for ever: %d tries: %v", status, w.poster.tries, err)
			}
		})
	}
}

// What Slack throttles is tried again when Slack wants it, and not before: not by a later try of the same message either.
func TestThrottledMessageWaitsAsLongAsSlackSays(t *testing.T) {
	for name, test := range map[string]struct {
		err  error
		wait time.Duration
	}{
		"for 30 s":           {&slack.RateLimitedError{RetryAfter: 30 * time.Second}, 30 * time.Second},
		"for 2 s":            {&slack.RateLimitedError{RetryAfter: 2 * time.Second}, 2 * time.Second},
		"for no time":        {&slack.RateLimitedError{}, time.Second},
		"without a time":     {slack.StatusCodeError{Code: 429}, time.Second},
		"by its code":        {slackSays("ratelimited"), time.Second},
		"by its other code ": {slackSays("rate_limited"), time.Second},
	} {
		inBubble(t, nil, func(t *testing.T, w *world) {
			w.poster.fail(theChannel, test.err)
			began := time.Now()
			for try := 1; ; try++ { // as the scheduler does
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
				_, err := w.postsWithin(ctx, askedAt())
				cancel()
				if err == nil {
					break
				}
				if errors.Is(err, scheduler.ErrInDoubt) || errors.Is(err, scheduler.ErrNobodyToTell) || try > 20 {
					t.Fatalf("%s: %v", name, err)
				}
				time.Sleep(4 * time.Second)
			}
			if took := time.Since(began); took < test.wait || took > test.wait+5*time.Second || w.poster.tries != 2 {
				t.Errorf("%s: %d tries in %v, want two in %v", name, w.poster.tries, took, test.wait)
			}
		})
	}
}

// With a lead of two minutes a single 429 still leads to a prompt in time.
func TestPromptInTimeAfterOne429(t *testing.T) {
	for _, retryAfter := range []time.Duration{-1, 0, time.Second, 10 * time.Second, 24 * time.Second, 30 * time.Second, 60 * time.Second, 80 * time.Second, 95 * time.Second} {
		t.Run(fmt.Sprint(retryAfter), func(t *testing.T) {
			var throttled error = &slack.RateLimitedError{RetryAfter: retryAfter}
			if retryAfter < 0 {
				throttled = slack.StatusCodeError{Code: 429}
			}
			inBubble(t, both(ticking, ruledBy(owner), endsIn(4*time.Minute+30*time.Second), func(w *world) {
				w.lead = 2 * time.Minute
				w.poster.fail(theChannel, throttled)
				w.poster.fail(owner, throttled)
			}), func(t *testing.T, w *world) {
				end := w.meetings[0].End
				time.Sleep(time.Until(end.Add(-5 * time.Second)))
				if len(w.poster.texts()) != 1 || w.poster.tries != 2 {
					t.Errorf("%d tries, %q\n%s", w.poster.tries, w.poster.texts(), w.log)
				}
			})
		})
	}
}
