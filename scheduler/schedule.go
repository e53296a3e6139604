package scheduler

import (
	"errors"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

// scheduleParser takes five fields, six with the seconds first, and descriptors as @every 30s.
var scheduleParser = cron.NewParser(cron.SecondOptional | cron.Minute | cron.Hour | cron.Dom | cron.Month |
	cron.Dow | cron.Descriptor)

// ParseSchedule reads a cron spec, with CRON_TZ= before it for another zone than the machine's. Some specs make the
// library panic, some name dates that never come, and it takes an interval of nothing for a second. Here these are
// errors. None of them quotes the spec, which may be a secret in the wrong place.
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
	// Any start will do. What never comes in the five years from here does not come later.
	if schedule.Next(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)).IsZero() {
		return nil, errors.New("it names a date that never comes")
	}
	return schedule, nil
}
