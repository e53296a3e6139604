package meeting_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/meeting/meetingtest"
)

// standIn is the meeting service within a bubble, with meetings "1" and so on, and a client of so many calls a minute.
type standIn struct {
	*meetingtest.Server
	t      *testing.T
	client *meeting.Client
	begun  time.Time
	group  sync.WaitGroup
}

func inBubble(t *testing.T, rate, meetings int) *standIn {
	t.Helper()
	s := &standIn{t: t, begun: time.Now()}
	s.Server = meetingtest.New(meetingtest.Config{Account: "a", Password: "p", Quota: -1})
	for i := range meetings {
		s.Add(meetingtest.Meeting{ID: fmt.Sprint(i + 1), End: s.begun.Add(24 * time.Hour), MaxTotalMinutes: -1, People: 2})
	}
	var err error
	s.client, err = meeting.New(meeting.Config{
		BaseURL: "https://api.example", Account: "a", Password: "p", Transport: s.Transport(), Rate: rate, QueryAll: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *standIn) close() {
	s.group.Wait()
	if err := s.client.Close(s.t.Context()); err != nil {
		s.t.Error(err)
	}
	s.Close()
}

// begin runs it beside the test, which goes on once it waits.
func (s *standIn) begin(run func(id string) error, id string) {
	s.group.Go(func() {
		if err := run(id); err != nil {
			s.t.Errorf("%s: %v", id, err)
		}
	})
	synctest.Wait()
}

func (s *standIn) extend(ctx context.Context) func(string) error {
	return func(id string) error { return s.client.Extend(ctx, id, 1) }
}

func (s *standIn) prepare(ctx context.Context, ahead time.Duration) func(string) error {
	until := time.Now().Add(ahead)
	return func(id string) error { return s.client.Prepare(ctx, id, until) }
}

// asked lists the meetings of the last n calls of one kind.
func (s *standIn) asked(op meetingtest.Op, n int) string {
	var ids []string
	for _, call := range s.Calls() {
		if call.Op == op {
			ids = append(ids, call.ConferenceID)
		}
	}
	return strings.Join(ids[max(len(ids)-n, 0):], " ")
}

// People's extensions go first, but a fifth is kept for automation.
func TestPeoplesExtensionsGoFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := inBubble(t, 10, 13)
		automatic := meeting.Automatic(t.Context())
		if _, err := s.client.Running(t.Context()); err != nil { // shows the passwords
			t.Fatal(err)
		}
		for i := range 13 { // the tokens
			s.begin(s.prepare(t.Context(), 0), fmt.Sprint(i+1))
			time.Sleep(10 * time.Second)
		}
		for range 10 { // a minute's quota, one a second
			s.begin(s.extend(t.Context()), "13")
			time.Sleep(time.Second) // the bubble's time
		}
		if got := s.Count(meetingtest.OpExtend); got != 8 {
			t.Errorf("people had %d of 10 calls", got)
		}
		s.begin(s.extend(automatic), "1")
		time.Sleep(time.Second)
		s.begin(s.extend(automatic), "2")
		for _, id := range []string{"3", "4"} {
			s.begin(s.extend(automatic), id)
		}
		for _, id := range []string{"5", "6", "7", "8", "9", "10", "11", "12"} {
			s.begin(s.extend(t.Context()), id)
		}
		s.group.Wait()
		if diff := cmp.Diff("1 2 13 13 5 6 7 8 9 10 3 4 11 12", s.asked(meetingtest.OpExtend, 14)); diff != "" {
			t.Error(diff)
		}
		s.close()
	})
}

// A token that automation asks for comes sooner once a person joins.
func TestAPersonWhoJoinsATokenRequestLendsItPriority(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := inBubble(t, 6, 20)
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		automatic := meeting.Automatic(ctx)
		for i := range 6 { // of which people may have four
			s.begin(s.prepare([]context.Context{t.Context(), automatic}[i/4], 0), fmt.Sprint(i+10))
			time.Sleep(time.Second) // the bubble's time
		}
		for _, id := range []string{"1", "2", "3", "4", "1"} {
			s.begin(s.prepare(automatic, 0), id)
		}
		time.Sleep(50 * time.Second)
		s.begin(s.extend(t.Context()), "3")
		s.group.Wait()
		// Each begins with a read of its meeting, which shows the password and has a quota of its own.
		if diff := cmp.Diff("3 1 2 4", s.asked(meetingtest.OpOnlineDetail, 4)); diff != "" {
			t.Error(diff)
		}
		s.close()
	})
}

// Many tokens may be fetched ahead at once: what waits for its turn is not cut off as a call that takes too long.
func TestTokensWaitForTheQuotaAsLongAsWhoAsks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := inBubble(t, 60, 300)
		if _, err := s.client.Running(t.Context()); err != nil { // shows the passwords
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
		defer cancel()
		for i := range 300 {
			s.begin(s.prepare(meeting.Automatic(ctx), 0), fmt.Sprint(i+1))
		}
		s.group.Wait()
		if took := time.Since(s.begun).Round(time.Second); took != 4*time.Minute {
			t.Errorf("300 tokens at 60 a minute took %v", took)
		}
		minute := make(map[time.Duration]int)
		for _, call := range s.Calls() {
			if call.Op == meetingtest.OpControlToken {
				minute[call.At.Sub(s.begun).Truncate(time.Minute)]++
			}
		}
		if diff := cmp.Diff([]int{60, 60, 60, 60, 60}, slices.Collect(maps.Values(minute))); diff != "" {
			t.Error(diff)
		}
		s.close()
	})
}

func TestPrepareRenewsWhatEndsTooSoon(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := inBubble(t, 0, 1)
		fetched := []int{}
		for _, step := range []struct{ pass, ahead int }{ // minutes
			{0, 5}, {10, 15}, {0, 19}, {0, 27}, {0, 200}, {13, 200}, {1, 200}, {0, 28}, {0, 0},
		} {
			time.Sleep(time.Duration(step.pass) * time.Minute) // the bubble's time
			if err := s.prepare(t.Context(), time.Duration(step.ahead)*time.Minute)("1"); err != nil {
				t.Fatal(err)
			}
			fetched = append(fetched, s.Count(meetingtest.OpControlToken))
		}
		// A token lives 30 minutes, of which the last two are not counted on.
		if want := []int{1, 1, 2, 2, 2, 2, 3, 3, 3}; !slices.Equal(fetched, want) {
			t.Errorf("fetched %v, want %v", fetched, want)
		}
		if err := s.client.Extend(t.Context(), "1", 5); err != nil || len(s.Effects("1")) != 1 {
			t.Errorf("%v, %v", err, s.Effects("1"))
		}
		s.close()
	})
}

// The token that there is stays good for an extension when its renewal fails.
func TestARenewalThatFailsCostsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := inBubble(t, 0, 1)
		if err := s.client.Prepare(t.Context(), "1", time.Time{}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(20 * time.Minute) // the bubble's time
		s.Inject(meetingtest.Fault{Op: meetingtest.OpControlToken, Kind: meetingtest.Refuse, Status: 500, Times: -1})
		if err := s.prepare(t.Context(), 20*time.Minute)("1"); err == nil {
			t.Error("a token that does not last was taken for one that does")
		}
		if err := s.client.Extend(t.Context(), "1", 5); err != nil {
			t.Error(err)
		}
		s.close()
	})
}
