package meetingtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"
)

// encoded is a meeting's entry in a list as it was shown last. The bytes are shared with answers under way: they are
// replaced, never changed.
type encoded struct {
	of    look
	end   int64 // Unix minutes
	endAt int   // where in the entry it stands
	entry json.RawMessage
}

// look is what may change in an entry, but for the end, while the meeting is in the book, and between those who see it.
type look struct {
	start              int64 // Unix minutes
	people             int
	running, scheduled bool
	uuid               string
	chair              bool
	readings           Readings
}

// entry is the meeting as the lists show it to the user. It is encoded again when it looks different. If only the end
// has moved, only the end is written.
func (r *run) entry(u *user, now time.Time, lag time.Duration, readings Readings) json.RawMessage {
	seen := look{
		start: r.Start.Unix() / 60, people: r.People,
		running: r.running, scheduled: r.Scheduled, uuid: r.UUID, chair: r.showsChair(u, readings),
		readings: readings,
	}
	end := r.endShown(now, lag)
	switch {
	case r.encoded.entry == nil || r.encoded.of != seen || r.encoded.end != end.Unix()/60 && readings.Times != ToTheMinute:
		r.encode(u, now, lag, readings)
		r.encoded.of = seen
	case r.encoded.end != end.Unix()/60:
		r.encoded.entry = slices.Clone(r.encoded.entry)
		end.UTC().AppendFormat(r.encoded.entry[:r.encoded.endAt], wireTime)
	}
	r.encoded.end = end.Unix() / 60
	return r.encoded.entry
}

func (r *run) encode(u *user, now time.Time, lag time.Duration, readings Readings) {
	info := r.info(u, now, lag, readings)
	if r.running && !readings.PeopleUntold {
		info.OnlineAttendeeAmount = new(r.People)
	}
	const before = `"endTime":"` // no text has it: quotes in them are escaped
	entry := encode(info)
	r.encoded = encoded{entry: entry, endAt: bytes.Index(entry, []byte(before)) + len(before)}
}

func encode(body any) []byte {
	encoded, err := json.Marshal(body)
	if err != nil {
		panic(fmt.Sprintf("encode an answer: %v", err)) // our own types: cannot happen
	}
	return encoded
}

// entryPage is a page of a list, its entries encoded.
type entryPage struct {
	page
	count   int
	entries []json.RawMessage
}

// appendTo writes the page behind what is in the buffer.
func (p *entryPage) appendTo(buffer []byte) []byte {
	buffer = append(buffer, `{"offset":`...)
	buffer = strconv.AppendInt(buffer, int64(p.offset), 10)
	buffer = append(buffer, `,"limit":`...)
	buffer = strconv.AppendInt(buffer, int64(p.limit), 10)
	buffer = append(buffer, `,"count":`...)
	buffer = strconv.AppendInt(buffer, int64(p.count), 10)
	buffer = append(buffer, `,"data":[`...)
	for i, entry := range p.entries {
		if i > 0 {
			buffer = append(buffer, ',')
		}
		buffer = append(buffer, entry...)
	}
	return append(buffer, `]}`...)
}

// bodies are buffers for pages, which are hundreds of kilobytes each.
var bodies = sync.Pool{New: func() any { return new([]byte) }}
