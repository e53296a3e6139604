package meetingtest

import (
	"cmp"
	"container/heap"
	"slices"
	"time"
)

// run is a meeting in the book.
type run struct {
	Meeting
	running  bool
	room     string   // vmrID: what the service itself calls the cloud room
	ends     int      // place in book.ends while it runs
	shown    []change // ends that lists may still show; the last one is true
	autoOnce bool     // AutoMinutes are for one time
	wrong    int      // wrong passwords since the last right one
	locked   time.Time
	encoded  encoded // as lists show it

	series
}

// series is what a recurring meeting keeps from one time to the next.
type series struct {
	recurring bool
	booked    Occurrence // which this run was booked for
	number    int        // of this time
	expected  int        // how many come each time
}

// change is an end time and since when it is the true one.
type change struct{ at, end time.Time }

// book holds the meetings. It is guarded by Server.mu.
type book struct {
	byID            map[string]*run // running or booked
	running, booked []*run          // sorted by start, then ID
	merged          []*run          // running and booked together; nil if it is to be made anew
	ends            endHeap         // of running
	past            []*run          // by their ends
	effects         map[string][]Effect
	prolongations   map[string][]Effect
	people          []Person
	known           map[string]bool
}

func byStart(a, b *run) int {
	return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(a.ID, b.ID))
}

func insert(list []*run, r *run) []*run {
	i, _ := slices.BinarySearchFunc(list, r, byStart)
	return slices.Insert(list, i, r)
}

func without(list []*run, r *run) []*run {
	if i, found := slices.BinarySearchFunc(list, r, byStart); found {
		return slices.Delete(list, i, i+1)
	}
	return list
}

func (b *book) put(r *run) {
	r.shown = []change{{end: r.End}}
	b.byID[r.ID] = r
	b.merged = nil
	if r.Scheduled {
		b.booked = insert(b.booked, r)
		return
	}
	b.enter(r)
}

// enter puts it among the running.
func (b *book) enter(r *run) {
	r.running, r.Scheduled, b.merged = true, false, nil
	b.running = insert(b.running, r)
	heap.Push(&b.ends, r)
}

// begin turns a booked meeting into a running one that lasts as long as it was booked.
func (b *book) begin(r *run, at time.Time) {
	if r.running {
		return
	}
	length := r.End.Sub(r.Start)
	b.booked = without(b.booked, r)
	r.Start, r.End = at, at.Add(length)
	r.shown = []change{{end: r.End}}
	b.enter(r)
}

func (b *book) drop(r *run) {
	delete(b.byID, r.ID)
	b.merged = nil
	if !r.running {
		b.booked = without(b.booked, r)
		return
	}
	b.running = without(b.running, r)
	heap.Remove(&b.ends, r.ends)
	r.running = false
}

// finish ends it; what never ran leaves no history.
func (b *book) finish(r *run, at time.Time) {
	ran := r.running
	b.drop(r)
	if ran {
		r.End, r.People = at, 0
		r.UUID = cmp.Or(r.UUID, token(16))
		b.past = append(b.past, r)
	}
	b.follow(r, at)
}

// follow books the next time of a recurring meeting whose present one is over.
func (b *book) follow(r *run, at time.Time) {
	for i, time := range r.Later {
		if !time.End.After(at) {
			continue
		}
		next := &run{Meeting: r.clone(), room: r.room, series: r.series}
		next.Start, next.End, next.Later = time.Start, time.End, next.Later[i+1:]
		next.Scheduled, next.UUID, next.AutoMinutes, next.People = true, "", 0, r.expected
		next.series.booked = time
		next.number += i + 1
		b.put(next)
		return
	}
}

// moveEnd makes end the true end from now on.
func (b *book) moveEnd(r *run, now, end time.Time) {
	r.End = end
	r.shown = append(r.shown, change{at: now, end: end})
	if r.running {
		heap.Fix(&b.ends, r.ends)
	}
}

// advance lets everything happen that is due by now: meetings begin, are prolonged, end.
func (b *book) advance(now time.Time) {
	b.beginDue(now)
	for len(b.ends) > 0 && !b.ends[0].End.After(now) {
		r := b.ends[0]
		if b.prolong(r) {
			continue
		}
		if b.finish(r, r.End); r.recurring {
			b.beginDue(now) // its next time may be due too
		}
	}
}

func (b *book) beginDue(now time.Time) {
	for i := 0; i < len(b.booked) && !b.booked[i].Start.After(now); {
		switch r := b.booked[i]; {
		case r.People > 0:
			b.begin(r, r.Start)
		case !r.End.After(now): // nobody came
			b.finish(r, r.End)
		default:
			i++
		}
	}
}

// prolong is the platform's own extension at the end.
func (b *book) prolong(r *run) bool {
	minutes := r.AutoMinutes
	if minutes == 0 && r.ProlongMinutes != nil {
		minutes = *r.ProlongMinutes
	}
	end := r.End.Add(time.Duration(minutes) * time.Minute)
	if minutes <= 0 || r.People <= 0 || r.tooLong(end) || b.taken(r, end) {
		return false
	}
	e := Effect{At: r.End, RunStart: r.Start, Minutes: minutes, Auto: true, Before: r.End, After: end}
	b.prolongations[r.ID] = append(b.prolongations[r.ID], e)
	if r.autoOnce {
		r.AutoMinutes = 0
	}
	b.moveEnd(r, r.End, end)
	return true
}

func (r *run) tooLong(end time.Time) bool {
	limit := cmp.Or(r.MaxTotalMinutes, LongestMeeting)
	return limit > 0 && end.Sub(r.Start) > time.Duration(limit)*time.Minute
}

// taken says whether the cloud room is booked by another meeting before end.
func (b *book) taken(r *run, end time.Time) bool {
	switch {
	case r.RoomID == "":
		return false
	case len(r.Later) > 0 && r.Later[0].Start.Before(end):
		return true
	}
	for _, other := range b.booked {
		if !other.Start.Before(end) {
			return false
		}
		if other != r && other.RoomID == r.RoomID {
			return true
		}
	}
	return false
}

// endShown is the end that lists tell of any run, also of one in the history.
func (r *run) endShown(now time.Time, lag time.Duration) time.Time {
	if r.running || r.Scheduled {
		return r.shownEnd(now, lag)
	}
	return r.End
}

// shownEnd is the end that lists tell, lag behind the truth. What was shown once is never taken back.
func (r *run) shownEnd(now time.Time, lag time.Duration) time.Time {
	i := len(r.shown) - 1
	for i > 0 && r.shown[i].at.Add(lag).After(now) {
		i--
	}
	r.shown = append(r.shown[:0], r.shown[i:]...)
	return r.shown[0].end
}

// notEnded is running and booked together, by start. It must not be changed.
func (b *book) notEnded() []*run {
	if b.merged != nil {
		return b.merged
	}
	all := make([]*run, 0, len(b.running)+len(b.booked))
	running, booked := b.running, b.booked
	for len(running) > 0 && len(booked) > 0 {
		next := &running
		if byStart(booked[0], running[0]) < 0 {
			next = &booked
		}
		all = append(all, (*next)[0])
		*next = (*next)[1:]
	}
	b.merged = append(append(all, running...), booked...)
	return b.merged
}

// know puts somebody into the address book, once.
func (b *book) know(p Person) {
	if p.Account == "" || b.known[p.Account] {
		return
	}
	b.known[p.Account] = true
	b.people = append(b.people, p)
}

// endHeap has the run that ends first on top.
type endHeap []*run

func (h endHeap) Len() int           { return len(h) }
func (h endHeap) Less(i, j int) bool { return h[i].End.Before(h[j].End) }
func (h endHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].ends, h[j].ends = i, j
}

func (h *endHeap) Push(x any) {
	r := x.(*run)
	r.ends = len(*h)
	*h = append(*h, r)
}

func (h *endHeap) Pop() any {
	old := *h
	last := old[len(old)-1]
	old[len(old)-1] = nil
	*h = old[:len(old)-1]
	return last
}
