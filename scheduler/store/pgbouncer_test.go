package store_test

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler/store"
	"github.com/overtime-bot/overtime/scheduler/storetest"
)

// bounced is a database behind PgBouncer. Its clock is moved at the server.
type bounced struct {
	*server
	by *url.URL
}

func (b *bounced) Open(t *testing.T) *store.Store {
	t.Helper()
	return openPostgres(t, b.address())
}

func (b *bounced) URL() string { return b.address().String() }

func (b *bounced) address() *url.URL {
	address := *b.by
	address.Path = b.url.Path
	return &address
}

// No connection is a client's own for longer than a transaction: nothing may rest on what it has prepared, set or locked.
func TestPgBouncerKeepsTheContract(t *testing.T) {
	at := storetest.NewPostgres(t)
	db := &bounced{newServer(t, at.URL(), "bounced"), storetest.StartPgBouncer(t, at, 2)}
	db.Open(t)
	storetest.Run(t, func(t *testing.T) storetest.Database {
		db.empty(t)
		return db
	})
	var locks int
	if err := db.db.QueryRow("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'").Scan(&locks); err != nil || locks != 0 {
		t.Errorf("%d locks are left: %v", locks, err)
	}
}

// One connection to the server is enough for everything, also where several replicas start on an empty database at the
// same moment, and one of them is gone in the middle.
func TestPgBouncerWithOneConnection(t *testing.T) {
	at := storetest.NewPostgres(t)
	address := storetest.StartPgBouncer(t, at, 1)
	gone, leave := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer leave()
	var all sync.WaitGroup
	for replica := range 4 {
		all.Go(func() {
			ctx := t.Context()
			if replica == 0 {
				ctx = gone
			}
			s, err := store.Open(ctx, store.Config{URL: address.String()})
			if err != nil {
				if replica != 0 {
					t.Error(err)
				}
				return
			}
			for number := range 10 {
				if err := claimKey(t.Context(), s, fmt.Sprint(replica, " ", number)); err != nil {
					t.Error(err)
				}
			}
			_ = isBounded(t, "Close", promptly, func() error { return s.Close(t.Context()) })
		})
	}
	all.Wait()
}

// The server gives up for a client behind PgBouncer, too, and a client's limits are not another's.
func TestPgBouncerLimits(t *testing.T) {
	for name, setting := range map[string]string{
		"refused": "", "ignored": "ignore_startup_parameters = statement_timeout, idle_in_transaction_session_timeout",
	} {
		t.Run(name, func(t *testing.T) {
			s := openPostgres(t, storetest.StartPgBouncer(t, storetest.NewPostgres(t), 1, setting))
			if err := claimKey(t.Context(), s, "key"); err != nil {
				t.Error(err)
			}
			for _, limit := range []string{"statement_timeout", "idle_in_transaction_session_timeout"} {
				if got := store.SettingIn(t, s, limit); got != "10s" {
					t.Errorf("%s of a transaction is %s", limit, got)
				}
				if got := store.Setting(t, s, limit); got != "0" {
					t.Errorf("%s of everybody is %s", limit, got)
				}
			}
		})
	}
}

// What cannot work is refused with the name of the setting that is in the way.
func TestPgBouncerOfStatements(t *testing.T) {
	at := storetest.NewPostgres(t)
	s, err := store.Open(t.Context(), store.Config{URL: storetest.StartPgBouncer(t, at, 1, "pool_mode = statement").String()})
	if err == nil {
		_ = s.Close(t.Context())
		t.Fatal("it was opened")
	}
	if !strings.Contains(err.Error(), "PgBouncer") || !strings.Contains(err.Error(), "pool_mode") {
		t.Errorf("refused with %v", err)
	}
}
