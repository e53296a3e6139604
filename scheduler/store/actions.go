package store

import (
	"context"
	"crypto/subtle"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/overtime-bot/overtime/scheduler/extension"
)

// Action is what a button stands for. The button itself says its ID alone.
type Action struct {
	ID             string // opaque; given by the caller, never twice
	Verb           string // of the bot's buttons; VerbMore for one of OfferID
	Run, MeetingID string
	Minutes        int
	Command        string    // canonical text of the command to send again; of an approval's buttons, its ID
	OfferedEnd     time.Time // the end that the button was offered for; zero = none
	Prompt         int64     // the prompt that the button stands under; 0 = none
	Expires        time.Time // in milliseconds; from then on there is no such action
	Created        time.Time // by the database's clock
}

// VerbMore is the verb of an action that a confirmed extension stands for: more minutes, at the end that it made.
const VerbMore = "more"

const (
	actionColumns = `id, verb, run, meeting_id, minutes, command, offered_end, prompt, created_at, expires_at`
	insertActions = `INSERT INTO actions (` + actionColumns + `) VALUES `
	insertAction  = `(?, ?, ?, ?, ?, ?, ?, ?, @now, ?)`
	selectAction  = `SELECT ` + actionColumns + ` FROM actions WHERE id = ? AND expires_at > @now`
	selectOffered = `SELECT run, meeting_id, after_end, updated_at, token FROM extensions
		WHERE id = ? AND state = 'confirmed' AND after_end > @now`
)

const (
	tokenLength = 26 // of crypto/rand.Text, as the IDs of other actions are
	dayMinutes  = 24 * 60
)

// OfferID is what a button says that offers more minutes (less than a day) under a confirmed extension. The extension's
// own row stands for it, so that the commonest of answers writes nothing more. Its token makes an ID that nobody can make
// up.
func OfferID(e extension.Extension, minutes int) string {
	return e.Token + strconv.FormatInt(e.ID*dayMinutes+int64(minutes), 36)
}

// PutActions stores the few actions of one message: all of them or none. It sets their Created by itself.
func (i *Inbox) PutActions(ctx context.Context, actions []Action) error {
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
	_, err := exec(ctx, i, "store actions", text, values...)
	return err
}

// Action reads one action. ErrNoAction if there is none, or if it has expired by the database's clock.
func (i *Inbox) Action(ctx context.Context, id string) (Action, error) {
	token, rest := id[:min(len(id), tokenLength)], id[min(len(id), tokenLength):]
	number, err := strconv.ParseInt(rest, 36, 64)
	if err != nil {
		return readOne(ctx, i, "read action", ErrNoAction, scanAction, selectAction, id)
	}
	// An OfferID: the extension stands for the action, until the end that it made.
	scan := func(from scanner) (Action, error) {
		a := Action{ID: id, Verb: VerbMore, Minutes: int(number % dayMinutes)}
		var after, updated int64
		var secret string
		err := from.Scan(&a.Run, &a.MeetingID, &after, &updated, &secret)
		if err == nil && subtle.ConstantTimeCompare([]byte(secret), []byte(token)) == 0 {
			err = ErrNoAction
		}
		if err != nil {
			return Action{}, err
		}
		a.OfferedEnd, a.Expires, a.Created = instant(after), instant(after), instant(updated)
		return a, nil
	}
	return readOne(ctx, i, "read what an extension offers", ErrNoAction, scan, selectOffered, number/dayMinutes)
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
