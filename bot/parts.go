package bot

import (
	"cmp"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/bot/pace"
)

// What several of the bot's types have of their own, made of a Config.

func (c Config) messenger() *messenger {
	return &messenger{
		poster: c.Poster, responder: newResponder(c.Transport), actions: c.Actions, logger: c.logger(),
		lines: c.lines(), editors: &editors{newest: make(map[messageID]*editor)},
	}
}

func (c Config) lines() *pace.Lines { return cmp.Or(c.Lines, pace.NewLines()) }

func (c Config) gate() *access.Gate {
	return &access.Gate{Policy: c.Policy, People: c.People, Hosts: c.Hosts, Logger: c.logger()}
}

func (c Config) speaker() *speaker {
	return &speaker{people: c.People, catalogue: c.Catalogue, command: c.command(), now: c.Now, logger: c.logger()}
}
