package bot

import (
	"strings"
	"testing"

	"github.com/overtime-bot/overtime/scheduler"
)

// Each reader of the end of a rule reads the meeting's title if they may know it, and the number of it else.
func TestTheEndOfARuleNamesTheMeeting(t *testing.T) {
	const title = "Weekly product sync"
	private := func(rule *scheduler.Rule) { rule.Channel = "" }
	for _, test := range []struct {
		name, user, command string
		set                 func(*world)
		answer, told        bool // names the title: to the person, and to those who read of the rule
	}{
		{"unwatch", admin, "unwatch 914083136", ruledBy(owner), true, true},
		{"unwatch, rule of a person", admin, "unwatch 914083136", ruledBy(owner, private), true, true},
		{"unwatch, by the host", owner, "unwatch 914083136", ruledBy(admin), true, true},
		{"unwatch, whose owner may not extend", admin, "unwatch 914083136", ruledBy(stranger), true, false},
		{"unwatch, by an owner who may not extend", stranger, "unwatch 914083136", ruledBy(stranger), false, false},
		{"unwatch, rule of a person who may not extend", admin, "unwatch 914083136", ruledBy(stranger, private), true, false},
		{"unwatch, meeting gone", admin, "unwatch 914083136", both(ruledBy(owner), gone), false, false},
		{"another channel", admin, "watch 914083136 ask", ruledBy(owner), true, true},
		{"another channel, instead of one whose owner may not extend", admin, "watch 914083136 ask", ruledBy(stranger), true, false},
		{"another channel, instead of a person's", admin, "watch 914083136 ask", ruledBy(owner, private), true, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, test.set, func(t *testing.T, w *world) {
				answer := w.asks(test.user, test.command)
				if got := strings.Contains(answer.text, title); got != test.answer {
					t.Errorf("answered %q", answer.text)
				}
				told := false
				for _, post := range w.poster.all() {
					if post.place == general {
						continue // the channel that watches now
					}
					told = true
					if got := strings.Contains(post.whole, title); got != test.told || !got && !strings.Contains(post.whole, theID) {
						t.Errorf("%s read %q", post.place, post.whole)
					}
				}
				if !told {
					t.Error("nobody was told")
				}
			})
		})
	}
	inBubble(t, nil, func(t *testing.T, w *world) {
		if said := w.asks(admin, "unwatch 914083136"); !strings.Contains(said.text, title) {
			t.Errorf("what nobody watches: %q", said.text)
		}
	})
}
