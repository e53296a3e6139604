package meeting

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"maps"
	"strconv"
	"time"
)

const (
	pageSize   = 500 // the service's most
	maxPages   = 300
	maxEntries = 110_000

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
	for pages := 0; pages < maxPages && offset < maxEntries; pages++ {
		page, fresh, err := l.readPage(ctx, list, offset, to.each)
		if err != nil {
			return false, err
		}
		if overlap > 0 && offset > 0 && (fresh || page.Data.number == 0) && gaps < maxGaps {
			// Entries may be missing before this page, so more of the last one is read again.
			gaps++
			overlap = min(2*overlap, pageSize/2)
			offset = max(offset-overlap, 0)
			continue
		}
		if page.Count.known {
			moved = moved || count >= 0 && count != page.Count.value
			count = page.Count.value
		}
		end := offset + page.Data.number
		switch {
		case !isLastPage(page.Count, page.Data.number, end) && (to.done == nil || !to.done()):
			offset = end - min(overlap, page.Data.number/2)
		case overlap > 0:
			return gaps < maxGaps, nil
		default:
			return !moved && (count < 0 || int64(end) == count || end <= pageSize), nil
		}
	}
	l.logger.WarnContext(ctx, "list is longer than is read", "op", list.op, "read", offset)
	return false, nil
}

// readPage reads one page and hands its entries over. It tells whether the first of them was new.
func (l *listReader) readPage(
	ctx context.Context, list call, offset int, each func(json.RawMessage) bool,
) (page entriesPage, fresh bool, err error) {
	list.query = maps.Clone(list.query)
	list.query.Set("offset", strconv.Itoa(offset))
	list.query.Set("limit", strconv.Itoa(pageSize))
	list.limit = listBody
	reply, err := l.session.get(ctx, list)
	if err != nil {
		return page, false, err
	}
	first := true
	page, err = decodePage(reply.body, func(entry json.RawMessage) {
		isNew := each(entry)
		fresh, first = fresh || first && isNew, false
	})
	isEmpty := page.Count.known && page.Count.value == 0 // some leave an empty list out
	missing := offset == 0 && page.Data.number == 0 && page.Count.value > 0
	if err != nil || missing || !page.Data.listed && !isEmpty {
		return page, false, brokenAnswer(list.op, reply, errBrokenJSON)
	}
	return page, fresh, nil
}

// isLastPage tells whether nothing is behind a page of so many entries that ends there.
func isLastPage(count wireNumber, entries, end int) bool {
	switch {
	case entries == 0:
		return true
	case count.known && count.value > 0:
		return int64(end) >= count.value
	}
	return entries < pageSize
}
