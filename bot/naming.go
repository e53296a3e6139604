package bot

import (
	"context"
	"strings"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// numbered finds the number of the meeting that a command is about, where it names that by its title or not at all: among
// those that the person may extend. Where more than one can be meant it gives the answer that asks which. Others learn
// nothing of a meeting: for them it depends on their own account and on the list that all share, as for a number.
func (f *finder) numbered(ctx context.Context, in interaction) (interaction, Reply, bool) {
	if !in.command.Unnamed() && in.command.Title == "" {
		return in, Reply{}, true
	}
	mayHost, err := f.gate.MayHost(ctx, in.subject)
	switch {
	case in.verdict.SeesAll || in.verdict.SeesWatched:
	case err != nil:
		return in, f.refusals.hostUnknown(ctx, in, err), false
	case !mayHost:
		return in, f.notYours(in), false
	}
	all, err := f.running.listed(ctx)
	if err != nil {
		return in, f.refusals.serviceFailed(ctx, in, err), false
	}
	switch {
	case in.command.Unnamed() && in.from.host != "":
		return f.ofHost(ctx, in, all)
	case in.command.Unnamed():
		return f.theOnly(ctx, in, all)
	}
	return f.titled(ctx, in, all)
}

// titled finds the meeting of a title. One acts at once whose whole title fits, or whole words of it in order, and no other's.
// Anything weaker, and more than one, is asked about.
func (f *finder) titled(ctx context.Context, in interaction, all []named) (interaction, Reply, bool) {
	if only, ok := f.wholly(ctx, in, all); ok {
		in.command = grammar.Command{Verb: in.command.Verb, Meeting: only.meeting.ID}
		return in, Reply{}, true
	}
	ways := []sought{soughtIn(in.command.Title), soughtIn(grammar.Bare(in.command.Title))}
	for _, s := range ways {
		found, err := f.among(ctx, in, all, s, false)
		if err != nil {
			return in, f.refusals.hostUnknown(ctx, in, err), false
		}
		if only, ok := theOne(found); ok {
			in.command = in.command.Of(only.meeting.ID)
			return in, Reply{}, true
		}
		if len(found) > 0 {
			return in, f.asks(ctx, in, found), false
		}
	}
	for _, other := range in.command.Readings() {
		instead := in
		instead.command = other
		if found, err := f.among(ctx, in, all, soughtIn(other.Title), false); err == nil && len(found) > 0 {
			return in, f.asks(ctx, instead, found), false
		}
	}
	asked := soughtIn(in.command.Title)
	asked.slips = true
	if found, err := f.among(ctx, in, all, asked, false); err == nil && len(found) > 0 {
		return in, f.asks(ctx, in, found), false
	}
	return in, f.noMatch(in), false
}

// wholly finds the one meeting whose title has the words that were read as a length: "Standup half hour" may be one.
func (f *finder) wholly(ctx context.Context, in interaction, all []named) (match, bool) {
	whole, ok := grammar.Whole(in.from.Text)
	if !ok || in.command.Verb != grammar.VerbExtend || !strings.HasPrefix(whole.Title, in.command.Title) {
		return match{}, false
	}
	found, _ := f.among(ctx, in, all, soughtIn(whole.Title), false) // an error comes again for the title without them
	return theOne(found)
}

// theOne is the only meeting that fits wholly, else the only one that fits by whole words in order.
func theOne(found []match) (match, bool) {
	for _, rank := range []int{rankWhole, rankWords} {
		alike := 0
		for _, m := range found { // which are in the order of their rank
			if m.rank >= rank {
				alike++
			}
		}
		if alike > 0 {
			return found[0], alike == 1
		}
	}
	return match{}, false
}

// ofHost finds the meeting that somebody hosts, among those that the person who asks may see. They learn nothing of others.
func (f *finder) ofHost(ctx context.Context, in interaction, all []named) (interaction, Reply, bool) {
	visible, unknown := f.among(ctx, in, all, sought{}, true)
	var found []match
	if len(visible) > 0 {
		person, err := f.gate.People.Person(ctx, in.from.host)
		hosts := func(meeting.Meeting) bool { return false }
		if err == nil {
			hosts, err = f.gate.Hosting(ctx, access.Subject{Person: person})
		}
		if err != nil {
			return in, f.refusals.hostUnknown(ctx, in, err), false
		}
		for _, m := range visible {
			if hosts(m.meeting) {
				found = append(found, m)
			}
		}
	}
	switch {
	case len(found) == 1:
		in.command = in.command.Of(found[0].meeting.ID)
		return in, Reply{}, true
	case len(found) > 1:
		return in, f.asks(ctx, in, found), false
	case unknown != nil:
		return in, f.refusals.hostUnknown(ctx, in, unknown), false
	}
	reply := in.reply(Refusal, i18n.NoneOfHost, "", i18n.Data{"Who": "<@" + in.from.host + ">"})
	reply.Next = f.undone(in, i18n.NoMatchNext)
	return in, reply, false
}

// theOnly finds the one meeting that can be meant where none is named.
func (f *finder) theOnly(ctx context.Context, in interaction, all []named) (interaction, Reply, bool) {
	visible, unknown := f.among(ctx, in, all, sought{}, true)
	meant := f.meant(ctx, in, visible)
	if len(meant) == 1 {
		in.command = in.command.Of(meant[0].meeting.ID)
		return in, Reply{}, true
	}
	switch {
	case len(meant) > 0:
		return in, f.asks(ctx, in, meant), false
	case len(visible) > 0:
		return in, f.asks(ctx, in, visible), false
	case unknown != nil:
		return in, f.refusals.hostUnknown(ctx, in, unknown), false
	}
	none := i18n.ListOwnNone
	if in.verdict.SeesAll {
		none = i18n.ListNone
	}
	return in, in.reply(Refusal, none, i18n.NoneNext, i18n.Data{"Command": in.typed("help")}), false
}

// meant are the meetings that can be meant where none is named: that of the thread, else those that the person hosts or that
// the channel watches. There is none where nobody can tell who hosts what.
func (f *finder) meant(ctx context.Context, in interaction, visible []match) (meant []match) {
	if prompt, ok := f.threadOf(ctx, in); ok {
		for _, m := range visible {
			if extension.RunOf(m.meeting) == prompt {
				return []match{m}
			}
		}
	}
	hosts, err := f.gate.Hosting(ctx, in.subject)
	if err != nil {
		return nil
	}
	watches := f.watchesHere(ctx, in)
	for _, m := range visible {
		if hosts(m.meeting) || watches(m.meeting) {
			meant = append(meant, m)
		}
	}
	return meant
}

// onlyOne is the one meeting that can be meant where none is named; false if there is another, or none.
func (f *finder) onlyOne(ctx context.Context, in interaction) (match, bool) {
	all, err := f.running.listed(ctx)
	if err != nil {
		return match{}, false
	}
	visible, _ := f.among(ctx, in, all, sought{}, true)
	meant := f.meant(ctx, in, visible)
	if len(meant) != 1 {
		return match{}, false
	}
	return meant[0], true
}

// threadOf is the run that the thread is about from which somebody asks: it hangs on a message of the automation.
func (f *finder) threadOf(ctx context.Context, in interaction) (run string, ok bool) {
	if in.from.Thread == "" {
		return "", false
	}
	prompts, err := f.prompts.FollowedPrompts(ctx)
	if err != nil {
		f.logger.WarnContext(ctx, "an answer goes without knowing what its thread is about", "error", err)
	}
	for _, prompt := range prompts {
		if prompt.Timestamp == in.from.Thread && prompt.Channel == in.from.Channel {
			return prompt.Run, true
		}
	}
	return "", false
}

// watchesHere says which meetings the channel watches from which somebody asks. What they may know of one is asked elsewhere.
func (f *finder) watchesHere(ctx context.Context, in interaction) func(meeting.Meeting) bool {
	if isDirect(in.from.Channel) {
		return func(meeting.Meeting) bool { return false }
	}
	rules := f.rules.readable(ctx)
	return func(m meeting.Meeting) bool { return ownRule(m, rules).Channel == in.from.Channel }
}
