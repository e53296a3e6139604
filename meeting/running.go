package meeting

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"sync"
)

const (
	opList   = "list meetings"
	listPath = "/v1/mmc/management/conferences/online"
)

// Running returns the meetings that run now, by start time (page meeting_21_0025). With QueryAll they are the enterprise's,
// or the account's own where it may see no others. An entry that cannot be read is logged and left out.
func (c *Client) Running(ctx context.Context) ([]Meeting, error) {
	generation := c.passwords.generation.Add(1)
	found, whole, err := c.search(ctx, "")
	if err != nil {
		return nil, err
	}
	if whole {
		c.passwords.dropOlder(generation)
	}
	return found, nil
}

// SeesAll tells whether lists are of the whole enterprise, as far as is known. It is false without QueryAll, and where the
// account may list only its own meetings.
func (c *Client) SeesAll() bool { return c.lists.seesAll() }

// search lists the running meetings that match the key, and tells whether the list is whole.
func (c *Client) search(ctx context.Context, key string) (found []Meeting, whole bool, err error) {
	err = c.lists.inScope(ctx, func(query url.Values) error {
		if key != "" {
			query.Set("searchKey", key)
		}
		found, whole, err = c.readRunning(ctx, call{op: opList, path: listPath, query: query}, key == "")
		return err
	})
	return found, whole, err
}

// readRunning reads all pages. A meeting that ends in between moves others to a page already read. A list that shows signs
// of it is read again, with pages that overlap. In the end every meeting seen counts. A list of all is remembered.
func (c *Client) readRunning(ctx context.Context, list call, ofAll bool) ([]Meeting, bool, error) {
	seen, overlap := newMeetingSet(0), c.order.overlap()
	for turn := range listPasses {
		decoder := c.running.begin()
		found, broken := newMeetingSet(len(decoder.before)), false
		whole, err := c.lists.readPages(ctx, list, pageTaker{overlap: overlap, each: func(raw json.RawMessage) bool {
			read, err := decoder.decode(raw)
			switch {
			case err != nil:
				broken = true
				c.config.Logger.WarnContext(ctx, "left a meeting out of the list", "error", err)
				return false
			case !read.running:
				return false
			}
			c.passwords.remember(&read.meeting, read.password)
			return found.add(&read.meeting)
		}})
		if err != nil {
			return nil, false, err
		}
		if ofAll {
			decoder.end()
			moving := c.order.note(found.meetings, turn == 0)
			whole = whole && (overlap > 0 || !moving)
		}
		if whole {
			return found.meetings, !broken, nil
		}
		before := len(seen.meetings)
		for i := range found.meetings {
			seen.add(&found.meetings[i])
		}
		if len(seen.meetings) == before {
			return found.meetings, false, nil
		}
		overlap = firstOverlap
	}
	return seen.meetings, false, nil
}

// meetingSet holds meetings once each, in the order first seen and as seen last.
type meetingSet struct {
	meetings []Meeting
	index    map[string]int
}

func newMeetingSet(size int) *meetingSet {
	return &meetingSet{meetings: make([]Meeting, 0, size), index: make(map[string]int, size)}
}

// add tells whether the meeting was new.
func (s *meetingSet) add(meeting *Meeting) bool {
	if at, known := s.index[meeting.ID]; known {
		s.meetings[at] = *meeting
		return false
	}
	s.index[meeting.ID] = len(s.meetings)
	s.meetings = append(s.meetings, *meeting)
	return true
}

// listOrder remembers which meetings the last list held, in which order. While that stays the same, pages need not overlap,
// which takes the fewest calls. Where meetings come and go, the count may stay, and yet leave a gap: one ended and another
// began while the list was read.
type listOrder struct {
	mutex  sync.Mutex
	last   []string // IDs; nil if there was no list
	moving bool
}

// overlap is for the pages of the next list.
func (o *listOrder) overlap() int {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	if o.moving {
		return firstOverlap
	}
	return 0
}

// note keeps the order of a list, and tells whether it has changed since the read before. Only the first pass of a read
// finds that out: others would be compared with it.
func (o *listOrder) note(meetings []Meeting, first bool) bool {
	ids := make([]string, len(meetings))
	for i := range meetings {
		ids[i] = meetings[i].ID
	}
	o.mutex.Lock()
	defer o.mutex.Unlock()
	if first {
		o.moving = o.last != nil && len(ids) > pageSize && !slices.Equal(ids, o.last)
	}
	o.last = ids
	return o.moving
}
