package meeting_test

import (
	"context"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/meeting/meetingtest"
)

// A sample of many meetings takes one page and a detail for each that hides its password in the list.
func TestTakeSample(t *testing.T) {
	for name, c := range map[string]struct {
		running, hidden int
		notAdmin        bool
		want            meeting.Sample
		calls           int // of the list and of details
	}{
		"none":           {want: meeting.Sample{All: true}, calls: 1},
		"some":           {running: 3, hidden: 1, want: meeting.Sample{Running: 3, Seen: 3, Extendable: 2, All: true}, calls: 2},
		"more than that": {running: 40, want: meeting.Sample{Running: 40, Seen: 10, Extendable: 10, All: true}, calls: 1},
		"all hide it":    {running: 40, hidden: 40, want: meeting.Sample{Running: 40, Seen: 10, All: true}, calls: 11},
	} {
		t.Run(name, func(t *testing.T) {
			service := meetingtest.New(meetingtest.Config{Account: "a@x", Password: "password-1", NotAdmin: c.notAdmin})
			address, err := service.Start()
			if err != nil {
				t.Fatal(err)
			}
			defer service.Close()
			for number := range c.running {
				service.Add(meetingtest.Meeting{
					Subject: "m", HideChair: number < c.hidden, Start: time.Now().Add(-time.Duration(number+1) * time.Minute), End: time.Now().Add(time.Hour), People: 1,
				})
			}
			client, err := meeting.New(meeting.Config{BaseURL: address, Account: "a@x", Password: "password-1", QueryAll: true})
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = client.Close(context.Background()) }()
			if meeting.RoleOf(client) != meeting.RoleUnknown {
				t.Error("a role before the login")
			}
			got, err := meeting.TakeSample(t.Context(), client, 10)
			calls := service.Count(meetingtest.OpOnline) + service.Count(meetingtest.OpOnlineDetail)
			if err != nil || got != c.want || calls != c.calls || meeting.RoleOf(client) != meeting.RoleAdmin {
				t.Errorf("%+v %v in %d calls as %q", got, err, calls, meeting.RoleOf(client))
			}
		})
	}
}

// An ordinary account is refused the enterprise's list, and sees its own.
func TestTakeSampleOfAnOrdinaryAccount(t *testing.T) {
	service := meetingtest.New(meetingtest.Config{Account: "a@x", Password: "password-1", NotAdmin: true})
	address, err := service.Start()
	if err != nil {
		t.Fatal(err)
	}
	defer service.Close()
	client, err := meeting.New(meeting.Config{BaseURL: address, Account: "a@x", Password: "password-1", QueryAll: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = client.Close(context.Background()) }()
	got, err := meeting.TakeSample(t.Context(), client, 10)
	if err != nil || got.All || got.Running != 0 || meeting.RoleOf(client) != meeting.RoleOrdinary {
		t.Errorf("%+v %v as %q", got, err, meeting.RoleOf(client))
	}
}
