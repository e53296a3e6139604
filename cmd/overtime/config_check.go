package main

import (
	"cmp"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/caarlos0/env/v11"
	"github.com/robfig/cron/v3"

	"github.com/overtime-bot/overtime/bot/manifest"
	"github.com/overtime-bot/overtime/cmd/overtime/doctor"
	"github.com/overtime-bot/overtime/scheduler"
)

// ConfigError is everything that is wrong with the configuration.
type ConfigError struct {
	Faults []Fault // in the order of Variables, never empty
}

// Fault is one thing that is wrong, with what to write instead. It holds no secret.
type Fault struct {
	Name string // the variable, or the env file
	Text string

	meant  string // the variable that an unknown name in the env file stands for
	unread string // the env file that cannot be read, and may set the variable that is missing
}

// Error lists the faults, one a line.
func (e *ConfigError) Error() string {
	text := "the configuration has a fault:"
	if len(e.Faults) > 1 {
		text = fmt.Sprintf("the configuration has %d faults:", len(e.Faults))
	}
	for _, fault := range e.Faults {
		text += "\n  " + fault.Name + " " + fault.Text
	}
	return text
}

func (l *configLoad) fault(name, format string, arguments ...any) {
	if l.flawed[name] {
		return
	}
	l.faults = append(l.faults, Fault{Name: name, Text: fmt.Sprintf(format, arguments...)})
}

// missing is the fault of a variable that is not set. Where the env file cannot be read, that is the one fault to tell.
func missing(l *configLoad, name, format string, arguments ...any) {
	before := len(l.faults)
	l.fault(name, format, arguments...)
	for at := range l.faults[before:] {
		l.faults[before+at].unread = l.unread
	}
}

// told are the faults without those that another explains.
func told(faults []Fault) []Fault {
	return slices.DeleteFunc(slices.Clone(faults), func(fault Fault) bool { return fault.unread != "" })
}

func (l *configLoad) warn(format string, arguments ...any) {
	l.warnings = append(l.warnings, fmt.Sprintf(format, arguments...))
}

func (l *configLoad) hasFault(names ...string) bool {
	return slices.ContainsFunc(l.faults, func(fault Fault) bool { return slices.Contains(names, fault.Name) })
}

// stated begins a fault's sentence: what the value is now.
func (l *configLoad) stated(name string) string {
	if l.values[name] == "" {
		return "is empty"
	}
	return "is " + shown(l.values[name])
}

// looksSecret finds tokens and passwords in a variable that should hold neither.
var looksSecret = regexp.MustCompile(`(?i)xox|xapp|://[^/]*@|password|secret`)

// shown quotes a value, unless somebody put a secret there by mistake.
func shown(value string) string {
	const most = 60 // bytes
	if looksSecret.MatchString(value) || len(value) > most {
		return "not right (its value is not shown here)"
	}
	return strconv.Quote(value)
}

// accepts reports whether value has the type of the variable and is within its bounds. Only a text or a list may be empty.
func (v Variable) accepts(value string) bool {
	switch {
	case v.oneOf != "":
		return slices.Contains(strings.Fields(v.oneOf), value)
	case value == "":
		return v.Secret || v.kind.Kind() == reflect.Slice || v.kind.Kind() == reflect.String
	}
	options := env.Options{Environment: map[string]string{v.Name: value}}
	if env.ParseWithOptions(&Config{}, options) != nil {
		return false
	}
	if v.bounds == "" {
		return true
	}
	least, most, _ := strings.Cut(v.bounds, " ")
	return v.number(least) <= v.number(value) && v.number(value) <= v.number(most)
}

// number reads an int, or a duration in nanoseconds.
func (v Variable) number(text string) int64 {
	if v.kind == reflect.TypeFor[time.Duration]() {
		duration, _ := time.ParseDuration(text)
		return int64(duration)
	}
	number, _ := strconv.ParseInt(text, 10, 64)
	return number
}

// form describes what a variable takes.
func (v Variable) form() string {
	least, most, _ := strings.Cut(v.bounds, " ")
	switch {
	case v.oneOf != "":
		return "one of " + strings.Join(strings.Fields(v.oneOf), ", ")
	case v.kind == reflect.TypeFor[time.Duration]():
		return fmt.Sprintf("a duration from %s to %s with its unit, as 30s, 10m or 1h30m", least, most)
	case v.kind.Kind() == reflect.Bool:
		return "true or false"
	case v.bounds != "":
		return fmt.Sprintf("a whole number from %s to %s", least, most)
	default:
		return "debug, info, warn or error"
	}
}

// check finds the faults that a type does not show, and normalises lists and URLs.
func (l *configLoad) check(config *Config) {
	l.checkTokens(config.Slack)
	if err := manifest.CheckCommand(config.Slack.Command); err != nil {
		l.fault("SLACK_COMMAND", "%s: %v", l.stated("SLACK_COMMAND"), err)
	}
	l.checkLogin(config.Meeting)
	config.Slack.APIURL = l.checkURL("SLACK_API_URL", config.Slack.APIURL) + "/"
	explained := slices.ContainsFunc(l.warnings, func(warning string) bool { return strings.HasPrefix(warning, "SLACK_API_URL in ") })
	if !strings.HasSuffix(config.Slack.APIURL, "/api/") && !l.hasFault("SLACK_API_URL") && !explained {
		l.warn("SLACK_API_URL does not end in /api/: write https://slack.com/api/")
	}
	config.Meeting.APIURL = l.checkURL("MEETING_API_URL", config.Meeting.APIURL)
	l.checkDatabase(config.DatabaseURL.Reveal())
	l.checkAddr(config.HTTPAddr)
	l.checkIDs(config)
	l.checkAmounts(*config)
	l.checkSchedule(config.AutoExtend)
	place := func(fault Fault) int { // of the documentation; -1 = the env file
		return slices.IndexFunc(l.variables, func(variable Variable) bool {
			return strings.TrimSuffix(fault.Name, secretFileSuffix) == variable.Name
		})
	}
	slices.SortStableFunc(l.faults, func(a, b Fault) int { return cmp.Compare(place(a), place(b)) })
}

// checkSchedule takes a schedule that looks more rarely than the lead, and says what comes of that.
func (l *configLoad) checkSchedule(config AutoExtendConfig) {
	schedule, err := scheduler.ParseSchedule(config.Schedule)
	if err != nil {
		l.fault("AUTO_EXTEND_SCHEDULE", `%s: %v; write five cron fields, as "* * * * *" (every minute), `+
			`six with seconds first, @hourly, or "@every 30s"`, l.stated("AUTO_EXTEND_SCHEDULE"), err)
		return
	}
	if misses := missedLooks(schedule, config.Lead); misses != "" {
		l.warn("%s; %s", misses, doctor.LookMoreOften)
	}
}

// missedLooks says what falls between two looks of a schedule that looks more rarely than the lead; "" for any other.
func missedLooks(schedule cron.Schedule, lead time.Duration) string {
	pause := scheduler.LongestPause(schedule, time.Now())
	if lead <= 0 || pause <= lead {
		return ""
	}
	return fmt.Sprintf("AUTO_EXTEND_SCHEDULE looks at the meetings up to %s apart, and AUTO_EXTEND_LEAD is %s: what falls between two "+
		"looks is dealt with at the look before, and a meeting that begins and ends between two is missed", written(pause), written(lead))
}

// written is a duration as people write it.
func written(d time.Duration) string {
	text := d.Round(time.Second).String()
	for _, nothing := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(text, nothing) {
			text = text[:len(text)-len("0s")]
		}
	}
	return text
}

// checkURL accepts https, and http on loopback alone. It returns the URL without a slash at the end.
func (l *configLoad) checkURL(name, value string) string {
	example := l.variables[slices.IndexFunc(l.variables, func(variable Variable) bool { return variable.Name == name })].Default
	address, err := url.Parse(value)
	if err != nil || address.Hostname() == "" {
		l.fault(name, "%s: write a URL, as %s", l.stated(name), example)
		return value
	}
	ip, _ := netip.ParseAddr(address.Hostname()) // the zero Addr is no loopback
	loopback := address.Hostname() == "localhost" || ip.IsLoopback()
	switch {
	case address.User != nil || address.RawQuery != "" || address.Fragment != "":
		l.fault(name, "holds more than an address: write it without a login, ? or #, as %s", example)
	case address.Scheme == "https", address.Scheme == "http" && loopback:
		return strings.TrimRight(value, "/")
	default:
		l.fault(name, "%s: write https://…; http would send secrets in the clear, and is taken for "+
			"127.0.0.1, [::1] and localhost alone", l.stated(name))
	}
	return value
}

func (l *configLoad) checkAddr(value string) {
	if value == "" {
		return
	}
	_, port, err := net.SplitHostPort(value)
	_, portErr := strconv.ParseUint(port, 10, 16) // 0 too: the system chooses one
	if err != nil || portErr != nil || strings.ContainsFunc(value, isSpace) {
		l.fault("HTTP_ADDR", "%s: write host:port, as 127.0.0.1:8080, or :8080 for every address; empty = none",
			l.stated("HTTP_ADDR"))
	}
}

// checkAmounts finds defaults that a limit would always refuse.
func (l *configLoad) checkAmounts(config Config) {
	for _, amount := range []struct {
		name  string
		value int
		limit string
		most  int
	}{
		{"DEFAULT_MINUTES", config.Limits.DefaultMinutes, "MAX_MINUTES", config.Limits.MaxMinutes},
		{"DEFAULT_MINUTES", config.Limits.DefaultMinutes, "MAX_TOTAL_MINUTES", config.Limits.MaxTotalMinutes},
		{"AUTO_EXTEND_MINUTES", config.AutoExtend.Minutes, "MAX_MINUTES", config.Limits.MaxMinutes},
		{"AUTO_EXTEND_MINUTES", config.AutoExtend.Minutes, "AUTO_EXTEND_MAX", config.AutoExtend.Max},
	} {
		if amount.value > amount.most && !l.hasFault(amount.name, amount.limit) {
			l.fault(amount.name, "is %d, which is more than %s (%d): write at most %d, or raise %s",
				amount.value, amount.limit, amount.most, amount.most, amount.limit)
		}
	}
}

// warnOfAccess warns of what is legal and probably not meant.
func (l *configLoad) warnOfAccess(config Config) {
	access := config.Access
	lists := [][]string{
		access.AllowedUsers, access.AllowedGroups, access.AllowedChannels, access.AdminUsers, access.AdminGroups,
	}
	anybody := slices.ContainsFunc(lists, func(list []string) bool { return len(list) > 0 })
	switch {
	case !anybody && access.HostsMayExtend:
		l.warn("nobody is listed in ALLOWED_* or ADMIN_*, so that only the host of a meeting may extend it: list others there, unless that is meant")
	case !anybody:
		l.warn("nobody is listed in ALLOWED_* or ADMIN_*, and HOSTS_MAY_EXTEND is false, so that nobody may extend anything: list somebody there")
	}
	if config.Limits.ApprovalChannel != "" && len(access.AdminUsers)+len(access.AdminGroups) == 0 {
		l.warn("APPROVAL_CHANNEL is set, and nobody can approve there: list somebody in ADMIN_USERS or ADMIN_GROUPS")
	}
}
