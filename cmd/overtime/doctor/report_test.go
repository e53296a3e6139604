package doctor_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/overtime-bot/overtime/bot/manifest"
	"github.com/overtime-bot/overtime/bot/socket"
	"github.com/overtime-bot/overtime/cmd/overtime/doctor"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/store"
	"github.com/robfig/cron/v3"
)

// The worst finding counts; what is right is told only where all is.
func TestJoin(t *testing.T) {
	good, odd, bad := doctor.Found("good"), doctor.Doubt("odd", "look"), doctor.Fault("bad\nthing", "mend")
	for _, test := range []struct {
		findings []doctor.Finding
		want     doctor.Check
	}{
		{[]doctor.Finding{good, doctor.Found("better")}, doctor.Check{Name: "users", Result: doctor.OK, Seen: "good; better"}},
		{[]doctor.Finding{good, odd}, doctor.Check{Name: "users", Result: doctor.Warn, Seen: "odd", Remedy: "look"}},
		{[]doctor.Finding{odd, bad, good}, doctor.Check{Name: "users", Result: doctor.Fail, Seen: "odd; bad thing", Remedy: "look; mend"}},
		{[]doctor.Finding{bad, doctor.Fault("worse", "mend")}, doctor.Check{Name: "users", Result: doctor.Fail, Seen: "bad thing; worse", Remedy: "mend"}},
	} {
		if got := doctor.Join("users", test.findings...); got != test.want {
			t.Errorf("%+v, want %+v", got, test.want)
		}
	}
}

func TestReportAsText(t *testing.T) {
	report := doctor.NewReport(doctor.Join(doctor.Store, doctor.Fault("the disk is full", "make room")), doctor.Join(doctor.Configuration, doctor.Found("complete")))
	var text bytes.Buffer
	if err := report.WriteText(&text); err != nil {
		t.Fatal(err)
	}
	want := `ok    configuration  complete
fail  store          the disk is full
                     → make room

1 failed, 0 to look at, 1 ok.
`
	if diff := cmp.Diff(want, text.String()); diff != "" {
		t.Error(diff)
	}
}

// judged is what a check of some facts should say.
type judged struct {
	check  doctor.Check
	result doctor.Result
	says   string
}

func (j judged) verify(t *testing.T, name string) {
	t.Helper()
	if said := j.check.Seen + " → " + j.check.Remedy; j.check.Result != j.result || !strings.Contains(said, j.says) {
		t.Errorf("%s: %s %s; want %s and %q", name, j.check.Result, said, j.result, j.says)
	}
	if (j.check.Remedy == "") != (j.result == doctor.OK) {
		t.Errorf("%s: the remedy is %q", name, j.check.Remedy)
	}
}

func TestJudgements(t *testing.T) {
	minute := func(left, limit int) []meeting.Told {
		return []meeting.Told{{Left: left, Limit: limit, Period: time.Minute}}
	}
	login := func(role meeting.Role, all bool) doctor.Check {
		return doctor.CheckLogin(doctor.Login{Account: "a@x", Role: role, All: all})
	}
	hello := func(connections int, runs, single bool) doctor.Check {
		return doctor.CheckSocket(doctor.Socket{Hello: &socket.Hello{AppID: "A1", Connections: connections}, Own: 2, BotRuns: runs, Single: single})
	}
	database := func(change func(*store.Inspection)) doctor.Check {
		found := store.Inspection{Where: "/x.db", Server: "SQLite", Schema: 3, Known: 3, Owner: "o", Mode: 0o600, Free: 1 << 40}
		change(&found)
		return doctor.CheckStore(found, nil)
	}
	all := strings.Join(manifest.Names(manifest.Scopes()), ",")
	for name, j := range map[string]judged{
		"no quota is told":         {doctor.CheckQuota(nil, 100), doctor.OK, "tells none"},
		"a quota as configured":    {doctor.CheckQuota(minute(99, 100), 100), doctor.OK, "99 of 100"},
		"a larger one":             {doctor.CheckQuota(minute(99, 300), 100), doctor.OK, "100 a minute"},
		"a smaller one":            {doctor.CheckQuota(minute(49, 50), 100), doctor.Warn, "MEETING_RATE=50"},
		"no limit of our own":      {doctor.CheckQuota(minute(49, 50), 0), doctor.Warn, "MEETING_RATE=50"},
		"a quota used up":          {doctor.CheckQuota(minute(3, 100), 100), doctor.Warn, "who else uses the account"},
		"an administrator":         {login(meeting.RoleAdmin, true), doctor.OK, "as an administrator"},
		"an unknown role":          {login(meeting.RoleUnknown, true), doctor.OK, "does not tell its role"},
		"an ordinary account":      {login(meeting.RoleOrdinary, true), doctor.Warn, "MEETING_QUERY_ALL=false"},
		"as it is meant":           {login(meeting.RoleOrdinary, false), doctor.OK, "its own meetings alone"},
		"no meeting runs":          {doctor.CheckPasswords(meeting.Sample{}), doctor.OK, "start one"},
		"none can be read":         {doctor.CheckPasswords(meeting.Sample{Unreadable: 4}), doctor.Fail, "none of the 4"},
		"all are shown":            {doctor.CheckPasswords(meeting.Sample{Running: 3, Seen: 3, Extendable: 3}), doctor.OK, "3 of 3"},
		"few are shown":            {doctor.CheckPasswords(meeting.Sample{Running: 30, Seen: 10, Extendable: 2}), doctor.Warn, "2 of 10 running meetings is shown (a sample; 30 run)"},
		"none is shown":            {doctor.CheckPasswords(meeting.Sample{Running: 1, Seen: 1}), doctor.Fail, "nothing can be extended"},
		"no date":                  {doctor.CheckClock(false, 0, ""), doctor.Warn, "had a Date"},
		"the clock is off":         {doctor.CheckClock(true, time.Hour, "it is off: set it by NTP"), doctor.Fail, "it is off → set it by NTP"},
		"alone":                    {hello(1, false, true), doctor.OK, "others hold 0 sockets"},
		"beside a bot":             {hello(3, true, true), doctor.OK, "others hold 2 sockets of it (a bot keeps 2)"},
		"beside replicas":          {hello(7, true, false), doctor.OK, "others hold 6 sockets of it (a bot keeps 2)"},
		"a stranger":               {hello(3, false, true), doctor.Warn, "stop what still runs"},
		"a stranger and a bot":     {hello(4, true, true), doctor.Warn, "others hold 3 sockets of it, and the bot here keeps 2"},
		"a full disk":              {database(func(i *store.Inspection) { i.Free = 1 << 20 }), doctor.Fail, "the disk is full (1 MiB free) → make room"},
		"a disk that is nearly so": {database(func(i *store.Inspection) { i.Free = 100 << 20 }), doctor.Warn, "nearly full (100 MiB free)"},
		"an unknown disk":          {database(func(i *store.Inspection) { i.Free = -1 }), doctor.OK, "schema 3"},
		"an older schema":          {database(func(i *store.Inspection) { i.Schema = 2 }), doctor.OK, "schema 2, which the next start brings to 3"},
		"a pooler":                 {database(func(i *store.Inspection) { i.Pooled = true }), doctor.OK, "behind a pooler"},
		"a file for all":           {database(func(i *store.Inspection) { i.Mode = 0o644 }), doctor.Warn, "chmod 600 /x.db"},
		"a file for all to write":  {database(func(i *store.Inspection) { i.Mode = 0o602 }), doctor.Warn, "chmod 600 /x.db"},
		"a file a group may write": {database(func(i *store.Inspection) { i.Mode = 0o660 }), doctor.Warn, "chmod 600 /x.db"},
		"a file a group may read":  {database(func(i *store.Inspection) { i.Mode = 0o640 }), doctor.OK, "mode -rw-r-----"},
		"all scopes":               {doctor.CheckScopes(all), doctor.OK, "im:history"},
		"scopes that are not told": {doctor.CheckScopes(""), doctor.Warn, "did not say"},
		"a zone":                   {doctor.CheckZones("Asia/Shanghai", time.Now()), doctor.OK, "Slack profile"},
		"a file of a zone":         {doctor.CheckZones(":/etc/localtime", time.Now()), doctor.OK, "Slack profile"},
	} {
		j.verify(t, name)
	}
}

// The next three looks are told as the schedule has them, in the machine's zone; where it misses meetings, they are told too.
func TestTheNextThreeLooks(t *testing.T) {
	schedule, err := cron.ParseStandard("*/20 9-17 * * *")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 28, 17, 30, 0, 0, time.FixedZone("CET", 60*60))
	const looks = "the next looks are at Nov 28 17:40:00 CET, Nov 29 09:00:00 CET, Nov 29 09:20:00 CET"
	judged{doctor.CheckSchedule(schedule, "", now), doctor.OK, looks + "; they miss no meeting"}.verify(t, "often enough")
	judged{doctor.CheckSchedule(schedule, "much is missed", now), doctor.Warn, "much is missed; " + looks + " → let AUTO_EXTEND_SCHEDULE look more often"}.verify(t, "too rare")
}

func TestAppOf(t *testing.T) {
	for token, want := range map[string]string{
		"xapp-1-A0OVERTIME-12345-abc": "A0OVERTIME", "xapp-1-abc": "", "xapp-A0OVERTIME-1": "", "xoxb-1-A0OVERTIME-1": "", "": "",
	} {
		if got := doctor.AppOf(token); got != want {
			t.Errorf("%q: %q", token, got)
		}
	}
}
