package main

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/meeting/meetingtest"
)

// mix is a meeting service as it may be, where its reference leaves that open. The simulated week plays another each day.
type mix struct {
	name     string
	readings meetingtest.Readings
	booksAll bool // the bot's account books for everybody: it sees no meetings but its own
}

var mixes = []mix{
	{name: "as the reference suggests"},
	{name: "other forms", readings: meetingtest.Readings{
		Times: meetingtest.RFC3339, Role: meetingtest.RoleAbsent, PasswordStatus: 401, Minutes: meetingtest.Sliding, Longest: 60,
		GuestsRefused: true, Shortest: 5, AutoOnce: true, Overlaps: true,
	}},
	{name: "less is shown", booksAll: true, readings: meetingtest.Readings{
		QueryAll: meetingtest.Refused, QueryAllStatus: 401, Passwords: meetingtest.ToHosts, Times: meetingtest.MillisecondsAsText,
		Role: meetingtest.RoleNull, AccountUntold: true, LongCodes: true, Minutes: meetingtest.ClockMinutes,
		ProlongUntold: true, PeopleUntold: true,
	}},
}

// Each fact that the reference leaves open is other than usual in one of the mixes.
func TestMixesPlayEachOpenFact(t *testing.T) {
	facts := reflect.TypeFor[meetingtest.Readings]()
	for i := range facts.NumField() {
		played := func(m mix) bool { return !reflect.ValueOf(m.readings).Field(i).IsZero() }
		if !slices.ContainsFunc(mixes, played) {
			t.Errorf("no mix plays %s", facts.Field(i).Name)
		}
	}
}

// unseen says that the service does not tell of a meeting that nobody is in, or that the platform extends it: the bot deals
// with it as with others.
func (l *life) unseen() bool {
	return slices.ContainsFunc([]time.Time{l.start, l.end, l.endings[len(l.endings)-1].end}, func(at time.Time) bool {
		return mixOf(at).readings.PeopleUntold
	})
}

// firstDay is a Monday. The clocks change on the Sunday in New York.
var firstDay = time.Date(2026, 10, 26, 0, 0, 0, 0, time.UTC)

// mixOf is the service of a day: on a Tuesday, the worst of them, another than the usual.
func mixOf(day time.Time) mix {
	days := int(day.Sub(firstDay) / (24 * time.Hour))
	return mixes[max(days, 0)%len(mixes)]
}

// mixMargin is how long before such a day, and after it, the account books for everybody already, and still: a meeting may
// run into the day, and a refusal is not tried again at once.
const mixMargin = 8 * time.Hour

// bookedBy is whose meeting it is.
func bookedBy(g *gathering) meetingtest.Host {
	for _, at := range []time.Time{g.start.Add(-mixMargin), g.start, g.end, g.end.Add(mixMargin)} {
		if mixOf(at).booksAll {
			return meetingtest.Host{UUID: weekAccount, Name: "Front desk"}
		}
	}
	return g.host
}

// weekAccount is the user of the bot's account.
const weekAccount = "8d8f0d63a7c24d0b9c1f00000000a001"

// checkMix holds what the bot sees of the service against the mix of the day.
func (w *week) checkMix(today mix) {
	for _, replica := range w.programs {
		view := replica.program.meetings.View()
		if view.At.IsZero() { // another replica looks
			continue
		}
		if view.All == today.booksAll || view.Unreadable > 0 || view.Extendable != view.Meetings || view.Meetings == 0 && !w.isWeekend() {
			w.t.Errorf("%s, %s: %+v", time.Now().Format("Mon 15:04"), today.name, view)
		}
	}
}

func (w *week) isWeekend() bool {
	day := time.Now().Weekday()
	return day == time.Saturday || day == time.Sunday
}
