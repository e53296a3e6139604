package scheduler

import (
	"sync"

	"github.com/overtime-bot/overtime/meeting"
)

// facts are what a message depends on, beside the extensions of this process, which tell of themselves. A look edits a
// message again when they change.
type facts struct {
	end    int64
	answer Answer
	lapsed bool
}

// shownFacts remembers the facts that each message was last edited to.
type shownFacts struct {
	mu       sync.Mutex
	byPrompt map[int64]facts
}

func (s *shownFacts) keep(prompt Prompt, m meeting.Meeting) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.byPrompt[prompt.ID] = facts{end: m.End.Unix(), answer: prompt.Answer, lapsed: prompt.Lapsed}
}

// fit says that the message shows what is true now.
func (s *shownFacts) fit(prompt Prompt, m meeting.Meeting) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	known, ok := s.byPrompt[prompt.ID]
	return ok && known == facts{end: m.End.Unix(), answer: prompt.Answer, lapsed: prompt.Lapsed}
}

// retain forgets all prompts but these.
func (s *shownFacts) retain(prompts []Prompt) {
	s.mu.Lock()
	defer s.mu.Unlock()
	kept := make(map[int64]facts, len(prompts))
	for _, prompt := range prompts {
		if known, ok := s.byPrompt[prompt.ID]; ok {
			kept[prompt.ID] = known
		}
	}
	s.byPrompt = kept
}
