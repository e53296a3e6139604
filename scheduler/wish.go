package scheduler

// wish is what people want of automation for one run: what its rule says, or what they chose under a prompt.
type wish struct {
	mode Mode
	kept Prompt // whose "keep extending" extends the run; zero where the rule says so
}

// wishOf is the rule's mode, or the one that people chose for the run under a prompt. The newest prompt holds. Where a
// "keep extending" has lapsed, it asks again.
func wishOf(rule Rule, prompts []Prompt) wish {
	w := wish{mode: rule.Mode}
	for _, prompt := range prompts {
		switch {
		case prompt.Lapsed || prompt.Answer == StopExtending:
			w = wish{mode: ModeAsk}
		case prompt.Answer == KeepExtending && w.mode != ModeAuto:
			w = wish{mode: ModeAuto, kept: prompt}
		}
	}
	return w
}
