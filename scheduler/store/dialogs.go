package store

import (
	"context"
	"errors"
	"time"

	"github.com/overtime-bot/overtime/meeting"
)

// ErrNoDialog says that no dialog has the ID: there never was one, or it has expired.
var ErrNoDialog = errors.New("no such dialog")

// Dialog is a view that a person has open. The view itself says its ID alone.
type Dialog struct {
	ID          string         // opaque; given by the caller, never twice
	Secret      meeting.Secret // seals what the view offers to choose
	Person      string         // whose view it is, as Slack names them
	Channel     string         // where it was opened; empty = nowhere
	Command     string         // the command's name there, as "/extend"
	ResponseURL meeting.Secret // where its result is told; empty = nowhere, or erased after 30 minutes
	// Of a view that asks for confirmation: the command in its canonical text, the run that it is about, and the end
	// of that when it was asked.
	Wish, Run  string
	OfferedEnd time.Time
	Held       string    // what this process holds in its memory for the command; empty = nothing
	Expires    time.Time // in milliseconds; from then on there is no such dialog
}

const (
	dialogColumns = `id, secret, person, channel, command, response_url, wish, run, offered_end, held, expires_at`
	insertDialog  = `INSERT INTO dialogs (` + dialogColumns + `, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, @now)`
	selectDialog  = `SELECT ` + dialogColumns + ` FROM dialogs WHERE id = ? AND expires_at > @now`
	// The row stays until it expires: a view that is submitted again is known.
	eraseDialogURL  = `UPDATE dialogs SET response_url = '' WHERE id = ? AND response_url <> ''`
	eraseDialogURLs = `UPDATE dialogs SET response_url = '' WHERE id IN (SELECT id FROM dialogs
		WHERE response_url <> '' AND created_at < @now - ? ORDER BY created_at LIMIT ?)`
	removeDialogs = `DELETE FROM dialogs WHERE id IN (SELECT id FROM dialogs
		WHERE expires_at < @now - ? ORDER BY expires_at LIMIT ?)`
)

// PutDialog stores a dialog.
func (i *Inbox) PutDialog(ctx context.Context, d Dialog) error {
	if d.ID == "" || d.Secret == "" || d.Expires.IsZero() {
		return errors.New("store dialog: it has no ID, no secret or no expiry")
	}
	_, err := exec(ctx, i, "store dialog", insertDialog, d.ID, d.Secret.Reveal(), d.Person, d.Channel, d.Command,
		d.ResponseURL.Reveal(), d.Wish, d.Run, milliseconds(d.OfferedEnd), d.Held, milliseconds(d.Expires))
	return err
}

// Dialog reads one dialog. ErrNoDialog if there is none, or if it has expired by the database's clock.
func (i *Inbox) Dialog(ctx context.Context, id string) (Dialog, error) {
	return readOne(ctx, i, "read dialog", ErrNoDialog, scanDialog, selectDialog, id)
}

// CloseDialog erases where the result of a dialog is told: it was.
func (i *Inbox) CloseDialog(ctx context.Context, id string) error {
	_, err := exec(ctx, i, "close dialog", eraseDialogURL, id)
	return err
}

func scanDialog(from scanner) (Dialog, error) {
	var d Dialog
	var secret, address string
	var offered, expires int64
	err := from.Scan(&d.ID, &secret, &d.Person, &d.Channel, &d.Command, &address, &d.Wish, &d.Run, &offered, &d.Held, &expires)
	if err != nil {
		return Dialog{}, err
	}
	d.Secret, d.ResponseURL = meeting.Secret(secret), meeting.Secret(address)
	d.OfferedEnd, d.Expires = instant(offered), instant(expires)
	return d, nil
}
