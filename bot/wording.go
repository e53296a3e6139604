package bot

import (
	"strings"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// who mentions the person who did something; automation has no name of its own.
func who(actor extension.Actor) string {
	if actor.User == "" {
		return "Overtime"
	}
	return "<@" + actor.User + ">"
}

func channelToken(channel string) string { return "<#" + channel + ">" }

// isDirect says that a channel is a direct message. Slack gives those IDs of their own.
func isDirect(channel string) bool { return channel == "" || strings.HasPrefix(channel, "D") }

// commandText is a command as people type it. The name is that of the slash command, or a mention.
func commandText(name, rest string) string {
	return foreign(strings.TrimSpace(name+" "+rest), aboutLimit)
}

// aboutMeeting helps to recognise a meeting below its name. It is foreign text, except for our words in between.
func aboutMeeting(say i18n.Printer, sight access.Sight, m meeting.Meeting) string {
	if people := peopleOf(say, sight, m); people != "" {
		return m.ID + " · " + people
	}
	return m.ID
}

// peopleOf says who hosts a meeting, and how many are in it.
func peopleOf(say i18n.Printer, sight access.Sight, m meeting.Meeting) string {
	var parts []string
	if host := sight.HostName(m); host != "" {
		parts = append(parts, say.Say(i18n.HostedBy, i18n.Data{"Host": plain(host, hostLimit)}))
	}
	return strings.Join(append(parts, saysPeople(say, m)...), " · ")
}

// saysPeople says how many people are in, if that is known.
func saysPeople(say i18n.Printer, m meeting.Meeting) []string {
	if m.People < 0 {
		return nil
	}
	return []string{say.Say(i18n.People, i18n.Data{"Count": m.People})}
}

// saysObstacles says what keeps automation from extending a running meeting; empty if nothing does.
func saysObstacles(say i18n.Printer, m meeting.Meeting) (text string) {
	if m.ProlongMinutes > 0 {
		text = say.Say(i18n.StatusProlongs, i18n.Data{"Count": m.ProlongMinutes})
	}
	if !m.Extendable {
		text = i18n.Join(text, say.Say(i18n.StatusNoPassword, nil))
	}
	return text
}

// extendCommand is the command that extends a meeting by so many minutes.
func extendCommand(id string, minutes int) grammar.Command {
	return grammar.Command{Verb: grammar.VerbExtend, Meeting: id, Amount: grammar.Amount{Kind: grammar.ForMinutes, Count: minutes}}
}

// handOverCommand is the command that hands a meeting over; 0 minutes leave the platform the choice.
func handOverCommand(id string, minutes int) grammar.Command {
	command := grammar.Command{Verb: grammar.VerbAuto, Meeting: id}
	if minutes > 0 {
		command.Amount = grammar.Amount{Kind: grammar.ForMinutes, Count: minutes}
	}
	return command
}
