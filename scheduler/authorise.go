package scheduler

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/overtime-bot/overtime/scheduler/extension"
)

const (
	authoriseFor = 15 * time.Second
	pauseFor     = 2 * time.Minute // telling that a rule pauses, with all its tries
)

// errNotTheirRun says that the rule stays as it is, and has nothing to do with this run.
var errNotTheirRun = errors.New("the rule's owner does not host this run")

// authoriser asks for the people on whose behalf automation acts, each time it does.
type authoriser struct {
	store   Stores
	owner   string // of leases
	poster  *poster
	alarms  *alarms
	changed *changedRuns
}

// allows asks whether the person on whose behalf automation acts may still extend the meeting. That is the rule's owner, or
// the one who chose "keep extending". If not, the rule pauses, or that choice lapses. errNotTheirRun.
func (a *authoriser) allows(ctx context.Context, c candidate) (bool, error) {
	rule, kept := c.wish.Rule, Prompt{}
	if c.decision.Act == ActExtend {
		kept = c.wish.Kept
	}
	if kept.ID != 0 { // by what they may in the channel of the prompt
		rule.Owner, rule.Channel = kept.By, kept.Channel
	}
	if rule.Owner == (extension.Actor{}) {
		return true, nil // the configuration's own
	}
	asking, cancel := context.WithTimeout(ctx, authoriseFor)
	defer cancel()
	reason, err := a.poster.announcer.Authorise(asking, rule, c.meeting)
	switch {
	case err != nil:
		a.alarms.failed(ctx, c, TroubleOwner)
		return false, fmt.Errorf("authorising the person for whom meeting %s is extended: %w", c.meeting.ID, err)
	case reason == "":
		return true, nil
	case reason == NotTheirRun && kept.ID == 0:
		return false, errNotTheirRun
	case kept.ID != 0:
		a.alarms.count(TroubleKeeper)
		a.poster.beside(ctx, "ending a wish to keep extending", func() error { return a.lapse(ctx, c, kept) },
			"prompt", kept.ID, "meeting", c.meeting.ID)
		return false, nil
	}
	rule.Paused = Pause{Reason: reason, Since: a.poster.clock.Now()}
	a.poster.records.amend(&c, rule)
	a.poster.beside(ctx, "pausing a rule whose owner may not act", func() error { return a.pause(ctx, rule, c) },
		"rule", rule.Of, "reason", reason)
	return false, nil
}

// lapse tells that the person who chose "keep extending" may no longer do so. Only then it is written down: a later look
// finds what nobody heard of.
func (a *authoriser) lapse(ctx context.Context, c candidate, kept Prompt) error {
	occasion, after := c.troubled(TroubleKeeper), c
	after.history.Prompts = slices.Clone(c.history.Prompts)
	for i := range after.history.Prompts {
		p := &after.history.Prompts[i]
		p.Lapsed = p.Lapsed || p.ID == kept.ID
	}
	occasion.Outlook = a.poster.records.likely(ctx, after, a.poster.records.looks)
	if _, err := a.poster.postOnce(ctx, occasion); err != nil && !errors.Is(err, ErrInDoubt) {
		return err
	}
	_, lapsed, err := a.store.AnswerPrompt(ctx, kept.ID, Lapse, kept.By)
	if err != nil {
		return fmt.Errorf("writing down that an answer lapsed: %w", err)
	}
	if lapsed {
		a.logOver(ctx, c, kept.By, "lapse", "may no longer extend it")
	}
	a.changed.add(c.run, c.meeting.ID, false)
	return nil
}

// pause tells that a rule pauses. Only then it is written down: a later look finds a rule that nobody heard of. A lease of
// its own elects the replica that tells.
func (a *authoriser) pause(ctx context.Context, rule Rule, c candidate) error {
	mine, err := a.store.Lease(ctx, "pause "+rule.Of, a.owner, pauseFor)
	if err != nil || !mine {
		return err
	}
	err = a.poster.tries(ctx, func() error {
		telling, cancel := context.WithTimeout(ctx, postFor)
		defer cancel()
		return a.poster.announcer.RulePaused(telling, rule, c.meeting, a.poster.records.likely(telling, c, a.poster.records.looks))
	})
	if err != nil && !errors.Is(err, ErrNobodyToTell) {
		return err
	}
	paused, err := a.store.PauseRule(ctx, rule.Of, rule.Owner, rule.Paused.Reason)
	if paused && err == nil {
		a.logOver(ctx, c, rule.Owner, "pause", string(rule.Paused.Reason))
	}
	return err
}

// logOver writes the one line of what was ended because a person may no longer act.
func (a *authoriser) logOver(ctx context.Context, c candidate, of extension.Actor, verb, reason string) {
	extension.Done{
		How: extension.HowAutomatic, Verb: verb, Team: of.Team, User: of.User, Meeting: c.meeting.ID, From: c.meeting.End,
		Outcome: extension.OutTold, Reason: strings.ReplaceAll(reason, "-", " "),
	}.Log(ctx, a.poster.logger)
}
