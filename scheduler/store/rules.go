package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

var _ scheduler.AutomationStore = (*Store)(nil)

const (
	ruleColumns = `rule_of, mode, minutes, max_minutes, channel, team, person,
	paused, paused_team, paused_person, paused_at, created_at`

	selectRules   = `SELECT ` + ruleColumns + ` FROM rules`
	selectRulesOf = `SELECT ` + ruleColumns + ` FROM rules WHERE rule_of IN (?, ?)`
	// It changes nothing: it reads the rule, and on Postgres holds it until the transaction ends.
	holdRule   = `UPDATE rules SET mode = mode WHERE rule_of = ? RETURNING ` + ruleColumns
	upsertRule = `INSERT INTO rules (` + ruleColumns + `) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, @now)
		ON CONFLICT (rule_of) DO UPDATE SET mode = excluded.mode, minutes = excluded.minutes,
		max_minutes = excluded.max_minutes, channel = excluded.channel, team = excluded.team, person = excluded.person,
		paused = excluded.paused, paused_team = excluded.paused_team, paused_person = excluded.paused_person,
		paused_at = excluded.paused_at, created_at = excluded.created_at`
	deleteRule = `DELETE FROM rules WHERE rule_of = ? RETURNING ` + ruleColumns
	pauseRule  = `UPDATE rules SET paused = ?, paused_team = '', paused_person = '', paused_at = @now
		WHERE rule_of = ? AND team = ? AND person = ? AND paused = ''`
)

// Rules implements scheduler.AutomationStore. They come in no order.
func (s *Store) Rules(ctx context.Context) ([]scheduler.Rule, error) {
	rules, err := all(ctx, s.database.read(), scanRule, selectRules)
	return rules, doing("read the rules", err)
}

// RulesOf implements scheduler.AutomationStore.
func (s *Store) RulesOf(ctx context.Context, meetingID, roomID string) ([]scheduler.Rule, error) {
	rules, err := all(ctx, s.database.read(), scanRule, selectRulesOf, meetingID, roomID)
	return rules, doing("read the rules of meeting "+meetingID, err)
}

// PutRule implements scheduler.AutomationStore. It sets Created by itself.
func (s *Store) PutRule(ctx context.Context, rule scheduler.Rule) (before scheduler.Rule, err error) {
	if err := storable(rule); err != nil {
		return before, err
	}
	return write(ctx, s, "store the rule of "+rule.Of, func(ctx context.Context, tx session) (scheduler.Rule, error) {
		if err := tx.serialise(ctx, "rule "+rule.Of); err != nil {
			return scheduler.Rule{}, err
		}
		before, err := orNone(scanRule(tx.row(ctx, holdRule, rule.Of)))
		if err != nil {
			return before, err
		}
		_, err = tx.exec(ctx, upsertRule, rule.Of, string(rule.Mode), rule.Minutes, rule.Max, rule.Channel,
			rule.Owner.Team, rule.Owner.User, string(rule.Paused.Reason), rule.Paused.By.Team, rule.Paused.By.User,
			milliseconds(rule.Paused.Since))
		return before, err
	})
}

// storable finds mistakes of the caller.
func storable(rule scheduler.Rule) error {
	switch {
	case rule.Of == "":
		return errors.New("store rule: it is of nothing")
	case rule.Mode != scheduler.ModeOff && rule.Mode != scheduler.ModeAsk && rule.Mode != scheduler.ModeAuto:
		return fmt.Errorf("store rule: mode %q", rule.Mode)
	case rule.Minutes < 0 || rule.Max < 0:
		return fmt.Errorf("store rule: %d minutes, at most %d", rule.Minutes, rule.Max)
	}
	return nil
}

// DeleteRule implements scheduler.AutomationStore.
func (s *Store) DeleteRule(ctx context.Context, of string) (before scheduler.Rule, err error) {
	return writeOne(ctx, s, "delete the rule of "+of, func(ctx context.Context, tx session) (scheduler.Rule, error) {
		return orNone(scanRule(tx.row(ctx, deleteRule, of)))
	})
}

// PauseRule implements scheduler.AutomationStore.
func (s *Store) PauseRule(ctx context.Context, of string, owner extension.Actor, reason scheduler.PauseReason) (paused bool, err error) {
	if reason == "" {
		return false, errors.New("pause rule: no reason")
	}
	return writeOne(ctx, s, "pause the rule of "+of, func(ctx context.Context, tx session) (bool, error) {
		changed, err := tx.exec(ctx, pauseRule, string(reason), of, owner.Team, owner.User)
		return changed == 1, err
	})
}

func scanRule(from scanner) (scheduler.Rule, error) {
	var r scheduler.Rule
	var since, created int64
	err := from.Scan(&r.Of, &r.Mode, &r.Minutes, &r.Max, &r.Channel, &r.Owner.Team, &r.Owner.User,
		&r.Paused.Reason, &r.Paused.By.Team, &r.Paused.By.User, &since, &created)
	if err != nil {
		return scheduler.Rule{}, err
	}
	r.Paused.Since, r.Created = instant(since), instant(created)
	return r, nil
}

// orNone is the zero value where there is no row.
func orNone[T any](found T, err error) (T, error) {
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return found, err
}
