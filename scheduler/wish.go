package scheduler

import (
	"time"

	"github.com/overtime-bot/overtime/scheduler/extension"
)

// Wish is what people want of automation for one run. Of all that they said, the newest counts: a rule that was made or
// changed, or an answer under a prompt.
type Wish struct {
	Mode   Mode
	Rule   Rule   // by which automation acts, and whose channel reads of it; the configuration's own where none is in force
	Kept   Prompt // whose "keep extending" counts; zero where none does
	LetEnd bool   // somebody chose to let the run end at the meeting's end: nothing is done, whatever Mode says
}

// By is the person at whose wish automation extends, who is authorised for it and whose limit of a day it counts
// against; zero for the configuration's own.
func (w *Wish) By() extension.Actor {
	if w.Kept.ID != 0 {
		return w.Kept.By
	}
	return w.Rule.Owner
}

// wishOf is the newest wish for a run that ends at end. A rule that is paused does not count, nor does an answer that
// lapsed: what was wished before does, and at last the mode for meetings that nobody watches.
func wishOf(end time.Time, rule Rule, otherwise Mode, prompts []Prompt) Wish {
	w := Wish{Rule: rule}
	if !rule.Paused.IsZero() {
		w.Rule = Rule{Mode: otherwise}
	}
	w.Mode = w.Rule.Mode
	answer := newestAnswer(end, w.Rule, prompts)
	switch answer.Answer {
	case KeepExtending:
		w.Mode, w.Rule, w.Kept = ModeAuto, rule, answer
	case StopExtending:
		if w.Mode == ModeAuto {
			w.Mode = ModeAsk
		}
	case LetEnd:
		w.LetEnd = true
	}
	return w
}

// newestAnswer is the newest answer that counts and is not older than the rule; zero where there is none.
func newestAnswer(end time.Time, rule Rule, prompts []Prompt) Prompt {
	var newest Prompt
	for _, p := range prompts {
		counts := p.Answer != NoAnswer && !p.Lapsed && (p.Answer != LetEnd || p.End.Equal(end))
		if at := p.answered(); counts && !at.Before(rule.Created) && !at.Before(newest.answered()) {
			newest = p
		}
	}
	return newest
}

// answered is when a prompt was answered. A replica of the version before does not say: not before it was written down.
func (p *Prompt) answered() time.Time {
	if p.Answered.IsZero() {
		return p.Created
	}
	return p.Answered
}
