package main

import (
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/meeting/meetingtest"
	"github.com/overtime-bot/overtime/scheduler/storetest"
)

// While somebody else holds the database, the bot says that it cannot act and acts on nothing; then it recovers.
func TestDatabaseIsLocked(t *testing.T) {
	p := newPlay(t)
	holder, err := sql.Open("sqlite", filepath.Join(p.directory, "overtime.db")+"?_txlock=immediate&_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatal(err)
	}
	defer holder.Close()
	lock, err := holder.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	envelope, err := p.slack.Command(demoAlice, demoGeneral, "/extend 914083136 30")
	if err != nil {
		t.Fatal(err)
	}
	wantContains(t, p.answerTo(envelope), "⚠️ I can't reach my database", "Check with", "/extend status 914083136")
	if took := time.Since(began); took > 8*time.Second {
		t.Errorf("the first word took %v", took)
	}
	ctx, cancel := withTimeout(t, 10*time.Second)
	defer cancel()
	if err := p.slack.WaitAck(ctx, envelope); err != nil { // it may come just after the answer
		t.Fatal(err)
	}
	if ack, ok := p.slack.AckTime(envelope); !ok || ack > 3*time.Second {
		t.Errorf("acked after %v (%v): Slack waits 3 s", ack, ok)
	}
	if err := lock.Rollback(); err != nil {
		t.Fatal(err)
	}
	wantContains(t, p.types(demoAlice, "/extend 914083136 15"), "✅ Extended by 15 minutes")
	if n := len(p.meetings.Effects("914083136")); n != 1 {
		t.Errorf("%d effects, want 1", n)
	}
}

// Postgres goes away, also in the middle of a command, and comes back: what could not be written down was not done,
// what was sent is settled by reading, and everybody is told.
func TestPostgresFailsOver(t *testing.T) {
	slow(t)
	t.Parallel()
	postgres := storetest.NewPostgres(t)
	p := newPlay(t)
	if err := p.stop(); err != nil {
		t.Fatal(err)
	}
	p.start("DATABASE_URL="+postgres.URL().String(), "MEETING_TIMEOUT=1s")
	wantContains(t, p.types(demoAlice, "/extend 914083136 15"), "✅ Extended by 15 minutes")

	postgres.Kill(t)
	wantContains(t, p.types(demoAlice, "/extend 914083136 15"), "⚠️ I can't reach my database")
	postgres.Start(t)
	wantContains(t, p.types(demoAlice, "/extend 914083136 15"), "✅ Extended by 15 minutes")

	hold := make(chan struct{})
	p.meetings.Inject(meetingtest.Fault{Op: meetingtest.OpExtend, HoldAfter: hold})
	envelope, err := p.slack.Command(demoAlice, demoGeneral, "/extend 914083136 20")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := withTimeout(t, 10*time.Second)
	defer cancel()
	if err := p.meetings.WaitEffects(ctx, "914083136", 3); err != nil {
		t.Fatal(err)
	}
	postgres.Kill(t)
	close(hold)
	wantContains(t, p.answerTo(envelope), "⏳")
	postgres.Start(t)
	wantContains(t, p.waitAnswers(envelope, 2)[1], "✅")
	if n := len(p.meetings.Effects("914083136")); n != 3 {
		t.Errorf("%d effects, want 3", n)
	}
}

// Two replicas behind PgBouncer, where no connection is anybody's own, work as they do without, and end at once.
func TestBehindPgBouncer(t *testing.T) {
	address := storetest.StartPgBouncer(t, storetest.NewPostgres(t), 2)
	p := newPlay(t, "DATABASE_URL="+address.String())
	first := p.stop
	p.start("DATABASE_URL=" + address.String())
	for range 3 {
		wantContains(t, p.types(demoAlice, "/extend 914083136 15"), "✅ Extended by 15 minutes")
	}
	began := time.Now()
	must(t, first())
	must(t, p.stop())
	if took := time.Since(began); took > 6*time.Second {
		t.Errorf("the end took %v", took)
	}
}
