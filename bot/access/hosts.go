package access

import (
	"context"
	"fmt"
	"time"

	"github.com/overtime-bot/overtime/meeting"
)

// HostFinder tells who scheduled a meeting. *meeting.Client is one.
type HostFinder interface {
	Host(ctx context.Context, id string) (meeting.Host, error)
}

const mostHosts = 10_000 // that are kept

// Hosts looks up the e-mail addresses of hosts, and keeps them for five minutes. It is safe for concurrent use.
type Hosts struct {
	finder HostFinder
	emails *lookups[string] // by the host's UUID
}

// NewHosts makes Hosts; it asks nothing yet.
func NewHosts(finder HostFinder, now func() time.Time) *Hosts {
	return &Hosts{finder: finder, emails: newLookups[string](mostHosts, now)}
}

// Lookup tells the e-mail of a meeting's host. With an error the look-up is one that failed, which opens nothing.
func (h *Hosts) Lookup(ctx context.Context, m meeting.Meeting) (HostLookup, error) {
	if email, ok := h.Known(m); ok {
		return HostLookup{Email: email}, nil
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
