package scheduler

import (
	"cmp"
	"strconv"
	"time"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// Mode is what happens before a meeting ends.
type Mode string

// The modes.
const (
	ModeOff  Mode = "off"
	ModeAsk  Mode = "ask"  // a prompt with buttons; nobody answers = nothing happens
	ModeAuto Mode = "auto" // extended by itself up to a maximum, then a prompt
)

func (m Mode) acts() bool { return m == ModeAsk || m == ModeAuto }

// Rule says what happens before the end of every run of one meeting or one cloud room.
type Rule struct {
	Of      string // ID of the meeting or of the cloud room; empty = the configuration's own
	Mode    Mode
	Minutes int             // of one automatic extension; 0 = the configuration's
	Max     int             // minutes added automatically to one run; 0 = the configuration's
	Channel string          // that watches; empty = none
	Owner   extension.Actor // is authorised again each time the rule acts; zero for the configuration's own
	Paused  Pause           // zero while the rule is in force
	Created time.Time
}

// reader names whom the messages of a rule are meant for: the channel that watches, else the owner, as the rule was made
// then. A rule that is made again tries again.
func (r *Rule) reader() string {
	if r.Of == "" {
		return ""
	}
	return cmp.Or(r.Channel, r.Owner.User) + " " + strconv.FormatInt(r.Created.UnixMilli(), 10)
}

// Pause is a stop that a person or a discovery has ordered. The zero Pause is none.
type Pause struct {
	Reason PauseReason
	By     extension.Actor // zero for a discovery
	Since  time.Time
}

// PauseReason is why something is paused; "" is not paused.
type PauseReason string

// The reasons of a pause.
const (
	PausedByAdmin   PauseReason = "admin"             // all automation, by /extend pause
	PausedOwnerLeft PauseReason = "owner-left"        // the owner's account is deactivated or left this workspace
	PausedOwnerMay  PauseReason = "owner-not-allowed" // the owner may no longer extend this meeting

	// NotTheirRun pauses nothing: the owner watches a cloud room as a host, and somebody else meets there now.
	NotTheirRun PauseReason = "not-their-run"
)

// IsZero says that nothing is paused.
func (p Pause) IsZero() bool { return p.Reason == "" }

// RuleBook gives the rules by what they are of.
func RuleBook(rules []Rule) map[string]Rule {
	book := make(map[string]Rule, len(rules))
	for _, rule := range rules {
		book[rule.Of] = rule
	}
	return book
}

// RuleOf finds the rule of a meeting among rules by what they are of. Of its own and its room's the newer one counts, and one
// in force goes before one that is paused; otherwise is for a meeting that has neither.
func RuleOf(m meeting.Meeting, rules map[string]Rule, otherwise Rule) Rule {
	found := otherwise
	for _, of := range []string{m.RoomID, m.ID} {
		if rule, ok := rules[of]; ok && of != "" && (found.Of == "" || rule.goesBefore(found)) {
			found = rule
		}
	}
	return found
}

// goesBefore says that a meeting's own rule counts, and not its room's.
func (r *Rule) goesBefore(room Rule) bool {
	if r.Paused.IsZero() != room.Paused.IsZero() {
		return r.Paused.IsZero()
	}
	return !r.Created.Before(room.Created)
}
