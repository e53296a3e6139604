package bot

import (
	"cmp"
	"context"
	"slices"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/meeting"
)

// match is a running meeting that somebody may extend, with what they may know of it.
type match struct {
	meeting meeting.Meeting
	sight   access.Sight
	rank    int // of what they look for
}

// search gives the running meetings that somebody may extend and that fit what they have typed so far: a title, a number, a
// host's name. The best come first, and those of one rank by their end; without a text all come. The list may be some
// seconds old, since nobody waits for it at each key: what is chosen is read again.
func (f *finder) search(ctx context.Context, in interaction, text string) ([]match, error) {
	all, err := f.running.lately(ctx)
	if err != nil {
		return nil, err
	}
	return f.among(ctx, in, all, soughtIn(text), text == "")
}

// among leaves the meetings that somebody may extend, and that fit. An error says that nobody can tell now which of them
// they host.
func (f *finder) among(ctx context.Context, in interaction, all []named, s sought, everything bool) ([]match, error) {
	sights, err := f.gate.Sights(ctx, in.subject)
	watchOf := f.watches(ctx, in)
	var found []match
	if everything {
		found = make([]match, 0, len(all))
	}
	for i := range all {
		n := &all[i]
		rank := 0
		if !everything {
			if rank = n.rank(s); rank == 0 {
				continue
			}
		}
		if sight := sights(n.meeting, watchOf(n.meeting)); sight.Shows(n.meeting) {
			found = append(found, match{meeting: n.meeting, sight: sight, rank: rank})
		}
	}
	if !everything {
		slices.SortStableFunc(found, func(a, b match) int { return cmp.Compare(b.rank, a.rank) })
	}
	if len(found) > 0 {
		err = nil // somebody whose channel watches it
	}
	return found, err
}

// watches gives the rule of each meeting, as far as it lets people see who ask from its channel.
func (f *finder) watches(ctx context.Context, in interaction) func(meeting.Meeting) access.Watch {
	if !in.verdict.SeesWatched {
		return func(meeting.Meeting) access.Watch { return access.Watch{} }
	}
	rules := f.rules.readable(ctx)
	return func(m meeting.Meeting) access.Watch { return watchOf(ownRule(m, rules)) }
}
