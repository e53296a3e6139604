package meeting

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"sync"
)

const (
	opList   = "list meetings"
	listPath = "/v1/mmc/management/conferences/online"
)

// Running returns the meetings that run now, by start time (page meeting_21_0025). With QueryAll they are the enterprise's,
// or the account's own where it may see no others. An entry that cannot be read is left out and counted in the View; if none
// can be, that is an error.
func (c *Client) Running(ctx context.Context) ([]Meeting, error) {
	generation := c.passwords.generation.Add(1)
	list, err := c.search(ctx, "")
	if err != nil {
		if list.unread > 0 {
			c.noteView(nil, list.unread)
		}
		return nil, err
	}
	if list.whole && list.unread == 0 {
		c.passwords.dropOlder(generation)
	}
	for i := range list.meetings {
		c.fill(ctx, &list.meetings[i])
	}
	c.noteView(list.meetings, list.unread)
	return list.meetings, nil
}

// runningList is what a list of running meetings gave.
type runningList struct {
	meetings []Meeting
	whole    bool // none can have been missed
	unread   int  // entries that could not be read
}

// search lists the running meetings that match the key.
func (c *Client) search(ctx context.Context, key string) (found runningList, err error) {
	err = c.lists.inScope(ctx, listPath, func(of scope) error {
		list := call{op: opList, path: listPath, query: maps.Clone(of.query), final: of.final}
		if key != "" {
			list.query.Set("searchKey", key)
		}
		found, err = c.readRunning(ctx, list, key == "")
		return err
	})
	return found, err
}

// readRunning reads all pages. A meeting that ends in between moves others to a page already read. A list that shows signs
// of it is read again, with pages that overlap. In the end every meeting seen counts. A list of all is remembered.
func (c *Client) readRunning(ctx context.Context, list call, ofAll bool) (runningList, error) {
	seen, overlap := newMeetingSet(0), c.order.overlap()
	unread := 0
	for turn := range listPasses {
		decoder := c.running.begin()
		found := newMeetingSet(len(decoder.before))
		whole, err := c.lists.readPages(ctx, list, pageTaker{overlap: overlap, each: func(raw json.RawMessage) bool {
			read, err := decoder.decode(raw)
			if err != nil || !read.running {
				return false
			}
			meeting := read.meeting // of its own: lists share what they read
			c.passwords.remember(&meeting, read.password)
			return found.add(&meeting)
		}})
		if unread = decoder.unread; err == nil {
			err = decoder.check(list.op)
		}
		if err != nil {
			return runningList{unread: unread}, err
		}
		decoder.warn(ctx, c.config.Logger, list.op)
		if ofAll {
			decoder.end()
			moving := c.order.note(found.meetings, turn == 0)
			whole = whole && (overlap > 0 || !moving)
		}
		if whole {
			return runningList{found.meetings, true, unread}, nil
		}
		before := len(seen.meetings)
		for i := range found.meetings {
			seen.add(&found.meetings[i])
		}
		if len(seen.meetings) == before {
			return runningList{found.meetings, false, unread}, nil
		}
		overlap = firstOverlap
	}
	return runningList{seen.meetings, false, unread}, nil
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
