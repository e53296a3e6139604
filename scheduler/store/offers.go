package store

import (
	"context"
	"crypto/subtle"
	"database/sql"
	"errors"
	"strconv"

	"github.com/overtime-bot/overtime/scheduler/extension"
)

// VerbMore is the verb of an action that a confirmed extension stands for: more minutes, at the end that it made.
const VerbMore = "more"

const selectOffered = `SELECT run, meeting_id, after_end, updated_at, token FROM extensions
	WHERE id = ? AND state = 'confirmed' AND after_end > @now`

// OfferID is what a button says that offers more minutes (less than a day) under a confirmed extension. The extension's
// own row stands for it, so that the commonest of answers writes nothing more; its token makes an ID that nobody can
// make up.
func OfferID(e extension.Extension, minutes int) string {
	return e.Token + strconv.FormatInt(e.ID*dayMinutes+int64(minutes), 36)
}

const (
	tokenLength = 26 // of crypto/rand.Text, as the IDs of other actions are
	dayMinutes  = 24 * 60
)

// offerOf takes an OfferID apart; false for the ID of an action that has a row of its own.
func offerOf(id string) (extension int64, token string, minutes int, ok bool) {
	if len(id) <= tokenLength {
		return 0, "", 0, false
	}
	number, err := strconv.ParseInt(id[tokenLength:], 36, 64)
	return number / dayMinutes, id[:tokenLength], int(number % dayMinutes), err == nil
}

// offered is the action that an extension stands for, until the end that it made.
func (s *Store) offered(ctx context.Context, id int64, token string, minutes int) (Action, error) {
	a := Action{ID: OfferID(extension.Extension{ID: id, Token: token}, minutes), Verb: VerbMore, Minutes: minutes}
	var after, updated int64
	var secret string
	err := s.database.read().row(ctx, selectOffered, id).Scan(&a.Run, &a.MeetingID, &after, &updated, &secret)
	wrong := err == nil && subtle.ConstantTimeCompare([]byte(secret), []byte(token)) == 0
	if errors.Is(err, sql.ErrNoRows) || wrong {
		return Action{}, ErrNoAction
	}
	a.OfferedEnd, a.Expires, a.Created = instant(after), instant(after), instant(updated)
	return a, err
}
