package bot

import (
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/meeting/meetingtest"
	"github.com/overtime-bot/overtime/scheduler"
)

// watchedByAnother lets somebody, who may extend their own meetings alone, watch the room of theMeeting, which is not theirs.
func watchedByAnother(mode scheduler.Mode) func(*world) {
	return both(inRoom("881234567"), ruledBy(stranger, ruleOf("881234567"), func(rule *scheduler.Rule) {
		rule.Channel, rule.Mode = "C0ROOM", mode
	}))
}

// Who watches a room has nothing to do with the runs of others there: nobody reads of their rule in whatever is said of such
// a run, and their channel reads nothing of it.
func TestRunsOfOthersInAWatchedRoom(t *testing.T) {
	cases := map[string]func(*world){
		"plain": nil, "hidden": hidden, "booked next": bookedNext(0), "booked soon": bookedNext(5 * time.Minute),
		"spent": func(w *world) { w.total = 15 },
		"unread": func(w *world) {
			w.service.Inject(meetingtest.Fault{Op: meetingtest.OpExtend, Kind: meetingtest.Refuse, Status: 500, Times: 3})
		},
	}
	if testing.Short() {
		cases = map[string]func(*world){"booked next": cases["booked next"]}
	}
	for name, set := range cases {
		for _, otherwise := range []scheduler.Mode{scheduler.ModeOff, scheduler.ModeAsk, scheduler.ModeAuto} {
			for _, mode := range []scheduler.Mode{scheduler.ModeAsk, scheduler.ModeAuto} {
				t.Run(name+" "+string(otherwise)+" "+string(mode), func(t *testing.T) {
					set := both(atWork(otherwise), func(w *world) { w.channel = theChannel }, set, watchedByAnother(mode))
					inBubble(t, set, func(t *testing.T, w *world) {
						look := func() {
							for _, command := range []string{"status 914083136", "why 914083136", "list"} {
								said := w.asks(admin, command).all()
								if strings.Contains(said, "<@"+stranger+">") || otherwise == scheduler.ModeOff && strings.Contains(said, "I'll ") {
									t.Errorf("%s: %s", command, said)
								}
							}
						}
						look()
						w.until(6 * time.Minute)
						look()
						if otherwise == scheduler.ModeAsk && name == "plain" {
							w.pressesNewest(admin, "+15")
						}
						w.until(8 * time.Minute)
						w.asks(admin, "pause")
						w.asks(admin, "resume")
						w.until(40 * time.Minute)
						for _, p := range append(w.poster.all(), w.poster.edited()...) {
							if p.place == "C0ROOM" || p.place == stranger {
								t.Errorf("%s reads %s", p.place, p.whole)
							}
							if strings.Contains(p.whole, "<@"+stranger+">") || otherwise == scheduler.ModeAsk && strings.Contains(p.whole, "I'll extend") {
								t.Errorf("%s reads %s", p.place, p.whole)
							}
						}
					})
				})
			}
		}
	}
}

// Where the owner of a meeting's own rule may no longer extend it, its room's rule counts, and that is said before and after.
func TestRoomsRuleAfterThatOfALeaver(t *testing.T) {
	set := both(atWork(scheduler.ModeOff), inRoom("881234567"), ruledBy(admin, ruleOf("881234567"), func(rule *scheduler.Rule) {
		rule.Channel = "C0ROOM"
	}), ruledBy(stranger, ruleAuto))
	inBubble(t, set, func(t *testing.T, w *world) {
		for _, command := range []string{"why 914083136", "status 914083136"} {
			if said := w.asks(admin, command).whole; !strings.Contains(said, "I'll ask") || strings.Contains(said, "<@"+stranger+">") {
				t.Errorf("%s: %q", command, said)
			}
		}
		w.until(8 * time.Minute)
		for _, p := range w.poster.all() {
			if p.place == stranger && !strings.Contains(p.whole, "I'll ask now") || p.place == "C0ROOM" && p.tone != Asking {
				t.Errorf("%s reads %q", p.place, p.whole)
			}
		}
		if heard := len(w.poster.all()); heard != 2 || len(w.effects()) != 0 {
			t.Errorf("%d messages, added %v", heard, w.effects())
		}
	})
}
