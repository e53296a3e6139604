package extension

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/overtime-bot/overtime/meeting"
)

// slowMeetings take their time to be read, each its own, and end at the same time.
type slowMeetings struct {
	Meetings
	takes          map[string]time.Duration
	end            time.Time
	underWay, most atomic.Int32
}

func (m *slowMeetings) Get(ctx context.Context, id string) (meeting.Meeting, error) {
	m.most.Store(max(m.most.Load(), m.underWay.Add(1)))
	defer m.underWay.Add(-1)
	select {
	case <-time.After(m.takes[id]):
	case <-ctx.Done():
	}
	return meeting.Meeting{ID: id, End: m.end}, nil
}

// listedMeetings are quick to be read, all together.
type listedMeetings struct {
	Meetings
	list           []meeting.Meeting
	lists, details atomic.Int32
}

func (m *listedMeetings) Get(context.Context, string) (meeting.Meeting, error) {
	m.details.Add(1)
	return m.list[0], nil
}

func (m *listedMeetings) Running(context.Context) ([]meeting.Meeting, error) {
	m.lists.Add(1)
	return m.list, nil
}

// Where several extensions are under way, a read waits for others a little; one who asks alone does not wait.
func TestReadsGather(t *testing.T) {
	for crowd, wait := range map[int]time.Duration{1: 0, 3: gatherFor} {
		synctest.Test(t, func(t *testing.T) {
			meetings := &listedMeetings{list: []meeting.Meeting{{ID: "1"}, {ID: "2"}, {ID: "3"}}}
			r := newReader(meetings, time.Now, 10*time.Second, func() int { return crowd })
			began := time.Now()
			for _, id := range []string{"1", "2", "3"}[:crowd] {
				r.work.Go(func() {
					if _, err := r.fresh(t.Context(), id); err != nil {
						t.Error(err)
					}
				})
				time.Sleep(time.Millisecond)
			}
			r.work.Wait()
			if took := time.Since(began); crowd > 1 && (took != wait || meetings.lists.Load() != 1) || took > max(wait, time.Millisecond) {
				t.Errorf("%d read for %v, with %d lists", crowd, took, meetings.lists.Load())
			}
		})
	}
}

// Also where quick reads overtake slow ones again and again.
func TestNeverMoreThanTwoReads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		meetings := &slowMeetings{takes: map[string]time.Duration{"slow": 8 * time.Second, "quick": 20 * time.Millisecond}}
		r := newReader(meetings, time.Now, 10*time.Second, func() int { return 1 })
		for _, id := range []string{"quick", "slow", "quick", "slow", "quick", "slow", "quick", "slow"} {
			go func() { _, _ = r.fresh(t.Context(), id) }()
			time.Sleep(300 * time.Millisecond)
		}
		synctest.Wait()
		r.work.Wait()
		if most := meetings.most.Load(); most != readsTogether {
			t.Errorf("%d reads under way at once", most)
		}
	})
}

type movingStore struct{ Ledger }

func (movingStore) Move(_ context.Context, id int64, _, to State, ending Ending) (Extension, error) {
	return Extension{ID: id, State: to, After: ending.After}, nil
}

type noNotices struct{}

func (noNotices) Settled(context.Context, Notice) error { return nil }

// The time that a read takes counts for the lag, and in the five seconds after the yes.
func TestLagIsCountedFromTheYes(t *testing.T) {
	for reading, want := range map[time.Duration]Outcome{0: DidConfirm, 4500 * time.Millisecond: DidConfirm, 6 * time.Second: DidAccept} {
		synctest.Test(t, func(t *testing.T) {
			meetings := &slowMeetings{takes: map[string]time.Duration{"1": reading}, end: time.Now().Add(time.Hour)}
			s, err := New(Config{Meetings: meetings, Ledger: movingStore{}, Notifier: noNotices{}, Clock: Clock{Now: time.Now}})
			if err != nil {
				t.Fatal(err)
			}
			row := Extension{ID: 1, State: Sent, Run: RunOf(meeting.Meeting{ID: "1"}), MeetingID: "1", Target: meetings.end}
			yes := time.Now()
			result := s.succeeded(t.Context(), row, meeting.Meeting{ID: "1"}, yes)
			took := time.Since(yes)
			if result.Outcome != want || took > readBackFor || want == DidConfirm && s.lag.seen() < took {
				t.Errorf("%s after %v, and a lag of %v", result.Outcome, took, s.lag.seen())
			}
		})
	}
}

// What is outdated is read again, by whichever number somebody asks for it.
func TestOutdatedIsReadAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		meetings := &listedMeetings{list: []meeting.Meeting{{ID: "1", RoomID: "9", End: time.Now().Add(time.Hour)}}}
		r := newReader(meetings, time.Now, 10*time.Second, func() int { return 1 })
		for _, id := range []string{"1", "9"} {
			for range 2 {
				if _, err := r.recent(t.Context(), id); err != nil {
					t.Fatal(err)
				}
			}
		}
		before := meetings.details.Load()
		r.outdate("1")
		if _, err := r.recent(t.Context(), "9"); err != nil || meetings.details.Load() == before {
			t.Errorf("by its room it was not read again: %v", err)
		}
		r.work.Wait()
	})
}
