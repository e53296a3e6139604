package grammar

import (
	"regexp"
	"strconv"
)

// partHours is a number of hours with a fraction. It has no minutes of a clock: "15.30 h" is half past three in Spanish.
var partHours = regexp.MustCompile(`^\+?([0-9]{0,2})[.,]([0-9]|25|75)(\pL*)$`)

// inMinutes writes hours with a fraction, in front of the words, as minutes: "1.5 h" and "1,5 horas" are "90m".
func inMinutes(words []string) []string {
	found := partHours.FindStringSubmatch(words[0])
	if found == nil {
		return words
	}
	unit, rest := found[3], words[1:]
	if unit == "" && len(rest) > 0 {
		unit, rest = rest[0], rest[1:]
	}
	if meaningOf(unit) != meaningHours {
		return words
	}
	whole, _ := strconv.Atoi(found[1]) // of at most two digits, or of none
	fraction, _ := strconv.Atoi(found[2])
	minutes := whole*60 + fraction*6
	if len(found[2]) > 1 { // hundredths
		minutes = whole*60 + fraction*60/100
	}
	return append([]string{strconv.Itoa(minutes) + "m"}, rest...)
}

// andAHalf are hours and a half of another: "2 hours and a half".
var andAHalf = regexp.MustCompile(`(?i)^([0-9]{1,2}) ?(?:and a half hours?|h(?:ours?|rs?)? and a half|h(?:oras?)? y media|(?:个|個)半(?:小时|小時|钟头|鐘頭))$`)

// halvesIn reads words that are nothing but hours and a half.
func halvesIn(text string) (minutes int, ok bool) {
	found := andAHalf.FindStringSubmatch(text)
	if found == nil {
		return 0, false
	}
	hours, _ := strconv.Atoi(found[1])
	return hours*60 + 30, true
}
