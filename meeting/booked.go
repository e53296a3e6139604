package meeting

import (
	"context"
	"net/url"
)

const (
	opBooked   = "read booked meeting"
	bookedPath = "/v1/mmc/management/conferences/confDetail"
)

// Booked returns a meeting whether it runs or is still to come (page meeting_21_0018): its times are those of
// the booking, and mislead once it runs. ErrNotFound where it is neither.
func (c *Client) Booked(ctx context.Context, id string) (Meeting, error) {
	if err := checkID(opBooked, id); err != nil {
		return Meeting{}, err
	}
	reply, err := c.get(ctx, call{
		op: opBooked, path: bookedPath, limit: listBody,
		query: url.Values{"conferenceID": {id}, "offset": {"0"}, "limit": {"1"}},
	})
	if err != nil {
		return Meeting{}, err
	}
	wire, err := decodeJSON[wireDetail](reply.body)
	if err != nil || len(wire.ConferenceData) == 0 {
		return Meeting{}, brokenAnswer(opBooked, reply)
	}
	read, err := decodeMeeting(wire.ConferenceData)
	if err != nil {
		failure := brokenAnswer(opBooked, reply)
		failure.Err = err
		return Meeting{}, failure
	}
	return read.meeting, nil
}
