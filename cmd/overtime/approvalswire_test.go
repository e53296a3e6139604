package main

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/slacksim"
	"github.com/overtime-bot/overtime/meeting/meetingtest"
)

// wishBeyond is somebody's wish beyond a limit, on its way to the administrators.
type wishBeyond struct {
	meeting, subject string
	asks             button // of the refusal
	card             slacksim.Message
}

// ofAlice lets a meeting of Alice's run. The bot must not have listed the running ones before.
func (p *play) ofAlice(subject string) (id string) {
	onTime, now := 0, time.Now().Truncate(time.Minute)
	return p.meetings.Add(meetingtest.Meeting{
		Subject: subject, Host: demoHosts[0], Start: now.Add(-10 * time.Minute), End: now.Add(50 * time.Minute),
		People: 2, ProlongMinutes: &onTime, MaxTotalMinutes: -1,
	})
}

// wantsMore lets Alice ask for 150 more minutes of a meeting of her own, and waits for the card.
func (p *play) wantsMore(subject, meeting string) wishBeyond {
	p.t.Helper()
	w := wishBeyond{meeting: meeting, subject: subject}
	w.asks = p.buttonUnder(p.commands(demoAlice, "/extend "+w.meeting+" 150"), "Ask for approval")
	p.clicks(demoAlice, w.asks)
	p.submitsReason(demoAlice, "for "+subject)
	w.card = p.waitMessage(func(m slacksim.Message) bool {
		return m.Channel == demoOps && strings.Contains(string(m.Blocks), "for "+subject)
	})
	return w
}

func (p *play) buttonOn(card slacksim.Message, label string) button {
	p.t.Helper()
	found, ok := buttonOf(card, label)
	if !ok {
		p.t.Fatalf("no button %s on %s", label, card.Blocks)
	}
	return found
}

// wantTold waits until the card and the one who asked say what came of a wish. A meeting that is over has a number alone.
func (p *play) wantTold(w wishBeyond, words string) {
	p.t.Helper()
	says := func(m slacksim.Message) bool {
		return (strings.Contains(m.Text, w.subject) || strings.Contains(m.Text, w.meeting)) && strings.Contains(m.Text, words)
	}
	for _, channel := range []string{demoOps, p.slack.DirectMessage(demoAlice)} {
		ctx, cancel := withTimeout(p.t, 30*time.Second)
		defer cancel()
		if err := p.slack.Wait(ctx, func(state slacksim.State) bool {
			return slices.ContainsFunc(state.Messages(slacksim.Filter{Channel: channel}), says)
		}); err != nil {
			p.t.Errorf("%s: nothing in %s says %q: %v", w.subject, channel, words, err)
		}
	}
}

// Whatever happens between a wish beyond a limit and the click on its card: it is decided once, done at most once, and both
// the card and the one who asked say what came of it.
func TestApprovalsOnTheWire(t *testing.T) {
	p := newStagedPlay(t)
	cases := []struct {
		subject string
		before  func(wishBeyond)
		presses []string // at once
		effects int
		told    string
	}{
		{"Two at once", nil, []string{demoDana, demoBob, demoDana}, 1, "approved 150 more minutes"},
		{"The one who asked, and another", nil, []string{demoAlice, demoDana}, 1, "<@" + demoDana + "> approved 150 more minutes"},
		{"Moved", func(w wishBeyond) { p.types(demoDana, "/extend "+w.meeting+" 15") }, []string{demoDana}, 1, "The end has changed since then"},
		{"Over", func(w wishBeyond) { p.meetings.EndMeeting(w.meeting) }, []string{demoDana, demoBob}, 0, "ended before anyone decided"},
	}
	meetings := make(map[string]string)
	for _, c := range cases {
		meetings[c.subject] = p.ofAlice(c.subject)
	}
	p.start("AUTO_EXTEND=off", "APPROVAL_CHANNEL="+demoOps, "ADMIN_USERS="+demoDana+","+demoBob+","+demoAlice, "PERSON_RATE=0")
	for _, c := range cases {
		w := p.wantsMore(c.subject, meetings[c.subject])
		approves := p.buttonOn(w.card, "Approve")
		if c.before != nil {
			c.before(w)
		}
		var pressing sync.WaitGroup
		for _, user := range c.presses {
			pressing.Go(func() { p.clicks(user, approves) })
		}
		pressing.Wait()
		p.wantTold(w, c.told)
		if n := len(p.meetings.Effects(w.meeting)); n != c.effects {
			t.Errorf("%s: %d effects, want %d", c.subject, n, c.effects)
		}
	}
}

// The limit is raised between a wish and its card's click, and with it who still asks needs nobody: what was asked for is done
// once, and a second wish for the same is not sent.
func TestApprovalAfterTheLimitWasRaised(t *testing.T) {
	settings := []string{"AUTO_EXTEND=off", "APPROVAL_CHANNEL=" + demoOps, "PERSON_RATE=0"}
	p := newStagedPlay(t)
	inTime, toAsk := p.ofAlice("Asked in time"), p.ofAlice("Still to ask")
	p.start(settings...)
	asked, late := p.wantsMore("Asked in time", inTime), p.wantsMore("Still to ask", toAsk)
	must(t, p.stop())
	p.start(append(settings, "MAX_MINUTES=200")...)
	p.clicks(demoDana, p.buttonOn(asked.card, "Approve"))
	p.wantTold(asked, "approved 150 more minutes")
	p.clicks(demoDana, p.buttonOn(late.card, "Deny"))
	p.submitsReason(demoDana, "not needed")
	p.wantTold(late, "denied 150 more minutes")
	p.clicks(demoAlice, late.asks)
	p.submitsReason(demoAlice, "once more")
	p.waitMessage(func(m slacksim.Message) bool {
		return m.EphemeralTo == demoAlice && strings.Contains(m.Text, "150 minutes for") && strings.Contains(m.Text, "within the limit now")
	})
	if n, others := len(p.meetings.Effects(asked.meeting)), len(p.meetings.Effects(late.meeting)); n != 1 || others != 0 {
		t.Errorf("%d and %d effects, want 1 and 0", n, others)
	}
}

// A process dies between the click and the PUT, or right after that. The next one carries out what was approved, unless it may
// have been sent: at most once, and the one who asked reads which.
func TestApprovalOfAProcessThatDies(t *testing.T) {
	t.Parallel()
	sideBySide(t, []approvalDeath{
		{"kill claim before 1", "It now ends at", 1},
		{"kill aim before 1", "It now ends at", 1},
		{"kill extend before 1", "didn't take effect", 0},
		{"kill extend after 1", "It now ends at", 1},
	}, func(c approvalDeath) string { return c.fate }, func(t *testing.T, c approvalDeath) { c.run(t) })
}

// approvalDeath is where the process dies that carries out what was approved.
type approvalDeath struct {
	fate, told string
	effects    int
}

func (c approvalDeath) run(t *testing.T) {
	const asks, decides, cards = "U0ASKS", "U0DECIDES", "C0CARDS"
	tr := newTrial(t, "")
	for _, user := range []string{asks, decides} {
		tr.slack.AddUser(slacksim.User{ID: user, Name: strings.ToLower(user), TZ: "UTC"})
	}
	tr.slack.AddChannel(slacksim.Channel{ID: cards, Name: "cards", Members: []string{decides, slacksim.BotUserID}})
	tr.environ = append(tr.environ, "ADMIN_USERS="+decides, "APPROVAL_CHANNEL="+cards)
	id := tr.meeting()
	dying := tr.start(fateAt + "=" + c.fate)
	p := &play{stage: &stage{slack: tr.slack}, t: t, log: dying.log}
	p.clicks(asks, p.buttonUnder(p.commandsIn(asks, directOf(asks), "/extend "+id+" 150"), "Ask for approval"))
	p.submitsReason(asks, "we are not done")
	card := p.waitMessage(func(m slacksim.Message) bool { return m.Channel == cards })
	p.clicks(decides, p.buttonOn(card, "Approve"))
	dying.dies()
	next := tr.startLater(90 * time.Second) // when the claim of the one that died is over
	p.log = next.log
	p.waitMessage(func(m slacksim.Message) bool {
		return m.Channel == directOf(asks) && strings.Contains(m.Text, "approved 150 more minutes") && strings.Contains(m.Text, c.told)
	})
	next.stop()
	if n := len(tr.service.Effects(id)); n != c.effects {
		t.Errorf("%d effects, want %d", n, c.effects)
	}
}
