package meeting

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"
)

const (
	opList   = "list meetings"
	listPath = "/v1/mmc/management/conferences/online"

	pageSize = 500 // the service's most
	maxPages = 40
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
func (c *Client) search(ctx context.Context, key string) ([]Meeting, bool, error) {
	if !c.config.QueryAll || c.scope.isOwn(c.config.Now()) {
		return c.readList(ctx, key, false)
	}
	found, whole, err := c.readList(ctx, key, true)
	if !errors.Is(err, ErrForbidden) {
		return found, whole, err
	}
	c.config.Logger.WarnContext(ctx, "account may not list the enterprise's meetings, only its own", "error", err)
	c.scope.restrict(c.config.Now())
	return c.readList(ctx, key, false)
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
// that shows signs of it is read again; in the end every meeting seen counts.
func (c *Client) readList(ctx context.Context, key string, all bool) ([]Meeting, bool, error) {
	seen := newListing()
	for range listPasses {
		found, decoded := newListing(), c.entries.begin()
		steady, err := c.readPages(ctx, listCall(key, all), func(raw json.RawMessage) { c.addMeeting(ctx, found, decoded, raw) })
		if err != nil {
			return nil, false, err
		}
		if key == "" {
			decoded.end()
		}
		if more := seen.merge(found); steady || !more {
			return found.meetings, steady && found.broken == 0, nil
		}
	}
	return seen.meetings, false, nil
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

func newListing() *listing { return &listing{meetings: []Meeting{}, index: make(map[string]int)} }

func (l *listing) add(meeting Meeting) {
	if at, known := l.index[meeting.ID]; known {
		l.meetings[at] = meeting
		return
	}
	l.index[meeting.ID] = len(l.meetings)
	l.meetings = append(l.meetings, meeting)
}

// merge tells whether there was anything new.
func (l *listing) merge(other *listing) bool {
	before := len(l.meetings)
	for _, meeting := range other.meetings {
		l.add(meeting)
	}
	return len(l.meetings) > before
}

func (c *Client) addMeeting(ctx context.Context, found *listing, decoded *pass, raw json.RawMessage) {
	read, err := decoded.decode(raw)
	if err != nil {
		found.broken++
		c.config.Logger.WarnContext(ctx, "left a meeting out of the list", "error", err)
		return
	}
	if read.running {
		c.chairs.remember(read.meeting, read.password)
		found.add(read.meeting)
	}
}

// readPages reads a paged list to its end and hands every entry over. It tells whether the list stayed
// the same: one count throughout, and as many entries.
func (c *Client) readPages(ctx context.Context, list call, each func(json.RawMessage)) (bool, error) {
	offset, count, steady := 0, int64(-1), true
	for range maxPages {
		page, err := c.readPage(ctx, list, offset)
		if err != nil {
			return false, err
		}
		if page.Count.known {
			steady = steady && (count < 0 || count == page.Count.value)
			count = page.Count.value
		}
		for _, raw := range page.Data {
			each(raw)
		}
		offset += len(page.Data)
		if isLastPage(page, offset) {
			return steady && (!page.Count.known || int64(offset) == count || offset <= pageSize), nil
		}
	}
	c.config.Logger.WarnContext(ctx, "list is longer than is read", "op", list.op, "read", offset)
	return false, nil
}

func isLastPage(page wirePage, offset int) bool {
	if len(page.Data) == 0 {
		return true
	}
	if page.Count.known && page.Count.value > 0 {
		return int64(offset) >= page.Count.value
	}
	return len(page.Data) < pageSize
}

func (c *Client) readPage(ctx context.Context, list call, offset int) (wirePage, error) {
	query := url.Values{"offset": {strconv.Itoa(offset)}, "limit": {strconv.Itoa(pageSize)}}
	for name, values := range list.query {
		query[name] = values
	}
	list.query = query
	reply, err := c.get(ctx, list)
	if err != nil {
		return wirePage{}, err
	}
	page, err := scanPage(reply.body)
	empty := page.Count.known && page.Count.value == 0 // some leave an empty list out
	if err != nil || page.Data == nil && !empty {
		return wirePage{}, brokenAnswer(list.op, reply)
	}
	return page, nil
}

// brokenAnswer is for a success that does not hold what it should. An empty list must be told as one: to
// take anything else for "no meetings" would let meetings end.
func brokenAnswer(op string, reply answer) *Error {
	failure := decodeError(op, reply)
	if failure.Code == "" || reply.status == http.StatusNoContent {
		failure.Kind = ErrUnavailable
	}
	failure.Err = errBrokenJSON
	return failure
}
