package scheduler

import (
	"errors"
	"math"
	"math/bits"
	"slices"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

// scheduleParser takes five fields, six with the seconds first, and descriptors as @every 30s.
var scheduleParser = cron.NewParser(cron.SecondOptional | cron.Minute | cron.Hour | cron.Dom | cron.Month |
	cron.Dow | cron.Descriptor)

// ParseSchedule reads a cron spec, with CRON_TZ= before it for another zone than the machine's. Some specs make the
// library panic, some name dates that never come, and it takes an interval of nothing for a second, and */90 for 0. Here
// these are errors. None of them quotes the spec, which may be a secret in the wrong place.
func ParseSchedule(spec string) (schedule cron.Schedule, err error) {
	defer func() {
		if recover() != nil {
			schedule, err = nil, errors.New("a time zone is followed by the fields of a schedule")
		}
	}()
	schedule, err = scheduleParser.Parse(spec)
	if err != nil {
		return nil, errors.New("it is not a schedule")
	}
	if interval, found := strings.CutPrefix(spec[strings.Index(spec, "@")+1:], "every "); found {
		if every, err := time.ParseDuration(interval); err == nil && every < time.Second {
			return nil, errors.New("the shortest interval is a second")
		}
	}
	if oversteps(spec) {
		return nil, errors.New("a step is longer than its field")
	}
	// Any start will do. What never comes in the five years from here does not come later.
	if schedule.Next(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)).IsZero() {
		return nil, errors.New("it names a date that never comes")
	}
	return schedule, nil
}

// oversteps says that a step of the spec leads out of its field, or of its range: only the first value of it is left, as
// of */90 in the minutes. Nobody means that.
func oversteps(spec string) bool {
	fields := strings.Fields(spec)
	if len(fields) > 0 && strings.Contains(fields[0], "TZ=") {
		fields = fields[1:]
	}
	for i, field := range fields {
		for part := range strings.SplitSeq(field, ",") {
			_, step, found := strings.Cut(part, "/")
			if !found || step == "1" {
				continue
			}
			alone := slices.Repeat([]string{"*"}, len(fields))
			alone[i] = part
			if schedule, err := scheduleParser.Parse(strings.Join(alone, " ")); err == nil && values(schedule, len(fields), i) < 2 {
				return true
			}
		}
	}
	return false
}

// values counts what one of so many fields allows.
func values(schedule cron.Schedule, fields, at int) int {
	s, ok := schedule.(*cron.SpecSchedule)
	if !ok {
		return math.MaxInt
	}
	all := []uint64{s.Second, s.Minute, s.Hour, s.Dom, s.Month, s.Dow}
	return allowed(all[len(all)-fields+at])
}

// allowed counts the values that a field allows.
func allowed(field uint64) int {
	const starred = 1 << 63 // the library's mark of a field that says *
	return bits.OnesCount64(field &^ starred)
}

// steadily has an interval's looks fall on the same times whenever a process began, so that all replicas name the same ones.
func steadily(schedule cron.Schedule) cron.Schedule {
	if interval, ok := schedule.(cron.ConstantDelaySchedule); ok {
		return steady{interval.Delay}
	}
	return schedule
}

type steady struct{ every time.Duration }

func (s steady) Next(after time.Time) time.Time { return after.Truncate(s.every).Add(s.every) }

// LongestPause is how long a schedule waits between two looks at the most, in the year from then: to the second within a
// day, and else to the hour.
func LongestPause(schedule cron.Schedule, from time.Time) time.Duration {
	var longest time.Duration
	for at := schedule.Next(from); at.After(from) && at.Before(from.AddDate(0, 0, 1)); {
		next := schedule.Next(at)
		longest, at = max(longest, next.Sub(at)), next
	}
	if sameEachHour(schedule) {
		return longest
	}
	for at := from; at.Before(from.AddDate(1, 0, 0)); at = at.Add(time.Hour) {
		longest = max(longest, schedule.Next(at).Sub(at))
	}
	return longest
}

// sameEachHour says that a schedule looks at the same minutes of every hour of the year, so that a day shows its pauses.
func sameEachHour(schedule cron.Schedule) bool {
	s, ok := schedule.(*cron.SpecSchedule)
	return ok && allowed(s.Hour) == 24 && allowed(s.Dom) == 31 && allowed(s.Month) == 12 && allowed(s.Dow) == 7
}

// lastLook is the last look that is not after at, of those after now. It is the first one where that is later.
func lastLook(schedule cron.Schedule, now, at time.Time) time.Time {
	look := schedule.Next(now)
	for back := time.Minute; at.Add(-back).After(look); back *= 2 { // looks may be seconds apart, and at days away
		if near := schedule.Next(at.Add(-back)); !near.After(at) {
			look = near
			break
		}
	}
	for {
		next := schedule.Next(look)
		if next.IsZero() || next.After(at) {
			return look
		}
		look = next
	}
}
