package meeting

import (
	"cmp"
	"context"
	"encoding/json"
	"net/url"
)

const (
	opAttendees   = "read attendees"
	attendeesPath = listPath + "/conf-attendee"
)

// Attendees returns who is in the meeting now; id is its conferenceID. It needs no chair password
// (ListOnlineConfAttendee).
func (c *Client) Attendees(ctx context.Context, id string) ([]Attendee, error) {
	if err := checkID(opAttendees, id); err != nil {
		return nil, err
	}
	attendees := []Attendee{}
	seen := make(map[string]bool)
	list := call{op: opAttendees, path: attendeesPath, query: url.Values{"conf_id": {id}}, limit: listBody}
	_, err := c.readPages(ctx, list, listReader{each: func(raw json.RawMessage) bool {
		wire, err := decodeJSON[wireAttendee](raw)
		if err != nil {
			c.config.Logger.WarnContext(ctx, "left an attendee out of the list", "error", err)
			return false
		}
		key := string(wire.ParticipantID)
		if key != "" && seen[key] {
			return false
		}
		seen[key] = true
		attendees = append(attendees, wire.attendee())
		return true
	}})
	if err != nil {
		return nil, err
	}
	return attendees, nil
}

func (w wireAttendee) attendee() Attendee {
	return Attendee{
		ID:      string(w.ParticipantID),
		Name:    string(w.Name),
		Account: string(cmp.Or(w.Account, w.ThirdAccount)),
		UserID:  string(w.UserID),
		Chair:   w.Role == "1" || w.Role == "chair",
	}
}
