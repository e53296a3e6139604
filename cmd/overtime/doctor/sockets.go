package doctor

import (
	"fmt"

	"github.com/overtime-bot/overtime/bot/socket"
)

// Socket is what came of asking Slack for one.
type Socket struct {
	Err     error
	Hello   *socket.Hello // nil where it was not dialled
	Own     int           // that a bot keeps open (SOCKETS)
	BotRuns bool          // as the database or the health page says
	Words   Words

	ModeWarned bool // Slack gave an address, and warned that Socket Mode is off
}

// SwitchModeOn is the remedy for an app whose Socket Mode is off.
const SwitchModeOn = "switch Socket Mode on in the settings of the app"

// CheckSocket judges whether a socket can be opened, and who else has some.
func CheckSocket(s Socket) Check {
	switch {
	case s.Err != nil:
		return Join(SlackSocket, Fault(s.Words(s.Err)))
	case s.ModeWarned:
		return Join(SlackSocket, Doubt("Slack gives an address for one, but warns that Socket Mode is not turned on: what people type may never arrive",
			SwitchModeOn))
	case s.Hello == nil:
		return Join(SlackSocket, Found("Slack gives an address for one. It was not dialled: overtime doctor --deep does, and shows whether Socket Mode is on"))
	}
	others := s.Hello.Connections - 1
	seen := fmt.Sprintf("Slack said hello to the app %s; others hold %d sockets of it", s.Hello.AppID, max(others, 0))
	if others > 0 && !s.BotRuns {
		return Join(SlackSocket, Doubt(seen+", and no bot was found to run here: each gets a share of what people type",
			"stop what still runs with this app's token: an old installation, a developer's machine"))
	}
	if others > 0 {
		seen += fmt.Sprintf(" (a bot keeps %d)", s.Own)
	}
	return Join(SlackSocket, Found(seen))
}
