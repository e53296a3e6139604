package bot

import (
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// Who has asked, and waits, has acted: a list does not say that nothing is done. And what was handed over ends at one time,
// which is said once.
func TestAskedIsNoRefusalToAct(t *testing.T) {
	f := foretelling{minPeople: 2, now: func() time.Time { return noon }}
	for language, tag := range languages {
		say := catalogueOf(t, language).For(tag)
		to := speech{say, func(time.Time) string { return "END" }}
		refuses := strings.TrimSpace(say.Say(i18n.ListNothing, i18n.Data{"Reason": ""}))
		for _, reason := range []scheduler.Reason{scheduler.AskedAlready, scheduler.CapReached} {
			o := scheduler.Outlook{Decision: scheduler.Decision{Act: scheduler.ActNothing, Reason: reason}, End: noon.Add(time.Hour)}
			if said := f.briefly(to, o); said == "" || strings.Contains(said, refuses) {
				t.Errorf("%s, %s: %q", language, reason, said)
			}
			o.Handed = extension.Extension{ID: 1, Actor: extension.Actor{User: owner}}
			if said := f.says(to, o); strings.Count(said, "END") != 1 {
				t.Errorf("%s, %s, handed over: %q", language, reason, said)
			}
		}
		o := scheduler.Outlook{Decision: scheduler.Decision{Act: scheduler.ActNothing, Reason: scheduler.Empty}}
		if said := f.briefly(to, o); !strings.Contains(said, refuses) {
			t.Errorf("%s: %q", language, said)
		}
	}
}
