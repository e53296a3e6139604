package bot

import (
	"context"
	"errors"
	"net/http"

	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/meeting"
)

// missing says that there is no such running meeting.
func missing(err error) bool {
	return errors.Is(err, meeting.ErrNotFound) || errors.Is(err, meeting.ErrNotRunning)
}

// closedCodes are those with which the service itself calls a meeting ended, and not just absent.
var closedCodes = map[string]bool{
	"MMC.111072006": true, "MMC.111071072": true, "MMC.111072003": true, "MMC.111072014": true,
}

// passwordCodes are the refusals that are about the host password.
var passwordCodes = map[string]bool{
	"MMC.111072065": true, "MMC.111072064": true, "MMC.111070009": true, "MMC.111071091": true,
	"MMC.111070004": true, "MMC.111072018": true,
}

// unreadable says that the service did answer, and that nobody knows what.
func unreadable(err error) bool {
	service, ok := errors.AsType[*meeting.Error](err)
	return ok && errors.Is(service, meeting.ErrUnavailable) && service.Status/100 == 2
}

// serviceRefused says why the meeting service did not extend.
func (r *refusals) serviceRefused(ctx context.Context, in interaction, err error) Reply {
	service, _ := errors.AsType[*meeting.Error](err)
	var key i18n.Key
	next := i18n.ServiceOperatorNext
	switch {
	case service == nil:
	case errors.Is(service, meeting.ErrLimitReached):
		key, next = i18n.ServiceRefusedLimit, i18n.ServiceRefusedLimitNext
	case errors.Is(service, meeting.ErrOutOfRange):
		key, next = i18n.ServiceRefusedRange, i18n.ServiceRefusedRangeNext
	case errors.Is(service, meeting.ErrRoomTaken):
		key, next = i18n.ServiceRefusedRoom, i18n.LimitRoomNext
	case errors.Is(service, meeting.ErrConcurrency):
		key, next = i18n.ServiceRefusedConcurrency, i18n.ServiceRefusedConcurrencyNext
	case passwordCodes[service.Code] && service.Status != http.StatusUnauthorized: // a 401 is about a token
		key = i18n.ServiceRefusedPassword
	case errors.Is(service, meeting.ErrForbidden) && service.Status == 0 && r.view().HidesAll():
		key = i18n.ServiceHidesAll
	case errors.Is(service, meeting.ErrForbidden) && service.Status == 0:
		key = i18n.ServiceRefusedForbidden
	case errors.Is(service, meeting.ErrForbidden):
		key = i18n.ServiceRefusedRights
	case errors.Is(service, meeting.ErrClock):
		key = i18n.ServiceRefusedClock
	case errors.Is(service, meeting.ErrUnauthorised):
		key = i18n.ServiceRefusedLogin
	case errors.Is(service, meeting.ErrInvalid):
		key, next = i18n.ServiceRefusedInvalid, i18n.ServiceRefusedNext
	}
	if key == "" {
		return r.serviceFailed(ctx, in, err)
	}
	r.logger.WarnContext(ctx, "the meeting service refused an extension", "envelope", in.from.envelope, "error", service)
	reply := in.reply(Refusal, key, next, i18n.Data{"Whom": r.whom(in)})
	if service.Message != "" && service.Status != 0 { // else the words are ours, and said already
		reply.About = append(reply.About, in.say.Say(i18n.ServiceSays, i18n.Data{"Message": service.Code + " " + service.Message}))
	}
	return reply
}

// serviceFailed says that the meeting service cannot be worked with now. Nothing was extended.
func (r *refusals) serviceFailed(ctx context.Context, in interaction, err error) Reply {
	if service, ok := errors.AsType[*meeting.Error](err); ok {
		r.logger.ErrorContext(ctx, "the meeting service is in trouble", "envelope", in.from.envelope, "error", service)
	} else {
		r.logger.ErrorContext(ctx, "the meeting service could not be asked", "envelope", in.from.envelope, "error", err)
	}
	text, next := i18n.ServiceDown, i18n.ServiceDownNext
	switch {
	case missing(err):
		return ended(in, bold(in.command.Meeting))
	case errors.Is(err, meeting.ErrClock):
		text, next = i18n.ServiceRefusedClock, i18n.ServiceOperatorNext
	case errors.Is(err, meeting.ErrUnauthorised):
		text, next = i18n.ServiceRefusedLogin, i18n.ServiceOperatorNext
	case errors.Is(err, meeting.ErrForbidden):
		text, next = i18n.ServiceRefusedRights, i18n.ServiceOperatorNext
	case errors.Is(err, meeting.ErrNoTurn):
		text = i18n.ServiceDelayed
	case errors.Is(err, meeting.ErrThrottled):
		text = i18n.ServiceThrottled
	case unreadable(err):
		text, next = i18n.ServiceUnreadable, i18n.ServiceOperatorNext
	}
	reply := in.reply(Failed, text, next, i18n.Data{"Whom": r.whom(in)})
	if service, ok := errors.AsType[*meeting.Error](err); ok {
		reply.Over.done.RequestID = service.RequestID
	}
	return reply
}

// hostUnknown says that whose a meeting is cannot be found out now. It is no answer about the meeting.
func (r *refusals) hostUnknown(ctx context.Context, in interaction, err error) Reply {
	reply := r.serviceFailed(ctx, in, err)
	if !errors.Is(err, meeting.ErrUnauthorised) && !errors.Is(err, meeting.ErrThrottled) {
		reply.Text = in.say.Say(i18n.HostUnknown, nil)
	}
	return reply
}
