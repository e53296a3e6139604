package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

const (
	shownColumns  = `stage, shown_end, shown_who, shown_answer, shown_state, shown_lapsed, shown_unsure`
	shownValues   = `?, ?, ?, ?, ?, ?, ?`
	promptColumns = `id, kind, run, meeting_id, end_at, rule_of, state, channel, ts, shown, reader, reader_host, ` + shownColumns + `,
		answer, team, person, lapsed, answered_at, created_at, trouble, meant_for`

	selectPrompt   = `SELECT ` + promptColumns + ` FROM prompts WHERE id = ?`
	selectPromptOf = `SELECT ` + promptColumns + ` FROM prompts WHERE run = ? AND end_at = ? AND kind = ? AND meant_for = ?`
	selectPrompts  = `SELECT ` + promptColumns + ` FROM prompts WHERE run IN `
	selectFollowed = `SELECT ` + promptColumns + ` FROM prompts
		WHERE state = 'posted' AND state <> 'closed' ORDER BY created_at, id`
	insertPrompt = `INSERT INTO prompts (kind, run, meeting_id, end_at, rule_of, trouble, meant_for, state, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, 'posting', @now)
		ON CONFLICT (run, end_at, kind, meant_for) DO NOTHING RETURNING ` + promptColumns

	updatePosted = `UPDATE prompts SET state = 'posted', channel = ?, ts = ?, reader = ?, reader_host = ?,
		(` + shownColumns + `) = (` + shownValues + `) WHERE id = ? AND state IN ('posting', 'unsure')`
	deleteUnposted = `DELETE FROM prompts WHERE id = ? AND state = 'posting'`
	updateUnposted = `UPDATE prompts SET state = 'posting' WHERE id = ? AND state = 'unsure'`
	updateClosed   = `UPDATE prompts SET state = 'closed' WHERE id = ? AND state <> 'closed'`
	// The rows are chosen in a query of their own, which Postgres runs once: never more than the limit.
	updateUnsure = `WITH forsaken AS (SELECT id FROM prompts
			WHERE state = 'posting' AND state <> 'closed' AND (created_at < @now - ? OR created_at > @now + 60000)
			ORDER BY created_at LIMIT ?` + skipLocked + `)
		UPDATE prompts SET state = 'unsure' WHERE id IN (SELECT id FROM forsaken) RETURNING ` + promptColumns
	updateShown = `UPDATE prompts SET (` + shownColumns + `) = (` + shownValues + `)
		WHERE id = ? AND state = 'posted' AND (stage = '' OR (` + shownColumns + `) = (` + shownValues + `))`
	// An answer is never as old as a rule that was there before it, whatever the clock says: the newest wish counts.
	updateAnswer = `UPDATE prompts SET answer = ?, team = ?, person = ?, lapsed = 0,
		answered_at = (SELECT max(at) FROM (SELECT @now AS at UNION ALL SELECT max(created_at) + 1 FROM rules) AS wishes)
		WHERE id = ? AND (answer <> ? OR lapsed = 1) RETURNING ` + promptColumns
	updateLapsed = `UPDATE prompts SET lapsed = 1
		WHERE id = ? AND answer = 'keep' AND team = ? AND person = ? AND lapsed = 0 RETURNING ` + promptColumns
)

// Prompts keeps the messages of the automation.
type Prompts struct{ database }

// Prompts implements scheduler.PromptStore. A run without prompts is not in the map.
func (p *Prompts) Prompts(ctx context.Context, runs []string) (map[string][]scheduler.Prompt, error) {
	prompts, err := readRuns(ctx, p, "read prompts", scanPrompt, selectPrompts, runs)
	if err != nil {
		return nil, err
	}
	oldestFirst(prompts)
	found := map[string][]scheduler.Prompt{}
	for _, prompt := range prompts {
		found[prompt.Run] = append(found[prompt.Run], prompt)
	}
	return found, nil
}

func oldestFirst(prompts []scheduler.Prompt) {
	slices.SortFunc(prompts, func(a, b scheduler.Prompt) int {
		return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.ID, b.ID))
	})
}

// FollowedPrompts implements scheduler.PromptStore.
func (p *Prompts) FollowedPrompts(ctx context.Context) ([]scheduler.Prompt, error) {
	return readAll(ctx, p, "read the prompts that are followed", scanPrompt, selectFollowed)
}

// Prompt implements scheduler.PromptStore.
func (p *Prompts) Prompt(ctx context.Context, id int64) (scheduler.Prompt, error) {
	return readOne(ctx, p, fmt.Sprintf("read prompt %d", id), scheduler.ErrNoPrompt, scanPrompt, selectPrompt, id)
}

// ClaimPrompt implements scheduler.PromptStore. Of the prompt it stores what it is about: kind, run, meeting, end,
// rule, reader and trouble.
func (p *Prompts) ClaimPrompt(ctx context.Context, about scheduler.Prompt) (scheduler.Prompt, bool, error) {
	if about.Run == "" || about.End.IsZero() {
		return scheduler.Prompt{}, false, errors.New("claim prompt: it has no run or no end")
	}
	of := []any{about.Run, milliseconds(about.End), string(about.Kind), about.For}
	return p.changeOr(ctx, "claim prompt", selectPromptOf, of,
		insertPrompt, string(about.Kind), about.Run, about.MeetingID, milliseconds(about.End), about.RuleOf,
		string(about.Trouble), about.For)
}

// changeOr changes a prompt, which is true, or reads it as it stands where there is nothing to change.
func (p *Prompts) changeOr(ctx context.Context, what, otherwise string, of []any, text string, args ...any) (scheduler.Prompt, bool, error) {
	return changeOr(ctx, p, what, scheduler.ErrNoPrompt, scanPrompt, otherwise, of, text, args...)
}

// MovePrompt implements scheduler.PromptStore.
func (p *Prompts) MovePrompt(ctx context.Context, id int64, to scheduler.PromptState, posted scheduler.Posted) (err error) {
	what := fmt.Sprintf("move prompt %d to %s", id, to)
	switch to {
	case scheduler.PromptPosted:
		args := append([]any{posted.Channel, posted.Timestamp, posted.Reader.ID, number(posted.Reader.Host)}, valuesOf(posted.Shown)...)
		changed, err := exec(ctx, p, what, updatePosted, append(args, id)...)
		if err == nil && changed == 0 {
			err = doing(what, extension.ErrMoved)
		}
		return err
	case scheduler.PromptUnposted:
		_, err = write(ctx, p, several, what, func(ctx context.Context, tx session) (int64, error) {
			changed, err := tx.exec(ctx, deleteUnposted, id)
			if err != nil || changed > 0 {
				return changed, err
			}
			return tx.exec(ctx, updateUnposted, id)
		})
	case scheduler.PromptClosed:
		_, err = exec(ctx, p, what, updateClosed, id)
	default:
		err = fmt.Errorf("%s: nobody moves it there", what)
	}
	return err
}

// UnsurePrompts implements scheduler.PromptStore. The oldest go first.
func (p *Prompts) UnsurePrompts(ctx context.Context, after time.Duration, limit int) ([]scheduler.Prompt, error) {
	unsure, err := changeAll(ctx, p, "give prompts up", scanPrompt, updateUnsure, after.Milliseconds(), max(limit, 0))
	oldestFirst(unsure)
	return unsure, err
}

// ShowPrompt implements scheduler.PromptStore. It is false, too, where nothing changes.
func (p *Prompts) ShowPrompt(ctx context.Context, id int64, before, shown scheduler.Shown) (bool, error) {
	if before == shown {
		return false, nil
	}
	args := append(append(valuesOf(shown), id), valuesOf(before)...)
	changed, err := exec(ctx, p, fmt.Sprintf("change prompt %d", id), updateShown, args...)
	return changed == 1, err
}

// valuesOf are the values of shownColumns.
func valuesOf(s scheduler.Shown) []any {
	return []any{string(s.Stage), s.End, s.Who, string(s.Answer), string(s.State), number(s.Lapsed), number(s.Unsure)}
}

// AnswerPrompt implements scheduler.PromptStore.
func (p *Prompts) AnswerPrompt(ctx context.Context, id int64, answer scheduler.Answer, by extension.Actor) (scheduler.Prompt, bool, error) {
	what := fmt.Sprintf("answer prompt %d", id)
	if answer == scheduler.Lapse {
		return p.changeOr(ctx, what, selectPrompt, []any{id}, updateLapsed, id, by.Team, by.User)
	}
	known := answer == scheduler.KeepExtending || answer == scheduler.LetEnd || answer == scheduler.StopExtending
	if !known || by.User == "" {
		return scheduler.Prompt{}, false, fmt.Errorf("%s: %q, by nobody or no answer", what, answer)
	}
	return p.changeOr(ctx, what, selectPrompt, []any{id}, updateAnswer, string(answer), by.Team, by.User, id, string(answer))
}

func scanPrompt(from scanner) (scheduler.Prompt, error) {
	var p scheduler.Prompt
	var end, host, lapsed, unsure, answerLapsed, answered, created int64
	var before string
	err := from.Scan(&p.ID, &p.Kind, &p.Run, &p.MeetingID, &end, &p.RuleOf, &p.State, &p.Channel, &p.Timestamp,
		&before, &p.Reader.ID, &host, &p.Shown.Stage, &p.Shown.End, &p.Shown.Who, &p.Shown.Answer, &p.Shown.State, &lapsed, &unsure,
		&p.Answer, &p.By.Team, &p.By.User, &answerLapsed, &answered, &created, &p.Trouble, &p.For)
	if err != nil {
		return scheduler.Prompt{}, err
	}
	p.Reader.Host, p.Shown.Lapsed, p.Shown.Unsure = host != 0, lapsed != 0, unsure != 0
	p.End, p.Lapsed, p.Answered, p.Created = instant(end), answerLapsed != 0, instant(answered), instant(created)
	if reader, shown, ok := parseShown(before); ok && p.Shown.Stage == "" { // what cannot be read is edited once more
		p.Reader, p.Shown = reader, shown
	}
	return p, nil
}

// parseShown reads what a prompt showed as the version before this one writes it, which may run beside this one, without the words that were empty: "to" or "host", who
// reads it, its kind, stage and end, "by", who, the answer, the extension's state, "lapsed", "unsure".
func parseShown(text string) (reader scheduler.Reader, shown scheduler.Shown, ok bool) {
	words := strings.Fields(text)
	if len(words) < 6 || words[5] != "by" {
		return reader, shown, false
	}
	end, err := strconv.ParseInt(words[4], 10, 64)
	reader = scheduler.Reader{ID: words[1], Host: words[0] == "host"}
	shown = scheduler.Shown{Stage: scheduler.Stage(words[3]), End: end}
	for _, word := range words[6:] {
		switch word {
		case "keep", "end", "stop":
			shown.Answer = scheduler.Answer(word)
		case "lapsed":
			shown.Lapsed = true
		case "unsure":
			shown.Unsure = true
		case "sent", "unknown", "confirmed", "accepted", "refused", "void", "unclear":
			shown.State = extension.State(word)
		default:
			shown.Who = word
		}
	}
	return reader, shown, err == nil
}
