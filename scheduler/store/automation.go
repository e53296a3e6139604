package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// Automation keeps what people asked for of automation, and who carries it out.
type Automation struct{ database }

const (
	ruleColumns = `rule_of, mode, minutes, max_minutes, channel, team, person,
	paused, paused_team, paused_person, paused_at, created_at`
	selectRules   = `SELECT ` + ruleColumns + ` FROM rules`
	selectRulesOf = `SELECT ` + ruleColumns + ` FROM rules WHERE rule_of IN (?, ?)`
	// It changes nothing: it reads the rule, and on Postgres holds it until the transaction ends.
	holdRule = `UPDATE rules SET mode = mode WHERE rule_of = ? RETURNING ` + ruleColumns
	// A rule is never as old as an answer that was there before it, whatever the clock says: the newest wish counts.
	upsertRule = `INSERT INTO rules (` + ruleColumns + `) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
		(SELECT max(at) FROM (SELECT @now AS at UNION ALL SELECT max(answered_at) + 1 FROM prompts WHERE answered_at > 0) AS wishes))
		ON CONFLICT (rule_of) DO UPDATE SET mode = excluded.mode, minutes = excluded.minutes,
		max_minutes = excluded.max_minutes, channel = excluded.channel, team = excluded.team, person = excluded.person,
		paused = excluded.paused, paused_team = excluded.paused_team, paused_person = excluded.paused_person,
		paused_at = excluded.paused_at, created_at = excluded.created_at`
	deleteRule = `DELETE FROM rules WHERE rule_of = ? RETURNING ` + ruleColumns
	pauseRule  = `UPDATE rules SET paused = ?, paused_team = '', paused_person = '', paused_at = @now
		WHERE rule_of = ? AND team = ? AND person = ? AND paused = ''`

	pauseColumns = `paused, team, person, paused_at`
	selectPause  = `SELECT ` + pauseColumns + ` FROM automation_pause WHERE id = 1`
	// As holdRule.
	holdPause   = `UPDATE automation_pause SET paused = paused WHERE id = 1 RETURNING ` + pauseColumns
	insertPause = `INSERT INTO automation_pause (id, ` + pauseColumns + `) VALUES (1, 'admin', ?, ?, @now)`
	deletePause = `DELETE FROM automation_pause WHERE id = 1 RETURNING ` + pauseColumns

	insertQuiet = `INSERT INTO quiet (team, person) VALUES (?, ?) ON CONFLICT (team, person) DO NOTHING`
	deleteQuiet = `DELETE FROM quiet WHERE team = ? AND person = ?`
	selectQuiet = `SELECT count(*) FROM quiet WHERE team = ? AND person = ?`

	// A lease that lasts for more than twice its time was taken before the clock was set back: its holder may be gone.
	upsertLease = `INSERT INTO leases (name, owner, held_until) VALUES (?, ?, @now + ?)
		ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, held_until = excluded.held_until
		WHERE leases.owner = excluded.owner OR leases.held_until <= @now
			OR leases.held_until > @now + 2 * ?`
	deleteLease = `DELETE FROM leases WHERE name = ? AND owner = ?`
)

// Rules returns all rules, in no order.
func (a *Automation) Rules(ctx context.Context) ([]scheduler.Rule, error) {
	return readAll(ctx, a, "read the rules", scanRule, selectRules)
}

// RulesOf returns the rules of a meeting and of its cloud room.
func (a *Automation) RulesOf(ctx context.Context, meetingID, roomID string) ([]scheduler.Rule, error) {
	return readAll(ctx, a, "read the rules of meeting "+meetingID, scanRule, selectRulesOf, meetingID, roomID)
}

// PutRule stores the rule of rule.Of in place of an older one, which it returns (zero if there was none). It sets Created
// by itself.
func (a *Automation) PutRule(ctx context.Context, rule scheduler.Rule) (before scheduler.Rule, err error) {
	switch {
	case rule.Of == "":
		return before, errors.New("store rule: it is of nothing")
	case rule.Mode != scheduler.ModeOff && rule.Mode != scheduler.ModeAsk && rule.Mode != scheduler.ModeAuto:
		return before, fmt.Errorf("store rule: mode %q", rule.Mode)
	case rule.Minutes < 0 || rule.Max < 0:
		return before, fmt.Errorf("store rule: %d minutes, at most %d", rule.Minutes, rule.Max)
	}
	return write(ctx, a, several, "store the rule of "+rule.Of, func(ctx context.Context, tx session) (before scheduler.Rule, err error) {
		if err := tx.lock(ctx, "rule "+rule.Of); err != nil {
			return before, err
		}
		if before, err = one(ctx, tx, nil, scanRule, holdRule, rule.Of); err != nil {
			return before, err
		}
		_, err = tx.exec(ctx, upsertRule, rule.Of, string(rule.Mode), rule.Minutes, rule.Max, rule.Channel,
			rule.Owner.Team, rule.Owner.User, string(rule.Paused.Reason), rule.Paused.By.Team, rule.Paused.By.User,
			milliseconds(rule.Paused.Since))
		return before, err
	})
}

// DeleteRule removes the rule and returns it; zero if there was none.
func (a *Automation) DeleteRule(ctx context.Context, of string) (before scheduler.Rule, err error) {
	return changeOne(ctx, a, "delete the rule of "+of, nil, scanRule, deleteRule, of)
}

// PauseRule pauses the rule of that owner if it is not paused. It is false where another replica was first, or the rule is
// gone or another's by now.
func (a *Automation) PauseRule(ctx context.Context, of string, owner extension.Actor, reason scheduler.PauseReason) (paused bool, err error) {
	if reason == "" {
		return false, errors.New("pause rule: no reason")
	}
	changed, err := exec(ctx, a, "pause the rule of "+of, pauseRule, string(reason), of, owner.Team, owner.User)
	return changed == 1, err
}

// PauseAll pauses all automation and returns what was before. The first pause counts.
func (a *Automation) PauseAll(ctx context.Context, by extension.Actor) (before scheduler.Pause, err error) {
	return write(ctx, a, several, "pause automation", func(ctx context.Context, tx session) (before scheduler.Pause, err error) {
		if err := tx.lock(ctx, "pause of automation"); err != nil {
			return before, err
		}
		if before, err = one(ctx, tx, nil, scanPause, holdPause); err == nil && before.IsZero() {
			_, err = tx.exec(ctx, insertPause, by.Team, by.User)
		}
		return before, err
	})
}

// ResumeAll ends the pause of all automation and returns what was before.
func (a *Automation) ResumeAll(ctx context.Context) (before scheduler.Pause, err error) {
	return changeOne(ctx, a, "resume automation", nil, scanPause, deletePause)
}

// Paused reads the pause of all automation; zero if there is none.
func (a *Automation) Paused(ctx context.Context) (scheduler.Pause, error) {
	return readOne(ctx, a, "read the pause of automation", nil, scanPause, selectPause)
}

// SetQuiet stores whether a host wants not to be asked, and tells whether they did before.
func (a *Automation) SetQuiet(ctx context.Context, person extension.Actor, quiet bool) (before bool, err error) {
	if person.User == "" {
		return false, errors.New("set quiet: a person without a user ID")
	}
	text := deleteQuiet
	if quiet {
		text = insertQuiet
	}
	changed, err := exec(ctx, a, "set quiet", text, person.Team, person.User)
	return err == nil && quiet != (changed > 0), err
}

// Quiet tells whether a host wants not to be asked.
func (a *Automation) Quiet(ctx context.Context, person extension.Actor) (bool, error) {
	return readOne(ctx, a, "read whether a person is quiet", nil, scanValue[bool], selectQuiet, person.Team, person.User)
}

// Lease takes the lease of that name for ttl from now, or renews it, and tells whether owner holds it. Of any number of
// owners one does. Another gets it once ttl is over by the database's clock, or it was released.
func (a *Automation) Lease(ctx context.Context, name, owner string, ttl time.Duration) (held bool, err error) {
	changed, err := exec(ctx, a, "take lease "+name, upsertLease, name, owner, ttl.Milliseconds(), ttl.Milliseconds())
	return changed == 1, err
}

// ReleaseLease gives the lease up, for another to take it at once. A lease that owner does not hold stays as it is.
func (a *Automation) ReleaseLease(ctx context.Context, name, owner string) error {
	_, err := exec(ctx, a, "release lease "+name, deleteLease, name, owner)
	return err
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

func scanPause(from scanner) (scheduler.Pause, error) {
	var p scheduler.Pause
	var since int64
	if err := from.Scan(&p.Reason, &p.By.Team, &p.By.User, &since); err != nil {
		return scheduler.Pause{}, err
	}
	p.Since = instant(since)
	return p, nil
}
