package scheduler

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/robfig/cron/v3"
)

const daysTries = 3 // to read what people added in a day, while their runs are extended

// candidate is a meeting that automation deals with now, and what is known of it.
type candidate struct {
	meeting  meeting.Meeting
	run      string
	rules    map[string]Rule // the meeting's own and its room's, by what they are of
	rule     Rule            // of these, in force or not; the configuration's where there is none
	leaves   string          // what a rule is of that has nothing to do with this run
	history  History
	wish     Wish
	decision Decision
	outlook  Outlook
}

// key is that of a button for the same end: a press and any number of looks are one extension.
func (c *candidate) key() string { return extension.OfferKey(c.run, c.meeting.End) }

// occasion is what a message about a candidate says.
func (c *candidate) occasion(kind PromptKind, end time.Time) Occasion {
	return Occasion{
		Prompt: Prompt{Kind: kind, Run: c.run, MeetingID: c.meeting.ID, End: end, RuleOf: c.wish.Rule.Of, For: c.wish.Rule.reader()},
		Rule:   c.wish.Rule, Meeting: c.meeting, Decision: c.decision, Next: c.history.Next, Last: c.history.Run.Last,
		Kept: c.wish.Kept.By, Outlook: c.outlook,
	}
}

// troubled is the message that something went wrong at the meeting's end.
func (c *candidate) troubled(trouble Trouble) Occasion {
	occasion := c.occasion(PromptTrouble, c.meeting.End)
	occasion.Trouble, occasion.Prompt.Trouble = trouble, trouble
	return occasion
}

// records tell what is known of runs, and of the rules that they go by.
type records struct {
	store     Stores
	announcer Announcer
	find      func(ctx context.Context, id string) (meeting.Meeting, error)
	listed    func(ctx context.Context, than time.Duration) ([]meeting.Meeting, error)
	bookings  *bookingCache
	terms     Terms
	now       func() time.Time
	looks     func(due time.Time) time.Time // the look that does what is due then
	schedule  cron.Schedule                 // of the looks
}

// ruleOf is the rule of a meeting; the configuration's where nobody watches it.
func (r *records) ruleOf(m meeting.Meeting, rules map[string]Rule) Rule {
	return RuleOf(m, rules, Rule{Mode: r.terms.Automation.Mode})
}

// candidate is a meeting of which the rules alone are known.
func (r *records) candidate(m meeting.Meeting, rules map[string]Rule) candidate {
	c := candidate{meeting: m, run: extension.RunOf(m)}
	r.goBy(&c, rules)
	return c
}

// goBy has a candidate go by those of the rules that are of its meeting or room.
func (r *records) goBy(c *candidate, rules map[string]Rule) {
	c.rules = make(map[string]Rule, 2)
	for _, of := range []string{c.meeting.ID, c.meeting.RoomID} {
		if rule, ok := rules[of]; ok && of != c.leaves {
			c.rules[of] = rule
		}
	}
	c.rule = r.ruleOf(c.meeting, c.rules)
	c.wish = wishOf(c.meeting.End, c.rule, r.terms.Automation.Mode, c.history.Prompts)
}

// amend puts a rule in its place for a candidate, where it is paused by now.
func (r *records) amend(c *candidate, rule Rule) {
	rules := maps.Clone(c.rules)
	rules[rule.Of] = rule
	r.goBy(c, rules)
}

// leave has a candidate go by its rule no longer.
func (r *records) leave(c *candidate) {
	c.leaves = c.rule.Of
	r.goBy(c, c.rules)
}

// leaveOthersRuns finds the candidates whose room is watched by somebody who has nothing to do with this run. Where that
// cannot be found out in time, the act asks again.
func (r *records) leaveOthersRuns(ctx context.Context, candidates []candidate) {
	asking, cancel := context.WithTimeout(ctx, wishersFor)
	defer cancel()
	places := make([]int, 0, len(candidates))
	for i, c := range candidates {
		// Of a meeting whose host is not known, nobody can be told to have nothing to do with it.
		if c.rule.Of != "" && c.rule.Of == c.meeting.RoomID && c.rule.Of != c.meeting.ID && c.meeting.HostUUID != "" && c.rule.Owner.User != "" {
			places = append(places, i)
		}
	}
	_ = inParallel(places, wishersAtOnce, nil, func(i int) error {
		if reason, err := r.announcer.Authorise(asking, candidates[i].rule, candidates[i].meeting); err == nil && reason == NotTheirRun {
			r.leave(&candidates[i])
		}
		return nil
	})
}

// recall fills in the histories of the candidates, which go by the rules that are known.
func (r *records) recall(ctx context.Context, candidates []candidate) error {
	if err := r.remember(ctx, candidates); err != nil {
		return err
	}
	return r.surround(ctx, candidates)
}

// recallNow is recall by the rules of now. What people wished, and above it a pause, is read in that order: so nobody is
// told of a wish beside a pause, or a rule, from before it.
func (r *records) recallNow(ctx context.Context, candidates []candidate, read func(context.Context) ([]Rule, error)) error {
	if err := r.remember(ctx, candidates); err != nil {
		return err
	}
	rules, err := read(ctx)
	if err != nil {
		return fmt.Errorf("reading the rules: %w", err)
	}
	book := RuleBook(rules)
	for i := range candidates {
		if c := &candidates[i]; !c.meeting.End.IsZero() { // else it has ended, and only its messages are left
			r.goBy(c, book)
		}
	}
	return r.surround(ctx, candidates)
}

// surround fills in what a decision goes by beside the store: what is booked next, and whose the runs are. Where the
// bookings cannot be read, the histories say that nobody checked.
func (r *records) surround(ctx context.Context, candidates []candidate) error {
	var latest time.Time
	for _, c := range candidates {
		if c.meeting.End.After(latest) {
			latest = c.meeting.End
		}
	}
	if !latest.IsZero() {
		r.bookings.read(ctx, latest)
	}
	for i := range candidates {
		candidates[i].history.Next = r.bookings.next(candidates[i].meeting)
	}
	r.leaveOthersRuns(ctx, candidates)
	return r.recallDays(ctx, candidates)
}

// remember fills in what the store knows of the candidates' runs.
func (r *records) remember(ctx context.Context, candidates []candidate) error {
	if len(candidates) == 0 {
		return nil
	}
	nextLook, runs := r.schedule.Next(r.now().Local()), make([]string, len(candidates))
	for i, c := range candidates {
		runs[i] = c.run
	}
	sums, err := r.doneIn(ctx, runs)
	if err != nil {
		return err
	}
	prompts, err := r.store.Prompts(ctx, runs)
	if err != nil {
		return fmt.Errorf("reading what was asked: %w", err)
	}
	paused, err := r.store.Paused(ctx)
	if err != nil {
		return fmt.Errorf("reading whether automation is paused: %w", err)
	}
	for i := range candidates {
		c := &candidates[i]
		c.history.Run, c.history.Prompts, c.history.Paused, c.history.NextLook = sums[c.run], prompts[c.run], paused, nextLook
		c.wish = wishOf(c.meeting.End, c.rule, r.terms.Automation.Mode, c.history.Prompts)
	}
	return nil
}

// recallDays fills in how much counts against the people at whose wish automation extends. It belongs to the same moment as
// what was done in the run: else an extension between the two reads takes minutes from its person, and is not seen as done.
func (r *records) recallDays(ctx context.Context, candidates []candidate) error {
	if r.terms.Daily <= 0 {
		return nil
	}
	moving := make([]*candidate, 0, len(candidates))
	for i := range candidates {
		if candidates[i].wish.By().User != "" {
			moving = append(moving, &candidates[i])
		}
	}
	for try := 0; try < daysTries && len(moving) > 0; try++ {
		if err := r.readDays(ctx, moving); err != nil {
			return err
		}
		var err error
		if moving, err = r.extendedMeanwhile(ctx, moving); err != nil {
			return err
		}
	}
	return nil
}

func (r *records) readDays(ctx context.Context, candidates []*candidate) error {
	people := make([]extension.Actor, len(candidates))
	for i, c := range candidates {
		people[i] = c.wish.By()
	}
	minutes, err := r.store.DailyMinutes(ctx, people)
	if err != nil {
		return fmt.Errorf("reading what people added in a day: %w", err)
	}
	for _, c := range candidates {
		c.history.Daily = minutes[c.wish.By()]
	}
	return nil
}

// extendedMeanwhile reads again what was done in the runs, and returns those in which something was done since.
func (r *records) extendedMeanwhile(ctx context.Context, candidates []*candidate) ([]*candidate, error) {
	runs := make([]string, len(candidates))
	for i, c := range candidates {
		runs[i] = c.run
	}
	sums, err := r.doneIn(ctx, runs)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(candidates, func(c *candidate) bool {
		before := c.history.Run
		c.history.Run = sums[c.run]
		return before == sums[c.run]
	}), nil
}

func (r *records) doneIn(ctx context.Context, runs []string) (map[string]RunSummary, error) {
	sums, err := r.store.Runs(ctx, runs)
	if err != nil {
		return nil, fmt.Errorf("reading what was done: %w", err)
	}
	return sums, nil
}

// decide decides about a candidate whose history is known.
func (r *records) decide(now time.Time, c *candidate) {
	c.decision = Decide(now, c.meeting, c.rule, c.history, r.terms)
	c.outlook = Foresee(now, r.looks, c.meeting, c.rule, c.history, r.terms)
}

// recallOne finds out all that a decision about one run goes by now, and decides.
func (r *records) recallOne(ctx context.Context, m meeting.Meeting, run string) (candidate, error) {
	return r.again(ctx, candidate{meeting: m, run: run})
}

// again decides about a candidate by what is known now: since a look began, people may have wished otherwise.
func (r *records) again(ctx context.Context, c candidate) (candidate, error) {
	one := []candidate{c}
	err := r.recallNow(ctx, one, func(ctx context.Context) ([]Rule, error) {
		return r.store.RulesOf(ctx, c.meeting.ID, c.meeting.RoomID)
	})
	if err != nil {
		return candidate{}, err
	}
	r.decide(r.now(), &one[0])
	return one[0], nil
}

// foresee says what will be done with running meetings. atOnce says that what is due does not wait for the next look.
func (r *records) foresee(ctx context.Context, meetings []meeting.Meeting, atOnce bool) ([]Outlook, error) {
	candidates := make([]candidate, len(meetings))
	for i, m := range meetings {
		candidates[i] = r.candidate(m, nil)
	}
	if err := r.recallNow(ctx, candidates, r.store.Rules); err != nil {
		return nil, err
	}
	if err := r.byThoseWhoMay(ctx, candidates); err != nil {
		return nil, err
	}
	looks, outlooks := r.looks, make([]Outlook, len(meetings))
	if atOnce {
		looks = r.looksOrNow
	}
	for i, c := range candidates {
		outlooks[i] = Foresee(r.now(), looks, c.meeting, c.rule, c.history, r.terms)
	}
	return outlooks, nil
}

// likely is what will be done with a candidate, by the wishes of those who may extend it. Where that cannot be found out,
// all of them count.
func (r *records) likely(ctx context.Context, c candidate, looks func(due time.Time) time.Time) Outlook {
	one := []candidate{c}
	if r.byThoseWhoMay(ctx, one) == nil {
		c = one[0]
	}
	return Foresee(r.now(), looks, c.meeting, c.rule, c.history, r.terms)
}

// looksOrNow is the look that does what is due, or now where it is due: nothing waits for the next look.
func (r *records) looksOrNow(due time.Time) time.Time {
	if now := r.now(); !due.After(now) {
		return now
	}
	return r.looks(due)
}

// counted is a meeting with the number of people in it, if that can be found out.
func (r *records) counted(ctx context.Context, m meeting.Meeting) meeting.Meeting {
	if m.People >= 0 {
		return m
	}
	listed, err := r.listed(ctx, extension.RecentFor)
	if err != nil {
		return m
	}
	return extension.CountedIn(listed, m)
}

// meetingOf finds the meeting of a run, as a read of the last seconds has it; over says that the run has ended.
func (r *records) meetingOf(ctx context.Context, id, run string) (m meeting.Meeting, over bool, err error) {
	m, err = r.find(ctx, id)
	gone := errors.Is(err, meeting.ErrNotFound) || errors.Is(err, meeting.ErrNotRunning)
	switch {
	case gone || err == nil && extension.RunOf(m) != run:
		return meeting.Meeting{ID: id, People: -1}, true, nil
	case err != nil:
		return meeting.Meeting{}, false, fmt.Errorf("reading meeting %s: %w", id, err)
	}
	return m, false, nil
}
