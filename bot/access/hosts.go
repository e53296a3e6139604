package access

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/overtime-bot/overtime/meeting"
)

const (
	HostFor  = 5 * time.Minute // how long a host's e-mail is trusted
	HostsMax = 10_000          // that are kept; then all are forgotten
)

// HostFinder tells who scheduled a meeting.
type HostFinder interface {
	Host(ctx context.Context, id string) (meeting.Host, error)
}

// hostCache knows the e-mails of hosts, by the scheduler's UUID. A failed look-up is not kept.
type HostCache struct {
	hosts HostFinder
	now   func() time.Time

	mu    sync.Mutex
	Known map[string]knownHost
}

type knownHost struct {
	email string
	at    time.Time
}

func NewHostCache(hosts HostFinder, now func() time.Time) *HostCache {
	return &HostCache{hosts: hosts, now: now, Known: make(map[string]knownHost)}
}

// lookup tells the e-mail of a meeting's host. With an error the look-up is one that failed, and opens nothing.
func (h *HostCache) Lookup(ctx context.Context, m meeting.Meeting) (*HostLookup, error) {
	if email, ok := h.Cached(m.HostUUID); ok {
		return &HostLookup{Email: email}, nil
	}
	host, err := h.hosts.Host(ctx, m.ID)
	if err != nil {
		return &HostLookup{Failed: true}, fmt.Errorf("looking up the host of meeting %s: %w", m.ID, err)
	}
	h.Keep(host)
	return &HostLookup{Email: host.Email}, nil
}

func (h *HostCache) Cached(uuid string) (string, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	known, ok := h.Known[uuid]
	return known.email, ok && uuid != "" && h.now().Sub(known.at) < HostFor
}

// knows says that a person is known to be a meeting's host, without a look-up.
func (h *HostCache) Knows(m meeting.Meeting, person Person) bool {
	email, ok := h.Cached(m.HostUUID)
	return ok && person.Hosts(email)
}

func (h *HostCache) Keep(host meeting.Host) {
	if host.UUID == "" {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.Known) >= HostsMax {
		clear(h.Known)
	}
	h.Known[host.UUID] = knownHost{email: host.Email, at: h.now()}
}
