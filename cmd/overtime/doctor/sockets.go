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
	Single  bool          // the database is a file, so that one bot alone can use it
	Words   Words

	ModeWarned bool // Slack gave an address, and warned that Socket Mode is off
}

// CheckSocket judges whether a socket can be opened, and who else has some.
func CheckSocket(s Socket) Check {
	switch {
	case s.Err != nil:
		return Join(SlackSocket, Fault(s.Words(s.Err)))
	case s.ModeWarned:
		return Join(SlackSocket, Doubt("Slack gives an address for one, but warns that Socket Mode is not turned on: what people type may never arrive",
			socket.SwitchModeOn))
	case s.Hello == nil:
		return Join(SlackSocket, Found("Slack gives an address for one. It was not dialled: overtime doctor --deep does, and shows whether Socket Mode is on"))
	}
	return Join(SlackSocket, s.shared(max(s.Hello.Connections-1, 0)))
}

// shared judges the sockets that were open before this one.
func (s Socket) shared(others int) Finding {
	const stop = "stop what still runs with this app's token: an old installation, a developer's machine"
	seen := fmt.Sprintf("Slack said hello to the app %s; others hold %d sockets of it", s.Hello.AppID, others)
	switch {
	case others == 0:
		return Found(seen)
	case !s.BotRuns:
		return Doubt(seen+", and no bot was found to run here: each gets a share of what people type", stop)
	case s.Single && others > s.Own:
		return Doubt(fmt.Sprintf("%s, and the bot here keeps %d: somebody else gets a share of what people type", seen, s.Own),
			stop+"; a bot that replaces a socket just now has one more, so run overtime doctor --deep again first")
	}
	return Found(fmt.Sprintf("%s (a bot keeps %d)", seen, s.Own))
}
