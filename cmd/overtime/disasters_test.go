package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/slacksim"
	"github.com/overtime-bot/overtime/meeting/meetingtest"
	"github.com/overtime-bot/overtime/scheduler/storetest"
)

// disaster is a row of the operators' page, with the real binary on the stand-ins. What the row quotes has to be said.
type disaster struct {
	*play
	bot                 *serving
	environ             []string
	people, ready, then []string // quoted
	alerts              []string // that fire, each with the check that it names
	counted, label      string   // a metric, and a value of its label
}

// begin starts the bot and waits until it is ready.
func (d *disaster) begin(settings ...string) {
	d.t.Helper()
	d.environ = append(d.secrets.environ(d.slackURL+"/api/", d.meetingsURL, d.database()),
		append([]string{"MEETING_TIMEOUT=2s", "AUTO_EXTEND=off"}, settings...)...)
	d.again()
}

func (d *disaster) again() {
	d.t.Helper()
	d.bot = serve(d.t, d.environ...)
	d.log = d.bot.log
	d.bot.waitReady(http.StatusOK, "")
}

func (d *disaster) command(line string) (envelope string) {
	d.t.Helper()
	envelope, err := d.slack.Command(demoDana, demoGeneral, line)
	must(d.t, err)
	return envelope
}

// fires wants the alerts of the page, and no others, if it stays as it is.
func (d *disaster) fires() {
	d.t.Helper()
	series := d.bot.scraped()
	if got := firing(d.t, series); !slices.Equal(got, d.alerts) {
		d.t.Errorf("firing: %v, want %v", got, d.alerts)
	}
	if d.counted != "" {
		d.waitCounted()
	}
}

// waitCounted waits until a series of that beginning has counted something with that label.
func (d *disaster) waitCounted() {
	every := time.NewTicker(50 * time.Millisecond)
	defer every.Stop()
	for begun := time.Now(); ; <-every.C {
		for series, value := range d.bot.scraped() {
			if strings.HasPrefix(series, d.counted+"{") && strings.Contains(series, fmt.Sprintf("=%q", d.label)) && value > 0 {
				return
			}
		}
		if time.Since(begun) > 20*time.Second {
			d.t.Fatalf("%s counts no %s", d.counted, d.label)
		}
	}
}

// reacts reads the cell of the alerts: those that fire, each with the check that it names, or none, and what is counted. What
// fires later does not fire yet.
func (d *disaster) reacts(cell string) {
	var words []string
	for _, match := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(cell, -1) {
		words = append(words, match[1])
	}
	switch {
	case strings.HasPrefix(cell, "none at first"):
	case strings.HasPrefix(cell, "none; ") && len(words) == 2:
		d.counted, d.label = words[0], words[1]
	case strings.HasPrefix(cell, "`Overtime"):
		d.alerts = words
	default:
		d.t.Fatalf("the cell of the alerts says %q", cell)
	}
}

// reads wants the first answer to be the one of the page.
func (d *disaster) reads(envelope string) {
	d.t.Helper()
	wantContains(d.t, d.waitAnswers(envelope, 1)[0], d.people...)
}

// isDown wants the reason of the page at /readyz, and a process that lives.
func (d *disaster) isDown() {
	d.t.Helper()
	d.bot.waitReady(http.StatusServiceUnavailable, d.ready[0])
	if status, _ := d.bot.get("/healthz"); status != http.StatusOK {
		d.t.Errorf("/healthz: %d", status)
	}
	d.fires()
}

// isReady wants it to look well.
func (d *disaster) isReady() {
	d.t.Helper()
	if status, body := d.bot.get("/readyz"); status != http.StatusOK {
		d.t.Errorf("/readyz: %d %s", status, body)
	}
	d.fires()
}

// ends wants the end that the page names.
func (d *disaster) ends() {
	d.t.Helper()
	if status := d.bot.ends(); status != 1 {
		d.t.Errorf("exit status %d", status)
	}
	wantContains(d.t, d.bot.log.String(), d.then...)
	d.fires()
}

// works wants an extension, the only one so far but for those before, and a good end.
func (d *disaster) works(before int) {
	d.t.Helper()
	d.bot.waitReady(http.StatusOK, "")
	wantContains(d.t, d.types(demoAlice, "/extend 914083136 15"), "✅ Extended by 15 minutes")
	if n := len(d.meetings.Effects("914083136")); n != before+1 {
		d.t.Errorf("%d effects, want %d", n, before+1)
	}
	if status := d.bot.stop(); status != 0 {
		d.t.Errorf("exit status %d", status)
	}
}

const fateful = "/extend 914083136 15"

// disasters are by the first cell of the row.
var disasters = map[string]func(*disaster){
	"the process is killed": func(d *disaster) {
		d.begin()
		hold := make(chan struct{})
		d.meetings.Inject(meetingtest.Fault{Op: meetingtest.OpExtend, HoldAfter: hold})
		envelope := d.command(fateful)
		ctx, cancel := withTimeout(d.t, 10*time.Second)
		defer cancel()
		must(d.t, d.meetings.WaitEffects(ctx, "914083136", 1))
		must(d.t, d.bot.command.Process.Kill())
		<-d.bot.gone
		d.fires()
		close(hold)
		d.again()
		wantContains(d.t, strings.Join(d.waitAnswers(envelope, 2), "\n"), d.people...)
		d.works(1)
	},
	"the disk is full": func(d *disaster) {
		folder := d.t.TempDir()
		if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, "size=2m"); err != nil {
			d.t.Skipf("needs to mount a file system: %v", err)
		}
		d.t.Cleanup(func() { must(d.t, syscall.Unmount(folder, syscall.MNT_DETACH)) })
		filler := filepath.Join(folder, "filler")
		d.begin("DATABASE_URL=" + filepath.Join(folder, "overtime.db"))
		_ = os.WriteFile(filler, make([]byte, 4<<20), 0o600) // as much as fits
		d.reads(d.command(fateful))
		d.isDown()
		must(d.t, os.Remove(filler))
		d.works(0)
	},
	"the SQLite file is removed": func(d *disaster) {
		d.begin()
		must(d.t, os.Rename(d.database(), d.database()+".away"))
		d.reads(d.command(fateful))
		d.isDown()
		must(d.t, os.Rename(d.database()+".away", d.database()))
		d.works(0)
	},
	"Postgres is down": func(d *disaster) {
		postgres := storetest.NewPostgres(d.t)
		d.begin("DATABASE_URL=" + postgres.URL().String())
		postgres.Kill(d.t)
		d.reads(d.command(fateful))
		d.isDown()
		postgres.Start(d.t)
		d.works(0)
	},
	"the bot token is revoked": func(d *disaster) {
		d.begin()
		revokeBotToken(d.slack, "token_revoked")
		d.reads(d.command(fateful))
		d.ends()
	},
	"the app-level token is revoked": func(d *disaster) {
		d.begin()
		d.slack.FailNext(openSocket, slacksim.Failure{Error: "invalid_auth", Times: -1})
		d.waitAnswers(d.command("/extend list"), 1)
		d.slack.DropSockets()
		d.ends()
	},
	"the meeting account's password is changed": func(d *disaster) {
		d.begin()
		d.meetings.RefuseLogin()
		d.meetings.ExpireTokens()
		d.reads(d.command(fateful))
		d.isDown()
		must(d.t, d.bot.command.Process.Signal(syscall.SIGTERM))
		<-d.bot.gone
		d.meetings.ClearFaults()
		d.again()
		d.works(0)
	},
	"the meeting service is down": func(d *disaster) {
		d.begin()
		d.meetings.Inject(meetingtest.Fault{Kind: meetingtest.Reset, Times: -1})
		d.reads(d.command(fateful))
		d.isReady()
		d.meetings.ClearFaults()
		d.works(0)
	},
	"Slack answers with errors": func(d *disaster) {
		d.begin()
		d.failAll(slacksim.Failure{Status: http.StatusServiceUnavailable, Times: -1})
		envelope := d.command(fateful)
		d.bot.waitLog("an answer was not delivered", 1)
		d.isReady()
		d.slack.ClearFailures(slackMethods...)
		d.reads(envelope)
		d.works(0)
	},
	"Slack is out of reach": func(d *disaster) {
		d.begin()
		d.slack.FailNext(openSocket, slacksim.Failure{HangUp: true, Times: -1})
		d.slack.DropSockets()
		d.isDown()
		d.slack.ClearFailures(openSocket)
		d.works(0)
	},
	"Slack allows no more calls (429)": func(d *disaster) {
		d.begin()
		d.failAll(slacksim.Failure{RetryAfter: time.Second, Times: -1})
		envelope := d.command(fateful)
		time.AfterFunc(2*time.Second, func() { d.slack.ClearFailures(slackMethods...) })
		d.isReady()
		d.waitAnswers(envelope, 1)
		d.works(len(d.meetings.Effects("914083136")))
	},
}

func (d *disaster) failAll(failure slacksim.Failure) {
	for _, method := range slackMethods {
		d.slack.FailNext(method, failure)
	}
}

// Each row of the operators' page happens to the real binary, which says what the row quotes and recovers as it says.
func TestDisastersEndAsThePageSays(t *testing.T) {
	slow(t)
	t.Parallel()
	_, section, _ := strings.Cut(readPage(t, filepath.Join("deploy", "README.md")), "\n## When something breaks\n")
	section, _, _ = strings.Cut(section, "\n## ")
	quoted := regexp.MustCompile(`“([^”]+)”`)
	quotes := func(cell string) (texts []string) {
		for _, match := range quoted.FindAllStringSubmatch(cell, -1) {
			texts = append(texts, match[1])
		}
		return texts
	}
	rows := 0
	for line := range strings.Lines(section) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), " | ")
		if len(cells) != 5 || strings.HasPrefix(cells[0], " what breaks") {
			continue
		}
		rows++
		name := strings.TrimSpace(cells[0])
		happens := disasters[name]
		if happens == nil {
			t.Errorf("nothing breaks as in the row %q", name)
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := &disaster{play: newStagedPlay(t), people: quotes(cells[1]), ready: quotes(cells[2]), then: quotes(cells[4])}
			d.reacts(cells[3])
			happens(d)
		})
	}
	if rows != len(disasters) {
		t.Errorf("%d rows, and %d things that break", rows, len(disasters))
	}
}
