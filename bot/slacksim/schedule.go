package slacksim

import (
	"fmt"
	"slices"
	"strconv"
	"time"
)

const (
	scheduleAhead  = 120 * 24 * time.Hour
	scheduleWindow = 5 * time.Minute
	scheduleMost   = 30 // messages of a channel in one window: https://docs.slack.dev/reference/methods/chat.scheduleMessage
)

// planned is a message that is to be posted later.
type planned struct {
	id      string
	channel *conversation
	at      time.Time
	message Message
}

// scheduleTable is the scheduled messages. They are posted by the handed-in clock: when a call or a look at the
// state finds them due, and when a timer in real time does.
type scheduleTable struct{ waiting []planned }

func (s *Server) chatScheduleMessage(c *call) (object, *apiError) {
	channel, problem := s.writable(c.params.text("channel"))
	if problem != nil {
		return nil, problem
	}
	seconds, err := strconv.ParseInt(c.params.text("post_at"), 10, 64)
	at := time.Unix(seconds, 0)
	switch {
	case err != nil:
		return nil, fail("invalid_time")
	case !at.After(c.now):
		return nil, fail("time_in_past")
	case at.Sub(c.now) > scheduleAhead:
		return nil, fail("time_too_far")
	case s.planned.near(channel, at) >= scheduleMost:
		return nil, fail("restricted_too_many")
	}
	said, problem := c.content(s, "chat.scheduleMessage")
	if problem != nil {
		return nil, problem
	}
	plan := planned{
		id: fmt.Sprintf("Q%d", s.nextSerial()), channel: channel, at: at,
		message: Message{User: BotUserID, Text: said.text, blocks: said.blocks, ThreadTS: c.params.text("thread_ts")},
	}
	s.planned.waiting = append(s.planned.waiting, plan)
	s.timers.after(at.Sub(c.now), func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.postDue()
	})
	return object{"channel": channel.ID, "scheduled_message_id": plan.id, "post_at": seconds}, nil
}

// near counts the messages of the channel in the window of this instant.
func (t *scheduleTable) near(channel *conversation, at time.Time) int {
	count := 0
	for _, plan := range t.waiting {
		if plan.channel == channel && plan.at.Truncate(scheduleWindow).Equal(at.Truncate(scheduleWindow)) {
			count++
		}
	}
	return count
}

func (s *Server) chatDeleteScheduledMessage(c *call) (object, *apiError) {
	id := c.params.text("scheduled_message_id")
	found := slices.IndexFunc(s.planned.waiting, func(plan planned) bool {
		return plan.id == id && plan.channel.ID == c.params.text("channel")
	})
	if found < 0 {
		return nil, fail("invalid_scheduled_message_id")
	}
	s.planned.waiting = slices.Delete(s.planned.waiting, found, found+1)
	return object{}, nil
}

// postDue posts what is due. The caller holds mu.
func (s *Server) postDue() {
	if len(s.planned.waiting) == 0 {
		return
	}
	now := s.cfg.Now()
	s.planned.waiting = slices.DeleteFunc(s.planned.waiting, func(plan planned) bool {
		if plan.at.After(now) {
			return false
		}
		s.post(plan.channel, plan.message)
		return true
	})
}
