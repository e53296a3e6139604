package bot

import (
	"cmp"
	"context"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// approvalWords words what there is to say of an approval, for one reader.
type approvalWords struct {
	row     store.Approval
	m       meeting.Meeting // its number alone if it could not be read
	end     time.Time       // that was read last
	clipped bool            // fewer minutes were added: the room is booked next
	booked  meeting.Booking // while a decision is wanted
	limits  Limits
	now     time.Time
	sight   access.Sight
	say     i18n.Printer
	command string // the name of the slash command
	zone    *time.Location
}

// words are those of the card.
func (a *approvals) words(ctx context.Context, row store.Approval, m meeting.Meeting) approvalWords {
	w := approvalWords{row: row, m: m, end: m.End, limits: a.limits, now: a.now(), say: a.speaker.channel(), command: a.speaker.command}
	w.sight = a.gate.OperatorSight(ctx, cmp.Or(a.channel, row.Card.Channel))
	if row.State == store.ApprovalAsked && m.People < 0 {
		w.m = a.counted(ctx, m)
	}
	if row.State == store.ApprovalAsked && m.RoomID != "" {
		waiting, cancel := context.WithTimeout(ctx, storePatience)
		defer cancel()
		w.booked = a.scheduler.Booked(waiting, m)
	}
	if row.Extension != 0 {
		if result, err := a.extender.Stands(ctx, row.Extension); err == nil && !result.Extension.After.IsZero() {
			w.end, w.clipped = result.Extension.After, result.Extension.Minutes < row.Minutes
		}
	}
	return w
}

// counted is a meeting with the people who are in, if the list can be read.
func (a *approvals) counted(ctx context.Context, m meeting.Meeting) meeting.Meeting {
	listed, err := a.extender.Listed(meeting.Looking(ctx), extension.RecentFor)
	if err != nil {
		a.logger.WarnContext(ctx, "a card goes without how many people are in", "meeting", m.ID, "error", err)
	}
	return extension.CountedIn(listed, m)
}

// told are those for the one who asked, and the ID to write to.
func (a *approvals) told(ctx context.Context, row store.Approval, m meeting.Meeting) (Reply, string) {
	w := a.words(ctx, row, m)
	person, say := a.speaker.person(ctx, row.Actor.User)
	w.say, w.zone = say, zoneOfPerson(person)
	w.sight = a.gate.ReaderSight(ctx, person, access.Watch{}, m)
	return w.direct(), cmp.Or(person.LocalID, row.Actor.User)
}

func (w approvalWords) data() i18n.Data {
	data := i18n.Data{"Who": who(w.row.Actor), "By": who(w.row.By), "Count": w.row.Minutes, "Meeting": headingOf(w.sight, w.m).Name}
	if !w.end.IsZero() {
		data["End"] = dateToken(w.end, w.zone, w.now)
	}
	return data
}

// card is what administrators read.
func (w approvalWords) card() Reply {
	if w.row.State == store.ApprovalAsked {
		return w.question()
	}
	head := i18n.ApprovalAsked
	switch w.row.State {
	case store.Approved:
		head = i18n.ApprovalApproved
	case store.ApprovalDenied:
		head = i18n.ApprovalDenied
	}
	return w.decided(head)
}

// direct is what the one who asked reads.
func (w approvalWords) direct() Reply {
	head, next := i18n.ApprovalYouAsked, i18n.ApprovalAgain
	switch w.row.State {
	case store.Approved:
		head = i18n.ApprovalYoursApproved
	case store.ApprovalDenied:
		head, next = i18n.ApprovalYoursDenied, i18n.ApprovalDeniedNext
	case store.ApprovalExpired:
		next = i18n.EndedNext
	case store.ApprovalLapsed, store.ApprovalUnsent:
		next = i18n.ApprovalUnsentNext
	}
	reply := w.decided(head)
	switch {
	case w.row.Outcome == string(extension.Ended):
		next = i18n.EndedNext
	case isOpen(w.row) || reply.Tone == Done:
		next = ""
	}
	if next != "" {
		data := w.data()
		data["Command"] = commandText(w.command, "status "+w.row.MeetingID) // the same minutes would be refused
		reply.Next = w.say.Say(next, data)
	}
	return reply
}

// question asks for a decision.
func (w approvalWords) question() Reply {
	data := w.data()
	data["End"] = dateToken(w.row.End, w.zone, w.now)
	data["Remaining"] = remaining(w.say, w.row.End.Sub(w.now))
	reply := Reply{Tone: Asking, Text: w.quoting(w.say.Say(i18n.ApprovalAsks, data)), Next: w.saysLimit(), Heading: headingOf(w.sight, w.m)}
	if w.m.People >= 0 {
		reply.About = append(reply.About, w.say.Say(i18n.People, i18n.Data{"Count": w.m.People}))
	}
	if !w.booked.Start.IsZero() {
		reply.Last = w.say.Say(i18n.ApprovalBooked, i18n.Data{"Start": dateToken(w.booked.Start, w.zone, w.now)})
		if title := w.sight.Booked(w.booked); title != "" {
			reply.About = append(reply.About, w.say.Say(i18n.BookedFor, i18n.Data{"Subject": plain(title, aboutLimit)}))
		}
	}
	reply.Offers = offerDecision(w.say, w.row)
	return reply
}

// saysLimit says which limit is in the way.
func (w approvalWords) saysLimit() string {
	switch w.row.Beyond {
	case extension.LimitRun:
		return w.say.Say(i18n.ApprovalBeyondRun, i18n.Data{"Count": w.limits.MaxTotalMinutes})
	case extension.LimitDaily:
		return w.say.Say(i18n.ApprovalBeyondDaily, i18n.Data{"Count": w.limits.DailyMinutes})
	}
	return w.say.Say(i18n.ApprovalBeyondOnce, i18n.Data{"Count": w.limits.MaxMinutes})
}

// quoting adds the reasons in people's own words, each on a line that Slack shows as a quotation.
func (w approvalWords) quoting(text string) string {
	for _, quote := range []struct {
		key   i18n.Key
		words string
	}{{i18n.ApprovalReason, w.row.Reason}, {i18n.ApprovalNote, w.row.Note}} {
		if quote.words != "" {
			text += "\n&gt; " + w.say.Say(quote.key, i18n.Data{"Reason": inSentence(quote.words, aboutLimit)})
		}
	}
	return text
}

// said is how a stage of an approval is told after who asked and who decided.
type said struct {
	tone Tone
	key  i18n.Key
}

var approvalStages = map[string]said{
	string(store.ApprovalDenied):  {Refusal, ""},
	string(store.ApprovalExpired): {Telling, i18n.ApprovalExpired},
	string(store.ApprovalMoved):   {Telling, i18n.ApprovalMoved},
	string(store.ApprovalLapsed):  {Refusal, i18n.ApprovalLapsed},
	string(store.ApprovalUnsent):  {Failed, i18n.ApprovalNotShown},
	string(store.Approved):        {Waiting, i18n.ApprovalUnderWay},
}

var approvalOutcomes = map[string]said{
	string(extension.DidConfirm): {Done, i18n.ApprovalEnds},
	string(extension.DidAccept):  {Waiting, i18n.ApprovalAccepted},
	string(extension.NotKnown):   {Waiting, i18n.ApprovalUnknown},
	string(extension.DidRefuse):  {Failed, i18n.ApprovalRefused},
	string(extension.NoEffect):   {Failed, i18n.ApprovalVoid},
	string(extension.NotClear):   {Failed, i18n.ApprovalUnclear},
	string(extension.Busy):       {Failed, i18n.ApprovalBusy},
	string(extension.Moved):      {Telling, i18n.ApprovalMoved},
	string(extension.Ended):      {Telling, i18n.ApprovalEnded},
	outcomeRoom:                  {Refusal, i18n.ApprovalRoom},
	outcomePerson:                {Refusal, i18n.ApprovalRate},
	outcomeFailed:                {Failed, i18n.ApprovalFailed},
	outcomeLate:                  {Failed, i18n.ApprovalLate},
}

// withoutEnd is what is said where the end could not be read.
var withoutEnd = map[i18n.Key]i18n.Key{
	i18n.ApprovalEnds: i18n.ApprovalUnclearEnd, i18n.ApprovalMoved: i18n.ApprovalMovedSomewhere, i18n.ApprovalUnclear: i18n.ApprovalUnclearEnd,
}

// decided says who decided what, and what came of it.
func (w approvalWords) decided(head i18n.Key) Reply {
	stage, known := approvalOutcomes[w.row.Outcome]
	if !known {
		stage = approvalStages[string(w.row.State)]
	}
	data := w.data()
	if other, is := withoutEnd[stage.key]; is && w.end.IsZero() {
		stage.key = other
	}
	if head == i18n.ApprovalYouAsked && stage.key == i18n.ApprovalLapsed {
		stage.key = i18n.ApprovalYouLapsed
	}
	reply := Reply{Tone: stage.tone, Text: w.say.Say(head, data), Heading: headingOf(w.sight, w.m)}
	if stage.key != "" {
		reply.Text = i18n.Join(reply.Text, w.say.Say(stage.key, data))
	}
	if stage.tone == Done && w.clipped {
		reply.Text = i18n.Join(reply.Text, w.say.Say(i18n.ClippedToRoom, i18n.Data{"Start": data["End"]}))
	}
	reply.Text = w.quoting(reply.Text)
	return reply
}
