package scheduler

import "context"

// ask posts the prompt for the meeting's end.
func (s *Scheduler) ask(ctx context.Context, c candidate) error {
	allowed, err := s.authorised(ctx, c)
	if err != nil || !allowed {
		return err
	}
	_, err = s.announceOnce(ctx, c.occasion(PromptAsk, c.meeting.End))
	return err
}
