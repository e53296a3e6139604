package slacksim

import "time"

// Forget makes the workspace as it was before anybody said or did anything: without messages, views, addresses that answer,
// and faults. People and channels stay as they are, and so does who is connected.
func (s *Server) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, channel := range s.people.channels {
		channel.messages, channel.byTS = nil, map[string]*Message{}
	}
	s.views = viewTable{stacks: map[string][]*view{}, homes: map[string]*view{}}
	s.replies, s.replyAge = map[string]*responseURL{}, nil
	s.triggers = triggerTable{byID: map[string]*trigger{}}
	s.planned = scheduleTable{}
	s.limits = map[string]*bucket{}
	s.faults.queued = map[string][]Failure{}
	s.mail.orphans, s.mail.twice = nil, 0
	s.sockets.tickets = map[string]time.Time{}
	s.warnings, s.lastTS = nil, 0
	s.notify()
}
