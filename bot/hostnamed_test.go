package bot

import (
	"fmt"
	"strings"
	"testing"
)

// Where a person is named in the place of a meeting, it is the one that they host, for those who may see it, in whichever form
// and language. The meeting of the one who asks is left alone.
func TestAPersonStandsForTheirMeeting(t *testing.T) {
	theirs := "<@" + stranger + ">"
	for text, done := range map[string]bool{
		theirs: true, theirs + " 30": true, "30 " + theirs: true, "extend " + theirs + "'s meeting by 30 min": true, "extend <@" + stranger + "|sam> 30": true,
		"extend the meeting of " + theirs + " 30": true, "amplía la reunión de " + theirs + " 30 min": true, "延长" + theirs + "的会议30分钟": true,
		"add 15 minutes to " + theirs + "'s meeting": true, "@sam 30": false, "status @sam": false, "status " + theirs: false,
	} {
		inBubble(t, elsewhere, func(t *testing.T, w *world) {
			said := w.asks(admin, text)
			if !strings.Contains(said.all(), "Their own") || (said.tone == Done) != done || strings.Contains(said.all(), "Weekly product sync") {
				t.Errorf("%s: %+v", text, said)
			}
		})
		inBubble(t, elsewhere, func(t *testing.T, w *world) {
			said := w.asks(owner, text)
			if len(w.wished()) > 0 || strings.Contains(said.all(), "Their own") || said.silent() {
				t.Errorf("%s, who hosts another: %+v", text, said)
			}
		})
	}
	inBubble(t, elsewhere, func(t *testing.T, w *world) { // who names a meeting as well means that
		if said := w.asks(admin, theirs+" 914083136 30"); !strings.Contains(said.all(), "Weekly product sync") {
			t.Errorf("%+v", said)
		}
	})
}

// Strangers read the same whether the person hosts a meeting or none.
func TestStrangersLearnNothingFromPeople(t *testing.T) {
	for _, set := range []func(*world){nil, elsewhere} {
		for _, text := range []string{"<@" + owner + "> 30", "status <@" + owner + ">", "@olivia 30", "watch <@" + owner + "> auto"} {
			var first string
			for _, gone := range []func(*world){nil, func(w *world) { w.meetings = w.meetings[1:] }} {
				inBubble(t, both(set, gone), func(t *testing.T, w *world) {
					said := w.asks(stranger, text)
					got := fmt.Sprintln(said.all(), opsOf(w))
					if first == "" {
						first = got
					}
					if got != first || len(said.buttons) > 0 || len(w.wished()) > 0 || said.silent() {
						t.Errorf("%q:\n%s\nother ones\n%s", text, got, first)
					}
				})
			}
		}
	}
}
