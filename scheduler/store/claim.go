package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/overtime-bot/overtime/scheduler/extension"
)

// tally is what decides about a claim.
type tally struct {
	holder  int64 // the open extension of the run; 0 if there is none
	used    int64 // the extension that has the key; 0 if there is none
	run     int   // minutes
	daily   int   // minutes
	recent  int   // claims
	attempt int   // that the next with the key is
	lost    int   // envelopes that are no longer the claimer's
	now     int64 // Unix milliseconds of the database's clock
}

const (
	// dailyMinutes are what a person added in 24 hours, and what automation added at their wish.
	dailyMinutes = `coalesce((SELECT sum(counted) FROM extensions
			WHERE team = ? AND person = ? AND person <> '' AND created_at > @now - 86400000 AND ? > 0), 0)
		+ coalesce((SELECT sum(counted) FROM extensions
			WHERE wisher_team = ? AND wisher_person = ? AND wisher_person <> '' AND created_at > @now - 86400000 AND ? > 0), 0)`
	selectDaily = `SELECT ` + dailyMinutes

	// Sums behind a limit that is not set are not made: without the limit nothing bounds their rows.
	selectTally = `SELECT
		coalesce((SELECT id FROM extensions WHERE run = ? AND state IN ('sent', 'unknown')), 0),
		coalesce((SELECT id FROM extensions WHERE key = ? AND freed = 0), 0),
		coalesce((SELECT sum(counted) FROM extensions WHERE run = ? AND ? > 0), 0),
		` + dailyMinutes + `,
		(SELECT count(*) FROM extensions
			WHERE team = ? AND person = ? AND person <> '' AND created_at > @now - 60000 AND created_at < @now + 60000 AND ? > 0),
		(SELECT coalesce(max(attempt), 0) + 1 FROM extensions WHERE key = ? AND freed = 1),
		(SELECT count(*) FROM envelopes WHERE id = ? AND ? <> '' AND (owner <> ? OR answered_at <> 0 OR concluded <> 0)),
		@now`
	insertExtension = `INSERT INTO extensions
		(key, attempt, envelope, run, meeting_id, origin, team, person, minutes, platform, counted,
		token, rule_of, wisher_team, wisher_person, each_minutes, host, title, room, state, created_at, updated_at, settle_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'sent', ?, ?, ?) RETURNING id`
)

// Claim implements extension.Claims.
func (l *Ledger) Claim(ctx context.Context, e extension.Extension, limits extension.Limits, settleIn time.Duration) (extension.Extension, error) {
	const what = "claim extension"
	switch {
	case e.Key == "" || e.Run == "":
		return extension.Extension{}, errors.New(what + ": it has no key or no run")
	case e.Minutes < 0 || e.Each < 0 || e.Platform && e.Minutes != 0 || !e.Platform && e.Each != 0:
		return extension.Extension{}, fmt.Errorf("%s: %d minutes", what, e.Minutes)
	case e.Actor.User == "" && e.Actor.Team != "":
		return extension.Extension{}, errors.New(what + ": a person without a user ID")
	}
	contested := []string{"key " + e.Key, "run " + e.Run}
	pays := e.Pays()
	if pays == (extension.Actor{}) {
		limits.DailyMinutes = 0
	} else {
		contested = append(contested, "person "+pays.Team+" "+pays.User)
	}
	if e.Actor == (extension.Actor{}) {
		limits.PersonRate = 0
	}
	return write(ctx, l, readsFirst, what, func(ctx context.Context, tx session) (extension.Extension, error) {
		if err := tx.lock(ctx, contested...); err != nil {
			return e, err
		}
		now, err := one(ctx, tx, nil, scanTally, selectTally, e.Run, e.Key, e.Run, limits.RunMinutes,
			pays.Team, pays.User, limits.DailyMinutes, pays.Team, pays.User, limits.DailyMinutes, e.Actor.Team, e.Actor.User, limits.PersonRate, e.Key,
			e.Envelope, e.Holder, e.Holder)
		if err == nil {
			err = now.forbids(ctx, tx, e, limits)
		}
		if err != nil {
			return e, err
		}
		return insert(ctx, tx, e, now, settleIn)
	})
}

// forbids is the error of what stands in the way of e. On Postgres that may have ended since it was found. The next try
// finds the way free, while a wish with another key was never done.
func (now tally) forbids(ctx context.Context, tx session, e extension.Extension, limits extension.Limits) error {
	if now.lost > 0 {
		return extension.ErrTakenOver
	}
	for _, id := range []int64{now.holder, now.used} {
		if id == 0 {
			continue
		}
		other, err := one(ctx, tx, ErrNoExtension, scanExtension, selectExtension, id)
		switch {
		case err != nil:
			return err
		case other.Key == e.Key && (other.State == extension.Accepted || other.State == extension.Confirmed):
			return &extension.DuplicateError{Of: other}
		}
		return &extension.TakenError{By: other}
	}
	return now.exceeds(e.Minutes, limits)
}

// exceeds is the error of the limit that leaves least among those in the way: who asks for no more than that is not
// refused by another.
func (now tally) exceeds(minutes int, limits extension.Limits) error {
	var least *extension.LimitError
	hold := func(limit extension.Limit, there, more, most int) {
		left := max(0, most-there)
		if most > 0 && more > left && (least == nil || left < least.Left) {
			least = &extension.LimitError{Limit: limit, Left: left}
		}
	}
	hold(extension.LimitRun, now.run, minutes, limits.RunMinutes)
	hold(extension.LimitDaily, now.daily, minutes, limits.DailyMinutes)
	hold(extension.LimitPerson, now.recent, 1, limits.PersonRate)
	if least == nil {
		return nil
	}
	return least
}

func insert(ctx context.Context, tx session, e extension.Extension, now tally, settleIn time.Duration) (_ extension.Extension, err error) {
	e.Attempt, e.Token, e.Holder = now.attempt, rand.Text(), ""
	e.State, e.Reason, e.RequestID = extension.Sent, "", ""
	e.Before, e.Target, e.After = time.Time{}, time.Time{}, time.Time{}
	e.CreatedAt, e.UpdatedAt = instant(now.now), instant(now.now)
	e.SettleAt = e.CreatedAt.Add(settleIn)
	e.ID, err = one(ctx, tx, nil, scanValue[int64], insertExtension,
		e.Key, e.Attempt, e.Envelope, e.Run, e.MeetingID, string(e.Origin), e.Actor.Team, e.Actor.User,
		e.Minutes, number(e.Platform), e.Minutes, e.Token, e.RuleOf, e.Wisher.Team, e.Wisher.User, e.Each, e.Host, e.Subject, e.Room,
		now.now, now.now, milliseconds(e.SettleAt))
	return e, err
}

func scanTally(from scanner) (now tally, err error) {
	err = from.Scan(&now.holder, &now.used, &now.run, &now.daily, &now.recent, &now.attempt, &now.lost, &now.now)
	return now, err
}
