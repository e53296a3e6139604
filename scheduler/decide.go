package scheduler

import (
	"time"
)

// Act is what automation does with a meeting now.
type Act string

// The acts.
const (
	ActNothing Act = "nothing"
	ActAsk     Act = "ask"
	ActExtend  Act = "extend"
)

// Reason says why a decision came out as it did; it is never empty.
type Reason string

// The reasons. The first three come with an act.
const (
	TimeToAsk    Reason = "time-to-ask"
	TimeToExtend Reason = "time-to-extend"
	AskAtCap     Reason = "cap-reached-ask" // the automatic minutes of the run are used up: it asks

	NoRule          Reason = "no-rule"          // nobody watches it and AUTO_EXTEND is off
	RuleOff         Reason = "off"              // its rule says off
	NotYet          Reason = "not-yet"          // Decision.At says when
	AskedAlready    Reason = "asked-already"    // for this end
	ExtendedAlready Reason = "extended-already" // at this end; the new end is not read yet
	CapReached      Reason = "cap-reached"      // and asked for this end
	Empty           Reason = "empty"            // fewer people in than MinPeople
	PlatformExtends Reason = "platform"         // prolongLength, or handed over by auto: 1
	RunOver         Reason = "ended"
	NoGap           Reason = "next-booking" // the same room or host is booked when it ends
	RulePaused      Reason = "rule-paused"
	AllPaused       Reason = "all-paused"
	OverQuota       Reason = "quota"  // the service's quota cannot serve it before it ends
	OverBudget      Reason = "budget" // MAX_TOTAL_MINUTES of the run are used up
	InDoubt         Reason = "unknown-state"
	ToldToEnd       Reason = "let-end"     // a person chose to let it end
	NotExtendable   Reason = "no-password" // the account does not see the host's password
)

// Decision is what automation does with one meeting at one moment.
type Decision struct {
	Act    Act
	Reason Reason
	// Minutes is by how much ActExtend extends, and Offers are what ActAsk offers, ascending; both are clipped to the
	// gap, the cap of one extension and what is left of the budget.
	Minutes int
	Offers  []int
	// Clipped says that the next booking shortened Minutes or Offers.
	Clipped bool
	// At is when it acts, or would, if nothing changes; zero = never.
	At time.Time
	// AutoLeft is how many minutes automation may still add to the run, and Left how many anybody may.
	AutoLeft, Left int
}

// History is what is known of a run beside the list of meetings, for Decide.
type History struct {
	Run     RunSummary
	Prompts []Prompt // of the run
	Next    NextBooking
	Paused  Pause // of all automation
	// Served is false where the quota cannot serve the meeting before its end.
	Unserved bool
}

// RunSummary is what the rows of a run add up to.
type RunSummary struct {
	Run         string
	Minutes     int       // that count against Limits.RunMinutes
	AutoMinutes int       // those of them that automation added
	Open        bool      // a row holds the run: its outcome is in doubt, or it is under way
	Platform    bool      // it was handed to the platform, and nothing says that this failed
	Last        Extension // the newest row that is accepted or confirmed; zero if there is none
}

// NextBooking is who has the cloud room, or the host, next.
type NextBooking struct {
	Checked bool      // false: it could not be known
	Start   time.Time // zero: nobody
	Subject string    // foreign text; for those who may see it
	Room    bool      // the same cloud room; else the same host
}

// Automation is the configuration of what happens by itself.
type Automation struct {
	Mode         Mode          // for meetings that nobody watches
	Schedule     string        // as cron has it
	Lead         time.Duration // before the end
	Minutes, Max int           // of one automatic extension; of all of one run
	MinPeople    int
}
