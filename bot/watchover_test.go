package bot

import (
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
)

// A meeting whose end has come cannot be watched, however that is asked for, though it is in the list that was read last.
func TestMeetingsThatAreOverAreNotWatched(t *testing.T) {
	for _, user := range []string{owner, admin} {
		for locale, says := range map[string]string{"en-US": "has already ended", "es-ES": "ya ha terminado", "zh-CN": "已经结束"} {
			for _, asks := range []func(w *world, status heard) heard{
				func(w *world, _ heard) heard { return w.asks(user, "watch 914083136 ask") },
				func(w *world, _ heard) heard { return w.asks(user, "watch 914083136 auto 15") },
				func(w *world, status heard) heard { return w.chooses(user, w.control(status, "watch")) },
			} {
				inBubble(t, both(endsIn(time.Minute), changed(user, func(p *access.Person) { p.Locale = locale })), func(t *testing.T, w *world) {
					status := w.asks(user, "status 914083136")
					time.Sleep(59 * time.Second)
					w.asks(user, "list")
					time.Sleep(2 * time.Second)
					said := asks(w, status)
					if said.tone == Done || !strings.Contains(said.text, says) || len(said.next) == 0 || len(w.rules()) > 0 {
						t.Errorf("%s, %s: %s%+v", user, locale, said.shown(), w.rules())
					}
				})
			}
		}
	}
}
