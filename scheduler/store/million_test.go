package store_test

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler/store"
)

const million = 1_000_000

// keptMillion names a file that keeps the rows for the next time: to fill them in takes a minute.
const keptMillion = "OVERTIME_BENCH_MILLION"

// BenchmarkMillion is BenchmarkExtension and BenchmarkEnvelope above a million old extensions, envelopes and actions,
// and by turns on an empty database: ratio is how many times as long one takes above the rows, and cpu-ratio how many
// times as much processor time.
func BenchmarkMillion(b *testing.B) {
	empty := open(b, filepath.Join(b.TempDir(), "empty.db"))
	full := filled(b)
	number := int(time.Now().UnixMicro())
	for _, c := range []struct {
		name string
		call func(s *store.Store, call int) error
	}{{"extension", extension}, {"envelope", receive}} {
		b.Run(c.name, func(b *testing.B) {
			number += 1e9
			compared(b, empty, full, number, c.call)
		})
	}
}

// cost is what some calls took.
type cost struct{ time, processor time.Duration }

// compared makes the same calls on both by turns, so that whatever else the machine does slows both.
func compared(b *testing.B, empty, full *store.Store, first int, call func(s *store.Store, call int) error) {
	b.Helper()
	const turn = 1000
	costs := make(map[*store.Store]cost)
	b.ResetTimer()
	for done := 0; done < b.N; done += turn {
		for _, s := range []*store.Store{empty, full} {
			begun, before := time.Now(), processor(b)
			together(b, benchCallers, first+done, first+min(done+turn, b.N)-1, func(number int) error { return call(s, number) })
			costs[s] = cost{costs[s].time + time.Since(begun), costs[s].processor + processor(b) - before}
		}
	}
	b.StopTimer()
	b.ReportMetric(float64(costs[full].time)/float64(costs[empty].time), "ratio")
	b.ReportMetric(float64(costs[full].processor)/float64(costs[empty].processor), "cpu-ratio")
	b.ReportMetric(float64(costs[full].time.Nanoseconds())/float64(b.N)/1000, "full-µs/op")
}

// filled makes a database with a million old rows of each kind.
func filled(b *testing.B) *store.Store {
	b.Helper()
	path := cmp.Or(os.Getenv(keptMillion), filepath.Join(b.TempDir(), "full.db"))
	_, err := os.Stat(path)
	full := open(b, path)
	if errors.Is(err, fs.ErrNotExist) {
		store.Fill(b, full, million, 0)
	}
	return full
}
