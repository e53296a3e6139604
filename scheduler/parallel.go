package scheduler

import (
	"errors"
	"sync"
)

// inParallel does each item in order, at most so many at once, and returns when all are over. It asks begin before each
// (nil is always yes), and leaves the rest at a no.
func inParallel[T any](items []T, atOnce int, begin func() bool, do func(T) error) error {
	errs := make([]error, len(items))
	slots := make(chan struct{}, atOnce)
	var work sync.WaitGroup
	for i, item := range items {
		slots <- struct{}{}
		if begin != nil && !begin() {
			break
		}
		work.Go(func() {
			defer func() { <-slots }()
			errs[i] = do(item)
		})
	}
	work.Wait()
	return errors.Join(errs...)
}
