package meeting

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"
)

// The service's JSON. Page numbers are those of the API reference (meeting_21_NNNN).

// wireText is a string, tolerating a number in its place; anything else is empty.
type wireText string

// UnmarshalJSON fails only for a broken string.
func (t *wireText) UnmarshalJSON(raw []byte) error {
	*t = ""
	switch {
	case raw[0] == '"':
		return json.Unmarshal(raw, (*string)(t))
	case raw[0] == '-' || isDigit(raw[0]):
		*t = wireText(raw)
	}
	return nil
}

// lenient is a value that is left out where the service sends something of another form.
type lenient[T any] struct{ value T }

// UnmarshalJSON never fails.
func (l *lenient[T]) UnmarshalJSON(raw []byte) error {
	l.value, _ = decodeJSON[T](raw)
	return nil
}

// wireNumber is a whole number, tolerating a string in its place. Anything else is 0 and not known.
type wireNumber struct {
	value int64
	known bool
}

// UnmarshalJSON never fails.
func (n *wireNumber) UnmarshalJSON(raw []byte) error {
	value, err := strconv.ParseInt(strings.Trim(string(raw), `" `), 10, 64)
	*n = wireNumber{value: value, known: err == nil}
	return nil
}

func (n wireNumber) orElse(unknown int) int {
	if !n.known || n.value < 0 {
		return unknown
	}
	return int(n.value)
}

// The texts of these say nothing of the value: it may be a secret in the wrong place.
var (
	errBrokenJSON = errors.New("answer is not the JSON of the API")
	errBrokenTime = errors.New("a time is of no known form")
	errNoID       = errors.New("a meeting has no conferenceID")
)

const wireTime = "2006-01-02 15:04"

const (
	earliestTime = 946_684_800     // 2000, in Unix seconds: what is before is no time of a meeting
	milliseconds = 100_000_000_000 // Unix times from here on are in milliseconds: as seconds, the year 5138
)

// parseTime reads an instant, and cuts it to the minute. The reference shows "2026-03-04 09:00", and has Unix milliseconds
// elsewhere, as numbers and as texts. RFC 3339 is read too. What has no zone is UTC.
func parseTime(text wireText) (time.Time, error) {
	if instant, err := time.ParseInLocation(wireTime, string(text), time.UTC); err == nil {
		return instant, nil
	}
	clean := strings.ToUpper(strings.Join(strings.Fields(string(text)), " "))
	if number, err := strconv.ParseFloat(clean, 64); err == nil {
		if number >= milliseconds {
			number /= 1000
		}
		if !(number >= earliestTime && number < milliseconds) { // nor is NaN one
			return time.Time{}, errBrokenTime
		}
		return time.Unix(int64(number), 0).UTC().Truncate(time.Minute), nil
	}
	if len(clean) > len(time.DateOnly) && clean[len(time.DateOnly)] == 'T' {
		clean = clean[:len(time.DateOnly)] + " " + clean[len(time.DateOnly)+1:]
	}
	for _, layout := range []string{wireTime, wireTime + ":05"} {
		for _, zone := range []string{"", "Z07:00", "Z0700", " Z07:00", " Z0700"} {
			if instant, err := time.ParseInLocation(layout+zone, clean, time.UTC); err == nil {
				return instant.UTC().Truncate(time.Minute), nil
			}
		}
	}
	return time.Time{}, errBrokenTime
}

func decodeJSON[T any](raw []byte) (T, error) {
	var value T
	if err := json.Unmarshal(raw, &value); err != nil {
		return value, errBrokenJSON
	}
	return value, nil
}

// wirePage is a page of a short list, decoded in one go. Long ones are an entriesPage.
type wirePage[T any] struct {
	Count wireNumber   `json:"count"`
	Data  []lenient[T] `json:"data"`
}

// expiry returns until when a token is good, less a margin. The token's own end counts, a Unix time in seconds or
// milliseconds. If it seems past already, this host's clock is ahead, and the token's length in seconds counts.
func expiry(now time.Time, end, seconds wireNumber, otherwise, margin time.Duration) time.Time {
	until := time.Unix(max(end.value, 0), 0)
	if end.value >= milliseconds {
		until = time.UnixMilli(end.value)
	}
	if !until.After(now) {
		if seconds.value > 0 {
			otherwise = time.Duration(min(seconds.value, 1<<31)) * time.Second
		}
		until = now.Add(otherwise)
	}
	return until.Add(-min(margin, until.Sub(now)/2))
}
