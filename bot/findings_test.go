package bot

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// The store goes away between the envelope and the claim: the person reads that nothing was done, and the note of that
// fails too. When the store is back, the command must not be done after all.
func TestWhatWasToldUndoneStaysUndone(t *testing.T) {
	inBubble(t, func(w *world) {
		w.inbox.err = errors.New("database is locked")
		w.scheduler.extend = func(context.Context, extension.Request) (extension.Result, error) {
			return extension.Result{}, extension.ErrNotWritten
		}
	}, func(t *testing.T, w *world) {
		w.receives(typed("e1", admin, "914083136 30"))
		<-w.observed
		wantTexts(t, w.desk.texts(), "I cannot write down requests")
		time.Sleep(claimFor + time.Second) // its claim ends, for nobody could renew it
		w.leaves(typed("e1", admin, "914083136 30"), claimFor)
		time.Sleep(time.Minute)
		wantTexts(t, w.desk.texts(), "I cannot write down requests")
		w.inbox.mu.Lock()
		w.inbox.err = nil
		w.inbox.answered = nil
		w.inbox.mu.Unlock()
		time.Sleep(time.Minute)
		if got := w.answeredEnvelopes(); len(got) != 1 || got[0] != "e1" {
			t.Errorf("noted as answered: %q, want e1 once", got)
		}
		if len(w.scheduler.requests) != 1 {
			t.Errorf("%d requests", len(w.scheduler.requests))
		}
	})
}

// People of an allowed channel may extend what they know the number of; what is booked is not theirs to know.
func TestAllowedChannelLearnsNoTitles(t *testing.T) {
	w := newWorld(t)
	w.policy.AllowedChannels = []string{"C0OPS"}
	w.people.channel = access.Channel{ID: "C0OPS", Known: true}
	w.hosts.booked = meeting.Meeting{ID: "971103355", Subject: "Secret merger", Start: noon.Add(time.Hour)}
	w.build()
	ask := func(id string) Reply {
		c := w.bot.newCall(t.Context(), job{id: "e"}, sender{Team: theTeam, User: stranger, Channel: "C0OPS", Text: id + " 30"})
		reply, _ := w.bot.command(t.Context(), c)
		return reply
	}
	booked, missing := ask("971103355"), ask("971103356")
	if strings.Contains(textOf(booked)+strings.Join(booked.About, ""), "merger") || !strings.Contains(booked.Text, "not yours") {
		t.Errorf("a booked meeting: %+v", booked)
	}
	if strings.ReplaceAll(booked.Text, "971103355", "971103356") != missing.Text || booked.Next != missing.Next {
		t.Errorf("booked: %+v; missing: %+v", booked, missing)
	}
	if allowed := ask(theID); allowed.Tone != Done {
		t.Errorf("a running meeting: %+v", allowed)
	}
}

// "until" reads anew: a meeting that met again meanwhile is not the one that was authorised.
func TestUntilIsForTheRunThatWasAuthorised(t *testing.T) {
	w := newWorld(t)
	next := theMeeting()
	next.Start = noon.Add(-time.Minute)
	w.scheduler.look = &next
	w.build()
	c := w.bot.newCall(t.Context(), job{id: "e"}, sender{Team: theTeam, User: admin, Text: "914083136 until 15:00"})
	reply, _ := w.bot.command(t.Context(), c)
	if len(w.scheduler.requests) != 0 || !strings.Contains(reply.Text, "already ended") {
		t.Errorf("%+v, %+v", w.scheduler.requests, reply)
	}
}

// One person is one, also where Slack names another workspace of the organisation in what was typed.
func TestActorIsTheAccountsOwnTeam(t *testing.T) {
	w := newWorld(t)
	w.build()
	for _, team := range []string{theTeam, "T0OTHER"} {
		c := w.bot.newCall(t.Context(), job{id: "e"}, sender{Team: team, User: admin})
		if got := w.bot.wish(c, theMeeting()).Actor; got != (extension.Actor{Team: theTeam, User: admin}) {
			t.Errorf("from %s: %+v", team, got)
		}
	}
}
