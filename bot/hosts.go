package bot

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/overtime-bot/overtime/meeting"
)

const (
	hostFor  = 5 * time.Minute // how long a host's e-mail is trusted
	hostsMax = 10_000          // that are kept; then all are forgotten
)

// hostCache knows the e-mails of hosts, by the scheduler's UUID. A failed look-up is not kept.
type hostCache struct {
	hosts Hosts
	now   func() time.Time

	mu    sync.Mutex
	known map[string]knownHost
}

type knownHost struct {
	email string
	at    time.Time
}

func newHostCache(hosts Hosts, now func() time.Time) *hostCache {
	return &hostCache{hosts: hosts, now: now, known: make(map[string]knownHost)}
}

// lookup tells the e-mail of a meeting's host. With an error the look-up is one that failed, and opens nothing.
func (h *hostCache) lookup(ctx context.Context, m meeting.Meeting) (*HostLookup, error) {
	if email, ok := h.cached(m.HostUUID); ok {
		return &HostLookup{Email: email}, nil
	}
	host, err := h.hosts.Host(ctx, m.ID)
	if err != nil {
		return &HostLookup{Failed: true}, fmt.Errorf("looking up the host of meeting %s: %w", m.ID, err)
	}
	h.keep(host)
	return &HostLookup{Email: host.Email}, nil
}

func (h *hostCache) cached(uuid string) (string, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	known, ok := h.known[uuid]
	return known.email, ok && uuid != "" && h.now().Sub(known.at) < hostFor
}

// knows says that a person is known to be a meeting's host, without a look-up.
func (h *hostCache) knows(m meeting.Meeting, person Person) bool {
	email, ok := h.cached(m.HostUUID)
	return ok && person.Hosts(email)
}

func (h *hostCache) keep(host meeting.Host) {
	if host.UUID == "" {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.known) >= hostsMax {
		clear(h.known)
	}
	h.known[host.UUID] = knownHost{email: host.Email, at: h.now()}
}
