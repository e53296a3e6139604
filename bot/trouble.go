package bot

import (
	"context"
	"errors"
	"net/http"

	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// notFound says why a meeting that was named is not there for someone who may see every meeting.
func (b *Bot) notFound(ctx context.Context, c call, err error) Reply {
	if !missing(err) {
		return b.serviceTrouble(ctx, c, err)
	}
	id := c.request.Meeting
	booked, bookedErr := b.config.Hosts.Booked(ctx, id)
	switch {
	case bookedErr == nil && booked.Start.After(b.config.Clock.Now()):
		return Reply{
			Tone: Telling, About: titleOf(booked),
			Text: c.say.Say(i18n.NotRunningYet, i18n.Data{"Meeting": id}),
			Next: c.say.Say(i18n.NotRunningYetNext, nil),
		}
	case bookedErr == nil || hasEnded(err):
		return b.ended(c, id)
	default:
		return Reply{
			Tone: Refusal,
			Text: c.say.Say(i18n.NoMeeting, i18n.Data{"Meeting": id}),
			Next: c.say.Say(i18n.NoMeetingNext, i18n.Data{"Command": c.typed("list")}),
		}
	}
}

// hasEnded says that the service itself calls the meeting ended (CONF_IS_CLOSED and its like), not just absent.
func hasEnded(err error) bool {
	var service *meeting.Error
	if !errors.As(err, &service) {
		return false
	}
	switch service.Code {
	case "MMC.111072006", "MMC.111071072", "MMC.111072003", "MMC.111072014":
		return true
	}
	return false
}

func (b *Bot) ended(c call, id string) Reply {
	return Reply{
		Tone: Refusal,
		Text: c.say.Say(i18n.Ended, i18n.Data{"Meeting": id}),
		Next: c.say.Say(i18n.EndedNext, nil),
	}
}

// notExtended says why nothing was sent.
func (b *Bot) notExtended(ctx context.Context, c call, err error) Reply {
	if errors.Is(ctx.Err(), context.Canceled) { // the process ends: the store is not to blame
		b.logger.WarnContext(ctx, "a request was cut off before anything was sent", "envelope", c.envelope, "error", err)
		return Reply{Tone: Trouble, Text: c.say.Say(i18n.Restarting, nil), Next: c.say.Say(i18n.NotWrittenNext, nil)}
	}
	if errors.Is(err, extension.ErrNotWritten) {
		return b.notWritten(ctx, c, err)
	}
	return b.serviceTrouble(ctx, c, err)
}

// notWritten says that the store did not take, or not tell, what the request is about.
func (b *Bot) notWritten(ctx context.Context, c call, err error) Reply {
	b.logger.ErrorContext(ctx, "a request could not be written down; nothing was sent", "envelope", c.envelope, "error", err)
	return Reply{Tone: Trouble, Text: c.say.Say(i18n.NotWritten, nil), Next: c.say.Say(i18n.NotWrittenNext, nil)}
}

// serviceRefused says why the meeting service did not extend.
func (b *Bot) serviceRefused(ctx context.Context, c call, err error) Reply {
	var service *meeting.Error
	if !errors.As(err, &service) {
		return b.serviceTrouble(ctx, c, err)
	}
	key, next := refusalKeys(service)
	if key == "" {
		return b.serviceTrouble(ctx, c, err)
	}
	b.logger.WarnContext(ctx, "the meeting service refused an extension", "envelope", c.envelope, "error", service)
	reply := Reply{Tone: Refusal, Text: c.say.Say(key, nil), Next: c.say.Say(next, i18n.Data{"Whom": b.whom(c.say)})}
	reply.About = append(reply.About, c.request.Meeting)
	if service.Message != "" {
		reply.About = append(reply.About, c.say.Say(i18n.ServiceSays, i18n.Data{"Message": service.Code + " " + service.Message}))
	}
	return reply
}

// passwordCodes are the refusals that are about the host password.
var passwordCodes = map[string]bool{
	"MMC.111072065": true, "MMC.111072064": true, "MMC.111070009": true, "MMC.111071091": true,
	"MMC.111070004": true, "MMC.111072018": true,
}

// refusalKeys chooses the sentence and the next step of a refusal; nothing where the service is just in trouble.
func refusalKeys(err *meeting.Error) (text, next i18n.Key) {
	switch {
	case errors.Is(err, meeting.ErrLimitReached):
		return i18n.ServiceRefusedLimit, i18n.ServiceRefusedLimitNext
	case passwordCodes[err.Code] && err.Status != http.StatusUnauthorized: // a 401 is about a token
		return i18n.ServiceRefusedPassword, i18n.ServiceOperatorNext
	case errors.Is(err, meeting.ErrForbidden) && err.Status == 0:
		return i18n.ServiceRefusedForbidden, i18n.ServiceOperatorNext
	case errors.Is(err, meeting.ErrForbidden):
		return i18n.ServiceRefusedRights, i18n.ServiceOperatorNext
	case errors.Is(err, meeting.ErrUnauthorised):
		return i18n.ServiceRefusedLogin, i18n.ServiceOperatorNext
	case errors.Is(err, meeting.ErrInvalid):
		return i18n.ServiceRefusedInvalid, i18n.ServiceRefusedNext
	}
	return "", ""
}

// serviceTrouble says that the meeting service cannot be worked with now; nothing was extended.
func (b *Bot) serviceTrouble(ctx context.Context, c call, err error) Reply {
	var service *meeting.Error
	if errors.As(err, &service) {
		b.logger.ErrorContext(ctx, "the meeting service is in trouble", "envelope", c.envelope, "error", service)
	} else {
		b.logger.ErrorContext(ctx, "the meeting service could not be asked", "envelope", c.envelope, "error", err)
	}
	whom := i18n.Data{"Whom": b.whom(c.say)}
	switch {
	case missing(err):
		return b.ended(c, c.request.Meeting)
	case errors.Is(err, meeting.ErrThrottled):
		return Reply{Tone: Trouble, Text: c.say.Say(i18n.ServiceThrottled, nil), Next: c.say.Say(i18n.ServiceDownNext, nil)}
	case errors.Is(err, meeting.ErrUnauthorised):
		return Reply{Tone: Trouble, Text: c.say.Say(i18n.ServiceRefusedLogin, nil), Next: c.say.Say(i18n.ServiceOperatorNext, whom)}
	case errors.Is(err, meeting.ErrForbidden):
		return Reply{Tone: Trouble, Text: c.say.Say(i18n.ServiceRefusedRights, nil), Next: c.say.Say(i18n.ServiceOperatorNext, whom)}
	default:
		return Reply{Tone: Trouble, Text: c.say.Say(i18n.ServiceDown, nil), Next: c.say.Say(i18n.ServiceDownNext, nil)}
	}
}

// trouble answers when the bot itself broke; the reference is in the log.
func (b *Bot) trouble(c call) Reply {
	return Reply{
		Tone: Trouble, Text: c.say.Say(i18n.Trouble, nil),
		Next: c.say.Say(i18n.TroubleNext, i18n.Data{
			"Command": c.typed("status …"), "Whom": b.whom(c.say), "Reference": foreign(c.envelope, quotedLimit),
		}),
	}
}

func (b *Bot) staleButton(c call) Reply {
	return Reply{
		Tone: Telling, Text: c.say.Say(i18n.StaleButton, nil),
		Next: c.say.Say(i18n.StaleButtonNext, i18n.Data{"Command": c.typed("help")}),
	}
}
