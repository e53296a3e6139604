package meeting

import (
	"context"
	"errors"
	"net/url"
	"strconv"
)

const (
	opDetail   = "read meeting"
	detailPath = listPath + "/confDetail"
)

// Get returns the running meeting of a conferenceID, or of a cloud-room or personal ID, which is looked up in
// the online list and must match exactly. ErrNotFound and ErrNotRunning are as the service tells them
// (page meeting_21_0026).
func (c *Client) Get(ctx context.Context, id string) (Meeting, error) {
	if err := checkID(opDetail, id); err != nil {
		return Meeting{}, err
	}
	found, err := c.readMeeting(ctx, id)
	if !isGone(err) {
		return found, err
	}
	c.chairs.forget(id)
	inRoom, listErr := c.findInRoom(ctx, id)
	switch {
	case listErr == nil:
		return inRoom, nil
	case errors.Is(listErr, errNotListed):
		return Meeting{}, err
	}
	return Meeting{}, listErr
}

func isGone(err error) bool { return errors.Is(err, ErrNotFound) || errors.Is(err, ErrNotRunning) }

var errNotListed = errors.New("meeting is not in the online list")

// findInRoom looks for the meeting that runs in the cloud room. The service's search is a fuzzy one over
// subjects and names too, so only the very ID counts.
func (c *Client) findInRoom(ctx context.Context, id string) (Meeting, error) {
	listed, _, err := c.search(ctx, id)
	if err != nil {
		return Meeting{}, err
	}
	for _, meeting := range listed {
		if meeting.RoomID == id || meeting.ID == id {
			return meeting, nil
		}
	}
	return Meeting{}, errNotListed
}

func (c *Client) readMeeting(ctx context.Context, id string) (Meeting, error) {
	detail, err := c.readDetail(ctx, id, 0, 1)
	if err != nil {
		return Meeting{}, err
	}
	return detail.meeting, nil
}

// detail is the online detail: the meeting and a page of those invited.
type detail struct {
	meeting      Meeting
	participants wireParticipantPage
}

// readDetail reads the detail with a part of its participants.
func (c *Client) readDetail(ctx context.Context, id string, offset, limit int) (detail, error) {
	reply, err := c.get(ctx, call{
		op:    opDetail,
		path:  detailPath,
		limit: listBody,
		query: url.Values{
			"conferenceID": {id}, "offset": {strconv.Itoa(offset)}, "limit": {strconv.Itoa(limit)},
		},
	})
	if err != nil {
		return detail{}, err
	}
	wire, err := decodeJSON[wireDetail](reply.body)
	if err != nil || len(wire.ConferenceData) == 0 {
		return detail{}, brokenAnswer(opDetail, reply)
	}
	return c.takeDetail(id, wire, reply)
}

func (c *Client) takeDetail(id string, wire wireDetail, reply answer) (detail, error) {
	read, err := decodeMeeting(wire.ConferenceData)
	if err != nil {
		failure := brokenAnswer(opDetail, reply)
		failure.Err = err
		return detail{}, failure
	}
	if read.meeting.ID != id && read.meeting.RoomID != id {
		return detail{}, &Error{Op: opDetail, Kind: ErrUnavailable, Status: reply.status, Err: errOtherMeeting}
	}
	if !read.running {
		return detail{}, &Error{Op: opDetail, Kind: ErrNotRunning, Status: reply.status}
	}
	c.chairs.remember(&read.meeting, read.password)
	return detail{meeting: read.meeting, participants: wire.Data.value}, nil
}

var errOtherMeeting = errors.New("answer is of another meeting")
