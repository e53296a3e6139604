package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

const (
	promptColumns = `id, kind, run, meeting_id, end_at, rule_of, state, channel, ts, shown, answer, team, person, lapsed, created_at`

	selectPrompt   = `SELECT ` + promptColumns + ` FROM prompts WHERE id = ?`
	selectPromptOf = `SELECT ` + promptColumns + ` FROM prompts WHERE run = ? AND end_at = ? AND kind = ?`
	selectPrompts  = `SELECT ` + promptColumns + ` FROM prompts WHERE run IN `
	selectFollowed = `SELECT ` + promptColumns + ` FROM prompts
		WHERE state = 'posted' AND state <> 'closed' ORDER BY created_at, id`
	insertPrompt = `INSERT INTO prompts (kind, run, meeting_id, end_at, rule_of, state, created_at)
		VALUES (?, ?, ?, ?, ?, 'posting', @now)
		ON CONFLICT (run, end_at, kind) DO NOTHING RETURNING ` + promptColumns

	updatePosted = `UPDATE prompts SET state = 'posted', channel = ?, ts = ?, shown = ?
		WHERE id = ? AND state IN ('posting', 'unsure')`
	// The rows are chosen in a query of their own, which Postgres runs once: never more than the limit.
	updateUnsure = `WITH forsaken AS (SELECT id FROM prompts
			WHERE state = 'posting' AND state <> 'closed' AND created_at < @now - ? ORDER BY created_at LIMIT ?` + skipLocked + `)
		UPDATE prompts SET state = 'unsure' WHERE id IN (SELECT id FROM forsaken) RETURNING ` + promptColumns
	deleteUnposted = `DELETE FROM prompts WHERE id = ? AND state = 'posting'`
	updateUnposted = `UPDATE prompts SET state = 'posting' WHERE id = ? AND state = 'unsure'`

	updateShown  = `UPDATE prompts SET shown = ? WHERE id = ? AND state = 'posted' AND shown = ?`
	updateAnswer = `UPDATE prompts SET answer = ?, team = ?, person = ?, lapsed = 0
		WHERE id = ? AND (answer IN (?, ?, ?) OR lapsed = 1) RETURNING ` + promptColumns
	updateLapsed = `UPDATE prompts SET lapsed = 1
		WHERE id = ? AND answer = 'keep' AND team = ? AND person = ? AND lapsed = 0`
	updateClosed = `UPDATE prompts SET state = 'closed' WHERE id = ? AND state <> 'closed'`
)

// Prompts implements scheduler.AutomationStore. A run without prompts is not in the map.
func (s *Store) Prompts(ctx context.Context, runs []string) (map[string][]scheduler.Prompt, error) {
	found := map[string][]scheduler.Prompt{}
	err := ofRuns(ctx, s, scanPrompt, selectPrompts, runs, func(p scheduler.Prompt) {
		found[p.Run] = append(found[p.Run], p)
	})
	if err != nil {
		return nil, doing("read prompts", err)
	}
	for _, prompts := range found {
		oldestFirst(prompts)
	}
	return found, nil
}

func oldestFirst(prompts []scheduler.Prompt) {
	slices.SortFunc(prompts, func(a, b scheduler.Prompt) int {
		return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.ID, b.ID))
	})
}

// Prompt implements scheduler.AutomationStore.
func (s *Store) Prompt(ctx context.Context, id int64) (scheduler.Prompt, error) {
	found, err := prompt(ctx, s.database.read(), selectPrompt, id)
	return found, doing(fmt.Sprintf("read prompt %d", id), err)
}

// ClaimPrompt implements scheduler.AutomationStore. Of the prompt it stores what it is about: kind, run, meeting, end
// and rule.
func (s *Store) ClaimPrompt(ctx context.Context, p scheduler.Prompt) (scheduler.Prompt, bool, error) {
	if p.Run == "" || p.End.IsZero() {
		return scheduler.Prompt{}, false, errors.New("claim prompt: it has no run or no end")
	}
	end, kind := milliseconds(p.End), string(p.Kind)
	return s.promptOr(ctx, "claim prompt", func(ctx context.Context, tx session) (scheduler.Prompt, error) {
		return prompt(ctx, tx, insertPrompt, kind, p.Run, p.MeetingID, end, p.RuleOf)
	}, selectPromptOf, p.Run, end, kind)
}

// promptOr changes a prompt, which is true, or reads it as it stands where there is nothing to change.
func (s *Store) promptOr(ctx context.Context, what string, change func(context.Context, session) (scheduler.Prompt, error),
	otherwise string, args ...any,
) (scheduler.Prompt, bool, error) {
	type outcome struct {
		prompt  scheduler.Prompt
		changed bool
	}
	found, err := writeOne(ctx, s, what, func(ctx context.Context, tx session) (outcome, error) {
		changed, err := change(ctx, tx)
		if !errors.Is(err, scheduler.ErrNoPrompt) {
			return outcome{changed, true}, err
		}
		stands, err := prompt(ctx, tx, otherwise, args...)
		return outcome{stands, false}, err
	})
	return found.prompt, found.changed, err
}

// PostedPrompt implements scheduler.AutomationStore.
func (s *Store) PostedPrompt(ctx context.Context, id int64, channel, timestamp, shown string) error {
	return change(ctx, s, fmt.Sprintf("mark prompt %d as posted", id), func(ctx context.Context, tx session) error {
		changed, err := tx.exec(ctx, updatePosted, channel, timestamp, shown, id)
		if err == nil && changed == 0 {
			return extension.ErrMoved
		}
		return err
	})
}

// UnsurePrompts implements scheduler.AutomationStore. The oldest go first.
func (s *Store) UnsurePrompts(ctx context.Context, after time.Duration, limit int) ([]scheduler.Prompt, error) {
	return writeOne(ctx, s, "give prompts up", func(ctx context.Context, tx session) ([]scheduler.Prompt, error) {
		unsure, err := all(ctx, tx, scanPrompt, updateUnsure, after.Milliseconds(), max(limit, 0))
		oldestFirst(unsure)
		return unsure, err
	})
}

// UnpostedPrompt implements scheduler.AutomationStore.
func (s *Store) UnpostedPrompt(ctx context.Context, id int64) error {
	what := fmt.Sprintf("take prompt %d back", id)
	_, err := write(ctx, s, what, func(ctx context.Context, tx session) (int64, error) {
		changed, err := tx.exec(ctx, deleteUnposted, id)
		if err != nil || changed > 0 {
			return changed, err
		}
		return tx.exec(ctx, updateUnposted, id)
	})
	return err
}

// FollowedPrompts implements scheduler.AutomationStore.
func (s *Store) FollowedPrompts(ctx context.Context) ([]scheduler.Prompt, error) {
	followed, err := all(ctx, s.database.read(), scanPrompt, selectFollowed)
	return followed, doing("read the prompts that are followed", err)
}

// ShowPrompt implements scheduler.AutomationStore. It is false, too, where nothing changes.
func (s *Store) ShowPrompt(ctx context.Context, id int64, before, shown string) (bool, error) {
	if before == shown {
		return false, nil
	}
	return writeOne(ctx, s, fmt.Sprintf("change prompt %d", id), func(ctx context.Context, tx session) (bool, error) {
		changed, err := tx.exec(ctx, updateShown, shown, id, before)
		return changed == 1, err
	})
}

// replaces says which answers another takes the place of, beside none.
var replaces = map[scheduler.Answer][2]scheduler.Answer{
	scheduler.KeepExtending: {scheduler.LetEnd, scheduler.StopExtending},
	scheduler.StopExtending: {scheduler.KeepExtending},
	scheduler.LetEnd:        {},
}

// AnswerPrompt implements scheduler.AutomationStore. ErrNoPrompt.
func (s *Store) AnswerPrompt(ctx context.Context, id int64, answer scheduler.Answer, by extension.Actor) (scheduler.Prompt, bool, error) {
	old, known := replaces[answer]
	if !known || by.User == "" {
		return scheduler.Prompt{}, false, fmt.Errorf("answer prompt %d: %q, by nobody or no answer", id, answer)
	}
	return s.promptOr(ctx, fmt.Sprintf("answer prompt %d", id), func(ctx context.Context, tx session) (scheduler.Prompt, error) {
		return prompt(ctx, tx, updateAnswer, string(answer), by.Team, by.User, id,
			string(scheduler.NoAnswer), string(old[0]), string(old[1]))
	}, selectPrompt, id)
}

// LapsePrompt implements scheduler.AutomationStore.
func (s *Store) LapsePrompt(ctx context.Context, id int64, by extension.Actor) (bool, error) {
	return writeOne(ctx, s, fmt.Sprintf("let the answer to prompt %d lapse", id), func(ctx context.Context, tx session) (bool, error) {
		changed, err := tx.exec(ctx, updateLapsed, id, by.Team, by.User)
		return changed == 1, err
	})
}

// ClosePrompt implements scheduler.AutomationStore. No error either where there is no such prompt any more.
func (s *Store) ClosePrompt(ctx context.Context, id int64) error {
	return change(ctx, s, fmt.Sprintf("close prompt %d", id), func(ctx context.Context, tx session) error {
		_, err := tx.exec(ctx, updateClosed, id)
		return err
	})
}

func prompt(ctx context.Context, on session, text string, args ...any) (scheduler.Prompt, error) {
	found, err := scanPrompt(on.row(ctx, text, args...))
	if errors.Is(err, sql.ErrNoRows) {
		return found, scheduler.ErrNoPrompt
	}
	return found, err
}

func scanPrompt(from scanner) (scheduler.Prompt, error) {
	var p scheduler.Prompt
	var end, lapsed, created int64
	err := from.Scan(&p.ID, &p.Kind, &p.Run, &p.MeetingID, &end, &p.RuleOf, &p.State, &p.Channel, &p.Timestamp, &p.Shown,
		&p.Answer, &p.By.Team, &p.By.User, &lapsed, &created)
	if err != nil {
		return scheduler.Prompt{}, err
	}
	p.End, p.Lapsed, p.Created = instant(end), lapsed != 0, instant(created)
	return p, nil
}
