package store

import (
	"errors"
	"fmt"
	"os"
)

// syncer forces what the writer committed to the disk, one group after the other, and only then tells the callers.
// Meanwhile the writer goes on with the next group, which SQLite's own way (synchronous=FULL) would make wait.
type syncer struct {
	sync   func() error
	groups chan []*queued
	// free says how the group before came out; whoever takes that may hand the next one over.
	free  chan error
	ended chan struct{}
}

func startSyncer(sync func() error) *syncer {
	s := &syncer{sync: sync, groups: make(chan []*queued), free: make(chan error, 1), ended: make(chan struct{})}
	s.free <- nil
	go s.run()
	return s
}

func (s *syncer) run() {
	defer close(s.ended)
	for group := range s.groups {
		err := s.sync()
		answer(group, err)
		s.free <- err
	}
}

// close waits for the group under way.
func (s *syncer) close() {
	close(s.groups)
	<-s.ended
}

// syncFile forces a file to the disk. It is opened anew each time, since SQLite may have made it anew; SQLite holds no
// lock on a write-ahead log that closing it here could drop.
func syncFile(path string) error {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return fmt.Errorf("force to disk: %w", err)
	}
	return errors.Join(file.Sync(), file.Close())
}

// answer tells every caller of a group its own error, or the one that spoilt the whole group.
func answer(group []*queued, spoilt error) {
	for _, q := range group {
		if spoilt != nil {
			q.done <- spoilt
		} else {
			q.done <- q.err
		}
	}
}

// answerSoon tells those who do not wait for the disk, and returns the others.
func answerSoon(group []*queued) (wait []*queued) {
	wait = make([]*queued, 0, len(group))
	for _, q := range group {
		if q.how.soon {
			q.done <- q.err
		} else {
			wait = append(wait, q)
		}
	}
	return wait
}
