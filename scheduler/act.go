package scheduler

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// Door is what the scheduler needs of extension.Extender.
type Door interface {
	Find(ctx context.Context, id string) (meeting.Meeting, error)
	Look(ctx context.Context, id string) (meeting.Meeting, error)
	Running(ctx context.Context) ([]meeting.Meeting, error)
	Listed(ctx context.Context, than time.Duration) ([]meeting.Meeting, error) // from a read younger than that, shared
	Extend(ctx context.Context, request extension.Request) (extension.Result, error)
	Tell(ctx context.Context, row extension.Extension, now meeting.Meeting)
	Told(ctx context.Context, row extension.Extension) error
}

// Tokens fetches ahead what an extension takes.
type Tokens interface {
	// Prepare fetches the meeting's control token for an extension at that time, unless there is one that lasts so long.
	Prepare(ctx context.Context, id string, at time.Time) error
}

const tokenLasts = 2 * time.Minute // beyond the moment that it is fetched for

// executor carries decisions out.
type executor struct {
	door       Door
	tokens     Tokens // nil: control tokens are not fetched ahead
	timeout    time.Duration
	records    *records
	authoriser *authoriser
	poster     *poster
	alarms     *alarms
	clock      extension.Clock
	logger     *slog.Logger
}

// ask posts the prompt for the meeting's end.
func (e *executor) ask(ctx context.Context, c candidate) error {
	c, stands, err := e.stands(ctx, c)
	if errors.Is(err, errNotTheirRun) {
		return e.actUnwatched(ctx, c)
	}
	if err != nil || !stands {
		return err
	}
	began := e.clock.Now()
	posted, err := e.poster.postOnce(ctx, c.occasion(PromptAsk, c.meeting.End))
	if posted && err == nil {
		extension.Done{
			How: extension.HowAutomatic, Verb: "ask", Team: c.wish.By().Team, User: c.wish.By().User, Meeting: c.meeting.ID,
			From: c.meeting.End, Outcome: extension.OutTold, Took: e.clock.Now().Sub(began),
		}.Log(ctx, e.logger)
	}
	return err
}

// stands says that what was decided is still to be done, and that the person on whose behalf it is may have it done. A
// look may take a minute: somebody may have paused all meanwhile, or wished otherwise.
func (e *executor) stands(ctx context.Context, c candidate) (candidate, bool, error) {
	again, err := e.records.again(ctx, c)
	if err != nil {
		e.alarms.failed(ctx, c, TroubleNoTick)
		return c, false, err
	}
	if again.decision.Act != c.decision.Act {
		return again, false, nil
	}
	allowed, err := e.authoriser.allows(ctx, again)
	return again, allowed, err
}

// extend extends a meeting because its rule or a person's wish says so. What others did, or what is accepted and not yet
// read, needs no word now.
func (e *executor) extend(ctx context.Context, c candidate) error {
	c, stands, err := e.stands(ctx, c)
	if errors.Is(err, errNotTheirRun) {
		return e.actUnwatched(ctx, c)
	}
	if err != nil || !stands {
		return err
	}
	automatic, began := meeting.Automatic(ctx), e.clock.Now()
	if err := e.prepare(automatic, c.meeting, e.clock.Now().Add(tokenLasts)); errors.Is(err, meeting.ErrThrottled) {
		e.logOver(ctx, c.request(), began, extension.Result{}, err)
		e.alarms.failed(ctx, c, troubleOf(err))
		return fmt.Errorf("extending meeting %s: %w", c.meeting.ID, err)
	} // after another failure the extension says what is wrong
	request := c.request()
	result, err := e.door.Extend(automatic, request)
	limited := result.Outcome == extension.Limited || result.Outcome == extension.TooMany
	if err == nil && limited && 0 < result.Left && result.Left < request.Minutes {
		request.Minutes = result.Left
		result, err = e.door.Extend(automatic, request)
	}
	e.logOver(ctx, request, began, result, err)
	if err != nil {
		e.alarms.failed(ctx, c, troubleOf(err))
		return fmt.Errorf("extending meeting %s: %w", c.meeting.ID, err)
	}
	return e.take(ctx, c, result)
}

func (c candidate) request() extension.Request {
	return extension.Request{
		Key: c.key(), Meeting: c.meeting, Origin: extension.FromTick, RuleOf: c.wish.Rule.Of, Wisher: c.wish.By(), Minutes: c.decision.Minutes, OfferedEnd: c.meeting.End,
	}
}

// logOver writes the one line of an automatic extension that is over.
func (e *executor) logOver(ctx context.Context, request extension.Request, began time.Time, result extension.Result, err error) {
	if done, here := request.Done(result, err); here {
		done.Took = e.clock.Now().Sub(began)
		done.Log(ctx, e.logger)
	}
}

// take does what follows from the result of an extension. What changes nothing at look after look does not stay untold.
func (e *executor) take(ctx context.Context, c candidate, result extension.Result) error {
	switch result.Outcome {
	case extension.DidConfirm:
		e.alarms.attempts.Remove(c.key())
		e.door.Tell(ctx, result.Extension, result.Meeting)
		return e.goOn(ctx, c, result.Meeting)
	case extension.DidRefuse:
		e.alarms.failed(ctx, c, troubleOf(result.Err))
		return errors.Join(result.Err, e.door.Told(ctx, result.Extension))
	case extension.NotKnown, extension.NotClear:
		e.alarms.failed(ctx, c, TroubleUnclear)
		return result.Err
	case extension.DidAccept, extension.Ended:
		return nil
	case extension.Moved:
		if !result.Meeting.End.Equal(c.meeting.End) {
			return e.goOn(ctx, c, result.Meeting)
		}
	case extension.Busy:
		if result.By.State == extension.Accepted {
			return nil // somebody was first, and the end lags behind
		}
	case extension.Already:
		if e.clock.Now().Sub(result.By.UpdatedAt).Abs() < extension.LagsFor {
			return nil // another replica was first, or the list lags behind
		}
	}
	e.alarms.failed(ctx, c, TroubleStuck)
	return nil
}

// goOn acts on another end of a meeting, too, where its time comes before the next look.
func (e *executor) goOn(ctx context.Context, c candidate, now meeting.Meeting) error {
	if now.End.Equal(c.meeting.End) || !hasCome(e.clock.Now(), c.history.NextLook, now.End.Add(-e.records.terms.Automation.Lead)) {
		return nil
	}
	if now.People < 0 {
		now.People = c.meeting.People // a meeting's own detail does not say
	}
	next, err := e.records.recallOne(ctx, now, c.run)
	if err != nil {
		return err
	}
	return e.carryOut(ctx, next)
}

// carryOut does between two looks what is decided, or tells what stands in the way.
func (e *executor) carryOut(ctx context.Context, c candidate) error {
	config, now := e.records.terms.Automation, e.clock.Now()
	if hasCome(now, c.history.NextLook, c.meeting.End.Add(-config.Lead)) {
		e.alarms.tellIn(ctx, now, c, config)
	}
	switch {
	case c.decision.Act == ActNothing || e.alarms.waits(c.key()):
		return nil
	case c.decision.Act == ActAsk:
		return e.ask(ctx, c)
	}
	return e.extend(ctx, c)
}

// actUnwatched does what is done with meetings that nobody watches.
func (e *executor) actUnwatched(ctx context.Context, c candidate) error {
	e.records.leave(&c)
	c, err := e.records.again(ctx, c)
	if err != nil {
		return err
	}
	return e.carryOut(ctx, c)
}

// actNow asks about a meeting or extends it, as a wish that was made just now says, if its time has come.
func (e *executor) actNow(ctx context.Context, meetingID, run string) error {
	m, err := e.door.Look(ctx, meetingID)
	if errors.Is(err, meeting.ErrNotFound) || errors.Is(err, meeting.ErrNotRunning) || err == nil && extension.RunOf(m) != run {
		return nil
	}
	if err != nil {
		return err
	}
	c, err := e.records.recallOne(ctx, e.records.counted(ctx, m), run)
	if err != nil {
		return err
	}
	return e.carryOut(ctx, c)
}

// prepare fetches the control token for an extension at that time.
func (e *executor) prepare(ctx context.Context, m meeting.Meeting, at time.Time) error {
	if e.tokens == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, e.timeout)
	defer cancel()
	return e.tokens.Prepare(ctx, m.ID, at)
}
