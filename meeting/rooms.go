package meeting

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"
)

const (
	opRooms   = "list own cloud rooms"
	roomsPath = "/v1/usg/dcs/member/vmr"

	// roomsPage is more than a page's default size; how much more is allowed is not documented.
	roomsPage = 100
	mostRooms = 1000
	roomsFor  = 10 * time.Minute // how long the rooms are known before an unknown one has them read again
)

// ownRooms knows the host's passwords of the account's own cloud rooms (SearchMemberVmr), for meetings whose own entry hides
// it.
type ownRooms struct {
	session *session
	now     func() time.Time
	logger  *slog.Logger

	reading *semaphore.Weighted // one reads, and the others wait and find it read
	mutex   sync.Mutex
	again   time.Time
	byID    map[string]Secret // by vmrId, which people see
}

// fill completes a meeting that hides its host's password and runs in a room of the account's own. Where the rooms cannot be
// read, it leaves the meeting as it is.
func (c *Client) fill(ctx context.Context, meeting *Meeting) {
	if meeting.Extendable {
		return
	}
	if password, _ := c.passwords.of(meeting.ID); password != "" { // from an earlier read
		meeting.Extendable = true
		return
	}
	if meeting.RoomID == "" {
		return
	}
	if password := c.rooms.password(ctx, meeting.RoomID); password != "" {
		meeting.Extendable = true
		c.passwords.remember(meeting, password)
	}
}

// password returns the host's password of a room; "" if it is not the account's own, or that is not known.
func (r *ownRooms) password(ctx context.Context, room string) Secret {
	if password, again := r.known(room); password != "" || r.now().Before(again) {
		return password
	}
	if r.reading.Acquire(ctx, 1) != nil {
		return ""
	}
	defer r.reading.Release(1)
	password, again := r.known(room)
	if password != "" || r.now().Before(again) {
		return password
	}
	byID, err := r.read(ctx)
	switch {
	case errors.Is(err, context.Canceled):
		return ""
	case err != nil:
		r.logger.WarnContext(ctx, "the account's own cloud rooms, which may tell host passwords, are not known", "error", err)
	}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.again = r.now().Add(roomsFor)
	if err == nil {
		r.byID = byID
	}
	return r.byID[room]
}

func (r *ownRooms) known(room string) (Secret, time.Time) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return r.byID[room], r.again
}

func (r *ownRooms) read(ctx context.Context) (map[string]Secret, error) {
	byID := make(map[string]Secret)
	for offset := 0; offset < mostRooms; {
		reply, err := r.session.get(ctx, call{op: opRooms, path: roomsPath, query: url.Values{
			"offset": {strconv.Itoa(offset)}, "limit": {strconv.Itoa(roomsPage)},
		}})
		if err != nil {
			return nil, err
		}
		page, err := decodeJSON[wirePage[wireRoom]](reply.body)
		if err != nil {
			reply.body = nil // it may hold passwords
			return nil, brokenAnswer(opRooms, reply, errors.New("list of rooms cannot be read"))
		}
		for _, entry := range page.Data {
			if room := entry.value; room.VMRID != "" && room.ChairPwd != "" {
				byID[string(room.VMRID)] = Secret(room.ChairPwd)
			}
		}
		offset += len(page.Data)
		if len(page.Data) == 0 || !page.Count.known && len(page.Data) < roomsPage || page.Count.known && int64(offset) >= page.Count.value {
			break
		}
	}
	return byID, nil
}

// wireRoom is one of the account's cloud rooms, or its personal meeting ID.
type wireRoom struct {
	VMRID    wireText `json:"vmrId"` // a meeting's vmrConferenceID
	ChairPwd wireText `json:"chairPwd"`
}
