package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/store"
)

const benchCallers = 32

// BenchmarkFloor is a bare loop of INSERT and COMMIT by one caller, without checks and indexes.
func BenchmarkFloor(b *testing.B) {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(b.TempDir(), "floor.db")+
		"?_journal_mode=WAL&_synchronous=FULL&_txlock=immediate")
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if _, err := db.Exec("CREATE TABLE floor (id INTEGER PRIMARY KEY, run TEXT, state TEXT, at INTEGER)"); err != nil {
		b.Fatal(err)
	}
	insert, err := db.Prepare("INSERT INTO floor (run, state, at) VALUES (?, 'sent', ?)")
	if err != nil {
		b.Fatal(err)
	}
	measured(b, 1, func(call int) error {
		_, err := insert.Exec("run "+strconv.Itoa(call), call)
		return err
	})
}

// BenchmarkExtension is what one extension writes: a claim, the aim and the end; three calls.
func BenchmarkExtension(b *testing.B) {
	s := open(b, filepath.Join(b.TempDir(), "overtime.db"))
	ctx := context.Background()
	measured(b, benchCallers, func(call int) error {
		claimed, err := s.Claim(ctx, wish(call), benchLimits, time.Minute)
		if err != nil {
			return err
		}
		if err := s.Aim(ctx, claimed.ID, time.Unix(1e9, 0), time.Unix(1e9+900, 0), time.Minute); err != nil {
			return err
		}
		_, err = s.Move(ctx, claimed.ID, scheduler.Sent, scheduler.Confirmed, scheduler.Ending{After: time.Unix(1e9+900, 0)})
		return err
	})
}

// BenchmarkEnvelope is what one envelope writes: stored and answered; two calls.
func BenchmarkEnvelope(b *testing.B) {
	s := open(b, filepath.Join(b.TempDir(), "overtime.db"))
	ctx := context.Background()
	payload := make([]byte, 900)
	measured(b, benchCallers, func(call int) error {
		id := fmt.Sprintf("%08x-aaaa-bbbb-cccc-0123456789ab", call*2654435761)
		if _, err := s.StoreEnvelope(ctx, store.Envelope{ID: id, Type: "slash_commands", Payload: payload}, "one", time.Minute); err != nil {
			return err
		}
		return s.AnswerEnvelope(ctx, id, false)
	})
}

var benchLimits = scheduler.Limits{RunMinutes: 240, DailyMinutes: 1 << 30, PersonRate: 1 << 30}

func wish(call int) scheduler.Extension {
	return scheduler.Extension{
		Key: fmt.Sprintf("%08x-aaaa-bbbb-cccc-0123456789ab", call*2654435761), Envelope: "envelope",
		Run: "914083136/" + strconv.Itoa(call), MeetingID: strconv.Itoa(914083136 + call%1000),
		Origin: scheduler.FromCommand, Actor: scheduler.Actor{Team: "T012345", User: "U" + strconv.Itoa(call/5)}, Minutes: 30,
	}
}

// measured runs call in several goroutines until all are done, and reports processor time, too.
func measured(b *testing.B, callers int, call func(int) error) {
	b.Helper()
	var next atomic.Int64
	var all sync.WaitGroup
	before := processor(b)
	b.ResetTimer()
	for range callers {
		all.Go(func() {
			for {
				number := int(next.Add(1))
				if number > b.N {
					return
				}
				if err := call(number); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	b.StopTimer()
	b.ReportMetric(float64(processor(b)-before)/float64(b.N)/1000, "cpu-µs/op")
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "op/s")
}

func processor(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

func open(t testing.TB, path string) *store.Store {
	t.Helper()
	s, err := store.Open(context.Background(), store.Config{URL: path})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}
