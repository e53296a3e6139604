package bot

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// longestOf is the longest message that Slack surely takes: its blocks as they are sent, and its text.
const longestOf = 10_000

// worst are texts that take much room.
var worst = []string{
	strings.Repeat("x", 500), strings.Repeat("会议", 250), strings.Repeat("\U0001f468\u200d\U0001f469\u200d\U0001f467", 100), strings.Repeat("<&>", 170),
	strings.Repeat(`"\\`, 250),
}

// No message is too long for Slack, whatever meetings are called and however many there are. A list that is cut says how
// many more there are.
func TestLongestList(t *testing.T) {
	for i, subject := range worst {
		counts := []int{200}
		if i == 0 {
			counts = []int{1, 5, itemLimit, itemLimit + 1, 200}
		}
		for _, count := range counts {
			t.Run(fmt.Sprint(i, " ", count), func(t *testing.T) {
				inBubble(t, both(allPaused, many(count, func(int) string { return subject }), func(w *world) {
					for i := range w.meetings {
						w.meetings[i].Host.Name = subject
					}
				}), func(t *testing.T, w *world) {
					said := w.asks(admin, "list")
					wantShort(t, said)
					more := ""
					if left := count - len(said.items); left > 0 {
						more = w.says(i18n.ListMore, i18n.Data{"Count": left})
					}
					if len(said.items) == 0 || !strings.Contains(said.small(), more) || count <= 5 && more != "" {
						t.Errorf("%d of %d meetings; %q is not in %q", len(said.items), count, more, said.small())
					}
				})
			})
		}
	}
}

func wantShort(t *testing.T, said heard) {
	t.Helper()
	length := utf8.RuneCountInString(said.whole)
	for _, block := range said.blocks {
		length += utf8.RuneCount(block) + 1
	}
	if length > longestOf || len(said.blocks) == 0 {
		t.Errorf("a message of %d characters in %d blocks", length, len(said.blocks))
	}
}

func (w *world) says(key i18n.Key, data i18n.Data) string {
	return catalogueOf(w.t, "en").For("en").Say(key, data)
}

// Every part of any reply may be as long as it likes.
func TestLongestReply(t *testing.T) {
	for _, text := range worst {
		long := strings.Repeat(text, 20)
		offers := slices.Repeat([]Offer{{Label: long, Action: store.Action{ID: strings.Repeat("A", 26)}}}, 5)
		for items := range itemLimit + 2 {
			if underRace && items%8 > 0 && items < itemLimit {
				continue
			}
			message := render(Reply{
				Tone: Telling, Text: long, Next: long, Last: long, About: slices.Repeat([]string{long}, 10), Offers: offers,
				Items: slices.Repeat([]Item{{Text: long, About: long}}, items), Rest: 1, More: func(count int) string { return fmt.Sprint(count, " more") },
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
