package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/overtime-bot/overtime/meeting/meetingtest"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/storetest"
)

// overtime runs a command with the environment of a play's bot.
func (p *play) overtime(settings []string, args ...string) (status int, stdout, stderr string) {
	var out, errors bytes.Buffer
	environ := p.secrets.environ(p.slackURL+"/api/", p.meetingsURL, filepath.Join(p.directory, "overtime.db"))
	status = run(p.t.Context(), args, append(environ, settings...), &out, &errors)
	return status, out.String(), errors.String()
}

// The history beside the running bot: the same keys as the log, in each form, newest first, with the names that Slack tells.
func TestHistory(t *testing.T) {
	p := newPlay(t)
	wantContains(t, p.types(demoAlice, "/extend 914083136 30"), "✅")
	wantContains(t, p.types(demoAlice, "/extend 914083136 5"), "✅")
	tellsHistory(t, p)
}

func TestHistoryOfPostgres(t *testing.T) {
	slow(t)
	t.Parallel()
	server := storetest.NewPostgres(t)
	p := newStagedPlay(t)
	setting := "DATABASE_URL=" + server.URL().String()
	p.start(setting)
	wantContains(t, p.types(demoAlice, "/extend 914083136 30"), "✅")
	wantContains(t, p.types(demoAlice, "/extend 914083136 5"), "✅")
	tellsHistory(t, p, setting)
	status, _, stderr := p.overtime([]string{setting}, "backup", "copy.db")
	if status != 1 || !strings.Contains(stderr, "pg_dump") || strings.Contains(stderr, server.URL().String()) {
		t.Errorf("%d: %s", status, stderr)
	}
}

func tellsHistory(t *testing.T, p *play, settings ...string) {
	t.Helper()
	status, out, stderr := p.overtime(settings, "history", "--since", "7d", "--meeting", "914 083 136", "--json")
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if status != 0 || len(lines) != 2 {
		t.Fatalf("%d: %s%s", status, out, stderr)
	}
	var sent []meetingtest.Call
	for _, call := range p.meetings.Calls() {
		if call.Op == meetingtest.OpExtend {
			sent = append(sent, call)
		}
	}
	for at, line := range lines {
		var told map[string]any
		if err := json.Unmarshal([]byte(line), &told); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		from, err := time.Parse(time.RFC3339, told["from"].(string))
		to, failed := time.Parse(time.RFC3339, told["to"].(string))
		minutes := []int{5, 30}[at]
		if err != nil || failed != nil || to.Sub(from) != time.Duration(minutes)*time.Minute || !strings.HasSuffix(told["from"].(string), "Z") {
			t.Errorf("from %v to %v", told["from"], told["to"])
		}
		want := map[string]any{
			"how": "typed", "verb": "extend", "team": told["team"], "user": demoAlice, "meeting": "914083136", "minutes": float64(minutes),
			"outcome": "confirmed", "reason": "", "request_id": sent[len(sent)-1-at].RequestID, "user_name": "alice",
			"at": told["at"], "from": told["from"], "to": told["to"], "took_seconds": told["took_seconds"],
		}
		if difference := cmp.Diff(want, told); difference != "" {
			t.Errorf("-want +got:\n%s", difference)
		}
	}
	_, out, _ = p.overtime(settings, "history", "--csv")
	rows, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	if err != nil || len(rows) != 3 || rows[0][0] != "at" || rows[1][6] != "5" || rows[2][6] != "30" {
		t.Errorf("%v: %v", err, rows)
	}
	_, out, _ = p.overtime(settings, "history")
	wantContains(t, out, "OUTCOME", "alice ("+demoAlice+")", "typed", "confirmed")
	_, out, _ = p.overtime(settings, "history", "--since", "0h")
	wantContains(t, out, "Nothing was extended.")
	if _, out, _ = p.overtime(settings, "history", "--meeting", "914083137", "--json"); out != "" {
		t.Errorf("of another meeting: %s", out)
	}
}

// What a person got wrong on the command line ends with status 2, before anything is read, and what is wrong with the
// database with 1; each in one line.
func TestHistoryRefuses(t *testing.T) {
	for _, refused := range []struct {
		args   string
		status int
		says   string
	}{
		{"--since yesterday", 2, "7d, 12h or 2026-11-01"},
		{"--since -3d", 2, ""},
		{"--since 2026-13-01", 2, "7d, 12h or 2026-11-01"},
		{"--since 7", 2, "7d, 12h or 2026-11-01"},
		{"--meeting weekly", 2, "914083136"},
		{"--json --csv", 2, "--json"},
		{"", 1, "is not there"},
	} {
		var out, errors bytes.Buffer
		environ := []string{"DATABASE_URL=" + filepath.Join(t.TempDir(), "missing.db")}
		status := run(t.Context(), append([]string{"history"}, strings.Fields(refused.args)...), environ, &out, &errors)
		if status != refused.status || !strings.Contains(errors.String(), refused.says) || strings.Count(errors.String(), "\n") != 1 || out.Len() > 0 {
			t.Errorf("%s: %d, %q, %q", refused.args, status, out.String(), errors.String())
		}
	}
}

// A person's name is no formula in a spreadsheet, and moves no cursor in a terminal.
func TestHistoryTellsNamesAsText(t *testing.T) {
	for _, name := range []string{"=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "a\x1b[2J", "a\nb"} {
		d := deed{name: name, done: extension.Done{User: "U1"}}
		var csvOut, tableOut bytes.Buffer
		for _, form := range []form{historyCommand{CSV: true}.form(&csvOut), historyCommand{}.form(&tableOut)} {
			if err := form.add(d); err != nil {
				t.Fatal(err)
			}
			if err := form.end(); err != nil {
				t.Fatal(err)
			}
		}
		rows, err := csv.NewReader(&csvOut).ReadAll()
		if err != nil || strings.ContainsAny(rows[1][len(rows[1])-1][:1], "=+-@\t\r\n") {
			t.Errorf("%q: %q (%v)", name, rows, err)
		}
		if strings.ContainsAny(tableOut.String(), "\x1b\t\r") || strings.Count(tableOut.String(), "\n") != 2 {
			t.Errorf("%q: %q", name, tableOut.String())
		}
	}
}

// Who pipes the history into head has no error.
func TestHistoryIntoAClosedPipe(t *testing.T) {
	slow(t)
	p := newPlay(t)
	wantContains(t, p.types(demoAlice, "/extend 914083136 30"), "✅")
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	read.Close()
	bot := exec.CommandContext(t.Context(), os.Args[0], "history", "--json")
	bot.Env = append(os.Environ(), childRole+"=overtime", "DATABASE_URL="+filepath.Join(p.directory, "overtime.db"))
	bot.Stdout = write
	stderr, _ := bot.StderrPipe()
	if err := bot.Start(); err != nil {
		t.Fatal(err)
	}
	write.Close()
	said, _ := io.ReadAll(stderr)
	if err := bot.Wait(); err != nil || len(said) > 0 {
		t.Errorf("%v: %s", err, said)
	}
}

// The copy of a running bot's database is one that a bot goes on with. A database of a newer version is refused.
func TestBackupIsRestored(t *testing.T) {
	p := newPlay(t)
	wantContains(t, p.types(demoAlice, "/extend 914083136 30"), "✅")
	copied := filepath.Join(t.TempDir(), "copy.db")
	status, out, stderr := p.overtime(nil, "backup", copied)
	if status != 0 || !strings.Contains(out, copied) {
		t.Fatalf("%d: %s%s", status, out, stderr)
	}
	if status, _, stderr = p.overtime(nil, "backup", copied); status != 1 || !strings.Contains(stderr, "is there already") {
		t.Errorf("once more: %d, %s", status, stderr)
	}
	wantContains(t, p.types(demoAlice, "/extend 914083136 5"), "✅")
	if err := p.stop(); err != nil {
		t.Fatal(err)
	}
	p.start("DATABASE_URL=" + copied)
	answer := p.types(demoAlice, "/extend history")
	wantContains(t, answer, "30 min")
	wantContains(t, p.types(demoAlice, "/extend 914083136 5"), "✅")
}
