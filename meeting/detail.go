package meeting

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"strconv"
)

const (
	opDetail   = "read meeting"
	detailPath = listPath + "/confDetail"

	opBooked   = "read booked meeting"
	bookedPath = "/v1/mmc/management/conferences/confDetail"
)

// Get returns a running meeting (page meeting_21_0026). The ID is a conferenceID, or a cloud-room or personal ID, which Get
// looks up in the online list. ErrNotFound and ErrNotRunning are as the service tells them.
func (c *Client) Get(ctx context.Context, id string) (Meeting, error) {
	found, _, err := c.readDetail(ctx, id, true, 0, 1)
	if !isGone(err) {
		c.fill(ctx, &found)
		return found, err
	}
	c.passwords.forget(id)
	return c.findInRoom(ctx, id, err)
}

// Booked returns a meeting whether it runs or is still to come (page meeting_21_0018). Its times are those of the booking,
// and mislead once it runs. ErrNotFound means that it is neither.
func (c *Client) Booked(ctx context.Context, id string) (Meeting, error) {
	booked, _, err := c.readDetail(ctx, id, false, 0, 1)
	return booked, err
}

// findInRoom looks for the meeting that runs in the cloud room. If there is none, it returns the error gone. Only the very
// ID counts: the service's search is fuzzy, and covers subjects and names too.
func (c *Client) findInRoom(ctx context.Context, id string, gone error) (Meeting, error) {
	listed, err := c.search(ctx, id)
	if err != nil {
		return Meeting{}, err
	}
	for _, meeting := range listed.meetings {
		if meeting.RoomID == id || meeting.ID == id {
			c.fill(ctx, &meeting)
			return meeting, nil
		}
	}
	return Meeting{}, gone
}

// readDetail reads a meeting with a part of those invited. Of one that runs it reads the online detail, and remembers the
// host's password.
func (c *Client) readDetail(
	ctx context.Context, id string, running bool, offset, limit int,
) (Meeting, wirePage[wireParticipant], error) {
	detail := call{op: opBooked, path: bookedPath, limit: listBody}
	if running {
		detail.op, detail.path = opDetail, detailPath
	}
	none := wirePage[wireParticipant]{}
	if err := checkID(detail.op, id); err != nil {
		return Meeting{}, none, err
	}
	detail.query = url.Values{"conferenceID": {id}, "offset": {strconv.Itoa(offset)}, "limit": {strconv.Itoa(limit)}}
	reply, err := c.session.get(ctx, detail)
	if err != nil {
		return Meeting{}, none, err
	}
	wire, err := decodeJSON[wireDetail](reply.body)
	if err != nil {
		return Meeting{}, none, brokenAnswer(detail.op, reply, err)
	}
	read, err := decodeMeeting(wire.ConferenceData)
	switch {
	case err != nil:
		return Meeting{}, none, brokenAnswer(detail.op, reply, err)
	case !running:
		return read.meeting, wire.Data.value, nil
	case read.meeting.ID != id && read.meeting.RoomID != id:
		return Meeting{}, none, &Error{Op: opDetail, Kind: ErrUnavailable, Status: reply.status, Err: errOtherMeeting}
	case !read.running:
		return Meeting{}, none, &Error{Op: opDetail, Kind: ErrNotRunning, Status: reply.status}
	}
	c.passwords.remember(&read.meeting, read.password)
	return read.meeting, wire.Data.value, nil
}

var errOtherMeeting = errors.New("answer is of another meeting")

// wireDetail is a detail, online or not (0026, 0018).
type wireDetail struct {
	ConferenceData json.RawMessage                    `json:"conferenceData"`
	Data           lenient[wirePage[wireParticipant]] `json:"data"`
}

// wireParticipant is an invited person in a detail.
type wireParticipant struct {
	UserUUID  wireText `json:"userUUID"`
	AccountID wireText `json:"accountId"`
	Email     wireText `json:"email"`
	Name      wireText `json:"name"`
}
