package main

import (
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/slacksim"
	"github.com/overtime-bot/overtime/meeting/meetingtest"
)

// look is what looking at the running meetings costs, none of which is near its end.
type look struct {
	meetings  int
	calls     float64       // of the list, for one tick
	processor time.Duration // for one tick
	resident  float64       // MB of the process
}

func (l look) String() string {
	return fmt.Sprintf("%7d meetings  %6.1f list calls  %8.2f ms processor a tick  %4.1f MB resident", l.meetings, l.calls, float64(l.processor)/1e6, l.resident)
}

// BenchmarkTick measures ticks over many running meetings, beside an idle process in the same run.
func BenchmarkTick(b *testing.B) {
	binary := buildBinary(b)
	for range b.N {
		idle := measureTicks(b, binary, 0, 10)
		some := measureTicks(b, binary, 10_000, 10)
		many := measureTicks(b, binary, 100_000, 4)
		b.Logf("\n%s\n%s\n%s", idle, some, many)
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(float64(some.processor-idle.processor)/1e6, "ms/tick-of-10000")
		b.ReportMetric(idle.resident, "idle-MB")
		b.ReportMetric(some.resident-idle.resident, "MB-above-idle")
		b.ReportMetric(some.calls, "calls/tick-of-10000")
		b.ReportMetric(float64(many.processor-idle.processor)/float64(some.processor-idle.processor), "tick-of-100000/tick-of-10000")
	}
}

// measureTicks runs the bot over so many meetings for so many ticks, after some that make it know them.
func measureTicks(tb testing.TB, binary string, meetings, ticks int) look {
	tb.Helper()
	secrets := newDemoSecrets()
	b := &bench{b: tb, stderr: &safeBuffer{}}
	b.meetings = meetingtest.New(meetingtest.Config{Account: secrets.account, Password: secrets.password, Quota: -1})
	var err error
	if b.service, err = b.meetings.Start(); err != nil {
		tb.Fatal(err)
	}
	defer b.meetings.Close()
	b.slack = slacksim.New(slacksim.Config{BotToken: secrets.botToken, AppToken: secrets.appToken, Team: slacksim.Team{ID: demoTeam, Name: "Acme"}})
	server := httptest.NewServer(b.slack)
	b.slackURL = server.URL
	b.slack.SetURL(server.URL)
	defer func() { b.slack.Close(); server.Close() }()
	onTime, end := 0, time.Now().Add(20*time.Hour)
	for i := range meetings {
		b.meetings.Add(meetingtest.Meeting{ID: strconv.Itoa(910000000 + i), Subject: "Load", People: 2, End: end, ProlongMinutes: &onTime})
	}
	b.program = exec.CommandContext(tb.Context(), binary, "serve", "--env-file", os.DevNull)
	b.program.Env = append(secrets.environ(b.slackURL+"/api/", b.service, filepath.Join(tb.TempDir(), "overtime.db")),
		"MEETING_RATE=0", "AUTO_EXTEND_SCHEDULE=@every 2s", "AUTO_EXTEND=ask", cpuProfile+"="+os.Getenv(cpuProfile))
	b.start("overtime")
	pages := max(1, (meetings+499)/500)
	b.waitLists(4 * pages)
	calls, processor := b.meetings.Count(meetingtest.OpOnline), b.processor()
	b.waitLists(calls + ticks*pages)
	l := look{meetings: meetings, resident: b.resident("VmRSS")}
	l.calls = float64(b.meetings.Count(meetingtest.OpOnline)-calls) / float64(ticks)
	l.processor = (b.processor() - processor) / time.Duration(ticks)
	b.stop()
	return l
}

func (b *bench) waitLists(count int) {
	b.b.Helper()
	if err := b.meetings.WaitDone(b.b.Context(), meetingtest.OpOnline, count); err != nil {
		b.b.Fatalf("waiting for the list: %v\n%s", err, b.stderr)
	}
}
