package bot

import (
	"fmt"
	"sync"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/bot/i18n"
)

// dateToken shows an instant in each reader's own zone, by their device. Notifications and screen readers use its
// fallback, which is in the zone of the person who is answered, or in UTC.
func dateToken(at time.Time, zone *time.Location) string {
	if zone == nil {
		zone = time.UTC
	}
	return fmt.Sprintf("<!date^%d^{date_short_pretty} {time}|%s>", at.Unix(), at.In(zone).Format("2006-01-02 15:04 MST"))
}

var zones sync.Map // by name: to load one reads a file

// zoneOfPerson is the zone that a person's clock shows, by its name or else by its distance from UTC; nil if Slack tells
// neither. A distance of 0 says nothing: Slack's answer has it also where it tells none.
func zoneOfPerson(person access.Person) *time.Location {
	if zone := zoneOf(person.Zone); zone != nil {
		return zone
	}
	if offset := person.ZoneOffset; offset != 0 && offset >= -furthestZone && offset <= furthestZone {
		return time.FixedZone("", offset)
	}
	return nil
}

const furthestZone = 15 * 60 * 60 // seconds; the furthest is 14 hours ahead

// zoneOf finds a zone by its IANA name; nil if there is none.
func zoneOf(name string) *time.Location {
	if zone, ok := zones.Load(name); ok {
		return zone.(*time.Location)
	}
	zone, err := time.LoadLocation(name)
	if err != nil || name == "" || name == "Local" {
		return nil
	}
	zones.Store(name, zone)
	return zone
}

// nearly is how long a look at the meetings may take: a prompt ten minutes before an end says "10 minutes left".
const nearly = 5 * time.Second

// remaining says how long something still takes, rounded down.
func remaining(say i18n.Printer, left time.Duration) string {
	minutes := int((left + nearly) / time.Minute)
	switch {
	case minutes < 1:
		return say.Say(i18n.RemainingNone, nil)
	case minutes < 60:
		return say.Say(i18n.Remaining, i18n.Data{"Count": minutes})
	default:
		return say.Say(i18n.RemainingHours, i18n.Data{"Hours": minutes / 60, "Minutes": minutes % 60})
	}
}
