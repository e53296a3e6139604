package bot

import (
	"fmt"
	"testing"

	"github.com/overtime-bot/overtime/bot/access"
)

// One list looks up each host once, and no more hosts than it may.
func TestListLooksUpEachHostOnce(t *testing.T) {
	for _, test := range []struct {
		name           string
		uuid           func(int) string
		meetings, want int
	}{
		{"one host", func(int) string { return "host-1" }, 1, 1},
		{"many hosts", func(i int) string { return fmt.Sprint("h", i) }, 3 * hostLookups, hostLookups},
		{"hosts without UUID", func(int) string { return "" }, 3 * hostLookups, hostLookups},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t)
			many(test.meetings, func(i int) string { return fmt.Sprint(i) })(w)
			for i := range w.scheduler.meetings {
				w.scheduler.meetings[i].HostUUID = test.uuid(i)
			}
			w.build()
			w.asks(owner, "list")
			if w.hosts.calls != test.want {
				t.Errorf("%d look-ups, want %d", w.hosts.calls, test.want)
			}
		})
	}
}

func TestListSurvivesAPanicOfAHostLookup(t *testing.T) {
	w := newWorld(t)
	w.build()
	w.bot.gate.Hosts = access.NewHosts(nil, w.now) // whose look-ups panic
	if reply := w.asks(owner, "list"); reply.Tone != Trouble || len(lint(render(reply))) > 0 {
		t.Errorf("%+v", reply)
	}
	if w.log.count("looking up a host panicked") != 1 {
		t.Error(w.log)
	}
}
