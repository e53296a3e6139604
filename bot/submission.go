package bot

import (
	"time"

	"github.com/overtime-bot/overtime/bot/grammar"
)

// submission is what a submitted view asks for.
type submission struct {
	command    grammar.Command
	run        string    // that was chosen
	key        string    // of the extension: a view that is submitted twice is one wish
	offeredEnd time.Time // that the person confirmed to extend from; zero: whichever it is
	held       string    // the name of the host's password in this process's memory; empty: none was typed
	confirmed  bool
	label      string // what the person read of the meeting
	end        time.Time
}

// handsOver says whether the platform is to extend the meeting.
func (s submission) handsOver() bool { return s.command.Verb == grammar.VerbAuto }
