package bot

import (
	"fmt"
	"strings"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
	"github.com/slack-go/slack"
)

const (
	homeMeetings = 12 // that are shown: with four blocks each, less than half of the 100 that Slack takes
	homeLast     = 5  // extensions
	barLength    = 20
)

// home is what a person sees in their Home tab, as a value.
type home struct {
	at       time.Time
	notice   *Reply // what came of a press, or why something is missing
	bare     bool   // it has the notice alone
	meetings []homeMeeting
	none     string   // in place of meetings
	all      bool     // the meetings are not the person's own: nobody can tell which are
	hidden   int      // meetings that are not shown
	rest     string   // how to see those of others
	dialog   bool     // offers the dialog
	may      []string // what the person may, and their limits
	last     []string // what they extended
	state    []string // of the bot, for administrators
	reasons  []string // of its trouble: foreign text
}

// homeMeeting is a running meeting as its reader may know it.
type homeMeeting struct {
	meeting meeting.Meeting
	sight   access.Sight
	text    string // which it is, and when it ends
	next    string // what will happen before that
	row     Row    // its buttons
}

// blocks lays a Home out.
func (h home) blocks(in interaction) []slack.Block {
	say := in.say
	blocks := []slack.Block{small(say.Say(i18n.HomeAsOf, i18n.Data{"At": in.date(h.at)}))}
	if h.notice != nil {
		blocks = append(blocks, noticed(*h.notice)...)
	}
	switch {
	case h.all:
		blocks = append(blocks, headline(say.Say(i18n.HomeAll, nil)))
	case !h.bare:
		blocks = append(blocks, headline(say.Say(i18n.HomeMeetings, nil)))
	}
	used := actionIDs{}
	for _, m := range h.meetings {
		blocks = append(blocks, m.blocks(in, h.at, used)...)
	}
	if h.none != "" {
		blocks = append(blocks, section(h.none))
	}
	if h.hidden > 0 {
		blocks = append(blocks, small(saysMore(say)(h.hidden)))
	}
	if h.rest != "" {
		blocks = append(blocks, small(h.rest))
	}
	if h.dialog {
		label := ownLabel(say.Say(i18n.HomeDialog, nil))
		blocks = append(blocks, slack.NewActionBlock("", slack.NewButtonBlockElement(verbOpenDialog, verbOpenDialog, label)))
	}
	for _, part := range []struct {
		head  i18n.Key
		lines []string
	}{{i18n.HomeMay, h.may}, {i18n.HomeLast, h.last}, {i18n.HomeState, h.state}} {
		if len(part.lines) > 0 {
			blocks = append(blocks, slack.NewDividerBlock(), headline(say.Say(part.head, nil)), section(strings.Join(part.lines, "\n")))
		}
	}
	if len(h.reasons) > 0 {
		blocks = append(blocks, about(h.reasons[:min(len(h.reasons), 10)]...))
	}
	return blocks
}

// noticed is an answer in a Home.
func noticed(reply Reply) []slack.Block {
	blocks := []slack.Block{section(string(reply.Tone) + " " + reply.Heading.put(reply.Text))}
	if next := clip(reply.Next, smallLimit); next != "" {
		blocks = append(blocks, small(next))
	}
	return blocks
}

func (m homeMeeting) blocks(in interaction, at time.Time, used actionIDs) []slack.Block {
	blocks := []slack.Block{
		section(m.text + "\n" + saysBar(in.say, m.meeting, at)),
		about(m.meeting.ID + aboutAfterNumber(in.say, m.sight, m.meeting)),
	}
	if m.next != "" {
		blocks = append(blocks, small(m.next))
	}
	if pressed := controls(m.row, nil, used); pressed != nil {
		blocks = append(blocks, pressed)
	}
	return blocks
}

// unstored are the actions behind the buttons.
func (h home) unstored() (actions []*store.Action) {
	for i := range h.meetings {
		if h.meetings[i].row.presses() {
			actions = append(actions, &h.meetings[i].row.Action)
		}
	}
	return actions
}

// incomplete leaves a Home without what takes the store, and has it say so, unless it says what came of a press.
func (h *home) incomplete(in interaction) {
	for i := range h.meetings {
		h.meetings[i].row = Row{}
	}
	if h.notice == nil {
		reply := in.reply(Failed, i18n.HomeIncomplete, i18n.HomeIncompleteNext, nil)
		h.notice = &reply
	}
}

// aboutAfterNumber is what helps to recognise a meeting, after its number.
func aboutAfterNumber(say i18n.Printer, sight access.Sight, m meeting.Meeting) (line string) {
	if host := sight.HostName(m); host != "" {
		line += " · " + say.Say(i18n.HostedBy, i18n.Data{"Host": plain(host, hostLimit)})
	}
	if m.People >= 0 {
		line += " · " + say.Say(i18n.People, i18n.Data{"Count": m.People})
	}
	return line
}

// saysBar shows how much of a meeting is over.
func saysBar(say i18n.Printer, m meeting.Meeting, at time.Time) string {
	whole, gone := m.End.Sub(m.Start), at.Sub(m.Start)
	if whole <= 0 {
		return ""
	}
	gone = min(max(gone, 0), whole)
	full := int(int64(barLength) * int64(gone) / int64(whole))
	return say.Say(i18n.HomeBar, i18n.Data{
		"Bar":  strings.Repeat("▰", full) + strings.Repeat("▱", barLength-full),
		"Gone": int(gone / time.Minute), "Whole": int(whole / time.Minute),
	})
}

// saysDone says what came of an extension.
func saysDone(in interaction, sight access.Sight, e extension.Extension) string {
	data := i18n.Data{"At": in.date(e.CreatedAt), "Meeting": namedPast(sight, e.Meeting(), hostLimit), "Count": e.Minutes, "End": in.date(e.After)}
	switch {
	case e.State == extension.Confirmed && !e.After.IsZero() && e.Minutes > 0:
		return in.say.Say(i18n.HomeDone, data)
	case e.State == extension.Confirmed, e.State == extension.Accepted, e.State.Open():
		return in.say.Say(i18n.HomeSent, data)
	}
	return in.say.Say(i18n.HomeNotDone, data)
}

// signature is what a Home says, without what changes by itself as time passes.
func (h home) signature() string {
	var text strings.Builder
	for _, m := range h.meetings {
		fmt.Fprintf(&text, "%s %d %s\n", m.meeting.ID, m.meeting.End.Unix(), m.next)
	}
	fmt.Fprint(&text, h.hidden, h.rest, h.none, h.may, h.last, h.reasons)
	return text.String()
}

func headline(text string) slack.Block { return section("*" + text + "*") }

func small(text string) slack.Block { return slack.NewContextBlock("", ours(text)) }
