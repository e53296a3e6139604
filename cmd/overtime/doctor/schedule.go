package doctor

import (
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

// LookMoreOften is the remedy for a schedule that looks more rarely than the lead.
const LookMoreOften = `let AUTO_EXTEND_SCHEDULE look more often, as "* * * * *", or raise AUTO_EXTEND_LEAD`

// CheckSchedule tells the next three looks. Misses says what falls between two looks; empty: nothing does.
func CheckSchedule(schedule cron.Schedule, misses string, now time.Time) Check {
	var looks []string
	for at := schedule.Next(now); len(looks) < 3 && !at.IsZero(); at = schedule.Next(at) {
		looks = append(looks, at.Format("Jan 2 15:04:05 MST"))
	}
	next := "the next looks are at " + strings.Join(looks, ", ")
	if misses != "" {
		return Join(Schedule, Doubt(misses+"; "+next, LookMoreOften))
	}
	return Join(Schedule, Found(next+"; they miss no meeting that runs for longer than the time between two"))
}
