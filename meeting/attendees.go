package meeting

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
)

const (
	opAttendees   = "read attendees"
	attendeesPath = listPath + "/conf-attendee"
)

// Attendees returns who is in the meeting now; id is its conferenceID. It needs no host's password (ListOnlineConfAttendee).
func (c *Client) Attendees(ctx context.Context, id string) ([]Attendee, error) {
	if err := checkID(opAttendees, id); err != nil {
		return nil, err
	}
	attendees := []Attendee{}
	seen := make(map[string]bool)
	list := call{op: opAttendees, path: attendeesPath, query: url.Values{"conf_id": {id}}}
	unread := 0
	_, err := c.lists.readPages(ctx, list, pageTaker{each: func(raw json.RawMessage) bool {
		wire, err := decodeJSON[wireAttendee](raw)
		if err != nil {
			c.config.Logger.WarnContext(ctx, "left an attendee out of the list", "error", err)
			unread++
			return false
		}
		key := string(wire.ParticipantID)
		if key != "" && seen[key] {
			return false
		}
		seen[key] = true
		attendees = append(attendees, Attendee{
			ID:      key,
			Name:    string(wire.Name),
			Account: string(cmp.Or(wire.Account, wire.ThirdAccount)),
			UserID:  string(wire.UserID),
			Chair:   wire.Role == "1" || wire.Role == "chair",
		})
		return true
	}})
	if err != nil {
		return nil, err
	}
	if unread > 0 && len(attendees) == 0 {
		return nil, &Error{Op: opAttendees, Kind: ErrUnavailable, Status: http.StatusOK, Err: fmt.Errorf("none of %d entries can be read", unread)}
	}
	return attendees, nil
}

// wireAttendee is one who is in the meeting. Only this call speaks snake_case.
type wireAttendee struct {
	ParticipantID wireText `json:"participant_id"`
	Name          wireText `json:"name"`
	Role          wireText `json:"role"` // 1 or chair is the host
	Account       wireText `json:"account"`
	ThirdAccount  wireText `json:"third_account"`
	UserID        wireText `json:"user_id"`
}
