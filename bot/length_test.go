package bot

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// longestOf are the most characters of blocks, as they are sent, that Slack surely takes.
const longestOf = 10_000

// worst are texts that take much room.
var worst = []string{
	strings.Repeat("x", 500), strings.Repeat("会议", 250), strings.Repeat("\U0001f468\u200d\U0001f469\u200d\U0001f467", 100), strings.Repeat("<&>", 170),
	strings.Repeat(`"\\`, 250),
}

// Each page of a list has all of its meetings, whatever they are called, in every language, and whatever automation does.
func TestLongestList(t *testing.T) {
	slow(t)
	automations := map[string]func(*world){
		"paused": both(allPaused, otherwise(scheduler.ModeAuto)), "asks": otherwise(scheduler.ModeAsk), "extends": otherwise(scheduler.ModeAuto),
	}
	for i, subject := range append(worst, strings.Repeat("ישיבה ", 90)) {
		for automation, set := range automations {
			t.Run(fmt.Sprint(i, " ", automation), func(t *testing.T) {
				inBubble(t, both(set, many(25, func(int) string { return subject }), func(w *world) {
					for i := range w.meetings {
						w.meetings[i].Host.Name = subject
					}
				}), func(t *testing.T, w *world) {
					for language, locale := range languages {
						w.people.speak(locale)
						for page, on := range []int{10, 10, 5} {
							said := w.turnsTo(admin, w.asks(admin, "list"), page+1)
							wantShort(t, said)
							if faults := lintHeard(said); len(said.items) != on || len(faults) > 0 {
								t.Errorf("%s: %d meetings, want %d: %q", language, len(said.items), on, faults)
							}
						}
					}
				})
			})
		}
	}
}

func wantShort(t *testing.T, said heard) {
	t.Helper()
	length := 1
	for _, block := range said.blocks {
		length += utf8.RuneCount(block) + 1
	}
	if length > longestOf || len(said.blocks) == 0 {
		t.Errorf("a message of %d characters in %d blocks", length, len(said.blocks))
	}
}

// Every part of any reply may be as long as it likes.
func TestLongestReply(t *testing.T) {
	slow(t)
	for _, text := range worst {
		long := strings.Repeat(text, 20)
		offers := slices.Repeat([]Offer{{Label: long, Action: store.Action{ID: strings.Repeat("A", 26)}}}, 5)
		choices := slices.Repeat([]Choice{{string([]rune(long)[:100]), "extend:15"}}, 5)
		longRow := Row{Action: store.Action{ID: strings.Repeat("A", 26)}, Buttons: choices, Menu: choices}
		for _, items := range []int{0, 1, 2, 7, itemLimit, itemLimit + 1} {
			message := render(Reply{
				Tone: Telling, Text: long, Next: long, Last: long, About: slices.Repeat([]string{long}, 10), Offers: offers,
				Items: slices.Repeat([]Item{{Text: long, Row: longRow}}, items), Rest: 1, More: func(count int) string { return fmt.Sprint(count, " more") },
			})
			if message.length() >= longestOf || message.Text == "" {
				t.Errorf("%d items: %d characters, text of %d", items, message.length(), len(message.Text))
			}
		}
	}
}

// Prompts and alarms are no longer than lists.
func TestLongestOccasions(t *testing.T) {
	for _, subject := range worst {
		inBubble(t, called(subject), func(t *testing.T, w *world) {
			for _, o := range []scheduler.Occasion{askedAt(), extendedAt()} {
				o.Meeting.Subject, o.Meeting.HostName, o.Next.Subject = subject, subject, subject
				if _, err := w.posts(o); err != nil {
					t.Error(err)
				}
			}
			posts := w.poster.all()
			for _, post := range posts {
				wantShort(t, post.heard)
			}
			if len(posts) != 2 {
				t.Errorf("%d messages, want 2", len(posts))
			}
		})
	}
}
