package scheduler

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// Promise is a running meeting of which people may expect something: those who read of its rule, if that is in force,
// and those who read a message about it.
type Promise struct {
	Meeting meeting.Meeting
	Outlook Outlook
	Readers []string // of messages: IDs of channels and people
}

// Promises lists the running meetings of which people may expect something.
func (s *Scheduler) Promises(ctx context.Context) ([]Promise, error) {
	meetings, err := s.looker.list(ctx)
	if err != nil {
		return nil, fmt.Errorf("listing the meetings: %w", err)
	}
	prompts, err := s.prompts.FollowedPrompts(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the prompts that are followed: %w", err)
	}
	readers := make(map[string][]string) // by run
	for _, p := range prompts {
		if reader := cmp.Or(p.Reader.ID, p.Channel); !slices.Contains(readers[p.Run], reader) {
			readers[p.Run] = append(readers[p.Run], reader)
		}
	}
	outlooks, err := s.Foresee(ctx, meetings)
	if err != nil {
		return nil, err
	}
	var promises []Promise
	for i, outlook := range outlooks {
		read := readers[extension.RunOf(meetings[i])]
		if watched := outlook.Wish.Rule.Of != "" && outlook.Wish.Mode.acts(); watched || len(read) > 0 {
			promises = append(promises, Promise{Meeting: meetings[i], Outlook: outlook, Readers: read})
		}
	}
	return promises, nil
}
