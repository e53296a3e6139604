package meeting

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"strconv"
	"sync"
	"time"
)

const (
	pageSize     = 500 // the service's most
	smallestPage = 8   // whose answer may be longer than others: it cannot be made smaller
	maxPages     = 300 // of the largest size
	maxEntries   = 110_000

	// listPasses is how often a list that changes while its pages are read is read in all.
	listPasses   = 3
	firstOverlap = 10
	maxGaps      = 8
)

// listReader reads paged lists, of the enterprise or of what is the account's own.
type listReader struct {
	session  *session
	queryAll bool
	now      func() time.Time
	logger   *slog.Logger
	scopes   scopes
	sizes    sync.Map // by path: how many entries of the last list fitted into a page
}

// pageTaker is what becomes of a list's entries.
type pageTaker struct {
	each func(entry json.RawMessage) bool // tells whether the entry is new; the bytes are lent
	done func() bool                      // asked after a page: what is behind it does not matter; nil: it does
	// overlap is how many entries of a page are read again with the next. What ends in between moves the others towards the
	// front, and would leave a gap. 0 trusts the count.
	overlap int
}

// readPages reads a paged list to its end and hands every entry over. It tells whether none can have been missed. With an
// overlap, that is where each page began with a known entry. Without, the count must stay the same and match.
func (l *listReader) readPages(ctx context.Context, list call, to pageTaker) (whole bool, err error) {
	list.into = new(bytes.Buffer)
	offset, overlap, gaps := 0, to.overlap, 0
	count, moved := int64(-1), false
	size := l.sizeOf(list.path)
	for asked := 0; asked < maxPages*pageSize && offset < maxEntries; {
		page, err := l.readPage(ctx, list, offset, size, to.each)
		asked += size
		if errors.Is(err, errTooLong) && size > smallestPage {
			size = smaller(size)
			continue
		}
		if err != nil {
			return false, err
		}
		last := isLastPage(page.Count, page.Data.number, size, offset+page.Data.number)
		if page.length < listBody/4 {
			size = min(2*size, pageSize)
		}
		l.sizes.Store(list.path, size)
		if overlap > 0 && offset > 0 && (page.fresh || page.Data.number == 0) && gaps < maxGaps {
			// Entries may be missing before this page, so more of the last one is read again.
			gaps++
			overlap = min(2*overlap, size/2)
			offset = max(offset-overlap, 0)
			continue
		}
		if page.Count.known {
			moved = moved || count >= 0 && count != page.Count.value
			count = page.Count.value
		}
		end := offset + page.Data.number
		switch {
		case !last && (to.done == nil || !to.done()):
			offset = end - min(overlap, page.Data.number/2)
		case overlap > 0:
			return gaps < maxGaps, nil
		default:
			return !moved && (count < 0 || int64(end) == count || offset == 0), nil
		}
	}
	l.logger.WarnContext(ctx, "list is longer than is read", "op", list.op, "read", offset)
	return false, nil
}

// sizeOf is how many entries a page of the list may have, by the last one.
func (l *listReader) sizeOf(path string) int {
	if size, ok := l.sizes.Load(path); ok {
		return size.(int)
	}
	return pageSize
}

// smaller is the size of a page where one of this size is longer than is read.
func smaller(size int) int { return max(size/4, smallestPage) }

// listPage is a page that was read. Its entries were handed over.
type listPage struct {
	entriesPage
	length int  // in bytes
	fresh  bool // its first entry is new
}

// readPage reads one page and hands its entries over.
func (l *listReader) readPage(
	ctx context.Context, list call, offset, size int, each func(json.RawMessage) bool,
) (page listPage, err error) {
	list.query = maps.Clone(list.query)
	list.query.Set("offset", strconv.Itoa(offset))
	list.query.Set("limit", strconv.Itoa(size))
	if list.limit = listBody; size == smallestPage {
		list.limit = 4 * listBody
	}
	reply, err := l.session.get(ctx, list)
	if err != nil {
		return page, err
	}
	first := true
	page.length = len(reply.body)
	page.entriesPage, err = decodePage(reply.body, func(entry json.RawMessage) {
		isNew := each(entry)
		page.fresh, first = page.fresh || first && isNew, false
	})
	isEmpty := page.Count.known && page.Count.value == 0 // some leave an empty list out
	missing := offset == 0 && page.Data.number == 0 && page.Count.value > 0
	if err != nil || missing || !page.Data.listed && !isEmpty {
		return page, brokenAnswer(list.op, reply, errBrokenJSON)
	}
	return page, nil
}

// isLastPage tells whether nothing is behind a page of so many entries, of so many that were asked for, that ends there.
func isLastPage(count wireNumber, entries, size, end int) bool {
	switch {
	case entries == 0:
		return true
	case count.known && count.value > 0:
		return int64(end) >= count.value
	}
	return entries < size
}
