package access

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/overtime-bot/overtime/meeting"
)

// HostFinder tells who scheduled a meeting, and which accounts of the meeting service have an address. *meeting.Client is
// one.
type HostFinder interface {
	Host(ctx context.Context, id string) (meeting.Host, error)
	Accounts(ctx context.Context, email string) ([]meeting.Host, error)
}

const (
	mostHosts = 10_000 // that are kept

	freshAccounts   = 30 * time.Second // as of people in Slack
	accountSearches = 60               // a minute that may look up again what still holds: half of them, and more the older it is
	accountTimeout  = 5 * time.Second  // of one search, which may wait for its turn
)

// Hosts says whether people host meetings. It looks up a person's own accounts by their address, and those accounts are
// compared with the hosts that the list of meetings tells: one look-up for any number of meetings, and none about a meeting
// that is not theirs. It looks people up again after 30 s, and keeps what it found for five minutes where the service does
// not tell. It is safe for concurrent use.
type Hosts struct {
	finder   HostFinder
	accounts *lookups[accounts] // by the address
	emails   *lookups[string]   // by the host's UUID
}

// accounts are those of the meeting service that have an address.
type accounts struct {
	ids     []string
	refused bool // the service lets us read no address book
}

// NewHosts makes Hosts; it asks nothing yet.
func NewHosts(finder HostFinder, now func() time.Time) *Hosts {
	h := &Hosts{finder: finder, accounts: newLookups[accounts](mostHosts, now), emails: newLookups[string](mostHosts, now)}
	h.accounts.fresh, h.accounts.budget, h.accounts.timeout = freshAccounts, &budget{most: accountSearches}, accountTimeout
	return h
}

// For says whether a person hosts the meeting: then the host's address is theirs. With an error the look-up is one that
// failed, which opens nothing. Where the service lets nobody read its address book, the meeting's own detail must tell.
func (h *Hosts) For(ctx context.Context, person Person, m meeting.Meeting) (HostLookup, error) {
	own, err := h.own(ctx, person)
	switch {
	case err != nil:
		return HostLookup{Failed: true}, err
	case own.refused:
		return h.Lookup(ctx, m)
	case m.HostUUID != "" && slices.Contains(own.ids, m.HostUUID):
		return HostLookup{Email: person.Email}, nil
	}
	return HostLookup{}, nil
}

// hosted gives a function that says which meetings a person hosts, from one look-up for all of them.
func (h *Hosts) hosted(ctx context.Context, person Person) (func(meeting.Meeting) bool, error) {
	own, err := h.own(ctx, person)
	if err == nil && own.refused {
		err = errNoAddressBook
	}
	return func(m meeting.Meeting) bool { return m.HostUUID != "" && slices.Contains(own.ids, m.HostUUID) }, err
}

var errNoAddressBook = errors.New("the meeting service lets the bot read no address book")

// own finds the accounts of a person. An address that Slack has not confirmed could be anybody's, and has none.
func (h *Hosts) own(ctx context.Context, person Person) (accounts, error) {
	email := address(person.Email)
	if !person.EmailConfirmed || email == "" {
		return accounts{}, nil
	}
	return h.accounts.get(ctx, email, func(ctx context.Context) (accounts, error) {
		found, err := h.finder.Accounts(ctx, email)
		if errors.Is(err, meeting.ErrForbidden) || errors.Is(err, meeting.ErrNotFound) || errors.Is(err, meeting.ErrInvalid) {
			return accounts{refused: true}, nil
		}
		if err != nil {
			return accounts{}, fmt.Errorf("looking up somebody's own account: %w", err)
		}
		var own accounts
		for _, account := range found { // the search is fuzzy
			if account.UUID != "" && address(account.Email) == email {
				own.ids = append(own.ids, account.UUID)
			}
		}
		return own, nil
	})
}

// Lookup tells the e-mail of a meeting's host. With an error the look-up is one that failed, which opens nothing.
func (h *Hosts) Lookup(ctx context.Context, m meeting.Meeting) (HostLookup, error) {
	if found, ok := h.emails.kept(m.HostUUID); ok {
		return HostLookup{Email: found.value}, nil
	}
	asked := h.emails.now()
	host, err := h.finder.Host(ctx, m.ID)
	if err != nil {
		return HostLookup{Failed: true}, fmt.Errorf("looking up the host of meeting %s: %w", m.ID, err)
	}
	if host.UUID != "" { // or one host would be taken for another
		h.emails.keep(host.UUID, host.Email, asked)
	}
	return HostLookup{Email: host.Email}, nil
}

// Known gives the e-mail of a meeting's host that was looked up recently, without a look-up.
func (h *Hosts) Known(m meeting.Meeting) (string, bool) {
	found, ok := h.emails.kept(m.HostUUID)
	return found.value, ok
}

// Hosted gives a function that says which meetings somebody hosts, from one look-up for all of them. With an error it is
// not known which, and the function says none.
func (g *Gate) Hosted(ctx context.Context, s Subject) (func(meeting.Meeting) bool, error) {
	return g.Hosts.hosted(ctx, s.Person)
}
