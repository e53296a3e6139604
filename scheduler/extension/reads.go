package extension

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/overtime-bot/overtime/meeting"
	"golang.org/x/sync/errgroup"
)

const (
	RecentFor  = 5 * time.Second  // how old a read may be that tells whose meeting it is
	unendedFor = 30 * time.Minute // how old a read may be that tells which run is on, of a meeting that should not be over
	countedFor = 90 * time.Second // how old a number of people may be: somewhat older than the last look
	PageSize   = 500              // of the online list
	keepRecent = 20_000           // meetings remembered at the most

	readsTogether = 2                    // under way at once
	gatherFor     = 5 * time.Millisecond // how long a read waits for others where several extensions are under way
)

// reader shares reads: requests of one rank that arrive together are answered from one. A request joins the next read, never
// one that began before it asked. Those who look have reads of their own: they wait for the quota as long as it takes, and
// nobody with a deadline waits with them.
//
//	first to join ─▶ waits: until the read before is over or has had half its time, others had time to join, and
//	                 fewer than two reads are under way
//	              ─▶ reads: details, or the list where more are wanted than it has pages; nobody can join now
//	              ─▶ done: all who joined have their answer, and it is remembered for Find
//
// A read that all have left ends at once.
type reader struct {
	meetings Meetings
	now      func() time.Time
	timeout  time.Duration // of a call, and how long it waits for its turn
	crowd    func() int    // how many extensions are under way, each of which reads now or soon

	mu             sync.Mutex
	lanes          map[meeting.Rank]*lane
	known          map[string]seen   // read since the last list
	behind         bool              // what is known is not in the list yet
	list           []meeting.Meeting // the last
	listAt         time.Time
	places         map[string]int // of the meetings in list; nil until somebody looks for one
	rememberedFrom time.Time      // when the latest read of what is known began

	work group // the reads under way
}

// lane is the reads of one rank.
type lane struct {
	rank  meeting.Rank
	next  *batch        // not begun
	last  *batch        // begun last
	took  time.Duration // of the last read
	slots chan struct{} // of those that may be under way
}

func newReader(meetings Meetings, now func() time.Time, timeout time.Duration, crowd func() int) *reader {
	return &reader{meetings: meetings, now: now, timeout: timeout, crowd: crowd, lanes: make(map[meeting.Rank]*lane)}
}

type seen struct {
	meeting meeting.Meeting
	at      time.Time
}

// batch is one shared read: who waits for it, and what it gave.
type batch struct {
	ids   map[string]bool
	whole bool      // somebody wants the list itself
	began time.Time // to read
	until time.Time // the latest deadline of those who wait; zero if none has one

	ctx     context.Context // ends when nobody waits for the batch
	abandon context.CancelFunc
	waiting int

	done  chan struct{}
	found map[string]meeting.Meeting // by ID or room ID, as they are wanted
	errs  map[string]error
	list  []meeting.Meeting
	err   error
}

// fresh reads one meeting with a read that begins after the call.
func (r *reader) fresh(ctx context.Context, id string) (meeting.Meeting, error) {
	in, b := r.join(ctx, func(b *batch) { b.ids[id] = true })
	defer r.leave(in, b)
	if err := b.wait(ctx); err != nil {
		return meeting.Meeting{}, err
	}
	if m, ok := b.found[id]; ok {
		return r.counted(m), nil
	}
	if err := cmp.Or(b.errs[id], b.err); err != nil {
		return meeting.Meeting{}, err
	}
	return meeting.Meeting{}, &meeting.Error{Op: "read meeting", Kind: meeting.ErrUnavailable} // the read died
}

// all reads all running meetings with a read that begins after the call, earliest end first.
func (r *reader) all(ctx context.Context) ([]meeting.Meeting, error) {
	in, b := r.join(ctx, func(b *batch) { b.whole = true })
	defer r.leave(in, b)
	if err := b.wait(ctx); err != nil {
		return nil, err
	}
	return b.list, b.err
}

// recentList is a list that is younger than that, with what was read of single meetings since; it is shared with all who
// ask. Else it is one that begins after the call.
func (r *reader) recentList(ctx context.Context, than time.Duration) ([]meeting.Meeting, error) {
	if list, ok := r.younger(than); ok {
		return list, nil
	}
	return r.all(ctx)
}

// outdate has a meeting and the list read again: what is known of it is true no longer.
func (r *reader) outdate(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	maps.DeleteFunc(r.known, func(_ string, known seen) bool { return known.meeting.ID == id }) // by its own ID, and its room's
	r.listAt = time.Time{}
}

func (r *reader) younger(than time.Duration) ([]meeting.Meeting, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if age := r.now().Sub(r.listAt); r.list == nil || age < 0 || age >= than {
		return nil, false
	}
	if r.behind {
		r.list, r.places, r.behind = updated(r.list, r.known), nil, false
	}
	return r.list, true
}

// updated is a list with what is known of its meetings by now. What others hold of it stays as it is.
func updated(list []meeting.Meeting, known map[string]seen) []meeting.Meeting {
	now := make([]meeting.Meeting, 0, len(list))
	for _, m := range list {
		switch later, ok := known[m.ID]; {
		case !ok:
			now = append(now, m)
		case later.meeting.ID != "":
			if later.meeting.People < 0 && RunOf(later.meeting) == RunOf(m) {
				later.meeting.People = m.People
			}
			now = append(now, later.meeting)
		}
	}
	return now
}

// recent answers from what was read in the last seconds, else reads.
func (r *reader) recent(ctx context.Context, id string) (meeting.Meeting, error) {
	known := r.seen(id)
	if age := r.now().Sub(known.at); age >= 0 && age < RecentFor {
		return r.counted(known.meeting), nil
	}
	return r.fresh(ctx, id)
}

// unended is what was read last of a meeting, not long ago, whose end is still to come.
func (r *reader) unended(id string) (meeting.Meeting, bool) {
	known, now := r.seen(id), r.now()
	age := now.Sub(known.at)
	if age < 0 || age > unendedFor || !known.meeting.End.After(now) {
		return meeting.Meeting{}, false
	}
	return r.counted(known.meeting), true
}

// counted is a meeting with the number of people in it that the last list has, if that is not old. A meeting's own detail
// does not tell.
func (r *reader) counted(m meeting.Meeting) meeting.Meeting {
	if m.People >= 0 {
		return m
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if age := r.now().Sub(r.listAt); age < 0 || age > countedFor {
		return m
	}
	if at, ok := r.placeOf(m.ID); ok && RunOf(r.list[at]) == RunOf(m) {
		m.People = r.list[at].People
	}
	return m
}

// placeOf is a meeting's place in the last list.
func (r *reader) placeOf(id string) (int, bool) {
	if r.places == nil {
		r.places = make(map[string]int, len(r.list))
		for i, m := range r.list {
			r.places[m.ID] = i
		}
	}
	at, ok := r.places[id]
	return at, ok && r.list[at].ID == id
}

// seen is what was read of a meeting last; of none long ago.
func (r *reader) seen(id string) seen {
	r.mu.Lock()
	defer r.mu.Unlock()
	if known, ok := r.known[id]; ok {
		return known
	}
	if at, ok := r.placeOf(id); ok {
		return seen{meeting: r.list[at], at: r.listAt}
	}
	return seen{}
}

// join adds a wish to the batch of its rank that has not begun; leave must follow. The first to join has it begin.
func (r *reader) join(ctx context.Context, wish func(*batch)) (*lane, *batch) {
	rank := meeting.RankOf(ctx)
	r.mu.Lock()
	defer r.mu.Unlock()
	in := r.lanes[rank]
	if in == nil {
		in = &lane{rank: rank, slots: make(chan struct{}, readsTogether)}
		r.lanes[rank] = in
	}
	b, before := in.next, in.last
	if b == nil {
		b = newBatch()
		in.next = b
		r.work.Go(func() { r.lead(in, b, before) })
	}
	wish(b)
	b.waiting++
	if deadline, ok := ctx.Deadline(); ok && deadline.After(b.until) {
		b.until = deadline
	}
	return in, b
}

func (b *batch) wait(ctx context.Context) error {
	select {
	case <-b.done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("waiting for a read: %w", ctx.Err())
	}
}

// newBatch makes a batch that outlives the one who began it: others may depend on it.
func newBatch() *batch {
	b := &batch{ids: make(map[string]bool), done: make(chan struct{})}
	b.ctx, b.abandon = context.WithCancel(context.Background())
	return b
}

// leave gives a batch up. The last to leave ends it, and nobody can join it then.
func (r *reader) leave(in *lane, b *batch) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if b.waiting--; b.waiting > 0 {
		return
	}
	b.abandon()
	if in.next == b {
		in.next = nil
	}
}

// lead waits for the batch before, closes this one to newcomers, and reads for all who joined.
func (r *reader) lead(in *lane, b, before *batch) {
	defer close(b.done)
	if !r.follow(in, b, before) {
		return
	}
	defer func() { <-in.slots }()
	r.mu.Lock()
	if in.next != b { // all have left
		r.mu.Unlock()
		return
	}
	in.next, in.last = nil, b
	b.began = time.Now()
	listed := len(r.list)
	r.mu.Unlock()
	ctx, cancel := r.bounded(in, b)
	defer cancel()
	began := r.now()
	if b.whole || len(b.ids) > 1+listed/PageSize {
		b.readList(ctx, r.meetings)
	}
	b.readDetails(ctx, r.meetings)
	r.remember(in, b, began, time.Since(b.began))
}

// answerIn is how long before a deadline a read gives up, so that who waits hears why.
const answerIn = 500 * time.Millisecond

// bounded is the context of a batch's calls. Each call has its time, also for its turn; all together have as long as somebody
// waits. Automation has nobody to tell: its calls wait for their turns until its deadline.
func (r *reader) bounded(in *lane, b *batch) (context.Context, context.CancelFunc) {
	if b.until.IsZero() || in.rank != meeting.RankOf(meeting.Automatic(b.ctx)) {
		return meeting.WithRank(b.ctx, in.rank, r.timeout), func() {}
	}
	until := b.until.Add(-min(answerIn, time.Until(b.until)/10))
	return context.WithDeadline(meeting.WithRank(b.ctx, in.rank, 0), until)
}

// follow waits until b may begin after the batch before, and takes a slot. It is false where all who waited for b have left.
func (r *reader) follow(in *lane, b, before *batch) bool {
	var gather time.Duration
	if r.crowd() > 1 {
		gather = gatherFor
	}
	gathered := time.NewTimer(gather)
	defer gathered.Stop()
	if before != nil {
		half := time.NewTimer(r.lastTook(in)/2 - time.Since(before.began))
		defer half.Stop()
		select {
		case <-before.done:
		case <-half.C:
		case <-b.ctx.Done():
			return false
		}
	}
	select {
	case <-gathered.C:
	case <-b.ctx.Done():
		return false
	}
	select {
	case in.slots <- struct{}{}:
		return true
	case <-b.ctx.Done():
		return false
	}
}

func (r *reader) lastTook(in *lane) time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	return in.took
}

// readList reads all pages of the running meetings.
func (b *batch) readList(ctx context.Context, meetings Meetings) {
	b.err = Survive("listing meetings", func() (err error) {
		b.list, err = meetings.Running(ctx)
		return err
	})
	if b.err != nil {
		return
	}
	if b.whole { // nobody else sees the order
		slices.SortStableFunc(b.list, func(x, y meeting.Meeting) int { return x.End.Compare(y.End) })
	}
	b.found = make(map[string]meeting.Meeting, len(b.ids))
	if len(b.ids) == 0 {
		return
	}
	for _, m := range b.list {
		if b.ids[m.ID] {
			b.found[m.ID] = m
		}
		if m.RoomID != "" && b.ids[m.RoomID] {
			b.found[m.RoomID] = m
		}
	}
}

// readDetails reads each meeting that is still to be answered for by its own detail: a lone request, or one that
// the list does not have, which the detail can tell the reason of. After a failed list it does not try.
func (b *batch) readDetails(ctx context.Context, meetings Meetings) {
	if b.err != nil {
		return
	}
	if b.found == nil {
		b.found = make(map[string]meeting.Meeting, len(b.ids))
	}
	b.errs = make(map[string]error)
	var mu sync.Mutex
	var group errgroup.Group
	group.SetLimit(8)
	for id := range b.ids {
		if _, ok := b.found[id]; ok {
			continue
		}
		group.Go(func() error {
			var m meeting.Meeting
			err := Survive("reading meeting", func() (err error) {
				m, err = meetings.Get(ctx, id)
				return err
			})
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				b.errs[id] = err
				return nil
			}
			b.found[id] = m
			return nil
		})
	}
	_ = group.Wait() // each error went to its own id
}

// remember keeps what was read for Find.
func (r *reader) remember(in *lane, b *batch, began time.Time, took time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	in.took = took
	if began.Before(r.rememberedFrom) { // a later read was faster
		return
	}
	r.rememberedFrom = began
	if b.list != nil {
		r.list, r.listAt, r.places = b.list, began, nil
		r.known, r.behind = nil, false
	}
	if r.known == nil || len(r.known) > keepRecent {
		r.known = make(map[string]seen)
	}
	for id, m := range b.found { // id may be that of its room
		r.known[id], r.known[m.ID] = seen{meeting: m, at: began}, seen{meeting: m, at: began}
	}
	r.behind = r.behind || b.list == nil && len(b.found)+len(b.errs) > 0
	for id, err := range b.errs {
		if errors.Is(err, meeting.ErrNotFound) || errors.Is(err, meeting.ErrNotRunning) {
			r.known[id] = seen{} // whatever the list had
		}
	}
}
