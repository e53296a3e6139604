package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/overtime-bot/overtime/scheduler/extension"
)

// standing is what decides about a claim.
type standing struct {
	holder  int64 // the open extension of the run; 0 if there is none
	used    int64 // the extension that has the key; 0 if there is none
	run     int   // minutes
	daily   int   // minutes
	recent  int   // claims
	attempt int   // that the next with the key is
	now     int64 // Unix milliseconds of the database's clock
}

// Sums behind a limit that is not set are not made: without the limit nothing bounds their rows.
const selectStanding = `SELECT
	coalesce((SELECT id FROM extensions WHERE run = ? AND state IN ('sent', 'unknown')), 0),
	coalesce((SELECT id FROM extensions WHERE key = ? AND freed = 0), 0),
	coalesce((SELECT sum(counted) FROM extensions WHERE run = ? AND ? > 0), 0),
	coalesce((SELECT sum(counted) FROM extensions
		WHERE team = ? AND person = ? AND person <> '' AND created_at > @now - 86400000 AND ? > 0), 0),
	(SELECT count(*) FROM extensions
		WHERE team = ? AND person = ? AND person <> '' AND created_at > @now - 60000 AND ? > 0),
	(SELECT coalesce(max(attempt), 0) + 1 FROM extensions WHERE key = ? AND freed = 1),
	@now`

const insertExtension = `INSERT INTO extensions
	(key, attempt, envelope, run, meeting_id, origin, team, person, minutes, platform, counted,
	token, rule_of, state, created_at, updated_at, settle_at)
	VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'sent', ?, ?, ?)`

// Claim implements scheduler.Ledger.
func (s *Store) Claim(ctx context.Context, e extension.Extension, limits extension.Limits, settleIn time.Duration) (extension.Extension, error) {
	if err := claimable(e); err != nil {
		return extension.Extension{}, err
	}
	if e.Actor == (extension.Actor{}) {
		limits.DailyMinutes, limits.PersonRate = 0, 0
	}
	return writeAs(ctx, s, manner{last: true}, "claim extension", func(ctx context.Context, tx session) (extension.Extension, error) {
		if err := tx.serialise(ctx, contested(e)...); err != nil {
			return e, err
		}
		now, err := allowed(ctx, tx, e, limits)
		if err != nil {
			return e, err
		}
		if limits.RunMinutes > 0 {
			e.Added = now.run + e.Minutes
		}
		return insert(ctx, tx, e, now, settleIn)
	})
}

// contested is what two claims must not pass at the same time.
func contested(e extension.Extension) []string {
	things := []string{"key " + e.Key, "run " + e.Run}
	if e.Actor != (extension.Actor{}) {
		things = append(things, "person "+e.Actor.Team+" "+e.Actor.User)
	}
	return things
}

// claimable finds mistakes of the caller.
func claimable(e extension.Extension) error {
	switch {
	case e.Key == "" || e.Run == "":
		return errors.New("claim extension: it has no key or no run")
	case e.Minutes < 0 || e.Platform && e.Minutes != 0:
		return fmt.Errorf("claim extension: %d minutes", e.Minutes)
	case e.Actor.User == "" && e.Actor.Team != "":
		return errors.New("claim extension: a person without a user ID")
	}
	return nil
}

func allowed(ctx context.Context, tx session, e extension.Extension, limits extension.Limits) (standing, error) {
	now, err := standingOf(ctx, tx, e, limits)
	if err != nil {
		return now, err
	}
	for _, other := range []int64{now.holder, now.used} {
		if other != 0 {
			return now, conflict(ctx, tx, e, other)
		}
	}
	if over(now.run, e.Minutes, limits.RunMinutes) {
		return now, &extension.LimitError{Limit: extension.LimitRun, Left: max(0, limits.RunMinutes-now.run)}
	}
	if over(now.daily, e.Minutes, limits.DailyMinutes) {
		return now, &extension.LimitError{Limit: extension.LimitDaily, Left: max(0, limits.DailyMinutes-now.daily)}
	}
	if over(now.recent, 1, limits.PersonRate) {
		return now, &extension.LimitError{Limit: extension.LimitPerson}
	}
	return now, nil
}

// over says that more on top of what there is would pass the limit. What adds nothing passes none.
func over(there, more, limit int) bool { return limit > 0 && more > 0 && there+more > limit }

func standingOf(ctx context.Context, tx session, e extension.Extension, limits extension.Limits) (standing, error) {
	var s standing
	err := tx.row(ctx, selectStanding,
		e.Run, e.Key,
		e.Run, limits.RunMinutes,
		e.Actor.Team, e.Actor.User, limits.DailyMinutes,
		e.Actor.Team, e.Actor.User, limits.PersonRate,
		e.Key,
	).Scan(&s.holder, &s.used, &s.run, &s.daily, &s.recent, &s.attempt, &s.now)
	return s, err
}

// conflict says what stands in the way of e. On Postgres that may have ended since it was found: who then tries again
// finds the way free, while a wish with another key was never done.
func conflict(ctx context.Context, tx session, e extension.Extension, id int64) error {
	other, err := extensionByID(ctx, tx, id)
	if err != nil {
		return err
	}
	if other.Key == e.Key && (other.State == extension.Accepted || other.State == extension.Confirmed) {
		return &extension.DuplicateError{Of: other}
	}
	return &extension.TakenError{By: other}
}

func insert(ctx context.Context, tx session, e extension.Extension, now standing, settleIn time.Duration) (_ extension.Extension, err error) {
	e.Attempt, e.Token = now.attempt, rand.Text()
	e.State, e.Reason = extension.Sent, ""
	e.Before, e.Target, e.After = time.Time{}, time.Time{}, time.Time{}
	e.CreatedAt, e.UpdatedAt = instant(now.now), instant(now.now)
	e.SettleAt = e.CreatedAt.Add(settleIn)
	e.ID, err = tx.insert(ctx, insertExtension,
		e.Key, e.Attempt, e.Envelope, e.Run, e.MeetingID, string(e.Origin), e.Actor.Team, e.Actor.User,
		e.Minutes, number(e.Platform), e.Minutes, e.Token, e.RuleOf, now.now, now.now, milliseconds(e.SettleAt))
	return e, err
}
