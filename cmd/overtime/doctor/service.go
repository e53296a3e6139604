package doctor

import (
	"fmt"
	"time"

	"github.com/overtime-bot/overtime/meeting"
)

const becomeAdmin = "make the account an administrator of the enterprise"

// Login is how the meeting service received the bot.
type Login struct {
	Account string // or the App ID
	Role    meeting.Role
	All     bool // MEETING_QUERY_ALL
	Err     error
	Words   Words
}

// CheckLogin judges it. A refused login is not tried again, since that locks accounts.
func CheckLogin(login Login) Check {
	switch {
	case login.Err != nil:
		return Join(MeetingLogin, Fault(login.Words(login.Err)))
	case login.Role == meeting.RoleAdmin:
		return Join(MeetingLogin, Found(login.Account+" is let in as an administrator of the enterprise"))
	case login.Role == meeting.RoleUnknown:
		return Join(MeetingLogin, Found(login.Account+" is let in; the service does not tell its role"))
	case !login.All:
		return Join(MeetingLogin, Found(login.Account+" is let in as an ordinary account, and sees its own meetings alone, as MEETING_QUERY_ALL=false wants"))
	}
	return Join(MeetingLogin, Doubt(login.Account+" is let in as an ordinary account, which sees its own meetings alone",
		becomeAdmin+", or set MEETING_QUERY_ALL=false"))
}

// CheckPasswords judges how many of a sample of running meetings show their host's password, which an extension needs.
func CheckPasswords(sample meeting.Sample) Check {
	count := fmt.Sprintf("the host password of %d of %d running meetings is shown", sample.Extendable, sample.Seen)
	if sample.Running > sample.Seen {
		count += fmt.Sprintf(" (a sample; %d run)", sample.Running)
	}
	switch {
	case sample.Seen == 0 && sample.Unreadable > 0:
		return Join(MeetingPasswords, Fault(fmt.Sprintf("none of the %d running meetings in the service's list can be read: their form is not known",
			sample.Unreadable), "look for a newer version of Overtime, or report it"))
	case sample.Seen == 0:
		return Join(MeetingPasswords, Found("no meeting runs now, so there was nothing to look at: start one and run overtime doctor again"))
	case sample.Extendable == 0:
		return Join(MeetingPasswords, Fault(count+": nothing can be extended", becomeAdmin+", or let it schedule the meetings"))
	case sample.Extendable*2 < sample.Seen:
		return Join(MeetingPasswords, Doubt(count+"; for the others the host is asked for it", becomeAdmin+", or let it schedule the meetings"))
	}
	return Join(MeetingPasswords, Found(count))
}

// CheckClock judges the service's Date against ours. Ahead is 0 where they agree; told says what is wrong otherwise.
func CheckClock(dated bool, ahead time.Duration, told string) Check {
	switch {
	case ahead != 0:
		return Join(Clock, Fault(seenAndRemedy(told, "set it by NTP")))
	case !dated:
		return Join(Clock, Doubt("not compared: no answer of the meeting service had a Date", "see that this machine sets its clock by NTP"))
	}
	return Join(Clock, Found("it agrees with the meeting service's to the minute"))
}

// CheckQuota judges what the service tells of its quota. Rate is MEETING_RATE.
func CheckQuota(told []meeting.Told, rate int) Check {
	if len(told) == 0 {
		return Join(Quota, Found(fmt.Sprintf("the service tells none; MEETING_RATE holds the bot to %s", calls(rate))))
	}
	least := told[0]
	seen := fmt.Sprintf("%d of %d calls are left in %v; MEETING_RATE holds the bot to %s", least.Left, least.Limit, least.Period, calls(rate))
	perMinute := int(float64(least.Limit) * float64(time.Minute) / float64(least.Period))
	switch {
	case least.Left*10 < least.Limit:
		return Join(Quota, Doubt(seen, "find out who else uses the account, or ask Huawei for a larger quota"))
	case least.Period >= time.Minute && (rate == 0 || rate > perMinute):
		return Join(Quota, Doubt(seen, fmt.Sprintf("set MEETING_RATE=%d, which is what the service grants", max(perMinute, 1))))
	}
	return Join(Quota, Found(seen))
}

func calls(rate int) string {
	if rate == 0 {
		return "no limit of our own"
	}
	return fmt.Sprintf("%d a minute", rate)
}
