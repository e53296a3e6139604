package main

import (
	"os"
	"runtime"
	"runtime/debug"
	gauges "runtime/metrics"
)

// leastHeap is to what size the heap may grow before garbage is collected. Beyond it, it may grow by half: the
// bot holds a few megabytes, so that memory is cheap here and the processor is not, but a list of many thousand
// meetings is not to be held five times.
const leastHeap = 16 << 20

// growHeap has it so, unless the operator has decided otherwise.
func growHeap() {
	if os.Getenv("GOGC") == "" {
		paceCollector()
	}
}

// paceCollector sets how much may be added to what is in use, and does so again after each collection.
func paceCollector() {
	live := []gauges.Sample{{Name: "/gc/heap/live:bytes"}}
	gauges.Read(live)
	debug.SetGCPercent(growth(live[0].Value.Uint64()))
	again := new([64]byte) // found unused by the next collection
	runtime.AddCleanup(again, func(struct{}) { paceCollector() }, struct{}{})
}

// growth is by how much the heap may grow, in percent of what is in use.
func growth(live uint64) int {
	const usual, most = 50, 400 // the runtime reckons with four megabytes in use at least
	if live == 0 {
		return most
	}
	return int(min(max(leastHeap*100/live, usual+100), most+100)) - 100
}
