package access

import (
	"slices"
	"strings"
)

// Policy decides who may extend, and who sees what. It is configuration: IDs of Slack alone. The zero
// Policy allows nobody, since it knows no workspace of its own.
type Policy struct {
	Team       string // our workspace, from auth.test
	Enterprise string // our organisation on Enterprise Grid, from auth.test; empty without one

	AllowedUsers    []string // by name: these may be from anywhere, guests and bots among them
	AllowEveryone   bool     // `*` in ALLOWED_USERS: every ordinary member of this workspace
	DeniedUsers     []string
	AdminUsers      []string
	AllowedGroups   []string
	AdminGroups     []string
	AllowedChannels []string
	HostsMayExtend  bool
}

// Person is a Slack account as users.info tells it.
type Person struct {
	ID             string // as Slack was asked about them
	LocalID        string // as our workspace knows them, if that is another
	GridID         string // their ID of the whole organisation, on Enterprise Grid
	Known          bool   // false: the look-up failed, and the fields below say nothing
	TeamID         string // the workspace that the account is from
	EnterpriseID   string
	Email          string // empty without the scope users:read.email
	EmailConfirmed bool
	Guest          bool // single-channel or multi-channel guest
	Bot            bool
	Deleted        bool // deactivated
	Stranger       bool // of another workspace, and in no channel with us
	Locale         string
	Zone           string // IANA name, as "Europe/Madrid"; empty where Slack does not tell
	ZoneOffset     int    // seconds east of UTC, for a zone that is not known; 0 where Slack does not tell
}

// Membership of a user group. Its zero value is the one that opens nothing.
type Membership int

// The memberships.
const (
	MembershipUnknown Membership = iota // the look-up failed, or was not done
	NotMember
	Member
)

// Channel is where a command was typed or a button pressed; the zero Channel is none (automation, a view).
type Channel struct {
	ID        string
	Known     bool // false: the look-up failed, and the fields below say nothing
	ExtShared bool // shared with another organisation, or about to be
	IM        bool // direct message, of two people or of a group
}

// HostLookup is what is known of the meeting's host.
type HostLookup struct {
	Failed bool
	Email  string // as the meeting service has it; empty if it does not say
}

// Subject is somebody who wants to act, with all that a Policy needs to know of them.
type Subject struct {
	Person       Person
	OtherIDs     []string              // of the lists, which are this person's too
	Unidentified bool                  // they may be denied under another ID
	PayloadTeam  string                // team of the payload's user; empty where there is no payload
	Groups       map[string]Membership // by ID of the group; one that is missing is unknown
	Channel      Channel
	Host         *HostLookup // nil: not looked up
}

// Role is the strongest rule that allows somebody.
type Role string

// The roles, the strongest first.
const (
	RoleAdmin   Role = "admin"
	RoleListed  Role = "listed"
	RoleGroup   Role = "group"
	RoleChannel Role = "channel"
	RoleHost    Role = "host"
	RoleNone    Role = "none"
)

// Refusal says why somebody may not act.
type Refusal string

// The refusals. That of a Verdict which allows is empty.
const (
	OtherWorkspace Refusal = "other_workspace"
	Guest          Refusal = "guest"
	BotAccount     Refusal = "bot_account"
	Deactivated    Refusal = "deactivated"
	Denied         Refusal = "denied"
	NotListed      Refusal = "not_listed"
	LookupFailed   Refusal = "lookup_failed"  // a rule might allow them: Verdict.Failed says which look-ups failed
	PersonUnknown  Refusal = "person_unknown" // users.info failed
)

// LookupKind is what was looked up.
type LookupKind string

// The kinds of look-ups that a rule of a Policy rests on.
const (
	LookupGroup   LookupKind = "group"
	LookupChannel LookupKind = "channel"
	LookupHost    LookupKind = "host"
)

// Lookup names one look-up; ID is that of the group or channel.
type Lookup struct {
	Kind LookupKind
	ID   string
}

// Verdict is the answer of a Policy.
type Verdict struct {
	Allowed   bool
	Role      Role
	Refusal   Refusal  // empty if allowed
	Failed    []Lookup // look-ups that failed and that a rule rests on; also filled if another rule allows
	NeedsHost bool     // only the host's rule is left: look the host up, and ask again

	SeesAll     bool // every meeting that the account sees
	SeesOwn     bool // the meetings that they host
	SeesWatched bool // the meetings that the channel watches, from which they ask
}

// Admin says that they are an administrator.
func (v Verdict) Admin() bool { return v.Role == RoleAdmin }

// Sees says whether a meeting may be shown to them. hosted says that they are its host (Person.Hosts), watched that the
// channel from which they ask watches it. Where it is false the answer is "no such meeting, or not yours".
func (v Verdict) Sees(hosted, watched bool) bool {
	return v.SeesAll || v.SeesOwn && hosted || v.SeesWatched && watched
}

// Allow applies the three rules in their order. A look-up that failed never opens anything.
func (p Policy) Allow(s Subject) Verdict {
	named := s.in(p.AllowedUsers)
	outside := p.outsider(s)
	if outside != "" && !named {
		return refuse(outside)
	}
	if s.in(p.DeniedUsers) {
		return refuse(Denied)
	}
	if s.Unidentified {
		return refuse(PersonUnknown)
	}
	return p.anyOf(s, named, outside == "")
}

func refuse(why Refusal) Verdict { return Verdict{Role: RoleNone, Refusal: why} }

// outsider is rule 1: why this is no ordinary member of our workspace, or nothing.
func (p Policy) outsider(s Subject) Refusal {
	switch {
	case !s.Person.Known:
		return PersonUnknown
	case s.Person.Stranger || !p.ours(s):
		return OtherWorkspace
	case s.Person.Deleted:
		return Deactivated
	case s.Person.Bot:
		return BotAccount
	case s.Person.Guest:
		return Guest
	}
	return ""
}

// ours says that the account is of this workspace, or of another one of the same organisation. The payload may tell
// against them, but never for them.
func (p Policy) ours(s Subject) bool {
	if p.Enterprise != "" && s.Person.EnterpriseID == p.Enterprise {
		return true
	}
	home := p.Team != "" && s.Person.TeamID == p.Team
	return home && (s.PayloadTeam == "" || s.PayloadTeam == p.Team)
}

// anyOf is rule 3. Somebody who is no ordinary member is here because of being named, and nothing but a list of names
// covers them: no `*`, group, channel or e-mail.
func (p Policy) anyOf(s Subject, named, ordinary bool) Verdict {
	v := Verdict{Role: RoleNone}
	admin := s.in(p.AdminUsers)
	var group, channel, host bool
	if ordinary {
		named = named || p.AllowEveryone
		admin = v.memberOf(p.AdminGroups, s.Groups) || admin
		group = v.memberOf(p.AllowedGroups, s.Groups)
		channel = v.from(p.AllowedChannels, s.Channel)
		host = v.hosts(p.HostsMayExtend, s)
	}
	switch {
	case admin:
		v.Role = RoleAdmin
	case named:
		v.Role = RoleListed
	case group:
		v.Role = RoleGroup
	case channel:
		v.Role = RoleChannel
	case host:
		v.Role = RoleHost
	}
	v.Allowed = v.Role != RoleNone
	v.SeesAll = admin || named || group
	v.SeesWatched = channel
	v.NeedsHost = !v.Allowed && v.SeesOwn && s.Host == nil
	switch {
	case v.Allowed:
	case len(v.Failed) > 0:
		v.Refusal = LookupFailed
	default:
		v.Refusal = NotListed
	}
	return v
}

// memberOf says whether they are in one of the groups, and notes those that could not be looked up.
func (v *Verdict) memberOf(groups []string, memberships map[string]Membership) bool {
	member := false
	for _, group := range groups {
		switch memberships[group] {
		case Member:
			member = true
		case NotMember:
		default:
			v.fail(Lookup{LookupGroup, group})
		}
	}
	return member
}

// from says whether they act from a channel that is allowed, and notes one that could not be looked up.
func (v *Verdict) from(channels []string, channel Channel) bool {
	if !listed(channels, channel.ID) {
		return false
	}
	if !channel.Known {
		v.fail(Lookup{LookupChannel, channel.ID})
		return false
	}
	return !channel.ExtShared && !channel.IM
}

// hosts says whether they are the meeting's host, and notes a host who could not be looked up.
func (v *Verdict) hosts(mayExtend bool, s Subject) bool {
	v.SeesOwn = mayExtend && s.Person.EmailConfirmed && address(s.Person.Email) != ""
	if !v.SeesOwn || s.Host == nil {
		return false
	}
	if s.Host.Failed {
		v.fail(Lookup{Kind: LookupHost})
		return false
	}
	return s.Person.Hosts(s.Host.Email)
}

func (v *Verdict) fail(lookup Lookup) {
	if !slices.Contains(v.Failed, lookup) {
		v.Failed = append(v.Failed, lookup)
	}
}

// Unconfirmed says that nothing but their address, which Slack has not confirmed, keeps somebody from being recognised as
// a host.
func (p Policy) Unconfirmed(person Person) bool {
	return p.HostsMayExtend && person.Known && !person.EmailConfirmed && address(person.Email) != ""
}

// Hosts says whether they are the host of a meeting, by the e-mail that the meeting service has of its host. An address
// that Slack has not confirmed could be anybody's.
func (p Person) Hosts(email string) bool {
	return p.EmailConfirmed && address(email) != "" && address(email) == address(p.Email)
}

// address is an e-mail address in the form that is compared. Of letters, the ASCII ones alone are folded: in Unicode, the
// Kelvin sign is a k.
func address(email string) string {
	folded := []byte(strings.Trim(email, " \t\r\n"))
	for i, c := range folded {
		if 'A' <= c && c <= 'Z' {
			folded[i] = c + 'a' - 'A'
		}
	}
	return string(folded)
}

// listed says whether the ID is in the list. No ID is in none.
func listed(ids []string, id string) bool { return id != "" && slices.Contains(ids, id) }
