package store_test

import (
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler/store"
)

const million = 1_000_000

// BenchmarkMillion is BenchmarkExtension and BenchmarkEnvelope above a million old extensions, envelopes and actions,
// and by turns on a database that has the benchmark's own rows alone: ratio is how many times as long one takes above
// the million, and cpu-ratio how many times as much processor time.
func BenchmarkMillion(b *testing.B) {
	empty := open(b, filepath.Join(b.TempDir(), "empty.db"))
	full := open(b, filepath.Join(b.TempDir(), "full.db"))
	store.Fill(b, full, million, 48*time.Hour) // no day's limit counts them
	number := 0
	for _, c := range []struct {
		name string
		call func(s *store.Store, call int) error
	}{{"extension", extendOnce}, {"envelope", receive}} {
		b.Run(c.name, func(b *testing.B) {
			number += 1e9
			compared(b, empty, full, number, c.call)
		})
	}
}

// compared makes the same calls on both by turns, and takes the middle of their ratios: what else the machine does at
// one moment spoils one turn.
func compared(b *testing.B, empty, full *store.Store, first int, call func(s *store.Store, call int) error) {
	b.Helper()
	const turn, warm = 1000, 10_000
	take := func(s *store.Store, first, last int) (elapsed, used time.Duration) {
		begun, before := time.Now(), processor(b)
		together(b, benchCallers, first, last, func(number int) error { return call(s, number) })
		return time.Since(begun), processor(b) - before
	}
	for _, s := range []*store.Store{empty, full} { // their caches are as in a process that has run for a while
		take(s, first-warm, first-1)
	}
	var times, processors []float64
	b.ResetTimer()
	for done := 0; done < b.N; done += turn {
		from, to := first+done, first+min(done+turn, b.N)-1
		emptyTime, emptyProcessor := take(empty, from, to)
		fullTime, fullProcessor := take(full, from, to)
		times = append(times, float64(fullTime)/float64(emptyTime))
		processors = append(processors, float64(fullProcessor)/float64(emptyProcessor))
	}
	b.StopTimer()
	b.ReportMetric(middle(times), "ratio")
	b.ReportMetric(middle(processors), "cpu-ratio")
}

func middle(of []float64) float64 {
	slices.Sort(of)
	return of[len(of)/2]
}
