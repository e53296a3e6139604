package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// perform runs the bot until the context ends. When somebody asks for it, the world is made as it was, and a new bot runs
// in it. opened is called once the first bot is assembled.
func (s *stage) perform(ctx context.Context, stderr io.Writer, opened func()) error {
	for {
		program, err := s.program(ctx, stderr)
		if err != nil {
			return err
		}
		opened()
		opened = func() {}
		asked, err := s.runUntilReset(ctx, program)
		if err != nil || asked == nil {
			return err
		}
		if err := s.reset(); err != nil {
			return err
		}
		close(asked)
	}
}

// runUntilReset returns who asked for the reset, nil if the bot ended by itself or with the context.
func (s *stage) runUntilReset(ctx context.Context, program *program) (chan struct{}, error) {
	running, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- program.run(running) }() // both ways out wait for it
	select {
	case err := <-ended:
		return nil, err
	case asked := <-s.resets:
		stop()
		return asked, <-ended
	}
}

// reset makes the world as it was at the start. No bot runs by then.
func (s *stage) reset() error {
	s.breaks.mend()
	s.meetings.ClearFaults()
	for _, m := range s.meetings.Meetings() {
		s.meetings.Remove(m.ID)
	}
	s.clock.reset()
	s.slack.Forget()
	files, err := filepath.Glob(s.database() + "*")
	if err != nil {
		return fmt.Errorf("looking for the demo's database: %w", err)
	}
	for _, file := range files {
		if err := os.Remove(file); err != nil {
			return fmt.Errorf("removing the demo's database: %w", err)
		}
	}
	addDemoPeople(s.slack)
	addDemoMeetings(s.meetings, s.clock.Now())
	return nil
}
