package bot

import (
	"context"
	"crypto/rand"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/overtime-bot/overtime/bot/dialog"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/meeting"
)

const (
	mostHeld = 1000
	heldFor  = 30 * time.Minute
)

// heldPasswords are the passwords that hosts typed into the dialog, from the arrival of their envelope until it is worked
// on. They are in the memory of this process alone.
type heldPasswords struct {
	now  func() time.Time
	held *lru.Cache[string, heldPassword]
}

type heldPassword struct {
	value meeting.Secret
	since time.Time
}

func newHeldPasswords(now func() time.Time) *heldPasswords {
	held, _ := lru.New[string, heldPassword](mostHeld) // fails for no size alone
	return &heldPasswords{now, held}
}

// cut takes the password out of what is filled in, and leaves the name under which it is held.
func (h *heldPasswords) cut(state dialog.State) {
	for action, element := range state[dialog.Password] {
		if element.Value == "" {
			continue
		}
		name := rand.Text()
		h.held.Add(name, heldPassword{meeting.Secret(element.Value), h.now()})
		element.Value = name
		state[dialog.Password][action] = element
	}
}

// take gives a password away; false if it is not, or no longer, here.
func (h *heldPasswords) take(name string) (meeting.Secret, bool) {
	found, ok := h.held.Get(name)
	h.held.Remove(name)
	return found.value, ok && h.now().Sub(found.since) < heldFor
}

// usePassword gives the client of the meeting service the password that the host typed. It is false, with the refusal, if
// that is not here any more, was refused before, or if the person is not the host.
func (d *dialogs) usePassword(ctx context.Context, in interaction) (Reply, bool) {
	if in.submitted.held == "" {
		return Reply{}, true
	}
	password, ok := d.held.take(in.submitted.held)
	if !ok {
		return in.reply(Failed, i18n.DialogPasswordLost, i18n.DialogTooOldNext, i18n.Data{"Command": in.typed("")}), false
	}
	in = d.table.judged(ctx, in)
	in, m, refusal, ok := d.finder.toExtend(ctx, in)
	if !ok {
		return refusal, false
	}
	host, err := d.gate.Hosts.For(ctx, in.person, m)
	if err != nil {
		return d.refusals.hostUnknown(ctx, in, err), false
	}
	if m.Extendable { // or it was read while a password was kept that turned out wrong
		if m, err = d.finder.extender.Look(ctx, m.ID); err != nil {
			return d.finder.notFound(ctx, in, err), false
		}
	}
	if !in.person.Hosts(host.Email) || m.Extendable {
		return Reply{}, true // nobody but the host is asked, and nobody without need
	}
	if err := d.passwords.OfferPassword(m, password); err != nil {
		d.logger.InfoContext(ctx, "a host typed a password that the meeting service refused before", "envelope", in.from.envelope, "error", err)
		return wrongPassword(in, m), false
	}
	return Reply{}, true
}
