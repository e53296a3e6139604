package bot

import "github.com/overtime-bot/overtime/bot/grammar"

// Verbs are all that Config.Observe tells of: what is typed, what is pressed, and "" for what was not understood.
func Verbs() []grammar.Verb {
	return []grammar.Verb{
		"", grammar.VerbExtend, grammar.VerbAuto, grammar.VerbList, grammar.VerbStatus, grammar.VerbHistory, grammar.VerbWhy,
		grammar.VerbWatch, grammar.VerbUnwatch, grammar.VerbPause, grammar.VerbResume, grammar.VerbHelp, verbDialog,
		verbKeep, verbEnd, verbStop, verbTyped, verbRequest, verbApprove, verbDeny, verbQuiet, verbAskAgain,
	}
}

// Tones are all that an answer can have.
func Tones() []Tone { return []Tone{Done, Waiting, Refusal, Failed, Telling, Asking} }
