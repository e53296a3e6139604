package bot

import (
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// atWork lets automation work by itself on a meeting that ends in a quarter of an hour.
func atWork(mode scheduler.Mode) func(*world) {
	return func(w *world) {
		w.ticks, w.mode = true, mode
		endsIn(15 * time.Minute)(w)
	}
}

// until lets the time pass until so long after noon. At a whole minute there is a look, beside which nothing has one order: it
// is over then.
func (w *world) until(after time.Duration) {
	if after%time.Minute == 0 {
		after += 20 * time.Second
	}
	time.Sleep(time.Until(noon.Add(after)))
}

// pressesNewest presses the button of that label under the newest message that has it, as it stands.
func (w *world) pressesNewest(user, label string) heard {
	w.t.Helper()
	var id string
	for _, p := range append(w.poster.all(), w.poster.edited()...) {
		for _, button := range p.buttons {
			if strings.HasPrefix(button.label, label) {
				id = button.id
			}
		}
	}
	if id == "" {
		w.t.Fatalf("no button %q", label)
	}
	return w.presses(user, id)
}

// Who keeps a meeting while all is paused reads that nothing is done, and nothing is.
func TestKeepWhileAllIsPaused(t *testing.T) {
	inBubble(t, both(atWork(scheduler.ModeAsk), func(w *world) { w.channel = theChannel }), func(t *testing.T, w *world) {
		w.until(6 * time.Minute)
		w.asks(admin, "pause")
		w.pressesNewest(admin, "Keep extending")
		edits := w.poster.edited()
		if said := edits[len(edits)-1].whole; !strings.Contains(said, "asked me to keep extending *") || !strings.Contains(said, "because all automation is paused") {
			t.Errorf("%q", said)
		}
		w.until(14 * time.Minute)
		if added := w.effects(); len(added) > 0 {
			t.Errorf("added %v", added)
		}
	})
}

// Who keeps a meeting after its end was moved in the client is heard, and that is seen.
func TestKeepAfterTheEndHasMoved(t *testing.T) {
	inBubble(t, both(atWork(scheduler.ModeAsk), func(w *world) { w.channel = theChannel }), func(t *testing.T, w *world) {
		w.until(6 * time.Minute)
		prompts := w.poster.all()
		prompt := prompts[len(prompts)-1]
		keep := ""
		for _, button := range prompt.buttons {
			if strings.HasPrefix(button.label, "Keep extending") {
				keep = button.id
			}
		}
		w.service.SetEnd(theID, noon.Add(25*time.Minute))
		said := w.presses(admin, keep)
		edits := w.poster.edited()
		last := edits[len(edits)-1].whole
		for _, want := range []string{"in the meeting client", "<@U0ADMIN> asked me to keep extending it", "I'll extend it by 15 minutes at <!date^1795176900^"} {
			if !strings.Contains(last, want) {
				t.Errorf("%q is not in %q; the answer is %q", want, last, said.whole)
			}
		}
		w.until(16 * time.Minute)
		if added := w.effects(); len(added) != 1 || added[0] != 15 {
			t.Errorf("added %v", added)
		}
	})
}

// A channel whose rule moves to another is told, and so is the person who read by direct message.
func TestOldReaderOfARuleIsTold(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, w *world) {
		w.asksFrom("D0DIRECT", owner, "watch 914083136 ask")
		for _, step := range []struct{ channel, told string }{{theChannel, owner}, {theChannel, ""}, {general, theChannel}} {
			before := len(w.poster.all())
			w.asksFrom(step.channel, admin, "watch 914083136 ask")
			var told []string
			for _, p := range w.poster.all()[before:] {
				if strings.Contains(p.whole, "I no longer post about it here") {
					told = append(told, p.place)
				}
			}
			if strings.Join(told, " ") != step.told {
				t.Errorf("watched from %s: told %q, want %q", step.channel, told, step.told)
			}
		}
	})
}

// A channel that watches a room is told when one meeting there gets a rule of its own elsewhere, if it may read of that
// one. Who loses a rule to somebody else is told, too.
func TestReadersOfARoomAndOwnersAreTold(t *testing.T) {
	for user, told := range map[string]string{owner: "C0ROOM", stranger: ""} {
		inBubble(t, both(inRoom("771234"), ruledBy(user, ruleOf("771234"), func(rule *scheduler.Rule) { rule.Channel = "C0ROOM" })), func(t *testing.T, w *world) {
			w.asksFrom(theChannel, admin, "watch 914083136 ask")
			var places []string
			for _, p := range w.poster.all() {
				if strings.Contains(p.whole, "I no longer post about it here") {
					places = append(places, p.place)
				}
			}
			if strings.Join(places, " ") != told {
				t.Errorf("rule of %s: told %q, want %q", user, places, told)
			}
		})
	}
	inBubble(t, ruledBy(owner, func(rule *scheduler.Rule) { rule.Channel = "" }), func(t *testing.T, w *world) {
		w.asks(admin, "unwatch 914083136")
		if posts := w.poster.all(); len(posts) != 1 || posts[0].place != owner || !strings.Contains(posts[0].whole, "stop watching") {
			t.Errorf("%+v", posts)
		}
	})
}

// Those who were promised something hear what comes of a pause and of its end: channels with a rule for a running
// meeting that its owner may extend, people with one, and the readers of open prompts. Nobody else does.
func TestThosePromisedHearOfAPause(t *testing.T) {
	rule := func(of, channel, user string) func(*world) {
		return ruledBy(user, func(rule *scheduler.Rule) { rule.Of, rule.Channel = of, channel })
	}
	set := both(atWork(scheduler.ModeOff), func(w *world) {
		other := booked("777888999", "Others")
		other.Host.UUID, other.Host.Account, other.Host.Email = "host-2", "other", "other@acme.example"
		w.meetings = append(w.meetings, other)
	}, rule("914083136", "C0RULE", owner), rule("777888999", "C0OTHERS", owner), rule("111222333", "C0IDLE", owner))
	inBubble(t, set, func(t *testing.T, w *world) {
		w.until(time.Minute)
		for _, command := range []string{"pause", "resume"} {
			before := len(w.poster.all())
			w.asks(admin, command)
			told := w.poster.all()[before:]
			if len(told) != 1 || told[0].place != "C0RULE" || !strings.Contains(told[0].whole, "*"+theMeeting().Subject+"*") {
				t.Fatalf("%s is told to %+v", command, told)
			}
			want := map[string]string{"pause": "because all automation is paused", "resume": "I'll ask at <!date^1795176300^"}[command]
			if !strings.Contains(told[0].whole, want) {
				t.Errorf("%s: %q", command, told[0].whole)
			}
		}
		w.asks(admin, "unwatch 914083136")
		before := len(w.poster.all())
		w.asks(admin, "pause")
		if told := w.poster.all()[before:]; len(told) != 0 {
			t.Errorf("told %+v", told)
		}
	})
	inBubble(t, both(atWork(scheduler.ModeAsk), func(w *world) {
		w.people.people[owner] = ordinary(owner, "owner@acme.example", "es-ES", "Europe/Madrid")
	}), func(t *testing.T, w *world) {
		w.until(6 * time.Minute) // the host was asked
		before := len(w.poster.all())
		w.asks(admin, "pause")
		if told := w.poster.all()[before:]; len(told) != 1 || told[0].place != owner || !strings.Contains(told[0].whole, "en pausa") {
			t.Errorf("told %+v", told)
		}
	})
}

// A rule that is made within the lead is acted on at once.
func TestWatchWithinTheLead(t *testing.T) {
	for mode, asked := range map[string]int{"ask": 1, "auto": 0} {
		inBubble(t, atWork(scheduler.ModeOff), func(t *testing.T, w *world) {
			w.until(10*time.Minute + 5*time.Second) // long before the next look
			said := w.asksFrom(theChannel, admin, "watch 914083136 "+mode)
			if !strings.Contains(said.whole, " now") {
				t.Errorf("%q", said.whole)
			}
			w.until(10*time.Minute + 10*time.Second)
			asks := 0
			for _, p := range w.poster.all() {
				if p.tone == Asking && p.place == theChannel {
					asks++
				}
			}
			if asks != asked || len(w.effects()) != 1-asked {
				t.Errorf("%s: asked %d times, added %v", mode, asks, w.effects())
			}
		})
	}
}

// What "keep extending" adds counts against the one who pressed it, and not beyond their limit of a day.
func TestKeepCountsAgainstItsPerson(t *testing.T) {
	inBubble(t, both(atWork(scheduler.ModeAsk), func(w *world) { w.channel = theChannel }), func(t *testing.T, w *world) {
		w.stored(extension.Extension{Run: "another", Key: "another", MeetingID: "1", Actor: actor(admin), Minutes: 290}, extension.Confirmed)
		w.until(6 * time.Minute)
		w.pressesNewest(admin, "Keep extending")
		w.until(7 * time.Minute)
		edits := w.poster.edited()
		if added := w.effects(); len(added) != 1 || added[0] != 10 {
			t.Errorf("added %v", added)
		}
		if said := edits[len(edits)-1].whole; !strings.Contains(said, "<@U0ADMIN> has used up the 300 minutes") || !strings.Contains(said, "I'll ask at <!date^1795176900^") {
			t.Errorf("%q", said)
		}
		w.until(16 * time.Minute)
		posts := w.poster.all()
		if last := posts[len(posts)-1]; last.tone != Asking || !strings.Contains(last.whole, "has used up the 300 minutes") {
			t.Errorf("%q", last.whole)
		}
	})
}

// A meeting and its room may each have a rule: the newer one counts, whichever that is. The answer says what it does, and who
// reads of the meeting no longer is told.
func TestNewerRuleOfAMeetingAndItsRoom(t *testing.T) {
	numbers := []string{theID, "881234567"}
	for i, second := range numbers {
		for _, mode := range []string{"ask", "auto"} {
			first, other := numbers[1-i], map[string]string{"ask": "auto", "auto": "ask"}[mode]
			t.Run(second+" "+mode, func(t *testing.T) {
				inBubble(t, both(atWork(scheduler.ModeOff), inRoom("881234567")), func(t *testing.T, w *world) {
					w.asksFrom("C0FIRST", admin, "watch "+first+" "+other)
					w.until(time.Minute)
					said := w.asksFrom(theChannel, owner, "watch "+second+" "+mode)
					want := map[string]string{"ask": "I'll ask", "auto": "I'll extend it"}[mode]
					if !strings.Contains(said.whole, want) {
						t.Errorf("%q", said.whole)
					}
					told := 0
					for _, p := range w.poster.all() {
						if p.place == "C0FIRST" && strings.Contains(p.whole, "I no longer post about it here") {
							told++
						}
					}
					if told != 1 {
						t.Errorf("told %d times", told)
					}
					w.until(6 * time.Minute)
					posts := w.poster.all()
					if last := posts[len(posts)-1]; last.place != theChannel || (last.tone == Asking) != (mode == "ask") || len(w.effects()) != map[string]int{"auto": 1}[mode] {
						t.Errorf("%s reads %q; added %v", last.place, last.whole, w.effects())
					}
					w.asks(owner, "unwatch "+second)
					w.until(20 * time.Minute)
					if mode == "auto" && len(w.effects()) != 1 || mode == "ask" && len(w.effects()) == 0 {
						t.Errorf("once the newer rule is gone, added %v", w.effects())
					}
				})
			})
		}
	}
}
