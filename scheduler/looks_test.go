package scheduler

import (
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// anySchedule is a schedule of any form that looks at most two days apart.
func anySchedule(random *rand.Rand) string {
	list := func(least, most int) string {
		text := strconv.Itoa(least + random.IntN(most-least))
		for range random.IntN(4) {
			text += "," + strconv.Itoa(least+random.IntN(most-least))
		}
		return text
	}
	zone := []string{"", "CRON_TZ=Asia/Shanghai ", "CRON_TZ=America/St_Johns "}[random.IntN(3)]
	step := strconv.Itoa(1 + random.IntN(29))
	switch random.IntN(7) {
	case 0:
		return zone + "*/" + step + " * * * *"
	case 1:
		return zone + list(0, 59) + " * * * *"
	case 2:
		return zone + list(0, 59) + " */" + strconv.Itoa(1+random.IntN(11)) + " * * *"
	case 3:
		return "@every " + strconv.Itoa(1+random.IntN(300)) + "m"
	case 4:
		return "@every " + strconv.Itoa(5+random.IntN(3000)) + "s"
	case 5:
		return zone + "*/" + step + " " + list(0, 59) + " " + list(7, 20) + " * * *"
	}
	return []string{"@hourly", "@daily", "0 8-18 * * *", "*/5 9-17 * * *"}[random.IntN(4)]
}

// Whatever the schedule and the lead: the meeting is acted on by the last look before its time, which is the one that is
// named ahead. Where there is none before that time, the schedule is one that people are warned of, or the meeting was
// shorter than the lead.
func TestEveryEndIsActedOnInTime(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 1000 {
		spec := anySchedule(random)
		schedule, err := ParseSchedule(spec)
		if err != nil {
			t.Fatalf("%q: %v", spec, err)
		}
		schedule = steadily(schedule)
		lead := time.Duration(1+random.IntN(120)) * time.Minute
		start := time.Date(2026, 3, 1+random.IntN(40), random.IntN(24), random.IntN(60), 0, 0, time.UTC)
		end := start.Add(time.Duration(15+random.IntN(400)) * time.Minute)
		m := meeting.Meeting{ID: "1", Start: start, End: end, People: 3, Extendable: true}
		terms := Terms{Automation: Automation{Lead: lead, Minutes: 15, Max: 60, MinPeople: 2}}
		due := end.Add(-lead)
		var acted, said time.Time
		for look := schedule.Next(start); look.Before(end); look = schedule.Next(look) {
			history := History{Run: RunSummary{Run: extension.RunOf(m)}, NextLook: schedule.Next(look)}
			decision := Decide(look, m, Rule{Mode: ModeAsk}, history, terms)
			if decision.Act != ActNothing {
				acted = look
				break
			}
			if now := lastLook(schedule, look, decision.At); !said.IsZero() && !now.Equal(said) {
				t.Fatalf("%q, lead %v: %v was named first, then %v", spec, lead, said, now)
			} else {
				said = now
			}
		}
		switch {
		case acted.IsZero():
			if LongestPause(schedule, start) <= lead && end.Sub(start) > lead {
				t.Errorf("%q, lead %v, from %v to %v: nobody acted, and nobody is warned", spec, lead, start, end)
			}
		case acted.After(due) && LongestPause(schedule, start) <= lead && end.Sub(start) > 2*lead:
			t.Errorf("%q, lead %v, from %v to %v: acted at %v only", spec, lead, start, end, acted)
		case schedule.Next(acted).Before(due):
			t.Errorf("%q, lead %v, from %v to %v: acted at %v, long before its time", spec, lead, start, end, acted)
		case !said.IsZero() && !said.Equal(acted):
			t.Errorf("%q, lead %v, from %v to %v: acted at %v, said %v", spec, lead, start, end, acted, said)
		}
	}
}

func TestLongestPause(t *testing.T) {
	for spec, want := range map[string]time.Duration{
		"* * * * *":       time.Minute,
		"*/20 * * * * *":  20 * time.Second,
		"@every 90m":      90 * time.Minute,
		"@hourly":         time.Hour,
		"*/45 * * * *":    45 * time.Minute,
		"0,10 * * * *":    50 * time.Minute,
		"*/5 9-17 * * *":  15*time.Hour + 5*time.Minute,
		"* * * * MON-FRI": 48 * time.Hour,
		// An hour longer in the night that the clocks go back.
		"CRON_TZ=America/New_York */5 9-17 * * *": 15*time.Hour + 52*time.Minute + 30*time.Second,
		"* * 1-28 * *":        3 * 24 * time.Hour,
		"* * * 1-6,8-12 *":    31 * 24 * time.Hour,
		"CRON_TZ=UTC @weekly": 7 * 24 * time.Hour,
	} {
		schedule, err := ParseSchedule(spec)
		if err != nil {
			t.Fatal(err)
		}
		got := LongestPause(schedule, time.Date(2026, 3, 2, 15, 7, 30, 0, time.UTC))
		if got > want+time.Hour && want >= 24*time.Hour || got > want && want < 24*time.Hour || got < want-time.Hour || want < 24*time.Hour && got != want {
			t.Errorf("%q: %v, want %v", spec, got, want)
		}
	}
}
