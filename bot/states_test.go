package bot

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/meeting/meetingtest"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// States of the world that tests begin in. Each is a change of a world before its parts are joined, when the store and
// the service are there already.

var errTrouble = errors.New("no store")

// The people.

func changed(user string, change func(*access.Person)) func(*world) {
	return func(w *world) { w.people.change(user, change) }
}

func adminGroup(membership access.Membership) func(*world) {
	return func(w *world) {
		w.policy.AdminGroups, w.people.groups = []string{"S0GROUP"}, map[string]access.Membership{"S0GROUP": membership}
	}
}

func allowedGroup(membership access.Membership) func(*world) {
	return func(w *world) {
		w.policy.AllowedGroups, w.people.groups = []string{"S0GROUP"}, map[string]access.Membership{"S0GROUP": membership}
	}
}

// allowedChannel lets the people of a channel extend.
func allowedChannel(id string) func(*world) {
	return func(w *world) {
		w.policy.AllowedChannels, w.people.channel = []string{id}, access.Channel{ID: id, Known: true}
	}
}

// ticking lets automation look at the meetings by itself, every minute.
func ticking(w *world) { w.ticks = true }

func oneWorker(w *world) { w.workers = 1 }

func notifying(w *world) { w.channel = "C0NOTIFY" }

func otherwise(mode scheduler.Mode) func(*world) { return func(w *world) { w.mode = mode } }

// The meetings.

// meets changes theMeeting.
func meets(change func(*meetingtest.Meeting)) func(*world) {
	return func(w *world) { change(&w.meetings[0]) }
}

func called(subject string) func(*world) {
	return meets(func(m *meetingtest.Meeting) { m.Subject = subject })
}

func endsIn(d time.Duration) func(*world) {
	return meets(func(m *meetingtest.Meeting) { m.End = time.Now().Add(d) })
}

func peopled(people int) func(*world) {
	return meets(func(m *meetingtest.Meeting) { m.People = people })
}
func inRoom(id string) func(*world) { return meets(func(m *meetingtest.Meeting) { m.RoomID = id }) }

// bookedNext books the cloud room of theMeeting so long after its end.
func bookedNext(after time.Duration) func(*world) {
	return both(inRoom("881234567"), func(w *world) {
		w.service.Add(meetingtest.Meeting{
			ID: "777888999", RoomID: "881234567", Subject: "Secret merger", Scheduled: true,
			Start: theMeeting().End.Add(after), End: theMeeting().End.Add(after + time.Hour),
		})
	})
}

func hidden(w *world) { w.meetings[0].HideChair = true }

// reads lets the service be as one reading of its reference has it.
func reads(readings meetingtest.Readings) func(*world) {
	return func(w *world) { w.service.SetReadings(readings) }
}

// listed lets somebody look at the list before.
func listed(w *world) { w.asks(admin, "list") }

func prolonged(w *world) { w.meetings[0].ProlongMinutes = new(15) }

func gone(w *world) { w.meetings = nil }

// comesLater is theMeeting as it is booked for later.
func comesLater(w *world) {
	w.meetings[0].Scheduled, w.meetings[0].Start = true, noon.Add(time.Hour)
}

// nobodyCame is theMeeting as it was booked, and never began.
func nobodyCame(w *world) { w.meetings[0].Scheduled, w.meetings[0].People = true, 0 }

// many are so many meetings, which end one after another.
func many(count int, subject func(int) string) func(*world) {
	return func(w *world) {
		w.meetings = nil
		for i := range count {
			m := booked(fmt.Sprint(914083136+i), subject(i))
			m.End, m.People = noon.Add(time.Duration(i+1)*time.Minute), i
			w.meetings = append(w.meetings, m)
		}
	}
}

// nextRun lets theMeeting end, and another begin under its number.
func (w *world) nextRun() {
	m := booked(theID, theMeeting().Subject)
	m.Start = time.Now().Truncate(time.Minute).Add(-time.Minute)
	w.service.Add(m)
}

// The meeting service.

// fails lets calls of a kind fail until the faults are cleared.
func (w *world) fails(op meetingtest.Op, status int) {
	w.service.Inject(meetingtest.Fault{Op: op, Kind: meetingtest.Refuse, Status: status, Times: -1})
}

func serviceDown(w *world) {
	for _, op := range []meetingtest.Op{meetingtest.OpOnline, meetingtest.OpOnlineDetail} {
		w.fails(op, 500)
	}
}

// refuses lets the service refuse extensions.
func refuses(status int, code, message string) func(*world) {
	return func(w *world) {
		w.service.Inject(meetingtest.Fault{Op: meetingtest.OpExtend, Kind: meetingtest.Refuse, Times: -1, Status: status, Code: code, Message: message})
	}
}

// refusesReads lets the service refuse to tell of a meeting.
func refusesReads(status int, code string) func(*world) {
	return func(w *world) {
		w.service.Inject(meetingtest.Fault{Op: meetingtest.OpOnlineDetail, Kind: meetingtest.Refuse, Times: -1, Status: status, Code: code})
	}
}

// hasEnded is theMeeting as one that the service itself calls ended.
func hasEnded(w *world) { both(gone, refusesReads(400, "MMC.111072006"))(w) }

// losesAnswers lets the service break off the connections of extensions, which take effect or not.
func losesAnswers(applied bool) func(*world) {
	return func(w *world) {
		w.service.Inject(meetingtest.Fault{Op: meetingtest.OpExtend, Kind: meetingtest.HangUp, Applied: applied, Times: -1})
	}
}

// lags lets the service show new ends so late.
func lags(d time.Duration) func(*world) { return func(w *world) { w.service.SetListLag(d) } }

// takes lets the service take so long over an extension.
func takes(d time.Duration) func(*world) {
	return func(w *world) {
		w.timeout = 2 * time.Minute
		w.service.Inject(meetingtest.Fault{Op: meetingtest.OpExtend, Before: d, Times: -1})
	}
}

// The ways between the parts.

// fault puts one before calls of these methods.
func fault(meets func(context.Context) error, methods ...string) func(*world) {
	return func(w *world) { w.faults.putAll(meets, methods...) }
}

func rulesFail(w *world) { w.faults.putAll(failing(context.DeadlineExceeded), rulesMethods...) }

func notWritten(w *world) { w.faults.put("Claim", failing(errors.New("disk full"))) }

func botBreaks(w *world) { w.faults.put("Extend", panicking("secret words")) }

// whileClaiming does something between the look at a meeting and the extension.
func whileClaiming(do func(*world)) func(*world) {
	return func(w *world) { w.faults.put("Claim", doing(func() { do(w) })) }
}

// endMoves moves the end of theMeeting each time that somebody is about to extend it, so many times.
func endMoves(moves int) func(*world) {
	return func(w *world) {
		w.faults.put("Claim", times(moves, doing(func() {
			end, _ := w.service.End(theID)
			w.service.SetEnd(theID, end.Add(10*time.Minute))
		})))
	}
}

// What is stored.

// stored puts an extension into the store as if somebody had asked for it before. It is of theMeeting if nothing else is
// said. It passes through the states.
func (w *world) stored(e extension.Extension, states ...extension.State) extension.Extension {
	w.t.Helper()
	if e.Key == "" {
		e.Key = rand.Text()
	}
	if e.Run == "" {
		e.Run, e.MeetingID = extension.RunOf(theMeeting()), theID
	}
	if e.Origin == "" {
		e.Origin = extension.FromCommand
	}
	before, after := e.Before, e.After
	if before.IsZero() {
		before = theMeeting().End
	}
	if after.IsZero() {
		after = before.Add(time.Duration(e.Minutes) * time.Minute)
	}
	row, err := w.store.Ledger.Claim(w.t.Context(), e, extension.Limits{}, 2*time.Minute)
	w.must(err)
	if len(states) > 0 {
		w.must(w.store.Ledger.Aim(w.t.Context(), row.ID, before, after, 2*time.Minute))
	}
	for _, state := range states {
		row, err = w.store.Ledger.Move(w.t.Context(), row.ID, row.State, state, extension.Ending{After: after, SettleIn: 2 * time.Minute})
		w.must(err)
	}
	return row
}

// taken is theMeeting while somebody else extends it; without a name, automation.
func taken(user string) func(*world) {
	return func(w *world) {
		e := extension.Extension{Minutes: 45, Origin: extension.FromTick}
		if user != "" {
			e.Actor, e.Origin = actor(user), extension.FromCommand
		}
		w.stored(e)
	}
}

// used are minutes that somebody has added to theMeeting.
func used(user string, minutes int) func(*world) {
	return func(w *world) {
		w.stored(extension.Extension{Actor: actor(user), Minutes: minutes, Before: noon.Add(-time.Hour), After: theMeeting().End}, extension.Confirmed)
	}
}

// extendedByItself is theMeeting after an automatic extension by a quarter of an hour, which led to its end.
func extendedByItself(w *world) {
	end := theMeeting().End
	w.stored(extension.Extension{Minutes: 15, Origin: extension.FromTick, Before: end.Add(-15 * time.Minute), After: end}, extension.Confirmed)
}

// usedElsewhere are minutes that somebody has added to another meeting, by so many extensions.
func usedElsewhere(user string, minutes, extensions int) func(*world) {
	return func(w *world) {
		for range extensions {
			w.stored(extension.Extension{
				Actor: actor(user), Minutes: minutes / extensions, Run: "another run", MeetingID: "777888999",
			}, extension.Confirmed)
		}
	}
}

// doneBefore is an extension under the same key, by another.
func doneBefore(key, user string, states ...extension.State) func(*world) {
	return func(w *world) {
		w.meetings[0].End = noon.Add(90 * time.Minute)
		e := extension.Extension{Key: key, Minutes: 18}
		if user != "" {
			e.Actor = actor(user)
		}
		w.stored(e, states...)
	}
}

// settledMeanwhile lets another process settle an extension before its own does. Whether it took effect is in doubt.
func settledMeanwhile(state extension.State) func(*world) {
	return func(w *world) {
		losesAnswers(false)(w)
		w.faults.put("Move", once(func(ctx context.Context) error {
			rows, err := w.store.History.Extensions(ctx, theID, 1)
			if err == nil {
				_, err = w.store.Ledger.Move(ctx, rows[0].ID, rows[0].State, state, extension.Ending{After: theMeeting().End})
			}
			return err
		}))
	}
}

func theRule() scheduler.Rule {
	return scheduler.Rule{Of: theID, Mode: scheduler.ModeAsk, Channel: theChannel, Owner: actor(owner)}
}

// ruledBy is a rule of somebody's.
func ruledBy(user string, changes ...func(*scheduler.Rule)) func(*world) {
	return func(w *world) {
		rule := theRule()
		rule.Owner.User = user
		for _, change := range changes {
			change(&rule)
		}
		paused := rule.Paused.Reason
		rule.Paused = scheduler.Pause{}
		_, err := w.store.Automation.PutRule(w.t.Context(), rule)
		w.must(err)
		if paused != "" {
			_, err = w.store.Automation.PauseRule(w.t.Context(), rule.Of, rule.Owner, paused)
			w.must(err)
		}
	}
}

func rulePaused(rule *scheduler.Rule) { rule.Paused.Reason = scheduler.PausedOwnerMay }

func ruleAuto(rule *scheduler.Rule) { rule.Mode, rule.Channel = scheduler.ModeAuto, "" }

func ruleOff(rule *scheduler.Rule) { rule.Mode = scheduler.ModeOff }

// watchingChannel lets people of theChannel extend, and the channel watch theMeeting.
func watchingChannel(w *world) {
	ruledBy(owner)(w)
	allowedChannel(theChannel)(w)
}

func allPaused(w *world) { pausedBy(actor(owner))(w) }

func pausedBy(person extension.Actor) func(*world) {
	return func(w *world) {
		_, err := w.store.Automation.PauseAll(w.t.Context(), person)
		w.must(err)
	}
}

// quieted is somebody who does not want to be asked.
func quieted(user string) func(*world) {
	return func(w *world) {
		_, err := w.store.Automation.SetQuiet(w.t.Context(), actor(user), true)
		w.must(err)
	}
}

// offered puts the actions of buttons into the store.
func offered(actions ...store.Action) func(*world) {
	return func(w *world) { w.must(w.store.Inbox.PutActions(w.t.Context(), actions)) }
}

// rules are those in the store, by what they are of.
func (w *world) rules() map[string]scheduler.Rule {
	w.t.Helper()
	rules, err := w.store.Automation.Rules(w.t.Context())
	w.must(err)
	return scheduler.RuleBook(rules)
}

func (w *world) paused() bool {
	w.t.Helper()
	pause, err := w.store.Automation.Paused(w.t.Context())
	w.must(err)
	return !pause.IsZero()
}

func (w *world) quiet(user string) bool {
	w.t.Helper()
	quiet, err := w.store.Automation.Quiet(w.t.Context(), actor(user))
	w.must(err)
	return quiet
}

// effects are the minutes that the service really added to theMeeting.
func (w *world) effects() []int {
	var minutes []int
	for _, effect := range w.service.Effects(theID) {
		minutes = append(minutes, effect.Minutes)
	}
	return minutes
}

// wished are the minutes that were asked of what extends.
func (w *world) wished() []int {
	var minutes []int
	for _, request := range w.asked.list() {
		minutes = append(minutes, request.Minutes)
	}
	return minutes
}
