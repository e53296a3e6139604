package bot

import (
	"fmt"
	"strings"
	"testing"

	"github.com/overtime-bot/overtime/bot/access"
)

// A refusal for the length suggests what is taken when it is typed, however little the limits leave, and whichever leaves
// less: at most two tries lead there.
func TestWhatIsLeftIsSuggested(t *testing.T) {
	for run := range 3 {
		for day := range 3 {
			left := []int{0, 15, 200}
			inBubble(t, both(used(owner, 240-left[run]), usedElsewhere(admin, 300-left[day], 1)), func(t *testing.T, w *world) {
				most := min(left[run], left[day], 120)
				for _, typed := range []string{"914083136 121", "914083136 16", "30 914083136", "914083136 thirty"} {
					said := w.asks(admin, typed)
					instead := toType(said)
					switch {
					case most == 0 && strings.HasPrefix(instead, "914083136"):
						t.Errorf("run %d, day %d: %s: suggests %q", left[run], left[day], typed, instead)
					case most == 15 && instead != "914083136 15":
						t.Errorf("run %d, day %d: %s: suggests %q", left[run], left[day], typed, instead)
					}
				}
				if most == 15 && w.asks(admin, "914083136 15").tone != Done {
					t.Error("what is suggested is refused")
				}
			})
		}
	}
}

// Nobody is sent to themselves, by whichever of their IDs; where nobody else is left, it is the operator.
func TestNobodyIsToldToAskThemselves(t *testing.T) {
	for name, test := range map[string]struct {
		set  func(*world)
		want string
	}{
		"the only one":       {nil, "the people who run this bot"},
		"one of two":         {func(w *world) { w.policy.AdminUsers = []string{admin, owner} }, "<@" + owner + ">"},
		"a group is left":    {func(w *world) { w.policy.AdminGroups = []string{"S0ADMINS"} }, "<!subteam^S0ADMINS>"},
		"under another ID":   {both(changed(admin, func(p *access.Person) { p.GridID = "W0ADMIN" }), func(w *world) { w.policy.AdminUsers = []string{"W0ADMIN"} }), "the people who run this bot"},
		"somebody else asks": {func(w *world) { w.policy.AdminUsers, w.policy.AllowedUsers = []string{owner}, []string{admin} }, "<@" + owner + ">"},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, both(used(stranger, 240), test.set), func(t *testing.T, w *world) {
				said := w.asks(admin, "914083136 30").all()
				if !strings.Contains(said, test.want) || strings.Contains(said, admin) {
					t.Errorf("%q, want %q in it", said, test.want)
				}
			})
		})
	}
}

// A time of day that is suggested is the next on the person's own clock, and one that the limits allow; where the clock
// is not known, it is a number of minutes.
func TestSuggestedTimesAreStillToCome(t *testing.T) {
	for name, test := range map[string]struct {
		set         func(*world)
		typed, want string
	}{
		"in the afternoon":        {nil, "914083136 until 3", "914083136 until 15:00"},
		"with minutes":            {nil, "914083136 until 230", "914083136 until 14:30"},
		"further than allowed":    {func(w *world) { w.most = 30 }, "914083136 until 3", "914083136 30"},
		"before the end":          {nil, "914083136 until 2", "914083136 30"},
		"without until":           {nil, "914083136 14:30", "914083136 until 14:30"},
		"no zone":                 {changed(admin, func(p *access.Person) { p.Zone = "" }), "914083136 until 3", "914083136 15"},
		"no zone, and understood": {changed(admin, func(p *access.Person) { p.Zone = "" }), "914083136 until 15:00", "914083136 30"},
		"another's meeting":       {nil, "777888999 until 3", "777888999 until 15:00"},
		"just passed":             {nil, "914083136 until 12:58", "914083136 30"},
		"the other half":          {nil, "914083136 until 2:30", "914083136 until 14:30"},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, test.set, func(t *testing.T, w *world) {
				if got := toType(w.asks(admin, test.typed)); got != test.want {
					t.Errorf("%q suggests %q, want %q", test.typed, got, test.want)
				}
			})
		})
	}
}

// The list suggests a meeting to which something can be added, and no more than that.
func TestListSuggestsWhatCanBeExtended(t *testing.T) {
	for name, test := range map[string]struct {
		set  func(*world)
		want string
	}{
		"as the limits allow":      {func(w *world) { w.most = 20 }, "914083136 20"},
		"as is left":               {used(owner, 230), "914083136 10"},
		"nothing left":             {used(owner, 240), ""},
		"extended by the platform": {prolonged, ""},
		"hidden password of one":   {both(many(2, func(i int) string { return fmt.Sprint("Meeting ", i) }), func(w *world) { w.meetings[0].HideChair = true }), "914083137 30"},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, test.set, func(t *testing.T, w *world) {
				said := w.asks(admin, "list")
				if got := toType(said); got != test.want {
					t.Errorf("%q suggests %q, want %q", said.all(), got, test.want)
				}
			})
		})
	}
}
