package bot

import (
	"context"
	"log/slog"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/bot/i18n"
)

// speaker speaks to each person in their own language, and to channels in the default one.
type speaker struct {
	people    People
	catalogue *i18n.Catalogue
	command   string // the name of the slash command, where none was typed
	now       func() time.Time
	logger    *slog.Logger
}

// person looks somebody up. If that fails, the person has only an ID, and reads the default language.
func (s *speaker) person(ctx context.Context, user string) (access.Person, i18n.Printer) {
	person, err := s.people.Person(ctx, user)
	if err != nil {
		s.logger.WarnContext(ctx, "a person could not be looked up", "user", user, "error", err)
		person = access.Person{ID: user, LocalID: person.LocalID, GridID: person.GridID}
	}
	return person, s.catalogue.For(person.Locale)
}

// known is the language of a person who must not wait for a look-up.
func (s *speaker) known(user string) i18n.Printer {
	person, _ := s.people.Known(user)
	return s.catalogue.For(person.Locale)
}

func (s *speaker) channel() i18n.Printer { return s.catalogue.For() }
