package main

import (
	"strings"
	"testing"

	"github.com/overtime-bot/overtime/bot/slacksim"
)

// thread lets Bob begin one in a channel, with a reply.
func (p *play) thread(channel, first, reply string) string {
	p.t.Helper()
	ts := p.says(demoBob, channel, "", first)
	p.says(demoBob, channel, ts, reply)
	return ts
}

// effectsIn are the lines that everybody in a channel reads of Alice's extensions.
func (p *play) effectsIn(channel string) (lines []slacksim.Message) {
	for _, m := range p.slack.Messages(slacksim.Filter{Channel: channel, User: slacksim.BotUserID}) {
		if m.EphemeralTo == "" && strings.Contains(m.Text, "<@"+demoAlice+"> extended") {
			lines = append(lines, m)
		}
	}
	return lines
}

// Where the channel watches the meeting, all who follow a thread read there what a mention in it did, once. The answer is for the
// eyes of the one who asked. In another channel nobody else reads anything.
func TestEffectsInAThreadOnTheWire(t *testing.T) {
	p := newPlay(t, "AUTO_EXTEND=off")
	p.typesIn(demoDana, demoOps, "/extend watch 914083136 ask")
	for channel, want := range map[string]int{demoOps: 1, demoGeneral: 0} {
		thread := p.thread(channel, "the weekly runs late", "again?")
		p.says(demoAlice, channel, thread, "@overtime extend 914083136 15")
		answer := p.reads(slacksim.Filter{Channel: channel, Reader: demoAlice}, "Extended by 15 minutes")
		if answer.EphemeralTo != demoAlice || answer.ThreadTS != thread {
			t.Errorf("the answer: %+v", answer)
		}
		if want > 0 {
			p.reads(slacksim.Filter{Channel: channel}, "<@"+demoAlice+"> extended")
		}
		must(t, p.stop()) // what is on its way arrives
		lines := p.effectsIn(channel)
		if len(lines) != want || want > 0 && lines[0].ThreadTS != thread {
			t.Errorf("in %s others read %+v, want %d lines", channel, lines, want)
		}
		p.start("AUTO_EXTEND=off")
	}
}

// A process dies around the note that the person has the answer. Told again, the answer may come twice; what others read does not.
func TestEffectsOfAProcessThatDies(t *testing.T) {
	t.Parallel()
	sideBySide(t, []effectDeath{{"kill note answer before 2", 1}, {"kill note answer after 2", 0}},
		func(c effectDeath) string { return c.fate }, func(t *testing.T, c effectDeath) { c.run(t) })
}

// effectDeath is where a process dies, and how many lines others read in the end.
type effectDeath struct {
	fate  string
	lines int
}

func (c effectDeath) run(t *testing.T) {
	tr := newTrial(t, "")
	for _, user := range []string{demoAlice, demoBob} {
		tr.slack.AddUser(slacksim.User{ID: user, Name: strings.ToLower(user), TZ: "UTC"})
	}
	tr.slack.AddChannel(slacksim.Channel{ID: demoOps, Name: "ops", Members: []string{demoAlice, demoBob, slacksim.BotUserID}})
	id := tr.meeting()
	dying := tr.start(fateAt + "=" + c.fate)
	p := &play{stage: &stage{slack: tr.slack}, t: t, log: dying.log}
	p.commandsIn(demoAlice, demoOps, "/extend watch "+id+" ask")
	dying.waitStep("note answer after", 1) // that of the mention is the second
	thread := p.thread(demoOps, "the trial runs late", "again?")
	p.says(demoAlice, demoOps, thread, "@overtime extend "+id+" 15")
	dying.dies()
	next := tr.startLater(later)
	p.log = next.log
	p.reads(slacksim.Filter{Channel: demoOps, Reader: demoAlice}, "Extended by 15 minutes")
	for range c.lines {
		p.reads(slacksim.Filter{Channel: demoOps}, "<@"+demoAlice+"> extended")
	}
	next.waitNextLook()
	next.stop()
	if lines := p.effectsIn(demoOps); len(lines) != c.lines || len(tr.service.Effects(id)) != 1 {
		t.Errorf("others read %+v, want %d lines", lines, c.lines)
	}
}
