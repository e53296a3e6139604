package meeting

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"sync"
)

const (
	pageSize     = 500 // the service's most
	maxPages     = 300
	maxEntries   = 110_000
	keptBuffer   = 4 << 20
	firstOverlap = 10
	maxGaps      = 8
)

// listReader is what becomes of a list's entries.
type listReader struct {
	each func(entry json.RawMessage) bool // tells whether the entry is new to it; the bytes are lent
	done func() bool                      // asked after a page: what is behind it does not matter; nil: it does
	// overlap is how many entries of a page are read again with the next, so that what ends meanwhile and moves the
	// others towards the front leaves no gap. 0 trusts the count.
	overlap int
}

// paging is how far a list has been read.
type paging struct {
	listReader
	offset int   // of the page to read
	count  int64 // that pages told; -1 if none has
	moved  bool  // the count changed meanwhile
	gaps   int
}

// readPages reads a paged list to its end and hands every entry over. It tells whether none can have been missed:
// each page began with an entry that was known already, or there was one count throughout, and as many entries.
func (c *Client) readPages(ctx context.Context, list call, in listReader) (bool, error) {
	buffer := buffers.Get().(*[]byte)
	defer release(buffer)
	list.into = buffer
	at := paging{listReader: in, count: -1}
	for pages := 0; pages < maxPages && at.offset < maxEntries; pages++ {
		page, fresh, err := c.handPage(ctx, list, in, at.offset)
		if err != nil {
			return false, err
		}
		switch {
		case at.isBehindGap(page, fresh):
			at.stepBack()
		case at.advance(page):
			return at.isWhole(), nil
		}
	}
	c.config.Logger.WarnContext(ctx, "list is longer than is read", "op", list.op, "read", at.offset)
	return false, nil
}

// isBehindGap tells that entries may be missing between this page and those before.
func (p *paging) isBehindGap(page wirePage, fresh bool) bool {
	return p.overlap > 0 && p.offset > 0 && (fresh || page.Data.number == 0) && p.gaps < maxGaps
}

// stepBack has more of the last page read again.
func (p *paging) stepBack() {
	p.gaps++
	p.overlap = min(2*p.overlap, pageSize/2)
	p.offset = max(p.offset-p.overlap, 0)
}

// advance goes on to the next page; true if there is none.
func (p *paging) advance(page wirePage) bool {
	if page.Count.known {
		p.moved = p.moved || p.count >= 0 && p.count != page.Count.value
		p.count = page.Count.value
	}
	end := p.offset + page.Data.number
	if isLastPage(page.Count, page.Data.number, end) || p.done != nil && p.done() {
		p.offset = end
		return true
	}
	p.offset = end - min(p.overlap, page.Data.number/2)
	return false
}

func (p *paging) isWhole() bool {
	if p.overlap > 0 {
		return p.gaps < maxGaps
	}
	return !p.moved && (p.count < 0 || int64(p.offset) == p.count || p.offset <= pageSize)
}

func isLastPage(count wireNumber, entries, end int) bool {
	if entries == 0 {
		return true
	}
	if count.known && count.value > 0 {
		return int64(end) >= count.value
	}
	return entries < pageSize
}

// handPage reads one page and hands its entries over. It tells whether the first of them was new.
func (c *Client) handPage(ctx context.Context, list call, in listReader, offset int) (page wirePage, fresh bool, err error) {
	query := url.Values{"offset": {strconv.Itoa(offset)}, "limit": {strconv.Itoa(pageSize)}}
	for name, values := range list.query {
		query[name] = values
	}
	list.query = query
	reply, err := c.get(ctx, list)
	if err != nil {
		return page, false, err
	}
	first := true
	page, err = decodePage(reply.body, func(entry json.RawMessage) {
		isNew := in.each(entry)
		fresh, first = fresh || first && isNew, false
	})
	isEmpty := page.Count.known && page.Count.value == 0 // some leave an empty list out
	if err != nil || !page.Data.listed && !isEmpty {
		return page, false, brokenAnswer(list.op, reply)
	}
	return page, fresh, nil
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

// buffers are for the bodies of pages, which are hundreds of kilobytes each.
var buffers = sync.Pool{New: func() any { return new([]byte) }}

// release gives a buffer back, without the passwords that were in it.
func release(buffer *[]byte) {
	whole := (*buffer)[:cap(*buffer)]
	clear(whole)
	if cap(whole) <= keptBuffer {
		*buffer = whole[:0]
		buffers.Put(buffer)
	}
}
