package bot

import (
	"cmp"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// wishClaim keeps what looks after approvals away: a longer one looks like a clock that was set back.
const wishClaim = 9 * time.Minute

// putWish puts the owner's wish for so many minutes into the store, decided as said.
func (w *world) putWish(minutes int, to store.ApprovalState, note string) store.Approval {
	w.t.Helper()
	m := theMeeting()
	wish, _, err := w.store.Approvals.Ask(w.t.Context(), store.Approval{
		Envelope: fmt.Sprint("wish ", minutes), Run: extension.RunOf(m), MeetingID: m.ID, End: m.End, Minutes: minutes, Actor: actor(owner), Reason: "a secret reason",
		Host: m.HostUUID, Subject: m.Subject,
	}, wishClaim)
	w.must(err)
	by := extension.Actor{}
	if to == store.Approved || to == store.ApprovalDenied {
		by = actor(second)
	}
	if to != store.ApprovalAsked {
		wish, _, err = w.store.Approvals.Decide(w.t.Context(), wish.ID, to, by, note, wishClaim)
		w.must(err)
	}
	time.Sleep(time.Second) // in a bubble
	return wish
}

// everyWish has wishes in all states; of the approved ones, one was extended.
func everyWish(w *world) {
	w.putWish(121, store.ApprovalAsked, "")
	w.putWish(122, store.ApprovalDenied, hostile)
	w.putWish(123, store.ApprovalExpired, "")
	w.putWish(124, store.ApprovalMoved, "")
	w.putWish(125, store.ApprovalLapsed, "")
	w.putWish(126, store.ApprovalUnsent, "")
	failed := w.putWish(127, store.Approved, "")
	_, _, err := w.store.Approvals.Outcome(w.t.Context(), failed.ID, outcomeRoom, 0, wishClaim)
	w.must(err)
	w.putWish(128, store.Approved, "") // under way
	done := w.putWish(129, store.Approved, "")
	row := w.did(1, extension.Confirmed, func(e *extension.Extension) {
		e.Origin, e.Actor, e.Minutes = extension.FromApproval, actor(owner), 129
	})
	_, _, err = w.store.Approvals.Outcome(w.t.Context(), done.ID, string(extension.DidConfirm), row.ID, wishClaim)
	w.must(err)
}

func historyWishScenes() []scene {
	return []scene{
		{name: "what was asked for beyond the limits", play: func(w *world) { everyWish(w); w.asks(admin, "history") }},
	}
}

func init() { groups["historywishes"] = historyWishScenes }

func TestGoldenHistoryWishes(t *testing.T) { golden(t, "historywishes") }

// Wishes are read by those who may see the history of their meeting: by the one who asked, its host, the channel that
// watches it, and those who see all; by others they are not, and each of an extension stands beside it, once.
func TestWhoReadsWhichWishes(t *testing.T) {
	watched := func(w *world) {
		_, err := w.store.Automation.PutRule(w.t.Context(), theRule())
		w.must(err)
	}
	for name, test := range map[string]struct {
		user, channel string
		set           func(*world)
		want          bool
	}{
		"an administrator":            {user: admin, want: true},
		"who asked":                   {user: owner, want: true},
		"a stranger":                  {user: stranger},
		"the watching channel":        {user: stranger, channel: theChannel, set: both(allowedChannel(theChannel), watched), want: true},
		"another channel":             {user: stranger, channel: general, set: both(allowedChannel(general), watched)},
		"who asked, no longer a host": {user: owner, want: true, set: changed(owner, func(p *access.Person) { p.Email = "other@acme.example" })},
	} {
		inBubble(t, test.set, func(t *testing.T, w *world) {
			everyWish(w)
			for _, command := range []string{"history", "history " + theID} {
				all := w.asksFrom(test.channel, test.user, command).all()
				for minutes := 121; minutes <= 129; minutes++ {
					want := 0
					if test.want {
						want = 1
					}
					if got := strings.Count(all, fmt.Sprint(minutes, " minutes")); got != want {
						t.Errorf("%s, %s: %d minutes %d times\n%s", name, command, minutes, got, all)
					}
				}
				if strings.Contains(all, "secret reason") {
					t.Errorf("%s reads why it was asked for: %s", name, all)
				}
			}
		})
	}
}

// A wish about a run that is over is read by its host and by the channel that watches its room, with what the meeting was
// called; who asked, and may see no more, reads the number.
func TestWishesOfARunThatIsOver(t *testing.T) {
	watched := ruledBy(owner, func(rule *scheduler.Rule) { rule.Of = theRoom })
	for name, test := range map[string]struct {
		user, channel string
		set           func(*world)
		want, title   bool
	}{
		"an administrator":  {user: admin, want: true, title: true},
		"its host":          {user: owner, want: true, title: true},
		"who asked":         {user: stranger, want: true},
		"somebody else":     {user: hanna},
		"a room's channel":  {user: hanna, channel: theChannel, set: both(allowedChannel(theChannel), watched), want: true, title: true},
		"another's channel": {user: hanna, channel: general, set: both(allowedChannel(general), watched)},
	} {
		known := func(w *world) {
			w.people.people[hanna] = ordinary(hanna, "hanna@acme.example", "en-US", "Europe/Berlin")
		}
		inBubble(t, both(known, test.set), func(t *testing.T, w *world) {
			row := extension.Extension{}
			ofRun("555555555", "host-1", 3)(&row)
			_, _, err := w.store.Approvals.Ask(t.Context(), store.Approval{
				Envelope: "wish", Run: row.Run, MeetingID: row.MeetingID, Host: row.Host, Room: theRoom, Subject: row.Subject,
				End: noon, Minutes: 99, Actor: actor(stranger),
			}, wishClaim)
			w.must(err)
			channel := cmp.Or(test.channel, general)
			for _, command := range []string{"history", "history 555555555", "history " + theRoom} {
				all := w.asksFrom(channel, test.user, command).all()
				if strings.Contains(all, "99 minutes") != test.want || strings.Contains(all, titleOf(row.MeetingID)) != test.title {
					t.Errorf("%s, %s: %s", name, command, all)
				}
			}
		})
	}
}

// Wishes count among the entries of a page, and are left out before the day that was named.
func TestWishesOnPages(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, w *world) {
		for number := range 8 {
			w.did(number, extension.Confirmed, nil)
			w.putWish(121+number, store.ApprovalDenied, "")
		}
		first := w.asks(admin, "history")
		second := w.chooses(admin, first.buttons[len(first.buttons)-1])
		for minutes := 121; minutes <= 128; minutes++ {
			on := map[bool]heard{true: first, false: second}[minutes > 123]
			if !strings.Contains(on.all(), fmt.Sprint(minutes, " minutes")) || strings.Count(first.all()+second.all(), fmt.Sprint(minutes, " minutes")) != 1 {
				t.Errorf("%d minutes:\n%s\n%s", minutes, first.all(), second.all())
			}
		}
		later := time.Now().AddDate(0, 0, 1).Format(time.DateOnly)
		if all := w.asks(admin, "history from "+later).all(); strings.Contains(all, "denied") {
			t.Error(all)
		}
	})
}
