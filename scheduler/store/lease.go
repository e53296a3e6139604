package store

import (
	"context"
	"time"
)

const (
	// A lease that lasts for more than twice its time was taken before the clock was set back: its holder may be gone.
	upsertLease = `INSERT INTO leases (name, owner, held_until) VALUES (?, ?, @now + ?)
		ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, held_until = excluded.held_until
		WHERE leases.owner = excluded.owner OR leases.held_until <= @now
			OR leases.held_until > @now + 2 * ?`
	deleteLease = `DELETE FROM leases WHERE name = ? AND owner = ?`
)

// Lease takes the lease of that name for ttl from now, or renews it, and tells whether owner holds it. Of any
// number of owners one does; another gets it once ttl is over by the database's clock, or it was released.
func (s *Store) Lease(ctx context.Context, name, owner string, ttl time.Duration) (held bool, err error) {
	return writeOne(ctx, s, "take lease "+name, func(ctx context.Context, tx session) (bool, error) {
		changed, err := tx.exec(ctx, upsertLease, name, owner, ttl.Milliseconds(), ttl.Milliseconds())
		return changed == 1, err
	})
}

// ReleaseLease gives the lease up, for another to take it at once. A lease that owner does not hold stays as it is.
func (s *Store) ReleaseLease(ctx context.Context, name, owner string) error {
	return change(ctx, s, "release lease "+name, func(ctx context.Context, tx session) error {
		_, err := tx.exec(ctx, deleteLease, name, owner)
		return err
	})
}
