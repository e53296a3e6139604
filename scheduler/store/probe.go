package store

import (
	"context"
	"sync/atomic"
	"time"
)

const (
	probeEvery = 5 * time.Second
	// probeSize is about what a command writes: on a disk that is nearly full, less would get through alone.
	probeSize   = 8 << 10
	upsertProbe = `INSERT INTO probe (id, written_at, filler) VALUES (1, @now, ?)
		ON CONFLICT (id) DO UPDATE SET written_at = excluded.written_at, filler = excluded.filler`
)

// probed is a database whose ping also writes: a full disk lets everything be read.
type probed struct {
	database
	well atomic.Pointer[time.Time] // when a probe was written last; nil after any write that failed
}

func (p *probed) write(ctx context.Context, how manner, do func(context.Context, session) error) error {
	err := p.database.write(ctx, how, do)
	if err != nil {
		p.well.Store(nil)
	}
	return err
}

func (p *probed) ping(ctx context.Context) error {
	if err := p.database.ping(ctx); err != nil {
		return err
	}
	if last := p.well.Load(); last != nil && time.Since(*last) < probeEvery {
		return nil
	}
	now := time.Now()
	_, err := exec(ctx, p, "write", upsertProbe, make([]byte, probeSize))
	if err == nil {
		p.well.Store(&now)
	}
	return err
}
