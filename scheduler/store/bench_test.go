package store_test

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler/extension"
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

func extend(b *testing.B, s *store.Store, first int) {
	b.Helper()
	measured(b, benchCallers, func(call int) error { return extendOnce(s, first+call) })
}

func extendOnce(s *store.Store, call int) error {
	ctx := context.Background()
	claimed, err := s.Ledger.Claim(ctx, wish(call), benchLimits, time.Minute)
	if err != nil {
		return err
	}
	if err := s.Ledger.Aim(ctx, claimed.ID, time.Unix(1e9, 0), time.Unix(1e9+900, 0), time.Minute); err != nil {
		return err
	}
	_, err = s.Ledger.Move(ctx, claimed.ID, extension.Sent, extension.Confirmed, extension.Ending{After: time.Unix(1e9+900, 0)})
	return err
}

// BenchmarkEnvelope is what one envelope writes: stored and answered; two calls.
func BenchmarkEnvelope(b *testing.B) {
	s := open(b, filepath.Join(b.TempDir(), "overtime.db"))
	measured(b, benchCallers, func(call int) error { return receive(s, call) })
}

// BenchmarkRuns is what a look at 10,000 runs reads, of which few have rows: two calls.
func BenchmarkRuns(b *testing.B) {
	s := open(b, filepath.Join(b.TempDir(), "overtime.db"))
	store.Fill(b, s, 20_000, 48*time.Hour)
	runs := make([]string, 10_000)
	for at := range runs {
		runs[at] = fmt.Sprintf("91408%04d@%d", at, 1_700_000_000+at*60)
		if at%100 == 0 {
			runs[at] = fmt.Sprintf("%d@%d", 914083136+(at+1)%1000, at+1) // as Fill names them
		}
	}
	b.ResetTimer()
	measured(b, 1, func(int) error {
		sums, err := s.History.Runs(b.Context(), runs)
		if err == nil && sums[runs[0]].Minutes == 0 {
			err = errors.New("the filled run has no minutes")
		}
		_, promptsErr := s.Prompts.Prompts(b.Context(), runs)
		return errors.Join(err, promptsErr)
	})
}

var benchPayload = make([]byte, 900)

func receive(s *store.Store, call int) error {
	ctx, id := context.Background(), envelopeID(call)
	if _, err := s.Inbox.StoreEnvelope(ctx, store.Envelope{ID: id, Type: "slash_commands", Payload: benchPayload}, "one", time.Minute); err != nil {
		return err
	}
	return s.Inbox.AnswerEnvelopes(ctx, map[string]bool{id: false})
}

var benchLimits = extension.Limits{RunMinutes: 240, DailyMinutes: 1 << 30, PersonRate: 1 << 30}

// wish is spread over the indexes as real ones are: envelopes are random, and meetings take turns.
func wish(call int) extension.Extension {
	meetingID := strconv.Itoa(914083136 + call%100)
	return extension.Extension{
		Key: envelopeID(call), Envelope: envelopeID(call), Run: fmt.Sprintf("%s/%d", meetingID, call), MeetingID: meetingID,
		Origin: extension.FromCommand, Actor: extension.Actor{Team: "T012345", User: fmt.Sprintf("U%d", call/5%2000)}, Minutes: 30,
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
	before := processor(b)
	b.ResetTimer()
	together(b, callers, 1, b.N, call)
	b.StopTimer()
	b.ReportMetric(float64(processor(b)-before)/float64(b.N)/1000, "cpu-µs/op")
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "op/s")
}

// together makes the calls from first to last in several goroutines, and returns when all are done.
func together(b *testing.B, callers, first, last int, call func(int) error) {
	b.Helper()
	var next atomic.Int64
	next.Store(int64(first))
	var all sync.WaitGroup
	for range callers {
		all.Go(func() {
			for number := next.Add(1) - 1; number <= int64(last); number = next.Add(1) - 1 {
				if err := call(int(number)); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
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
		if err := s.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return s
}
