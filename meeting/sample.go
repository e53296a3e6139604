package meeting

import (
	"context"
	"encoding/json"
	"maps"
)

// Sample is what the account sees of a few running meetings.
type Sample struct {
	Running    int  // as the service counts them; -1 where it does not say
	Seen       int  // that were looked at
	Extendable int  // of them: their host's password is known
	Unreadable int  // entries of a form that is not known
	All        bool // of the enterprise's list, as far as is known
	Refused    bool // the enterprise's was asked for, and refused: they are the account's own
}

// TakeSample looks at the first of the running meetings, at most so many. It reads one page of the list, and the detail of those
// that hide their host's password in the list: a call for each.
func TakeSample(ctx context.Context, c *Client, most int) (Sample, error) {
	var meetings []Meeting
	sample := Sample{Running: -1}
	err := c.lists.inScope(ctx, listPath, func(of scope) error {
		meetings, sample.Unreadable = nil, 0
		list := call{op: opList, path: listPath, query: maps.Clone(of.query), final: of.final}
		page, err := c.lists.readPage(ctx, list, 0, most, func(raw json.RawMessage) bool {
			switch read, err := decodeMeeting(raw); {
			case err != nil:
				sample.Unreadable++
			case read.running:
				c.passwords.remember(&read.meeting, read.password)
				meetings = append(meetings, read.meeting)
			}
			return true
		})
		if page.Count.known {
			sample.Running = int(page.Count.value)
		}
		return err
	})
	if err != nil {
		return sample, err
	}
	sample.All, sample.Refused = c.lists.seesAll(listPath), c.lists.scopes.wasRefused(listPath)
	for i := range meetings[:min(most, len(meetings))] {
		sample.Seen++
		if showsPassword(ctx, c, &meetings[i]) {
			sample.Extendable++
		}
	}
	return sample, nil
}

// showsPassword also asks where the bot does before it extends: the account's rooms, and the meeting's detail.
func showsPassword(ctx context.Context, c *Client, m *Meeting) bool {
	if c.fill(ctx, m); m.Extendable {
		return true
	}
	detail, _, err := c.readDetail(ctx, m.ID, true, 0, 1)
	return err == nil && detail.Extendable
}

// RoleOf is the role of the client's account, as the latest login told. It makes no call.
func RoleOf(c *Client) Role {
	c.session.mutex.Lock()
	defer c.session.mutex.Unlock()
	return c.session.role
}
