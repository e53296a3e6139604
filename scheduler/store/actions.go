package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"
)

// ErrNoAction says that no action has the ID: there never was one, or it has expired.
var ErrNoAction = errors.New("no such action")

// Action is what a button stands for. The button itself says its ID alone.
type Action struct {
	ID             string // opaque; given by the caller, never twice
	Verb           string // extend, again; more for one of OfferID
	Run, MeetingID string
	Minutes        int
	Command        string    // canonical text of the command to send again
	OfferedEnd     time.Time // the end that the button was offered for; zero = none
	Prompt         int64     // the prompt that the button stands under; 0 = none
	Expires        time.Time // in milliseconds; from then on there is no such action
	Created        time.Time // by the database's clock
}

const (
	actionColumns = `id, verb, run, meeting_id, minutes, command, offered_end, prompt, created_at, expires_at`
	insertActions = `INSERT INTO actions (` + actionColumns + `) VALUES `
	insertAction  = `(?, ?, ?, ?, ?, ?, ?, ?, @now, ?)`
	selectAction  = `SELECT ` + actionColumns + ` FROM actions WHERE id = ? AND expires_at > @now`
	removeActions = `DELETE FROM actions WHERE id IN (SELECT id FROM actions
		WHERE expires_at < @now - ? ORDER BY expires_at LIMIT ?)`
)

// PutActions stores the few actions of one message: all of them or none. It sets their Created by itself.
func (s *Store) PutActions(ctx context.Context, actions []Action) error {
	if len(actions) == 0 {
		return nil
	}
	var values []any
	for _, a := range actions {
		if a.ID == "" || a.Verb == "" || a.Expires.IsZero() {
			return errors.New("store actions: one has no ID, no verb or no expiry")
		}
		values = append(values, a.ID, a.Verb, a.Run, a.MeetingID, a.Minutes, a.Command,
			milliseconds(a.OfferedEnd), a.Prompt, milliseconds(a.Expires))
	}
	text := insertActions + insertAction + strings.Repeat(", "+insertAction, len(actions)-1)
	return change(ctx, s, "store actions", func(ctx context.Context, tx session) error {
		_, err := tx.exec(ctx, text, values...)
		return err
	})
}

// Action reads one action. ErrNoAction if there is none, or if it has expired by the database's clock.
func (s *Store) Action(ctx context.Context, id string) (Action, error) {
	if extension, token, minutes, ok := offerOf(id); ok {
		found, err := s.offered(ctx, extension, token, minutes)
		return found, doing("read what an extension offers", err)
	}
	found, err := scanAction(s.database.read().row(ctx, selectAction, id))
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNoAction
	}
	return found, doing("read action", err)
}

func scanAction(from scanner) (Action, error) {
	var a Action
	var offered, created, expires int64
	err := from.Scan(&a.ID, &a.Verb, &a.Run, &a.MeetingID, &a.Minutes, &a.Command, &offered, &a.Prompt, &created, &expires)
	if err != nil {
		return Action{}, err
	}
	a.OfferedEnd, a.Created, a.Expires = instant(offered), instant(created), instant(expires)
	return a, nil
}
