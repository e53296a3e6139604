package bot

import (
	"cmp"
	"context"
	"log/slog"
	"strings"
	"time"

	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// logOver writes the one line of what was typed or pressed, and arrived then.
func logOver(ctx context.Context, logger *slog.Logger, arrived time.Time, from sender, verb grammar.Verb, reply Reply) {
	if reply.Over.elsewhere || from.asksNothing() {
		return
	}
	done := reply.Over.done
	done.Verb = cmp.Or(string(verb), done.Verb)
	done.How = howOf(from, done.Verb)
	done.Team, done.User = cmp.Or(done.Team, from.Team), cmp.Or(done.User, from.User)
	if done.Outcome == "" {
		done.Outcome, done.Reason = outOf(reply)
	}
	done.Took = time.Since(arrived)
	done.Log(ctx, logger)
}

func howOf(from sender, verb string) string {
	switch {
	case verb == string(grammar.VerbAuto):
		return extension.HowHandedOver
	case from.kind == interactiveKind:
		return extension.HowButton
	}
	return extension.HowTyped
}

// outs are the outcomes of answers by the sentence that they begin with; any other is told or refused.
var outs = map[i18n.Key]string{
	i18n.NotYours: extension.OutDenied, i18n.PressedNotYours: extension.OutDenied, i18n.ListOwnNone: extension.OutDenied, i18n.HandedDenied: extension.OutDenied, i18n.ApprovalOwn: extension.OutDenied,
	i18n.NoSuchTime: extension.OutInvalid, i18n.NothingExtended: extension.OutInvalid, i18n.NoMeeting: extension.OutInvalid,
	i18n.TimePassed: extension.OutInvalid, i18n.EndLater: extension.OutInvalid,
	i18n.StaleButton: extension.OutExpired, i18n.Ended: extension.OutExpired, i18n.Moved: extension.OutExpired, i18n.CameLate: extension.OutExpired,
	i18n.SettledNothing: extension.OutExpired, i18n.LeftUnclear: extension.OutExpired, i18n.DialogTooOld: extension.OutExpired,
}

// outOf is how an answer counts where nothing was extended, and why.
func outOf(reply Reply) (outcome, reason string) {
	reason = strings.ReplaceAll(string(reply.Why), "_", " ")
	switch outcome = outs[reply.Why]; {
	case outcome != "":
	case strings.HasPrefix(string(reply.Why), "denied_"):
		outcome = extension.OutDenied
	case strings.HasPrefix(string(reply.Why), "parse_"):
		outcome = extension.OutInvalid
	case reply.Tone == Refusal || reply.Tone == Failed:
		outcome = string(extension.Refused)
	default:
		return extension.OutTold, ""
	}
	return outcome, reason
}
