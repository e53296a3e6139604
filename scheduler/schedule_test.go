package scheduler_test

import (
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler"
)

func TestParseSchedule(t *testing.T) {
	shanghai, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 3, 2, 15, 0, 10, 0, time.UTC)
	for spec, want := range map[string]time.Time{
		"* * * * *":                           time.Date(2026, 3, 2, 15, 1, 0, 0, time.UTC),
		"*/20 * * * * *":                      time.Date(2026, 3, 2, 15, 0, 20, 0, time.UTC),
		"@every 90s":                          time.Date(2026, 3, 2, 15, 1, 40, 0, time.UTC),
		"*/59 * * * *":                        time.Date(2026, 3, 2, 15, 59, 0, 0, time.UTC),
		"10-20/10,5/1 * * * *":                time.Date(2026, 3, 2, 15, 5, 0, 0, time.UTC),
		"0 */12 * * *":                        time.Date(2026, 3, 3, 0, 0, 0, 0, time.UTC),
		"0 0 1 JAN-DEC/11 *":                  time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC),
		"59/1 * * * *":                        time.Date(2026, 3, 2, 15, 59, 0, 0, time.UTC),
		"@hourly":                             time.Date(2026, 3, 2, 16, 0, 0, 0, time.UTC),
		"CRON_TZ=Asia/Shanghai 30 9 * * *":    time.Date(2026, 3, 3, 9, 30, 0, 0, shanghai),
		"TZ=Asia/Shanghai 0 30 9 * * MON-FRI": time.Date(2026, 3, 3, 9, 30, 0, 0, shanghai),
		"0 0 29 2 *":                          time.Date(2028, 2, 29, 0, 0, 0, 0, time.UTC),
	} {
		schedule, err := scheduler.ParseSchedule(spec)
		if err != nil {
			t.Errorf("%q: %v", spec, err)
			continue
		}
		if got := schedule.Next(now); !got.Equal(want) {
			t.Errorf("%q: next at %v, want %v", spec, got, want)
		}
	}
}

func TestParseScheduleRefuses(t *testing.T) {
	for spec, want := range map[string]string{
		"":                                "not a schedule",
		"* * * *":                         "not a schedule",
		"60 * * * *":                      "not a schedule",
		"@never":                          "not a schedule",
		"CRON_TZ=Moon/Sea * * * * *":      "not a schedule",
		"@every":                          "not a schedule",
		"CRON_TZ=Asia/Shanghai":           "followed by the fields", // the library panics
		"TZ=":                             "followed by the fields",
		"0 0 30 2 *":                      "never comes", // the library would wait for ever
		"0 0 31 4,6,9,11 *":               "never comes",
		"*/90 * * * *":                    "a step is longer", // the library would take 0
		"*/60 * * * *":                    "a step is longer",
		"0-30/45 * * * *":                 "a step is longer",
		"*/5,10-20/11 * * * *":            "a step is longer",
		"50/15 * * * *":                   "a step is longer",
		"*/75 * * * * *":                  "a step is longer",
		"0 */90 * * * *":                  "a step is longer",
		"0 */24 * * *":                    "a step is longer",
		"0 0 */40 * *":                    "a step is longer",
		"0 0 1 */13 *":                    "a step is longer",
		"0 0 1 JAN-MAR/3 *":               "a step is longer",
		"0 0 * * */8":                     "a step is longer",
		"CRON_TZ=UTC 0 9-17/9 * * *":      "a step is longer",
		"@every 0s":                       "shortest interval", // the library would take a second
		"@every 999ms":                    "shortest interval",
		"CRON_TZ=UTC @every -1m":          "shortest interval",
		"xoxb-secret xoxb-secret * * * *": "not a schedule",
	} {
		schedule, err := scheduler.ParseSchedule(spec)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "xoxb") {
			t.Errorf("%q: %v, %v; want %q", spec, schedule, err, want)
		}
	}
}

// Whatever a schedule holds, it is an error or it works.
func FuzzParseSchedule(f *testing.F) {
	for _, seed := range []string{"* * * * *", "TZ=", "CRON_TZ=Asia/Shanghai", "@every 1s", "0 0 30 2 *", ",,, * * * *"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, spec string) {
		schedule, err := scheduler.ParseSchedule(spec)
		if err == nil && schedule.Next(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)).IsZero() {
			t.Errorf("%q never comes", spec)
		}
	})
}
