package meeting

import (
	"context"
	"encoding/json"
	"errors"
	"hash/maphash"
	"net/url"
	"sync"
	"time"
)

const (
	opList   = "list meetings"
	listPath = "/v1/mmc/management/conferences/online"

	// listPasses is how often a list that changes while its pages are read is read in all.
	listPasses = 3
	// ownListPeriod is how long a refusal of queryAll holds before it is tried again.
	ownListPeriod = time.Hour
)

// Running returns the meetings that run now, by start time, as the account sees them (page
// meeting_21_0025): with QueryAll the enterprise's, or where the account may not, its own. An entry that
// cannot be read is logged and left out.
func (c *Client) Running(ctx context.Context) ([]Meeting, error) {
	generation := c.chairs.beginList()
	found, whole, err := c.search(ctx, "")
	if err != nil {
		return nil, err
	}
	if whole {
		c.chairs.dropOlder(generation, c.config.Now())
	}
	return found, nil
}

// search lists the running meetings that match the key, and tells whether the list is whole.
func (c *Client) search(ctx context.Context, key string) (found []Meeting, whole bool, err error) {
	err = c.inScope(ctx, func(all bool) error {
		found, whole, err = c.readList(ctx, key, all)
		return err
	})
	return found, whole, err
}

// SeesAll tells whether lists are of the whole enterprise, as far as is known: false where only the account's own
// meetings are asked for, or where it may not list others'.
func (c *Client) SeesAll() bool { return c.config.QueryAll && !c.scope.isOwn(c.config.Now()) }

// inScope reads the enterprise's list, or where the account may not, its own.
func (c *Client) inScope(ctx context.Context, read func(all bool) error) error {
	if !c.SeesAll() {
		return read(false)
	}
	err := read(true)
	if !errors.Is(err, ErrForbidden) {
		return err
	}
	c.config.Logger.WarnContext(ctx, "account may not list the enterprise's meetings, only its own", "error", err)
	c.scope.restrict(c.config.Now())
	return read(false)
}

// scope remembers that the account may see its own meetings alone.
type scope struct {
	mutex    sync.Mutex
	ownUntil time.Time
}

func (s *scope) isOwn(now time.Time) bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return now.Before(s.ownUntil)
}

func (s *scope) restrict(now time.Time) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.ownUntil = now.Add(ownListPeriod)
}

// readList reads all pages. A meeting that ends meanwhile moves others to a page already read, so a list
// that shows signs of it is read again, with pages that overlap; in the end every meeting seen counts.
func (c *Client) readList(ctx context.Context, key string, all bool) ([]Meeting, bool, error) {
	seen, overlap := newListing(0), c.order.overlap()
	for turn := range listPasses {
		decoded := c.running.begin()
		found := newListing(len(decoded.before))
		whole, err := c.readPages(ctx, listCall(key, all), listReader{
			overlap: overlap,
			each:    func(raw json.RawMessage) bool { return c.addMeeting(ctx, found, decoded, raw) },
		})
		if err != nil {
			return nil, false, err
		}
		if key == "" {
			decoded.end()
			moving := c.order.note(found, turn == 0)
			whole = whole && (overlap > 0 || !moving)
		}
		if whole {
			return found.meetings, found.broken == 0, nil
		}
		if !seen.merge(found) {
			return found.meetings, false, nil
		}
		overlap = firstOverlap
	}
	return seen.meetings, false, nil
}

// order remembers which meetings the last list held, in which order. While that stays the same the pages of a list
// are read side by side, which takes the fewest calls. Where meetings come and go, one that ends and another that
// begins while a list is read leave its count as it was, and a gap.
type order struct {
	mutex  sync.Mutex
	seed   maphash.Seed
	last   uint64
	known  bool
	moving bool
}

func newOrder() order { return order{seed: maphash.MakeSeed()} }

// overlap is for the pages of the next list.
func (o *order) overlap() int {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	if o.moving {
		return firstOverlap
	}
	return 0
}

// note keeps the order of a list, and tells whether it has changed since the read before: the first reading of a list
// finds that out, and any other of the same read would only be compared with that.
func (o *order) note(found *listing, first bool) bool {
	var sum maphash.Hash
	sum.SetSeed(o.seed)
	for i := range found.meetings {
		_, _ = sum.WriteString(found.meetings[i].ID) // never fails
		_ = sum.WriteByte(0)
	}
	o.mutex.Lock()
	defer o.mutex.Unlock()
	if first {
		o.moving = o.known && sum.Sum64() != o.last && len(found.meetings) > pageSize
	}
	o.last, o.known = sum.Sum64(), true
	return o.moving
}

func listCall(key string, all bool) call {
	query := url.Values{}
	if all {
		query.Set("queryAll", "true")
	}
	if key != "" {
		query.Set("searchKey", key)
	}
	return call{op: opList, path: listPath, query: query, limit: listBody}
}

// listing holds meetings once each, in the order first seen.
type listing struct {
	meetings []Meeting
	index    map[string]int
	broken   int
}

func newListing(size int) *listing {
	return &listing{meetings: make([]Meeting, 0, size), index: make(map[string]int, size)}
}

// add tells whether the meeting was new.
func (l *listing) add(meeting *Meeting) bool {
	if at, known := l.index[meeting.ID]; known {
		l.meetings[at] = *meeting
		return false
	}
	l.index[meeting.ID] = len(l.meetings)
	l.meetings = append(l.meetings, *meeting)
	return true
}

// merge tells whether there was anything new.
func (l *listing) merge(other *listing) bool {
	before := len(l.meetings)
	for i := range other.meetings {
		l.add(&other.meetings[i])
	}
	return len(l.meetings) > before
}

func (c *Client) addMeeting(ctx context.Context, found *listing, decoded *listDecoder[*reading], raw json.RawMessage) bool {
	read, err := decoded.decode(raw)
	if err != nil {
		found.broken++
		c.config.Logger.WarnContext(ctx, "left a meeting out of the list", "error", err)
		return false
	}
	if !read.running {
		return false
	}
	c.chairs.remember(&read.meeting, read.password)
	return found.add(&read.meeting)
}
