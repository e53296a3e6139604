package slacksim

import (
	"sync"
	"time"
)

// timers runs functions later, and can be stopped and waited for as a whole.
type timers struct {
	mu      sync.Mutex
	stopped bool
	serial  int
	waiting map[int]*time.Timer
	running sync.WaitGroup
}

// after calls do in its own goroutine once d has passed, unless cancel is called or the timers are stopped first.
func (t *timers) after(d time.Duration, do func()) (cancel func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.stopped {
		return func() {}
	}
	if t.waiting == nil {
		t.waiting = map[int]*time.Timer{}
	}
	t.serial++
	id := t.serial
	t.running.Add(1)
	timer := time.AfterFunc(d, func() {
		defer t.running.Done()
		t.forget(id)
		do()
	})
	t.waiting[id] = timer
	return func() {
		t.forget(id)
		if timer.Stop() {
			t.running.Done()
		}
	}
}

func (t *timers) forget(id int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.waiting, id)
}

// stop cancels what is waiting and returns when what is running has ended.
func (t *timers) stop() {
	t.mu.Lock()
	t.stopped = true
	for _, timer := range t.waiting {
		if timer.Stop() {
			t.running.Done()
		}
	}
	t.waiting = nil
	t.mu.Unlock()
	t.running.Wait()
}
