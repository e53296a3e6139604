package scheduler

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// Act is what automation does with a meeting now.
type Act string

// The acts.
const (
	ActNothing Act = "nothing"
	ActAsk     Act = "ask"
	ActExtend  Act = "extend"
)

// Reason says why a decision came out as it did; it is never empty. A new one has a place in reasons and a case in holds
// here, one in concerns (look.go) and troubleIn (alarms.go) if it matters there, and its sentence in bot/outlook.go.
type Reason string

// The reasons. The first four come with an act.
const (
	TimeToAsk    Reason = "time-to-ask"
	TimeToExtend Reason = "time-to-extend"
	AskAtCap     Reason = "cap-reached-ask" // the automatic minutes of the run are used up: it asks
	AskAtDaily   Reason = "daily-limit-ask" // the minutes of a day are, of the person at whose wish it extends: it asks

	NoRule          Reason = "no-rule"          // nobody watches it and AUTO_EXTEND is off
	RuleOff         Reason = "off"              // its rule says off
	NotYet          Reason = "not-yet"          // Decision.At says when
	AskedAlready    Reason = "asked-already"    // for this end
	ExtendedAlready Reason = "extended-already" // at this end; the new end is not read yet
	CapReached      Reason = "cap-reached"      // and asked for this end
	Empty           Reason = "empty"            // fewer people in than MinPeople
	PlatformExtends Reason = "platform"         // prolongLength
	HandedOver      Reason = "handed-over"      // to the platform (auto: 1), and either its end has moved since or it is not near
	RunOver         Reason = "ended"
	NoGap           Reason = "next-booking" // the same cloud room is booked when it ends
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
	// Minutes is by how much ActExtend extends. Offers are the minutes for a message's buttons, ascending. Both are clipped
	// to the gap, the cap of one extension and what is left of the budget.
	Minutes int
	Offers  []int
	// Clipped says that the room's next booking shortened Minutes or Offers.
	Clipped bool
	// At is when it acts, or would, if nothing changes; zero = never.
	At time.Time
	// AutoLeft is how many minutes automation may still add to the run, at whose wish soever. Left is how many anybody
	// may; -1 without a limit.
	AutoLeft, Left int
}

// History is what is known of a run beside the list of meetings, for Decide.
type History struct {
	Run     RunSummary
	Prompts []Prompt // of the run
	Next    NextBooking
	Paused  Pause // of all automation
	Daily   int   // minutes of the last 24 hours that count against the person at whose wish it extends
	// Early says that work begins ahead of the lead, since the quota serves too few of those that end together.
	Early bool
	// Unserved says that the quota cannot serve the meeting before its end.
	Unserved bool
	// NextLook is when the meetings are looked at again. What falls before that is acted on now. Zero is at once.
	NextLook time.Time
}

// RunSummary is what the rows of a run add up to.
type RunSummary struct {
	Run         string
	Minutes     int                 // that count against Limits.RunMinutes
	AutoMinutes int                 // those of them that automation added
	Open        bool                // a row holds the run: its outcome is in doubt, or it is under way
	Last        extension.Extension // the newest with a target that is accepted or confirmed; zero if there is none
	Handed      extension.Extension // the newest that handed it to the platform, unless that certainly failed; zero if there is none
}

// NextBooking is who has the cloud room next: an extension ends there at the latest. What the host has elsewhere is
// mentioned and stands in no way, since one account may book for everybody.
type NextBooking struct {
	Checked bool      // false: it could not be known
	Start   time.Time // of the room's; zero: nobody
	Subject string    // foreign text; for those who may see it
	Host    time.Time // when the host has another meeting, at the end or later; zero: none is known
}

// hostSoon is how long after an end the host's next meeting is worth a word: as long as a prompt offers at most.
const hostSoon = time.Hour

// HostSoon says that the host has another meeting soon after that end.
func (n NextBooking) HostSoon(end time.Time) bool {
	return !n.Host.IsZero() && n.Host.Before(end.Add(hostSoon))
}

// Automation is the configuration of what happens by itself.
type Automation struct {
	Mode         Mode          // for meetings that nobody watches
	Schedule     string        // as cron has it
	Lead         time.Duration // before the end
	Minutes, Max int           // of one automatic extension; of all of one run
	MinPeople    int
}

// Terms are what Decide goes by, beside the rule.
type Terms struct {
	Automation Automation
	AtOnce     int // minutes of one extension, MAX_MINUTES; 0 = no limit
	RunMinutes int // added to one run, MAX_TOTAL_MINUTES; 0 = no limit
	Daily      int // minutes of one person in 24 hours, DAILY_MINUTES; 0 = no limit
}

// Decide says what automation does with a running meeting now. It depends on its arguments alone.
func Decide(now time.Time, m meeting.Meeting, rule Rule, history History, terms Terms) Decision {
	c := consider(now, m, rule, history, terms)
	var decision Decision
	if at := slices.IndexFunc(reasons, c.holds); at >= 0 {
		decision = c.nothing(reasons[at])
	} else {
		decision = c.act()
	}
	decision.AutoLeft, decision.Left = c.autoLeft, c.left
	if c.left == unlimited {
		decision.Left = -1
	}
	return decision
}

// unlimited is a number of minutes that no limit stands against.
const unlimited = math.MaxInt

// reasons are what keeps automation from acting, in the order in which they are told. The first that holds decides. What
// is said of the meeting and its run comes first, then what counts only once its time has come.
var reasons = []Reason{
	RunOver, NoRule, RuleOff, AllPaused, RulePaused, PlatformExtends, HandedOver, NotExtendable, InDoubt, ToldToEnd, ExtendedAlready,
	OverBudget, CapReached, AskedAlready, NotYet, Empty, NoGap, OverQuota,
}

// Reasons are all that a decision can have.
func Reasons() []Reason {
	return slices.Concat([]Reason{TimeToAsk, TimeToExtend, AskAtCap, AskAtDaily}, reasons)
}

// holds says whether there is that reason to do nothing.
func (c *circumstances) holds(reason Reason) bool {
	switch reason {
	case RunOver:
		return !c.now.Before(c.meeting.End)
	case NoRule:
		return c.rule.Of == "" && !c.rule.Mode.acts()
	case RuleOff:
		return c.rule.Paused.IsZero() && !c.wish.Mode.acts()
	case AllPaused:
		return !c.history.Paused.IsZero()
	case RulePaused:
		return !c.rule.Paused.IsZero() && !c.wish.Mode.acts()
	case PlatformExtends:
		return c.meeting.ProlongMinutes > 0
	case HandedOver:
		return c.leftAlone()
	case NotExtendable:
		return !c.meeting.Extendable
	case InDoubt:
		return c.history.Run.Open
	case ToldToEnd:
		return c.wish.LetEnd
	case ExtendedAlready:
		return c.extendedAlready()
	case OverBudget:
		return c.left == 0
	case CapReached:
		return c.atCap() && c.asked()
	case AskedAlready:
		return c.wish.Mode == ModeAsk && c.asked()
	case NotYet:
		return !c.hasCome(c.at)
	case Empty:
		return isEmpty(c.meeting, c.terms.Automation)
	case NoGap:
		return c.gap == 0
	case OverQuota:
		return c.history.Unserved && c.extends()
	}
	return false
}

// circumstances are the facts of one decision, and what follows from them.
type circumstances struct {
	now     time.Time
	meeting meeting.Meeting
	rule    Rule
	history History
	terms   Terms

	wish     Wish
	step     int       // minutes of one automatic extension
	autoLeft int       // minutes that automation may still add to the run
	left     int       // that anybody may
	daily    int       // that the person at whose wish it extends may still add today
	gap      int       // until the next booking; unlimited where none is known
	at       time.Time // when it acts
}

func consider(now time.Time, m meeting.Meeting, rule Rule, history History, terms Terms) circumstances {
	c := circumstances{now: now, meeting: m, rule: rule, history: history, terms: terms, left: unlimited, gap: unlimited, daily: unlimited}
	c.wish = wishOf(m.End, rule, terms.Automation.Mode, history.Prompts)
	rule = c.wish.Rule
	c.step = cmp.Or(rule.Minutes, terms.Automation.Minutes)
	c.autoLeft = max(0, cmp.Or(rule.Max, terms.Automation.Max)-history.Run.AutoMinutes)
	if terms.RunMinutes > 0 {
		c.left = max(0, terms.RunMinutes-history.Run.Minutes)
		c.autoLeft = min(c.autoLeft, c.left)
	}
	if by := c.wish.By(); terms.Daily > 0 && by.User != "" {
		c.daily = max(0, terms.Daily-history.Daily)
	}
	if next := history.Next; next.Checked && !next.Start.IsZero() {
		c.gap = max(0, int(next.Start.Sub(m.End)/time.Minute))
	}
	c.at = c.due()
	return c
}

// isEmpty takes a number that is not known for people.
func isEmpty(m meeting.Meeting, config Automation) bool {
	return m.People >= 0 && m.People < config.MinPeople
}

// due is when it acts: the lead before the end. A lead longer than an extension does not make it act twice in a row.
// After an extension it waits for as long as that one added, or until the end that it replaced, if that is sooner.
// So the end stays ahead by the lead, and each extension has its own time.
func (c *circumstances) due() time.Time {
	lead := c.lead()
	if c.history.Early {
		lead = c.now
	}
	last := c.history.Run.Last
	if !c.endsAt(last) {
		return lead
	}
	rested := last.CreatedAt.Add(time.Duration(last.Minutes) * time.Minute)
	if last.Before.Before(rested) {
		rested = last.Before
	}
	if rested.After(lead) {
		return rested
	}
	return lead
}

// hasCome says that the time is now, or comes before the next look.
func (c *circumstances) hasCome(at time.Time) bool { return hasCome(c.now, c.history.NextLook, at) }

func hasCome(now, nextLook, at time.Time) bool { return !now.Before(at) || at.Before(nextLook) }

// endsAt says that nobody has moved the end since that extension.
func (c *circumstances) endsAt(last extension.Extension) bool {
	read := last.After
	if last.State == extension.Accepted { // what was read since is no end that it made
		read = last.Before
	}
	return c.meeting.End.Equal(last.Target) || c.meeting.End.Equal(read)
}

// leftAlone says that the run was handed over, and is left to the platform: unless its end comes near and has not moved.
func (c *circumstances) leftAlone() bool {
	return c.history.Run.Handed.ID != 0 && !(c.hasCome(c.lead()) && c.handed().ID != 0)
}

// handed is by what the run was handed to the platform, while nothing shows that the platform extends it: nobody but us has
// moved the end since. Zero otherwise.
func (c *circumstances) handed() extension.Extension {
	handed, last := c.history.Run.Handed, c.history.Run.Last
	unmoved := c.meeting.End.Equal(handed.Before)
	if last.ID > handed.ID {
		unmoved = c.endsAt(last)
	}
	if !unmoved {
		return extension.Extension{}
	}
	return handed
}

func (c *circumstances) lead() time.Time { return c.meeting.End.Add(-c.terms.Automation.Lead) }

// extendedAlready says that this end was extended before, and the list lags behind. Each end is extended once.
func (c *circumstances) extendedAlready() bool {
	return c.history.Run.Last.Outruns(c.meeting.End, c.now)
}

// atCap says that automation would extend, and may add no more.
func (c *circumstances) atCap() bool { return c.wish.Mode == ModeAuto && min(c.autoLeft, c.daily) == 0 }

func (c *circumstances) extends() bool { return c.wish.Mode == ModeAuto && !c.atCap() }

// prompted says that a prompt for this end is so.
func (c *circumstances) prompted(is func(Prompt) bool) bool {
	return slices.ContainsFunc(c.history.Prompts, func(p Prompt) bool { return p.End.Equal(c.meeting.End) && is(p) })
}

// asked says that a prompt for this end was written down for those who should read it, whether Slack has it or not.
func (c *circumstances) asked() bool {
	return c.prompted(func(p Prompt) bool { return p.Kind == PromptAsk && p.reached(c.wish.Rule) })
}

// nothing decides to do nothing. People may do otherwise about some reasons, and are offered minutes.
func (c *circumstances) nothing(reason Reason) Decision {
	decision := Decision{Act: ActNothing, Reason: reason}
	if reason == NotYet {
		decision.At = c.at
	}
	last := c.history.Run.Last
	setBack := last.ID != 0 && !last.Before.Before(c.meeting.End) // its message was answered, and shows the question again
	answered := reason == AskedAlready && (setBack || c.prompted(func(p Prompt) bool { return p.Answer != NoAnswer }))
	handed := c.handed().ID != 0 // its message was, and offers what is left
	if reason == ToldToEnd || reason == OverQuota || answered || handed {
		decision.Offers = c.offers()
	}
	return decision
}

func (c *circumstances) act() Decision {
	decision := Decision{Act: ActAsk, Reason: TimeToAsk, At: c.at, Offers: c.offers()}
	if c.extends() {
		decision.Act, decision.Reason = ActExtend, TimeToExtend
		decision.Minutes = min(c.step, c.autoLeft, c.daily, c.most())
		decision.Clipped = decision.Minutes == c.gap && c.gap < min(c.step, c.autoLeft, c.daily)
		return decision
	}
	if c.atCap() {
		decision.Reason = AskAtCap
		if c.autoLeft > 0 {
			decision.Reason = AskAtDaily
		}
	}
	decision.Clipped = c.gap == c.most() && c.gap < offered[len(offered)-1]
	return decision
}

// most is how many minutes one extension may add.
func (c *circumstances) most() int {
	return min(c.gap, c.left, cmp.Or(c.terms.AtOnce, unlimited))
}

// offered are the minutes of a prompt's buttons, where nothing stands against them.
var offered = []int{15, 30, 60}

// offers are the minutes that people may be offered. The most takes the place of those beyond it.
func (c *circumstances) offers() []int {
	most := c.most()
	if most == 0 {
		return nil
	}
	var offers []int
	for _, minutes := range offered {
		if minutes >= most {
			return append(offers, most)
		}
		offers = append(offers, minutes)
	}
	return offers
}
