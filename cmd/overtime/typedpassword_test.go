package main

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/slacksim"
	"github.com/overtime-bot/overtime/meeting/meetingtest"
)

// The host's password that is typed into the dialog extends the meeting, and reaches no disk, log, metric or message; nor
// does a wrong one.
func TestPasswordStaysIn(t *testing.T) {
	const board, right, wrong = "938840128", "73512984607351", "73512984607352"
	p := newStagedPlay(t)
	dana, _ := demoHost("Dana Okafor")
	end := p.clock.Now().Truncate(time.Minute).Add(20 * time.Minute)
	p.meetings.Add(meetingtest.Meeting{
		ID: board, Subject: "Board", Host: dana, Start: end.Add(-time.Hour), End: end, People: 3, HideChair: true, ChairPassword: right,
	})
	p.start("LOG_LEVEL=debug") // not before: a list that the bot read then would serve the search for some seconds
	for _, typed := range []string{wrong, right} {
		opened, form := p.opensDialog(demoDana)
		p.submits(form, filledIn{"meeting": p.finds(form, board), "host_password": typedText(typed)})
		said := p.waitAnswers(opened, 1)[0]
		if extended := p.end(board).After(end); extended != (typed == right) {
			t.Errorf("extended %v: %s", extended, said)
		}
		p.noModals()
	}
	told := p.told()
	wantContains(t, told["overtime.db"]+told["overtime.db-wal"], board) // else the password would not be seen either
	for where, text := range told {
		for _, secret := range []string{right, wrong} {
			if text == "" || strings.Contains(text, secret) {
				t.Errorf("%q is in %s (of %d bytes)", secret, where, len(text))
			}
		}
	}
}

// told is all that the bot wrote so far, by where.
func (p *play) told() map[string]string {
	p.t.Helper()
	metrics, err := p.program.metrics.registry.Gather()
	if err != nil {
		p.t.Fatal(err)
	}
	told := map[string]string{"metrics": fmt.Sprint(metrics), "log": p.log.String()}
	for _, file := range []string{"overtime.db", "overtime.db-wal"} {
		content, err := os.ReadFile(p.directory + "/" + file)
		if err != nil {
			p.t.Fatal(err)
		}
		told[file] = string(content)
	}
	for _, message := range p.slack.Messages(slacksim.Filter{}) {
		told["messages"] += message.Text + string(message.Blocks)
	}
	return told
}
