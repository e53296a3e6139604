package meeting

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

const (
	opAddressBook   = "search address book"
	addressBookPath = "/v1/usg/abs/users"
	// addressBookPage is more than a page's default size; how much more is allowed is not documented.
	addressBookPage = 100
)

// Host returns who scheduled the meeting. The e-mail is that of the invited person whose userUUID is the meeting's.
// Otherwise it is the address book's for the same user ID or account, or empty. Names are never matched: they are free text,
// and the e-mail gives rights.
func (c *Client) Host(ctx context.Context, id string) (Host, error) {
	host, err := c.invitedHost(ctx, id)
	if isGone(err) {
		inRoom, roomErr := c.findInRoom(ctx, id, err)
		switch {
		case roomErr != nil:
			return Host{}, roomErr
		case inRoom.ID == id: // the list lags
			return Host{}, err
		}
		host, err = c.invitedHost(ctx, inRoom.ID)
	}
	if err != nil || host.Email != "" || host.UUID == "" {
		return host, err
	}
	return c.hostInAddressBook(ctx, host)
}

// invitedHost looks for the scheduler among the people that the detail names.
func (c *Client) invitedHost(ctx context.Context, id string) (Host, error) {
	host, size := Host{}, pageSize
	for page, offset := 0, 0; page < maxPages; page++ {
		meeting, invited, err := c.readDetail(ctx, id, true, offset, size)
		if errors.Is(err, errTooLong) && size > smallestPage {
			size = smaller(size)
			continue
		}
		if err != nil {
			return Host{}, err
		}
		host = Host{UUID: meeting.HostUUID, Name: meeting.HostName}
		for _, entry := range invited.Data {
			if person := entry.value; host.UUID != "" && string(person.UserUUID) == host.UUID {
				host.Account, host.Email = string(person.AccountID), strings.TrimSpace(string(person.Email))
				host.Name = cmp.Or(host.Name, string(person.Name))
				return host, nil
			}
		}
		offset += len(invited.Data)
		if isLastPage(invited.Count, len(invited.Data), size, offset) {
			break
		}
	}
	return host, nil
}

// hostInAddressBook completes the host (page meeting_21_0512). An account that may not read the address book leaves the
// e-mail empty.
func (c *Client) hostInAddressBook(ctx context.Context, host Host) (Host, error) {
	key := cmp.Or(host.Account, host.Name)
	if key == "" {
		return host, nil
	}
	book, _, err := c.readAddressBook(ctx, key, 0)
	switch {
	case errors.Is(err, ErrForbidden), errors.Is(err, ErrNotFound), errors.Is(err, ErrInvalid):
		c.config.Logger.WarnContext(ctx, "address book does not tell the host's e-mail", "error", err)
		return host, nil
	case err != nil:
		return Host{}, err
	}
	for _, entry := range book.Data {
		person := entry.value
		same := string(person.ID) == host.UUID
		if person.ID == "" {
			same = host.Account != "" && string(person.Account) == host.Account
		}
		if same && host.Email == "" {
			host.Email = strings.TrimSpace(string(person.Email))
			host.Account = cmp.Or(host.Account, string(person.Account))
		}
	}
	return host, nil
}

// Accounts returns the accounts that the address book finds by an e-mail address, and perhaps others: the search is fuzzy.
// Accounts that the book does not give a user ID are left out. ErrForbidden means that the account may not read the book,
// or that the book gives no user IDs.
func (c *Client) Accounts(ctx context.Context, email string) ([]Host, error) {
	var found []Host
	unnamed := 0
	for page, offset := 0, 0; page < maxPages; page++ {
		book, last, err := c.readAddressBook(ctx, email, offset)
		if err != nil {
			return nil, err
		}
		for _, entry := range book.Data {
			if person := entry.value; person.ID != "" {
				found = append(found, Host{
					UUID: string(person.ID), Account: string(person.Account), Name: string(person.Name), Email: strings.TrimSpace(string(person.Email)),
				})
			} else {
				unnamed++
			}
		}
		if offset += len(book.Data); last {
			break
		}
	}
	if len(found) == 0 && unnamed > 0 {
		return nil, &Error{Op: opAddressBook, Kind: ErrForbidden, Err: errNoUserIDs}
	}
	return found, nil
}

var errNoUserIDs = errors.New("the address book gives no user IDs")

// readAddressBook reads one page of those whom a search finds (page meeting_21_0512), and tells whether it is the last.
func (c *Client) readAddressBook(ctx context.Context, key string, offset int) (book wirePage[wirePerson], last bool, err error) {
	reply, err := c.session.get(ctx, call{
		op: opAddressBook, path: addressBookPath, limit: listBody,
		query: url.Values{"searchKey": {key}, "offset": {strconv.Itoa(offset)}, "limit": {strconv.Itoa(addressBookPage)}},
	})
	if err != nil {
		return book, false, err
	}
	book, err = decodeJSON[wirePage[wirePerson]](reply.body)
	readable := func(entry lenient[wirePerson]) bool { return entry.value.ID != "" || entry.value.Account != "" }
	unreadable := len(book.Data) > 0 && !slices.ContainsFunc(book.Data, readable)
	if err != nil || unreadable || book.Data == nil && (!book.Count.known || book.Count.value != 0) {
		return book, false, brokenAnswer(opAddressBook, reply, errBrokenJSON)
	}
	entries := len(book.Data)
	if book.Count.known && book.Count.value > 0 {
		return book, entries == 0 || int64(offset+entries) >= book.Count.value, nil
	}
	return book, entries < addressBookPage, nil
}

// wirePerson is an entry of the address book (0512).
type wirePerson struct {
	ID      wireText `json:"id"`
	Account wireText `json:"account"`
	Email   wireText `json:"email"`
	Name    wireText `json:"name"`
}
