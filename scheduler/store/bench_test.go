package store_test

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"os"
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
	extend(b, s, 0)
}

// BenchmarkMillion is BenchmarkExtension above a million rows. To fill them in takes minutes: OVERTIME_BENCH_MILLION
// names a file that keeps them.
func BenchmarkMillion(b *testing.B) {
	path := cmp.Or(os.Getenv("OVERTIME_BENCH_MILLION"), filepath.Join(b.TempDir(), "overtime.db"))
	s := open(b, path)
	fill(b, path)
	next := int(time.Now().UnixMicro())
	b.Run("rows", func(b *testing.B) {
		next += 1e9
		extend(b, s, next)
	})
}

func fill(b *testing.B, path string) {
	b.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`WITH RECURSIVE n (i) AS
		(SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM extensions) UNION ALL SELECT i + 1 FROM n WHERE i < 1000000)
		INSERT INTO extensions (key, attempt, envelope, run, meeting_id, origin, team, person, minutes, platform,
			state, created_at, updated_at, settle_at, counted)
		SELECT lower(hex(randomblob(18))), 1, lower(hex(randomblob(18))), (914083136 + i % 1000) || '/' || -i,
			914083136 + i % 1000, 'command', 'T012345', 'U' || i % 2000, 30, 0,
			'confirmed', (unixepoch() - i * 10) * 1000, unixepoch() * 1000, 0, 30 FROM n`); err != nil {
		b.Fatal(err)
	}
}

func extend(b *testing.B, s *store.Store, first int) {
	b.Helper()
	ctx := context.Background()
	measured(b, benchCallers, func(call int) error {
		call += first
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
		id := envelopeID(call)
		if _, err := s.StoreEnvelope(ctx, store.Envelope{ID: id, Type: "slash_commands", Payload: payload}, "one", time.Minute); err != nil {
			return err
		}
		return s.AnswerEnvelope(ctx, id, false)
	})
}

var benchLimits = scheduler.Limits{RunMinutes: 240, DailyMinutes: 1 << 30, PersonRate: 1 << 30}

// wish is spread over the indexes as real ones are: envelopes are random, and meetings take turns.
func wish(call int) scheduler.Extension {
	meetingID := strconv.Itoa(914083136 + call%100)
	return scheduler.Extension{
		Key: envelopeID(call), Envelope: envelopeID(call), Run: fmt.Sprintf("%s/%d", meetingID, call), MeetingID: meetingID,
		Origin: scheduler.FromCommand, Actor: scheduler.Actor{Team: "T012345", User: fmt.Sprintf("U%d", call/5%2000)}, Minutes: 30,
	}
}

// envelopeID looks like a random UUID.
func envelopeID(call int) string {
	sum := sha256.Sum256([]byte(strconv.Itoa(call)))
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
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
