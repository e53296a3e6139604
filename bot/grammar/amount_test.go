package grammar_test

import (
	"errors"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/grammar"
)

func TestParseReadsAmounts(t *testing.T) {
	longest := grammar.Amount{Kind: grammar.ToMaximum}
	for text, want := range map[string]grammar.Amount{
		"":                    {},
		"30":                  forMinutes(30),
		"05":                  forMinutes(5),
		"+30":                 forMinutes(30),
		"+ 30":                forMinutes(30),
		"30m":                 forMinutes(30),
		"30 min":              forMinutes(30),
		"30min.":              forMinutes(30),
		"30 Minutes":          forMinutes(30),
		"for 30 minutes":      forMinutes(30),
		"por 30 minutos":      forMinutes(30),
		"90 minutes":          forMinutes(90),
		"1h":                  forMinutes(60),
		"1H":                  forMinutes(60),
		"1h0m":                forMinutes(60),
		"0h30":                forMinutes(30),
		"1 hour":              forMinutes(60),
		"2 hours":             forMinutes(120),
		"1h30":                forMinutes(90),
		"1h30m":               forMinutes(90),
		"1h 30m":              forMinutes(90),
		"1 hour 30 minutes":   forMinutes(90),
		"1 hora 30 minutos":   forMinutes(90),
		"30分钟":                forMinutes(30),
		"1小时30分钟":             forMinutes(90),
		"1个小时":                forMinutes(60),
		"３０":                  forMinutes(30),
		"＋３０ 分":               forMinutes(30),
		"until 15:30":         untilClock(15, 30),
		"until 15：30":         untilClock(15, 30),
		"until 15.30":         untilClock(15, 30),
		"till 9:05":           untilClock(9, 5),
		"UNTIL 3:30PM":        untilClock(15, 30),
		"until 3:30 pm":       untilClock(15, 30),
		"until 3:30 p.m.":     untilClock(15, 30),
		"until 3pm":           untilClock(15, 0),
		"until 12am":          untilClock(0, 0),
		"until 12:15 pm":      untilClock(12, 15),
		"until 24:00":         untilClock(0, 0),
		"until 00:00":         untilClock(0, 0),
		"hasta 15:30":         untilClock(15, 30),
		"hasta las 15:30":     untilClock(15, 30),
		"到15:30":              untilClock(15, 30),
		"max":                 longest,
		"MAX":                 longest,
		"máximo":              longest,
		"最长":                  longest,
		"153722867":           forMinutes(153722867), // the most that a Duration holds
		"\u201c30\u201d":      forMinutes(30),
		"30\ufe0f":            forMinutes(30),
		"`30`":                forMinutes(30),
		"*30*":                forMinutes(30),
		"3\u200b0":            forMinutes(30),
		"\u00a030\u3000min\t": forMinutes(30),
	} {
		for _, before := range []string{pastedID + " ", "914 083 136 ", "914-083-136 ", "extend " + pastedID + " "} {
			wantCommand(t, before+text, extendBy(want))
		}
	}
}

func TestAmountMinutes(t *testing.T) {
	madrid := zoneNamed(t, "Europe/Madrid")
	at := func(text string) time.Time {
		parsed, err := time.ParseInLocation("2006-01-02 15:04:05", text, madrid)
		if err != nil {
			t.Fatal(err)
		}
		return parsed.UTC()
	}
	for _, test := range []struct {
		name     string
		amount   grammar.Amount
		now, end string
		limits   []int
		want     int
		problem  grammar.AmountProblem
	}{
		{"minutes", forMinutes(30), "2026-11-22 14:00:00", "2026-11-22 15:00:00", []int{10}, 30, ""},
		{"default", grammar.Amount{}, "2026-11-22 14:00:00", "2026-11-22 15:00:00", nil, 15, ""},
		{"today", untilClock(15, 30), "2026-11-22 14:00:00", "2026-11-22 15:00:00", nil, 30, ""},
		{"rounds up", untilClock(15, 30), "2026-11-22 14:00:00", "2026-11-22 15:00:01", nil, 30, ""},
		{"one second", untilClock(15, 30), "2026-11-22 14:00:00", "2026-11-22 15:29:59", nil, 1, ""},
		{"the end itself", untilClock(15, 0), "2026-11-22 14:00:00", "2026-11-22 15:00:00", nil, 0, grammar.NotAfterEnd},
		{"before the end", untilClock(14, 55), "2026-11-22 14:50:00", "2026-11-22 15:00:00", nil, 0, grammar.NotAfterEnd},
		{"past, so tomorrow", untilClock(0, 30), "2026-11-22 23:50:00", "2026-11-23 00:10:00", nil, 20, ""},
		{"tomorrow, before the end", untilClock(0, 5), "2026-11-22 23:50:00", "2026-11-23 00:10:00", nil, 0, grammar.NotAfterEnd},
		{"just now is past", untilClock(14, 0), "2026-11-22 14:00:00", "2026-11-22 15:00:00", nil, 0, grammar.HasPassed},
		{"two minutes ago", untilClock(13, 58), "2026-11-22 14:00:00", "2026-11-22 15:00:00", nil, 0, grammar.HasPassed},
		{"two minutes ago, before midnight", untilClock(23, 59), "2026-11-22 00:01:00", "2026-11-22 00:10:00", nil, 0, grammar.HasPassed},
		{"nearly half a day ago", untilClock(2, 1), "2026-11-22 14:00:00", "2026-11-22 15:00:00", nil, 0, grammar.HasPassed},
		{"more than half a day ago", untilClock(1, 59), "2026-11-22 14:00:00", "2026-11-22 15:00:00", nil, 11*60 - 1, ""},
		{"not tomorrow if ahead", untilClock(21, 0), "2026-11-22 10:00:00", "2026-11-23 20:00:00", nil, 0, grammar.NotAfterEnd},
		{"clock skips it today", untilClock(2, 30), "2026-03-29 01:50:00", "2026-03-29 03:10:00", nil, 0, grammar.NoSuchTime},
		{"clock skips it tomorrow", untilClock(2, 30), "2026-03-28 23:50:00", "2026-03-29 01:10:00", nil, 0, grammar.NoSuchTime},
		{"over the gap", untilClock(3, 30), "2026-03-29 01:50:00", "2026-03-29 01:55:00", nil, 35, ""},
		{"clock skipped it this morning", untilClock(2, 30), "2026-03-29 10:00:00", "2026-03-29 11:00:00", nil, 15*60 + 30, ""},
		{"max", grammar.Amount{Kind: grammar.ToMaximum}, "2026-11-22 14:00:00", "2026-11-22 15:00:00", []int{120, 45, 60}, 45, ""},
		{"max, used up", grammar.Amount{Kind: grammar.ToMaximum}, "2026-11-22 14:00:00", "2026-11-22 15:00:00", []int{120, 0}, 0, grammar.NothingLeft},
		{"max, overdrawn", grammar.Amount{Kind: grammar.ToMaximum}, "2026-11-22 14:00:00", "2026-11-22 15:00:00", []int{-5}, 0, grammar.NothingLeft},
		{"max of nothing", grammar.Amount{Kind: grammar.ToMaximum}, "2026-11-22 14:00:00", "2026-11-22 15:00:00", nil, 0, grammar.NoMaximum},
	} {
		t.Run(test.name, func(t *testing.T) {
			moment := grammar.Moment{Now: at(test.now), End: at(test.end), Zone: madrid, Default: 15, Limits: test.limits}
			got, err := test.amount.Minutes(moment)
			var amount *grammar.AmountError
			errors.As(err, &amount)
			if got != test.want || (amount == nil) != (test.problem == "") || amount != nil && amount.Problem != test.problem {
				t.Errorf("Minutes = %d, %v; want %d, %q", got, err, test.want, test.problem)
			}
		})
	}
}

// Nobody's clock stands in for a clock that is not known.
func TestUntilNeedsAZone(t *testing.T) {
	now := time.Date(2026, 11, 22, 14, 0, 0, 0, time.UTC)
	for hour := range 24 {
		minutes, err := untilClock(hour, 30).Minutes(grammar.Moment{Now: now, End: now.Add(time.Hour)})
		if amount, ok := errors.AsType[*grammar.AmountError](err); !ok || amount.Problem != grammar.NoZone || minutes != 0 {
			t.Errorf("until %d:30: %d, %v", hour, minutes, err)
		}
	}
}

func zoneNamed(t *testing.T, name string) *time.Location {
	t.Helper()
	location, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return location
}

// In the night of 25 October 2026 Madrid has 02:30 twice, at 00:30 and 01:30 UTC: the next one counts.
func TestAmountMinutesWhenTheClockIsPutBack(t *testing.T) {
	for now, want := range map[int]int{10: 20, 40: 80} { // minutes after midnight UTC
		start := time.Date(2026, 10, 25, 0, now, 0, 0, time.UTC)
		end := time.Date(2026, 10, 25, 0, 10, 0, 0, time.UTC)
		got, err := untilClock(2, 30).Minutes(grammar.Moment{Now: start, End: end, Zone: zoneNamed(t, "Europe/Madrid")})
		if err != nil || got != want {
			t.Errorf("%d minutes after midnight: Minutes = %d, %v; want %d", now, got, err, want)
		}
	}
}

func TestAmountMinutesTellsWhatWasMeant(t *testing.T) {
	end := time.Date(2026, 11, 22, 15, 0, 0, 0, time.UTC)
	_, err := untilClock(14, 55).Minutes(grammar.Moment{Now: end.Add(-10 * time.Minute), End: end, Zone: time.UTC})
	var amount *grammar.AmountError
	if !errors.As(err, &amount) || !amount.Until.Equal(end.Add(-5*time.Minute)) {
		t.Errorf("error is %+v, want 14:55 UTC in it", err)
	}
}

// Nobody who names a time gets more than half a day that they did not mean, at any minute of the day: it is tomorrow's
// only where that is nearer than today's.
func TestUntilIsTheNearerTime(t *testing.T) {
	midnight := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	for at := range 24 * 60 {
		now := midnight.Add(time.Duration(at) * time.Minute)
		for _, ahead := range []int{1, 30, 6 * 60, 12 * 60, 12*60 + 1, 18 * 60, 24*60 - 2, 24 * 60} {
			clock := now.Add(time.Duration(ahead) * time.Minute)
			got, err := untilClock(clock.Hour(), clock.Minute()).Minutes(grammar.Moment{Now: now, End: now, Zone: time.UTC})
			amount, _ := errors.AsType[*grammar.AmountError](err)
			passed := amount != nil && amount.Problem == grammar.HasPassed && amount.Until.Equal(clock.AddDate(0, 0, -1))
			if ahead > 12*60 && !passed || ahead <= 12*60 && (err != nil || got != ahead) {
				t.Fatalf("until %s at %s: %d, %+v", clock.Format("15:04"), now.Format("15:04"), got, amount)
			}
		}
	}
}
