package bot

import (
	"cmp"
	"fmt"
	"sync"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/bot/i18n"
)

// dateToken shows an instant in each reader's own zone, by their device: the time alone while that is clear, else with the
// date in figures. Words such as "tomorrow" would be in the language of the device, which may not be that of the sentence.
// The fallback, for those who cannot show it, is in the zone of the person who is answered, or in UTC.
func dateToken(at time.Time, zone *time.Location, now time.Time) string {
	return shownDate(at, zone, at.Sub(now).Abs() >= clearFor)
}

// timeOfDayToken is dateToken for a moment whose day matters: the date is left out on the day of now alone.
func timeOfDayToken(at time.Time, zone *time.Location, now time.Time) string {
	local := cmp.Or(zone, time.UTC)
	sameDay := at.In(local).Format(time.DateOnly) == now.In(local).Format(time.DateOnly)
	return shownDate(at, zone, !sameDay || at.Sub(now).Abs() >= clearFor)
}

func shownDate(at time.Time, zone *time.Location, withDay bool) string {
	format := "{time}"
	if withDay {
		format = "{time} ({date_num})"
	}
	return tokenOf(at, zone, format)
}

// tokenOf is Slack's token for an instant.
func tokenOf(at time.Time, zone *time.Location, format string) string {
	zone = cmp.Or(zone, time.UTC)
	return fmt.Sprintf("<!date^%d^%s|%s>", at.Unix(), format, at.In(zone).Format("2006-01-02 15:04 MST"))
}

// clearFor is how near an instant is whose time of day alone tells which day is meant.
const clearFor = 12 * time.Hour

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

// within says how soon something is, rounded down.
func within(say i18n.Printer, left time.Duration) string {
	minutes := int((left + nearly) / time.Minute)
	switch {
	case minutes < 1:
		return say.Say(i18n.WithinNone, nil)
	case minutes < 60:
		return say.Say(i18n.Within, i18n.Data{"Count": minutes})
	default:
		return say.Say(i18n.WithinHours, i18n.Data{"Hours": minutes / 60, "Minutes": minutes % 60})
	}
}

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
