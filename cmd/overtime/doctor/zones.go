package doctor

import (
	"fmt"
	"strings"
	"time"
)

// CheckZones tells the zone that the schedule and the log go by. Wanted is the variable TZ: Go silently takes UTC for a zone
// that it does not know.
func CheckZones(wanted string, now time.Time) Check {
	zone, _ := now.Zone()
	local := fmt.Sprintf("this machine's is %s, where it is %s now", zone, now.Format("15:04"))
	if _, err := time.LoadLocation(strings.TrimPrefix(wanted, ":")); err != nil && !strings.HasPrefix(wanted, ":/") && !strings.HasPrefix(wanted, "/") {
		return Join(TimeZones, Fault("TZ names no time zone that is known, so that UTC is used",
			"write TZ as a place of the zone database, as Asia/Shanghai or Europe/Berlin"))
	}
	if _, err := time.LoadLocation("Asia/Shanghai"); err != nil {
		return Join(TimeZones, Fault("the zone database is missing, so that people read times in UTC", "install tzdata, or use the released binary, which holds it"))
	}
	return Join(TimeZones, Found(local+"; people read times in the zone of their Slack profile"))
}
