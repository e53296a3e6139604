package bot

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// refusals says why nothing was done, and whom to ask.
type refusals struct {
	policy    access.Policy
	view      func() meeting.View
	envelopes EnvelopeStore
	logger    *slog.Logger
}

// refusedFor are the sentences for the policy's reasons; any other reason is that the person is not listed.
var refusedFor = map[access.Refusal]i18n.Key{
	access.OtherWorkspace: i18n.DeniedWorkspace, access.Guest: i18n.DeniedGuest,
	access.BotAccount: i18n.DeniedAccount, access.Deactivated: i18n.DeniedAccount, access.Denied: i18n.DeniedListed,
	access.LookupFailed: i18n.DeniedLookup, access.PersonUnknown: i18n.DeniedLookup,
}

// denied says why the policy says no.
func (r *refusals) denied(in interaction, reason access.Refusal) Reply {
	key, ok := refusedFor[reason]
	if !ok {
		key = i18n.DeniedNotListed
	}
	next := i18n.DeniedNext
	switch {
	case key == i18n.DeniedLookup:
		next = i18n.DeniedLookupNext
	case key == i18n.DeniedNotListed && r.policy.Unconfirmed(in.person):
		key, next = i18n.DeniedUnconfirmed, i18n.DeniedUnconfirmedNext
		r.logger.Warn("nobody passes as a host whose e-mail address Slack has not confirmed", "user", in.from.User)
	}
	return in.reply(Refusal, key, next, i18n.Data{"Whom": r.whom(in)})
}

// notAdmin answers somebody who is no administrator, or of whom that could not be found out.
func (r *refusals) notAdmin(in interaction) Reply {
	for _, failed := range in.verdict.Failed {
		if failed.Kind == access.LookupGroup && slices.Contains(r.policy.AdminGroups, failed.ID) {
			return r.denied(in, access.LookupFailed)
		}
	}
	return in.reply(Refusal, i18n.DeniedAdmin, i18n.DeniedNext, i18n.Data{"Whom": r.whom(in)})
}

// mentioned is how many administrators an answer names.
const mentioned = 3

// whom says whom to ask: nobody is sent to themselves.
func (r *refusals) whom(in interaction) string {
	var admins []string
	for _, user := range r.policy.AdminUsers {
		if user != in.from.User && !in.person.Is(user) && !in.subject.Is(user) {
			admins = append(admins, "<@"+user+">")
		}
	}
	for _, group := range r.policy.AdminGroups {
		admins = append(admins, "<!subteam^"+group+">")
	}
	switch len(admins) {
	case 0:
		return in.say.Say(i18n.WhomOperator, nil)
	case 1:
		return admins[0]
	}
	return in.say.Say(i18n.WhomAdmins, i18n.Data{"Admins": strings.Join(admins[:min(len(admins), mentioned)], ", ")})
}

// notExtended says why nothing was sent.
func (r *refusals) notExtended(ctx context.Context, in interaction, err error) Reply {
	switch {
	case errors.Is(ctx.Err(), context.Canceled): // the process ends: the store is not to blame
		r.logger.WarnContext(ctx, "a request was cut off before anything was sent", "envelope", in.from.envelope, "error", err)
		return in.reply(Failed, i18n.Restarting, i18n.NotWrittenNext, nil)
	case errors.Is(err, extension.ErrTakenOver): // the worker sees that too, and leaves the word to who holds it
		return in.reply(Failed, i18n.NotWritten, i18n.NotWrittenNext, nil)
	case errors.Is(err, extension.ErrNotWritten):
		return r.notWritten(ctx, in, err)
	}
	return r.serviceFailed(ctx, in, err)
}

// notWritten says that the store did not take, or did not give, what the request is about.
func (r *refusals) notWritten(ctx context.Context, in interaction, err error) Reply {
	r.logger.ErrorContext(ctx, "a request could not be written down; nothing was sent", "envelope", in.from.envelope, "error", err)
	return in.reply(Failed, i18n.NotWritten, i18n.NotWrittenNext, nil)
}

// lost says that another process has taken the envelope over while this one worked on it: it changes nothing any more, and
// the worker leaves the word to the other. It is asked just before a change of what people wish.
func (r *refusals) lost(ctx context.Context, in interaction) (Reply, bool) {
	reading, cancel := context.WithTimeout(ctx, storePatience)
	defer cancel()
	envelope, err := r.envelopes.Envelope(reading, in.from.envelope)
	if err != nil || in.from.holder == "" || envelope.Owner == in.from.holder && !envelope.Answered {
		return Reply{}, false
	}
	return in.reply(Failed, i18n.NotWritten, i18n.NotWrittenNext, nil), true
}

// begins writes down that a change of what automation does is about to be made, so that nobody who takes the envelope over
// makes it once more: by then somebody else may have changed the same. Where it does not come to the change, the person reads
// that nobody can say whether it did. With false it must not be made: another process has the envelope, or the store fails.
func (r *refusals) begins(ctx context.Context, in interaction) (Reply, bool) {
	if in.from.holder == "" {
		return Reply{}, true
	}
	writing, cancel := context.WithTimeout(ctx, storePatience)
	defer cancel()
	mine, err := r.envelopes.ConcludeEnvelope(writing, store.Envelope{ID: in.from.envelope, Type: in.from.kind}, in.from.holder, claimFor)
	switch {
	case err != nil:
		return r.notWritten(ctx, in, err), false
	case !mine:
		return in.reply(Failed, i18n.NotWritten, i18n.NotWrittenNext, nil), false
	}
	return Reply{}, true
}

// broken answers after a panic. The reference is in the log.
func (r *refusals) broken(in interaction) Reply {
	return in.reply(Failed, i18n.Trouble, i18n.TroubleNext, i18n.Data{
		"Command": in.typed(lookOf(in).String()), "Whom": r.whom(in), "Reference": foreign(in.from.envelope, quotedLimit),
	})
}

// lookOf is the command that shows how things stand with the meeting that was named, or with all.
func lookOf(in interaction) grammar.Command {
	if command, err := grammar.Parse(in.from.Text); err == nil && (command.Meeting != "" || command.Title != "") {
		return grammar.Command{Verb: grammar.VerbStatus, Meeting: command.Meeting, Title: grammar.Brief(command.Title)}
	}
	return grammar.Command{Verb: grammar.VerbList}
}

// ended says that the meeting of a name is over.
func ended(in interaction, name string) Reply {
	return in.reply(Refusal, i18n.Ended, i18n.EndedNext, i18n.Data{"Meeting": name})
}

// overForButton answers a button whose run is over. By now the meeting of that number may be another.
func overForButton(in interaction) Reply {
	reply := ended(in, bold(in.action.MeetingID))
	reply.Tone = Telling
	return reply
}

func staleButton(in interaction) Reply {
	return in.reply(Telling, i18n.StaleButton, i18n.StaleButtonNext, i18n.Data{"Command": in.typed("list")})
}
