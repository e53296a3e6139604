package store_test

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pressly/goose/v3"

	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
	"github.com/overtime-bot/overtime/scheduler/storetest"
)

// testdata/version11.sql is a dump of an SQLite file that version 11 of the schema wrote, at this time. It has one of
// everything. Its prompts say what they show as one string.
var (
	version11Now = time.Date(2026, 11, 27, 9, 3, 18, 0, time.UTC)
	version11End = time.Date(2026, 11, 27, 10, 0, 0, 0, time.UTC)
)

const version11Runs = "@1795768200" // all began at the same time

func TestVersion11OfSQLiteGoesOnWorking(t *testing.T) {
	f := newFile(t)
	f.now.Store(version11Now.UnixMilli())
	db, err := sql.Open("sqlite", f.path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(version11(t)); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	goesOnWorking(t, f.open(t))
}

func TestVersion11OfPostgresGoesOnWorking(t *testing.T) {
	s := newServer(t, storetest.StartPostgres(t), "version11")
	provider, err := goose.NewProvider(goose.DialectPostgres, s.db, os.DirFS("migrations/postgres"), goose.WithDisableGlobalRegistry(true))
	if err == nil {
		_, err = provider.UpTo(t.Context(), 11)
	}
	if err != nil {
		t.Fatal(err)
	}
	bytes := regexp.MustCompile(`X'([0-9a-fA-F]*)'`)
	for line := range strings.Lines(version11(t)) {
		if !strings.HasPrefix(line, "INSERT INTO ") || strings.Contains(line, "goose") || strings.Contains(line, "sqlite") {
			continue
		}
		line = bytes.ReplaceAllString(strings.Replace(line, " VALUES", " OVERRIDING SYSTEM VALUE VALUES", 1), `'\x$1'`)
		if _, err := s.db.ExecContext(t.Context(), line); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
	}
	for table, column := range map[string]string{"extensions": "id", "envelopes": "seq", "prompts": "id"} {
		if _, err := s.db.ExecContext(t.Context(), fmt.Sprintf("ALTER TABLE %s ALTER COLUMN %s RESTART WITH 100", table, column)); err != nil {
			t.Fatal(err)
		}
	}
	s.Advance(t, time.Until(version11Now))
	goesOnWorking(t, s.Open(t))
}

func version11(t *testing.T) string {
	t.Helper()
	dump, err := os.ReadFile("testdata/version11.sql")
	if err != nil {
		t.Fatal(err)
	}
	return string(dump)
}

func goesOnWorking(t *testing.T, s *store.Store) {
	t.Run("prompts", func(t *testing.T) { promptsGoOn(t, s) })
	t.Run("rules", func(t *testing.T) { rulesGoOn(t, s) })
	t.Run("extensions", func(t *testing.T) { extensionsGoOn(t, s) })
	t.Run("inbox", func(t *testing.T) { inboxGoesOn(t, s) })
}

func promptsGoOn(t *testing.T, s *store.Store) {
	ctx := t.Context()
	channel, host, owner := scheduler.Reader{ID: "C0WATCH"}, scheduler.Reader{ID: "U0BOB", Host: true}, scheduler.Reader{ID: "U0ALICE"}
	end := version11End.Unix()
	want := map[string]scheduler.Posted{ // by meeting
		"914000103": {Reader: channel, Shown: scheduler.Shown{Stage: scheduler.StageOpen, End: end}},
		"914000104": {Reader: host, Shown: scheduler.Shown{Stage: scheduler.StageOpen, End: end}},
		"914000105": {Reader: owner, Shown: scheduler.Shown{Stage: scheduler.StageAnswered, End: end, Who: "U0BOB", Answer: scheduler.LetEnd}},
		"914000106": {Reader: channel, Shown: scheduler.Shown{Stage: scheduler.StageAnswered, End: end, Who: "U0BOB", Answer: scheduler.KeepExtending}},
		"914000107": {Reader: channel, Shown: scheduler.Shown{Stage: scheduler.StageAnswered, End: end, Who: "U0BOB", Answer: scheduler.KeepExtending, Lapsed: true}},
		"914000108": {Reader: channel, Shown: scheduler.Shown{Stage: scheduler.StageOpen, End: end, Unsure: true}},
		"914000109": {Reader: channel, Shown: scheduler.Shown{Stage: scheduler.StageExtended, End: end + 1800, Who: "U0ALICE"}},
		"914000110": {Reader: channel, Shown: scheduler.Shown{Stage: scheduler.StageAnswered, End: end + 1800, Who: "U0BOB", Answer: scheduler.StopExtending, State: extension.Accepted}},
		"914000111": {Reader: host, Shown: scheduler.Shown{Stage: scheduler.StageElsewhere, End: end + 2700}},
	}
	followed, err := s.Prompts.FollowedPrompts(ctx)
	if err != nil || len(followed) != len(want) {
		t.Fatalf("%d prompts are followed, %v", len(followed), err)
	}
	for _, p := range followed {
		posted := p.Posted
		posted.Channel, posted.Timestamp = "", ""
		if difference := cmp.Diff(want[p.MeetingID], posted); difference != "" || p.Channel == "" || p.Timestamp == "" {
			t.Errorf("%s (-want +got):\n%s", p.MeetingID, difference)
		}
		over := scheduler.Shown{Stage: scheduler.StageOver, End: end}
		if changed, err := s.Prompts.ShowPrompt(ctx, p.ID, p.Shown, over); err != nil || !changed {
			t.Errorf("%s does not show its end: %v", p.MeetingID, err)
		}
		answer := scheduler.KeepExtending
		_, taken, err := s.Prompts.AnswerPrompt(ctx, p.ID, answer, extension.Actor{Team: "T0TEAM", User: "U0ALICE"})
		if kept := p.MeetingID == "914000106"; err != nil || taken == kept {
			t.Errorf("%s was answered %v, %v", p.MeetingID, taken, err)
		}
	}
	for meetingID, state := range map[string]scheduler.PromptState{
		"914000101": scheduler.PromptUnsure, "914000102": scheduler.PromptPosting, "914000112": scheduler.PromptClosed,
	} {
		p, won, err := s.Prompts.ClaimPrompt(ctx, scheduler.Prompt{Kind: scheduler.PromptAsk, Run: meetingID + version11Runs, End: version11End})
		if err != nil || won || p.State != state {
			t.Errorf("%s is %s, %v", meetingID, p.State, err)
		}
		err = s.Prompts.MovePrompt(ctx, p.ID, scheduler.PromptPosted, scheduler.Posted{Channel: "C0WATCH", Timestamp: "1.1", Reader: channel})
		if closed := state == scheduler.PromptClosed; errors.Is(err, extension.ErrMoved) != closed || !closed && err != nil {
			t.Errorf("%s was posted: %v", meetingID, err)
		}
	}
}

func rulesGoOn(t *testing.T, s *store.Store) {
	ctx := t.Context()
	alice, bob := extension.Actor{Team: "T0TEAM", User: "U0ALICE"}, extension.Actor{Team: "T0TEAM", User: "U0BOB"}
	made := time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC)
	rules, err := s.Automation.Rules(ctx)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]scheduler.Rule{
		"914000001": {Of: "914000001", Mode: scheduler.ModeAsk, Channel: "C0WATCH", Owner: alice, Created: made},
		"25587":     {Of: "25587", Mode: scheduler.ModeAuto, Minutes: 15, Max: 60, Channel: "C0WATCH", Owner: bob, Created: made},
		"914000003": {Of: "914000003", Mode: scheduler.ModeAuto, Owner: bob, Created: made, Paused: scheduler.Pause{Reason: scheduler.PausedOwnerLeft, Since: made}},
		"914000004": {Of: "914000004", Mode: scheduler.ModeOff, Channel: "C0WATCH", Owner: alice, Created: made},
	}
	if difference := cmp.Diff(want, scheduler.RuleBook(rules)); difference != "" {
		t.Errorf("rules (-want +got):\n%s", difference)
	}
	if before, err := s.Automation.DeleteRule(ctx, "25587"); err != nil || before != want["25587"] {
		t.Errorf("deleted %v, %v", before, err)
	}
	if paused, err := s.Automation.PauseRule(ctx, "914000001", alice, scheduler.PausedOwnerMay); err != nil || !paused {
		t.Errorf("paused %v, %v", paused, err)
	}
	if pause, err := s.Automation.ResumeAll(ctx); err != nil || pause.Reason != scheduler.PausedByAdmin || pause.By != alice {
		t.Errorf("resumed %v, %v", pause, err)
	}
	if before, err := s.Automation.SetQuiet(ctx, bob, false); err != nil || !before {
		t.Errorf("quiet before: %v, %v", before, err)
	}
	if held, err := s.Automation.Lease(ctx, "tick", "replica-2", time.Minute); err != nil || !held { // the old one is over
		t.Errorf("lease: %v, %v", held, err)
	}
}

func extensionsGoOn(t *testing.T, s *store.Store) {
	ctx := t.Context()
	due, err := s.Ledger.Due(ctx, 10)
	if err != nil || len(due) != 3 { // accepted, unknown, and sent by a process that died
		t.Fatalf("%d are due, %v", len(due), err)
	}
	for _, row := range due {
		if _, err := s.Ledger.Move(ctx, row.ID, row.State, extension.Confirmed, extension.Ending{After: row.Target}); err != nil {
			t.Errorf("%s: %v", row.State, err)
		}
	}
	sums, err := s.History.Runs(ctx, []string{"914000001" + version11Runs, "914000004" + version11Runs, "914000008" + version11Runs})
	for run, minutes := range map[string][2]int{"914000001": {30, 0}, "914000004": {0, 0}, "914000008": {30, 30}} {
		if sum := sums[run+version11Runs]; err != nil || sum.Minutes != minutes[0] || sum.AutoMinutes != minutes[1] {
			t.Errorf("%s adds up to %+v, %v", run, sum, err)
		}
	}
	var duplicate *extension.DuplicateError
	again := extension.Extension{Key: "envelope-0", Run: "914000001" + version11Runs, Minutes: 30}
	if _, err := s.Ledger.Claim(ctx, again, extension.Limits{}, time.Minute); !errors.As(err, &duplicate) {
		t.Errorf("claimed twice: %v", err)
	}
	again.Key = "envelope-50"
	if _, err := s.Ledger.Claim(ctx, again, extension.Limits{}, time.Minute); err != nil {
		t.Error(err)
	}
	owed, err := s.Ledger.Owed(ctx, time.Minute, 10)
	if err != nil || len(owed) != 1 || owed[0].MeetingID != "914000008" {
		t.Errorf("owed: %v, %v", owed, err)
	}
}

func inboxGoesOn(t *testing.T, s *store.Store) {
	ctx := t.Context()
	for id, want := range map[string]store.Action{
		"AAAAAAAAAAAAAAAAAAAAAAAAAA":    {Verb: "extend", Minutes: 15, Prompt: 3, MeetingID: "914000103"},
		"BBBBBBBBBBBBBBBBBBBBBBBBBB":    {Verb: "keep", Prompt: 3, MeetingID: "914000103"},
		"CCCCCCCCCCCCCCCCCCCCCCCCCC":    {Verb: "again", Command: "914000004 30"},
		"HGKYG42RDZY7R2I5ONOIAGJQR314f": {Verb: store.VerbMore, Minutes: 15, MeetingID: "914000001"},
	} {
		got, err := s.Inbox.Action(ctx, id)
		got = store.Action{Verb: got.Verb, Minutes: got.Minutes, Prompt: got.Prompt, MeetingID: got.MeetingID, Command: got.Command}
		if err != nil || got != want {
			t.Errorf("%s stands for %+v, %v", id, got, err)
		}
	}
	taken, err := s.Inbox.TakeEnvelopes(ctx, "replica-2", time.Minute, 10)
	if err != nil || len(taken) != 1 || taken[0].ID != "envelope-22" || !strings.Contains(string(taken[0].Payload), "914000001 30") {
		t.Errorf("taken over: %+v, %v", taken, err)
	}
	for _, id := range []string{"envelope-20", "envelope-21"} { // answered, and being worked on
		if fresh, err := s.Inbox.StoreEnvelope(ctx, store.Envelope{ID: id, Type: "slash_commands"}, "replica-2", time.Minute); err != nil || fresh {
			t.Errorf("%s is fresh: %v, %v", id, fresh, err)
		}
	}
}
