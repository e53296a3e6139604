package meeting_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

// runningDiary lists meetings that run, in the order of their starts.
func runningDiary(size int) *diary {
	d := &diary{change: make(map[int]func())}
	for i := range size {
		d.entries = append(d.entries, runningEntry(i))
	}
	return d
}

func runningEntry(i int) string {
	return fmt.Sprintf(`{"conferenceID":"9%08d","startTime":"2026-03-04 09:00","endTime":"2026-03-04 10:30"}`, i)
}

// Where one meeting ends and another begins while a list is read, its count stays, and yet the pages have a gap.
func TestRunningMissesNothingWhileMeetingsComeAndGo(t *testing.T) {
	s := newService(t)
	d, next := runningDiary(1500), 1500
	churn := func() {
		d.entries = append(d.entries[1:], runningEntry(next))
		next++
	}
	s.on(listPath, d.ServeHTTP)
	client := s.client(t)
	for _, step := range []struct {
		name  string
		churn bool
		pages int
	}{
		{"first", false, 3},
		{"at rest", false, 3},
		{"moves: read again with pages that overlap", true, 3 + 4},
		{"moves on: once is enough", true, 4},
		{"at rest again, after what moved last time", false, 4},
		{"at rest again: that is not known before", false, 4},
		{"at rest", false, 3},
	} {
		d.pages, d.change = 0, map[int]func(){}
		if step.churn {
			d.change[2], d.change[3] = churn, churn
		}
		lasting := d.entries[2:len(d.entries):len(d.entries)] // what runs all the time
		got, err := client.Running(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		found := make(map[string]bool)
		for _, m := range got {
			found[`{"conferenceID":"`+m.ID+`"`] = true
		}
		for _, entry := range lasting {
			if !found[entry[:len(`{"conferenceID":"900000000"`)]] {
				t.Errorf("%s: %s is missing", step.name, entry)
			}
		}
		if d.pages != step.pages {
			t.Errorf("%s: %d pages, want %d", step.name, d.pages, step.pages)
		}
	}
}

// Pages that overlap and find a gap step back until they find the place again.
func TestRunningFindsThePlaceAgain(t *testing.T) {
	for _, ended := range []int{1, 10, 11, 200, 700, 1300} {
		s := newService(t)
		d := runningDiary(1500)
		s.on(listPath, d.ServeHTTP)
		client := s.client(t)
		for range 2 {
			if _, err := client.Running(t.Context()); err != nil {
				t.Fatal(err)
			}
			d.entries = d.entries[1:]
		}
		d.pages, d.change = 0, map[int]func(){2: func() { d.entries = d.entries[ended:] }}
		got, err := client.Running(t.Context())
		if err != nil || len(got) != 1498-max(ended-500, 0) { // those of the second page that ended before it was read
			t.Errorf("%d ended: %d meetings, %v", ended, len(got), err)
		}
		if d.pages > 10 {
			t.Errorf("%d ended: %d pages", ended, d.pages)
		}
	}
}

func TestRunningOfAHundredThousand(t *testing.T) {
	const size = 100_000
	s := newService(t)
	all, length := strings.Join(runningDiary(size).entries, ",")+",", len(runningEntry(0))+1
	s.on(listPath, func(w http.ResponseWriter, r *http.Request) {
		offset, _ := strconv.Atoi(r.URL.Query().Get("offset"))
		reply(200, fmt.Sprintf(`{"count":%d,"data":[%s]}`, size, all[offset*length:(offset+500)*length-1]))(w, r)
	})
	got, err := s.client(t).Running(t.Context())
	if err != nil || len(got) != size {
		t.Errorf("%d meetings, %v", len(got), err)
	}
	wantCount(t, s, listPath, 200)
}
