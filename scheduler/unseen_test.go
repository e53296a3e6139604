package scheduler_test

import (
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler"
)

// narrowing refuses the enterprise's lists to the account while it is set, with a 403, and counts how often.
type narrowing struct {
	http.RoundTripper
	on      atomic.Bool
	refused atomic.Int64
}

func (n *narrowing) RoundTrip(r *http.Request) (*http.Response, error) {
	if !n.on.Load() || r.URL.Query().Get("queryAll") != "true" {
		return n.RoundTripper.RoundTrip(r)
	}
	n.refused.Add(1)
	body := io.NopCloser(strings.NewReader(`{"error_code":"MMC.111070002","error_msg":"no permission"}`))
	return &http.Response{StatusCode: http.StatusForbidden, Header: http.Header{}, Body: body}, nil
}

// narrowed makes a replica whose lists can be narrowed.
func (o *office) narrowed() (*narrowing, *replica) {
	o.t.Helper()
	n := &narrowing{RoundTripper: o.service.Transport()}
	client, err := meeting.New(meeting.Config{
		BaseURL: "https://service.example", Account: "a@x", Password: "password-1", QueryAll: true, Transport: n,
	})
	if err != nil {
		o.t.Fatal(err)
	}
	o.doorConfig.Meetings, o.config.Tokens, o.config.Quota, o.config.Sight = client, client, client, client
	return n, o.another()
}

// Where the account may suddenly list only its own meetings, those who watch others' are told, once, when automation would
// deal with them. That the list is whole again is found out within minutes.
func TestANarrowedListIsTold(t *testing.T) {
	for name, watched := range map[string]bool{"watched": true, "nobody watches": false} {
		inOffice(t, scheduler.ModeOff, func(o *office) {
			o.config.Automation.Mode = scheduler.ModeOff
			n, r := o.narrowed()
			if watched {
				o.watch(scheduler.Rule{Mode: scheduler.ModeAuto, Minutes: 15, Max: 60})
			}
			o.start(r)
			o.until(15 * time.Minute)
			n.on.Store(true)
			o.until(11 * time.Minute)
			o.wantSaid(scheduler.PromptTrouble)
			o.until(7 * time.Minute)
			if !watched {
				o.wantSaid(scheduler.PromptTrouble)
				return
			}
			if said := o.wantSaid(scheduler.PromptTrouble, 0); said[0].Trouble != scheduler.TroubleUnseen || said[0].Meeting.ID != meetingID {
				t.Errorf("%s: %s", name, said[0].Trouble)
			}
			o.until(3 * time.Minute)
			n.on.Store(false)
			o.until(-time.Minute)
			o.wantSaid(scheduler.PromptTrouble, 0)
			if tries := n.refused.Load(); tries < 3 || tries > 8 {
				t.Errorf("the enterprise's list was refused %d times in 12 minutes", tries)
			}
			synctest.Wait()
		})
	}
}

// One refusal costs one look.
func TestOneRefusalNarrowsOneLook(t *testing.T) {
	inOffice(t, scheduler.ModeAsk, func(o *office) {
		n, r := o.narrowed()
		o.start(r)
		o.until(10*time.Minute + 30*time.Second)
		n.on.Store(true)
		o.until(9*time.Minute + 30*time.Second) // the look at the lead
		n.on.Store(false)
		o.until(7 * time.Minute)
		o.wantSaid(scheduler.PromptAsk, 0)
	})
}

// What people have extended since it was seen last is no trouble before its new end comes.
func TestAnUnseenMeetingThatWasExtendedIsLeftAlone(t *testing.T) {
	inOffice(t, scheduler.ModeAsk, func(o *office) {
		n, r := o.narrowed()
		o.start(r)
		o.until(15 * time.Minute)
		n.on.Store(true)
		o.replica = r
		o.extend(o.wish("typed", alice, 30))
		o.until(2 * time.Minute)
		o.wantSaid(scheduler.PromptTrouble)
		o.until(-25 * time.Minute)
		o.wantSaid(scheduler.PromptTrouble, 30)
	})
}
