package meeting

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"strings"
)

const (
	opAddressBook   = "search address book"
	addressBookPath = "/v1/usg/abs/users"
	// addressBookLimit is a page's default size; how much more is allowed is not documented.
	addressBookLimit = "100"
)

// Host returns who scheduled the meeting. The e-mail is that of the invited person whose userUUID is
// the meeting's, else the address book's for the same user ID or account; it is empty where neither says.
// Names are never matched: they are free text, and the e-mail gives rights.
func (c *Client) Host(ctx context.Context, id string) (Host, error) {
	if err := checkID(opDetail, id); err != nil {
		return Host{}, err
	}
	host, err := c.invitedHost(ctx, id)
	if isGone(err) {
		host, err = c.roomHost(ctx, id, err)
	}
	if err != nil || host.Email != "" || host.UUID == "" {
		return host, err
	}
	return c.hostInAddressBook(ctx, host)
}

// roomHost is the host of the meeting in the cloud room, if the ID is one's.
func (c *Client) roomHost(ctx context.Context, id string, gone error) (Host, error) {
	meeting, err := c.findInRoom(ctx, id)
	switch {
	case errors.Is(err, errNotListed) || (err == nil && meeting.ID == id):
		return Host{}, gone
	case err != nil:
		return Host{}, err
	}
	return c.invitedHost(ctx, meeting.ID)
}

// invitedHost looks for the scheduler among the people that the detail names.
func (c *Client) invitedHost(ctx context.Context, id string) (Host, error) {
	host := Host{}
	for page, offset := 0, 0; page < maxPages; page++ {
		read, err := c.readDetail(ctx, id, offset, pageSize)
		if err != nil {
			return Host{}, err
		}
		host = Host{UUID: read.meeting.HostUUID, Name: read.meeting.HostName}
		if person, ok := findParticipant(read.participants, host.UUID); ok {
			host.Account, host.Email = string(person.AccountID), strings.TrimSpace(string(person.Email))
			host.Name = cmp.Or(host.Name, string(person.Name))
			return host, nil
		}
		offset += len(read.participants.Data)
		if isLastPage(read.participants.Count, len(read.participants.Data), offset) {
			break
		}
	}
	return host, nil
}

func findParticipant(page wireParticipantPage, uuid string) (wireParticipant, bool) {
	for _, person := range page.Data {
		if uuid != "" && string(person.value.UserUUID) == uuid {
			return person.value, true
		}
	}
	return wireParticipant{}, false
}

// hostInAddressBook completes the host (page meeting_21_0512). An account that may not read the address book
// leaves the e-mail empty.
func (c *Client) hostInAddressBook(ctx context.Context, host Host) (Host, error) {
	key := cmp.Or(host.Account, host.Name)
	if key == "" {
		return host, nil
	}
	reply, err := c.get(ctx, call{
		op: opAddressBook, path: addressBookPath, limit: listBody,
		query: url.Values{"searchKey": {key}, "offset": {"0"}, "limit": {addressBookLimit}},
	})
	switch {
	case errors.Is(err, ErrForbidden), errors.Is(err, ErrNotFound), errors.Is(err, ErrInvalid):
		c.config.Logger.WarnContext(ctx, "address book does not tell the host's e-mail", "error", err)
		return host, nil
	case err != nil:
		return Host{}, err
	}
	book, err := decodeJSON[wireAddressBook](reply.body)
	if err != nil || book.Data == nil && (!book.Count.known || book.Count.value != 0) {
		return Host{}, brokenAnswer(opAddressBook, reply)
	}
	for _, person := range book.Data {
		host = host.completedBy(person.value)
	}
	return host, nil
}

// completedBy takes e-mail and account from an address-book entry of the very same person.
func (h Host) completedBy(person wirePerson) Host {
	if h.Email != "" {
		return h
	}
	same := string(person.ID) == h.UUID
	if person.ID == "" {
		same = h.Account != "" && string(person.Account) == h.Account
	}
	if same {
		h.Email = strings.TrimSpace(string(person.Email))
		h.Account = cmp.Or(h.Account, string(person.Account))
	}
	return h
}
