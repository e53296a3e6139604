package title_test

import (
	"strings"
	"testing"

	"github.com/overtime-bot/overtime/bot/title"
)

func TestFit(t *testing.T) {
	for _, test := range []struct {
		title, asked string
		want         title.Fit
	}{
		// All of it, however it is written.
		{"Weekly product sync", "weekly product sync", title.Whole},
		{"Weekly product sync", "  WEEKLY   product\tsync! ", title.Whole},
		{"Weekly: product/sync", "weekly product sync", title.Whole},
		{"Reunión de Ñoño", "reunion de nono", title.Whole},
		{"Straße", "STRASSE", title.Whole},
		{"Ｗｅｅｋｌｙ　ｓｙｎｃ", "weekly sync", title.Whole},
		{"Bob’s 1:1", "bobs 1:1", title.Whole},
		{"Łódź", "lodz", title.Whole},
		{"İstanbul ılık", "istanbul ilik", title.Whole},
		{"产品周会", "产品周会", title.Whole},
		{"ガギグ", "ｶﾞｷﾞｸﾞ", title.Whole},
		{"\u202eWeekly\u2066 sync\ufe0f", "weekly sync", title.Whole},
		{"مُحَمَّد", "محمد", title.Whole},
		{"اجتماع ٣", "اجتماع 3", title.Whole},
		{"שָׁלוֹם", "שלום", title.Whole},
		{"🎉👍🏽", "🎉👍", title.Whole},
		{"한국어 회의", "한국어 회의", title.Whole},
		{"हिन्दी बैठक", "हिन्दी बैठक", title.Whole},
		// Whole words, in order.
		{"Weekly product sync", "weekly sync", title.Words},
		{"Weekly product sync", "product", title.Words},
		{"Weekly product sync 🎉", "Weekly product sync", title.Words},
		{"Q4规划会议", "q4 规划", title.Words},
		{"产品周会", "周会", title.Words},
		{"产品周会 上海", "产品 上海", title.Words},
		{"プロダクト定例", "定例", title.Words},
		{"Planning 2026", "2026", title.Words},
		// Weaker.
		{"Weekly product sync", "week", title.Begun},
		{"Weekly product sync", "wee sy", title.Begun},
		{"产品周会", "周", title.Begun},
		{"Weekly product sync", "sync weekly", title.Inside},
		{"Weekly product sync", "duct", title.Inside},
		// Not at all.
		{"Weekly product sync", "weekly weekly", title.Inside},
		{"Weekly product sync", "monthly", title.None},
		{"Weekly product sync", "weekly monthly", title.None},
		{"Weekly product sync", "", title.None},
		{"Weekly product sync", "!!!", title.None},
		{"", "", title.None},
		{"", "weekly", title.None},
		{"产品周会", "周产", title.None},
		{"が", "か", title.None},
	} {
		if got := title.Of(test.title).Fit(title.Asked(test.asked)); got != test.want {
			t.Errorf("%q fits %q: %d, want %d (%q, %q)", test.title, test.asked, got, test.want, title.Of(test.title), title.Asked(test.asked))
		}
	}
}

func TestNear(t *testing.T) {
	for _, test := range []struct {
		title, asked string
		want         bool
	}{
		{"Weekly product sync", "weekly sync", true},
		{"Weekly product sync", "wekly sync", true},   // left out
		{"Weekly product sync", "weeklly sync", true}, // added
		{"Weekly product sync", "weekly snyc", true},  // swapped
		{"Weekly product sync", "weakly sync", true},  // another
		{"Weekly product sync", "wekly snyc", true},
		{"Weekly product sync", "weakyl sync", false},
		{"Weekly product sync", "sync wekly", false},
		{"The cat", "teh", false}, // too short
		{"Weekly product sync", "", false},
		{"", "weekly", false},
	} {
		if got := title.Of(test.title).Near(title.Asked(test.asked)); got != test.want {
			t.Errorf("%q is near %q: %t, want %t", test.title, test.asked, got, test.want)
		}
	}
}

// Slack's names of emoji are left out of what was typed, unless nothing else was.
func TestAsked(t *testing.T) {
	for asked, want := range map[string]string{
		":tada: weekly sync :+1:": "weekly sync",
		":tada::+1: weekly":       "weekly",
		"weekly :tada:":           "weekly",
		":tada:":                  "tada",
		"at 10:30:00":             "at 10 30 00",
		"a:b:c":                   "a b c",
	} {
		if got := title.Asked(asked).String(); got != want {
			t.Errorf("asked for %q: %q, want %q", asked, got, want)
		}
	}
}

// Comparing changes nothing twice, and every title fits itself wholly and by each of its words.
func FuzzFit(f *testing.F) {
	for _, seed := range []string{"Weekly product sync", "产品周会 Q4", "İß🎉👍🏽", "\u202e\ufeff", "مُحَمَّد", "\xff", strings.Repeat("a ", 300)} {
		f.Add(seed, "weekly")
	}
	f.Fuzz(func(t *testing.T, text, other string) {
		of := title.Of(text)
		if again := title.Of(of.String()); again != of {
			t.Fatalf("%q is %q, and that is %q", text, of, again)
		}
		if of.Empty() != (of.String() == "") {
			t.Fatalf("%q: %q", text, of)
		}
		if got := of.Fit(of); !of.Empty() && got != title.Whole {
			t.Fatalf("%q does not fit itself: %d", text, got)
		}
		longer := title.Of(text + " " + other + " " + text)
		if fit := longer.Fit(of); !of.Empty() && fit < title.Words {
			t.Fatalf("%q in %q: %d", of, longer, fit)
		}
		of.Near(title.Asked(other))
	})
}

func BenchmarkOf(b *testing.B) {
	for name, text := range map[string]string{"english": "Weekly product sync of the platform team", "chinese": "产品周会：平台团队第四季度规划", "spanish": "Reunión semanal de diseño"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				title.Of(text)
			}
		})
	}
}
