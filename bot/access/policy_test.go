package access_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/overtime-bot/overtime/bot/access"
)

// policyCell is one cell of the matrix: who asks, from where, and what is configured.
type policyCell struct {
	home       string // the account's workspace: ours, sister (of our organisation), foreign, none
	payload    string // what the payload says: ours, foreign, none
	org        bool   // we have an organisation
	flags      []string
	named      bool
	everyone   bool
	denied     bool
	adminUser  bool
	adminGroup string // off, member, other, failed
	group      string // off, member, other, failed
	channel    string // off, fine, failed, shared, direct
	host       string // off, unasked, failed, same, different, unconfirmed, no address, unsaid
}

var (
	homeStates    = []string{"ours", "sister", "foreign", "none"}
	payloadStates = []string{"ours", "foreign", "none"}
	flagSets      = [][]string{{}, {"guest"}, {"bot"}, {"deleted"}, {"stranger"}, {"unknown"}, {"deleted", "bot", "guest"}}
	groupStates   = []string{"off", "member", "other", "failed"}
	channelStates = []string{"off", "fine", "failed", "shared", "direct"}
	hostStates    = []string{"off", "unasked", "failed", "same", "different", "unconfirmed", "no address", "unsaid"}
)

// eachCombination calls visit with every combination of one index of each size.
func eachCombination(visit func(at []int), sizes ...int) {
	at := make([]int, len(sizes))
	for {
		visit(at)
		i := 0
		for ; i < len(sizes); i++ {
			if at[i]++; at[i] < sizes[i] {
				break
			}
			at[i] = 0
		}
		if i == len(sizes) {
			return
		}
	}
}

// TestPolicyRules walks lists, groupStates, channels and hosts for every kind of account of a few workspaces.
func TestPolicyRules(t *testing.T) {
	places := []policyCell{
		{home: "ours", payload: "ours"},
		{home: "ours", payload: "none", org: true},
		{home: "ours", payload: "foreign"},
		{home: "sister", payload: "foreign", org: true},
		{home: "foreign", payload: "ours", org: true},
	}
	walk := policyWalker{t: t}
	eachCombination(func(at []int) {
		s := places[at[0]]
		s.flags = flagSets[at[1]]
		s.named, s.everyone, s.denied, s.adminUser = at[2] == 1, at[3] == 1, at[4] == 1, at[5] == 1
		s.adminGroup, s.group, s.channel, s.host = groupStates[at[6]], groupStates[at[7]], channelStates[at[8]], hostStates[at[9]]
		walk.check(s)
	}, len(places), len(flagSets), 2, 2, 2, 2, len(groupStates), len(groupStates), len(channelStates), len(hostStates))
	walk.done(5 * 7 * 16 * 16 * 5 * 8)
}

// TestPolicyStanding walks every workspace and every set of flags, where all the rest would allow.
func TestPolicyStanding(t *testing.T) {
	walk := policyWalker{t: t}
	names := []string{"guest", "bot", "deleted", "stranger", "unknown"}
	eachCombination(func(at []int) {
		s := policyCell{home: homeStates[at[0]], payload: payloadStates[at[1]], org: at[2] == 1}
		for i, name := range names {
			if at[3]&(1<<i) != 0 {
				s.flags = append(s.flags, name)
			}
		}
		s.named, s.denied, s.adminUser, s.everyone = at[4] == 1, at[5] == 1, at[6] == 1, at[7] == 1
		s.adminGroup, s.group, s.channel, s.host = "member", "member", "fine", "same"
		walk.check(s)
	}, len(homeStates), len(payloadStates), 2, 1<<len(names), 2, 2, 2, 2)
	walk.done(4 * 3 * 2 * 32 * 16)
}

// policyWalker counts the cells, and stops the test after a few that are wrong.
type policyWalker struct {
	t              *testing.T
	cells, allowed int
	wrong          int
}

func (w *policyWalker) check(s policyCell) {
	w.cells++
	policy, subject := s.build()
	got, want := policy.Allow(subject), s.oracle()
	if got.Allowed {
		w.allowed++
	}
	same := got.Allowed == want.Allowed && got.Role == want.Role && got.Refusal == want.Refusal &&
		got.SeesAll == want.SeesAll && got.SeesOwn == want.SeesOwn && got.SeesWatched == want.SeesWatched &&
		got.NeedsHost == want.NeedsHost && sameLookups(got.Failed, want.Failed)
	if same {
		return
	}
	w.t.Errorf("%+v (-want +got):\n%s", s, cmp.Diff(want, got))
	if w.wrong++; w.wrong == 5 {
		w.t.FailNow()
	}
}

func (w *policyWalker) done(cells int) {
	if w.cells != cells || w.allowed == 0 || w.allowed == cells {
		w.t.Errorf("walked %d cells, %d of them allowed; want %d cells, some allowed and some not", w.cells, w.allowed, cells)
	}
}

func sameLookups(a, b []access.Lookup) bool {
	return len(a) == len(b) && !slices.ContainsFunc(a, func(lookup access.Lookup) bool { return !slices.Contains(b, lookup) })
}

// oracle is section 7 of the design in its own words: a list of who is covered by what, read from the top.
func (s policyCell) oracle() access.Verdict {
	flag := func(name string) bool { return slices.Contains(s.flags, name) }
	no := func(reason access.Refusal) access.Verdict {
		return access.Verdict{Role: access.RoleNone, Refusal: reason}
	}

	// 1. "Another workspace (not only the payload; the same enterprise counts as ours), a guest, a bot or a
	// deactivated account: no, unless listed by name in ALLOWED_USERS."
	ourEnterprise := s.org && (s.home == "ours" || s.home == "sister")
	another := !(ourEnterprise || s.home == "ours" && s.payload != "foreign")
	firstRule := []struct {
		holds  bool
		reason access.Refusal
	}{
		{flag("unknown"), access.PersonUnknown},
		{flag("stranger") || another, access.OtherWorkspace},
		{flag("deleted"), access.Deactivated},
		{flag("bot"), access.BotAccount},
		{flag("guest"), access.Guest},
	}
	ordinary := true
	for _, rule := range firstRule {
		if !rule.holds {
			continue
		}
		if !s.named {
			return no(rule.reason)
		}
		ordinary = false
	}

	// 2. "DENIED_USERS: no, whatever else holds."
	if s.denied {
		return no(access.Denied)
	}

	// 3. "Any one of …"; "`*`, groups and channels never cover" those of 1, and a host is "an ordinary member".
	covers := []struct {
		role   access.Role
		holds  bool
		failed []access.Lookup
	}{
		{access.RoleAdmin, s.adminUser, nil},
		{access.RoleAdmin, ordinary && s.adminGroup == "member", failedLookup(ordinary && s.adminGroup == "failed", access.LookupGroup, "SADMIN")},
		{access.RoleListed, s.named, nil},
		{access.RoleListed, ordinary && s.everyone, nil},
		{access.RoleGroup, ordinary && s.group == "member", failedLookup(ordinary && s.group == "failed", access.LookupGroup, "SGROUP")},
		{access.RoleChannel, ordinary && s.channel == "fine", failedLookup(ordinary && s.channel == "failed", access.LookupChannel, "C1")},
		{access.RoleHost, ordinary && s.host == "same", failedLookup(ordinary && s.host == "failed", access.LookupHost, "")},
	}
	want := access.Verdict{Role: access.RoleNone}
	for _, cover := range covers {
		want.Failed = append(want.Failed, cover.failed...)
		if !cover.holds {
			continue
		}
		if want.Role == access.RoleNone {
			want.Role, want.Allowed = cover.role, true
		}
		switch cover.role {
		case access.RoleAdmin, access.RoleListed, access.RoleGroup:
			want.SeesAll = true
		case access.RoleChannel:
			want.SeesWatched = true
		}
	}
	want.SeesOwn = ordinary && !slices.Contains([]string{"off", "unconfirmed", "no address"}, s.host)
	want.NeedsHost = !want.Allowed && ordinary && s.host == "unasked"
	if !want.Allowed {
		want.Refusal = access.NotListed
		if want.Failed != nil {
			want.Refusal = access.LookupFailed
		}
	}
	return want
}

func failedLookup(it bool, kind access.LookupKind, id string) []access.Lookup {
	if !it {
		return nil
	}
	return []access.Lookup{{Kind: kind, ID: id}}
}

func (s policyCell) build() (access.Policy, access.Subject) {
	policy := access.Policy{Team: "T1", AllowEveryone: s.everyone, HostsMayExtend: s.host != "off"}
	if s.org {
		policy.Enterprise = "E1"
	}
	listIf(&policy.AllowedUsers, s.named, "U1")
	listIf(&policy.DeniedUsers, s.denied, "U1")
	listIf(&policy.AdminUsers, s.adminUser, "U1")
	listIf(&policy.AdminGroups, s.adminGroup != "off", "SADMIN")
	listIf(&policy.AllowedGroups, s.group != "off", "SGROUP")
	listIf(&policy.AllowedChannels, s.channel != "off", "C1")
	subject := access.Subject{
		Person:  s.person(),
		Groups:  map[string]access.Membership{},
		Channel: access.Channel{ID: "C1", Known: s.channel != "failed", ExtShared: s.channel == "shared", IM: s.channel == "direct"},
		Host:    s.hostLookup(),
	}
	subject.PayloadTeam = map[string]string{"ours": "T1", "foreign": "T2"}[s.payload]
	memberships := map[string]access.Membership{"member": access.Member, "other": access.NotMember}
	for id, state := range map[string]string{"SADMIN": s.adminGroup, "SGROUP": s.group} {
		if membership, ok := memberships[state]; ok {
			subject.Groups[id] = membership
		}
	}
	return policy, subject
}

// listIf puts an ID in the middle of others, or only the others.
func listIf(ids *[]string, in bool, id string) {
	*ids = []string{"X1", "X2"}
	if in {
		*ids = []string{"X1", id, "X2"}
	}
	if id[0] == 'S' { // unlike people, a group that is listed is looked up
		*ids = (*ids)[:0]
		if in {
			*ids = []string{id}
		}
	}
}

func (s policyCell) person() access.Person {
	flag := func(name string) bool { return slices.Contains(s.flags, name) }
	person := access.Person{
		ID: "U1", Known: !flag("unknown"),
		Guest: flag("guest"), Bot: flag("bot"), Deleted: flag("deleted"), Stranger: flag("stranger"),
		Email: " Alice@Example.com", EmailConfirmed: s.host != "unconfirmed",
	}
	if s.host == "no address" {
		person.Email = " "
	}
	switch s.home {
	case "ours":
		person.TeamID = "T1"
		if s.org {
			person.EnterpriseID = "E1"
		}
	case "sister":
		person.TeamID = "T9"
		if s.org {
			person.EnterpriseID = "E1"
		}
	case "foreign":
		person.TeamID, person.EnterpriseID = "T2", "E2"
	}
	return person
}

func (s policyCell) hostLookup() *access.HostLookup {
	switch s.host {
	case "unasked":
		return nil
	case "failed":
		return &access.HostLookup{Failed: true, Email: "alice@example.com"}
	case "different":
		return &access.HostLookup{Email: "bob@example.com"}
	case "no address", "unsaid":
		return &access.HostLookup{Email: " "}
	}
	return &access.HostLookup{Email: "alice@EXAMPLE.com "}
}

// Nothing that is empty equals anything: not a workspace, an organisation, an ID or an address.
func TestPolicyOfNothing(t *testing.T) {
	everything := access.Policy{
		AllowedUsers: []string{""}, AllowEveryone: true, AdminUsers: []string{""}, AllowedGroups: []string{""},
		AllowedChannels: []string{""}, HostsMayExtend: true,
	}
	subject := access.Subject{
		Person:  access.Person{Known: true, EmailConfirmed: true},
		Groups:  map[string]access.Membership{"": access.Member},
		Channel: access.Channel{Known: true},
		Host:    &access.HostLookup{},
	}
	if got := everything.Allow(subject); got.Allowed || got.Refusal != access.OtherWorkspace {
		t.Errorf("Allow = %+v, want no: another workspace", got)
	}
	ours := access.Policy{Team: "T1", AllowedUsers: []string{""}, AdminUsers: []string{""}, AllowedChannels: []string{""}, HostsMayExtend: true}
	subject.Person.TeamID = "T1"
	if got := ours.Allow(subject); got.Allowed || got.SeesOwn || got.SeesWatched {
		t.Errorf("Allow = %+v, want no", got)
	}
}

func TestPersonHosts(t *testing.T) {
	person := access.Person{Email: "Alice@example.com", EmailConfirmed: true}
	unconfirmed := access.Person{Email: "alice@example.com"}
	for _, other := range []string{"alıce@example.com", "ali\u0441e@example.com", "alice@example.com\u00a0", "ALİCE@example.com", "alice@example.com\xff"} {
		if person.Hosts(other) {
			t.Errorf("%q is not %q", other, person.Email)
		}
	}
	mike := access.Person{Email: "mike@example.com", EmailConfirmed: true}
	if mike.Hosts("mi\u212ae@example.com") || !mike.Hosts("MIKE@example.com") || (access.Person{Email: "ma\u017fa@example.com", EmailConfirmed: true}).Hosts("masa@example.com") {
		t.Error("letters of ASCII alone are folded")
	}
	if !person.Hosts(" alice@EXAMPLE.com") || person.Hosts("bob@example.com") || person.Hosts("") {
		t.Error("an address is compared but for case and spaces")
	}
	if unconfirmed.Hosts("alice@example.com") || (access.Person{EmailConfirmed: true}).Hosts("") {
		t.Error("an address that is not confirmed, or none, is nobody's")
	}
}

func TestVerdictSees(t *testing.T) {
	for _, test := range []struct {
		verdict         access.Verdict
		hosted, watched bool
		want            bool
	}{
		{access.Verdict{SeesAll: true}, false, false, true},
		{access.Verdict{SeesOwn: true}, true, false, true},
		{access.Verdict{SeesOwn: true}, false, true, false},
		{access.Verdict{SeesWatched: true}, false, true, true},
		{access.Verdict{SeesWatched: true}, true, false, false},
		{access.Verdict{}, true, true, false},
	} {
		if got := test.verdict.Sees(test.hosted, test.watched); got != test.want {
			t.Errorf("%+v.Sees(%t, %t) = %t", test.verdict, test.hosted, test.watched, got)
		}
	}
}

func TestPolicyAsksForTheHostOnlyIfThatHelps(t *testing.T) {
	policy := access.Policy{Team: "T1", AdminUsers: []string{"U2"}, HostsMayExtend: true}
	host := access.Person{ID: "U1", Known: true, TeamID: "T1", Email: "alice@example.com", EmailConfirmed: true}
	for name, test := range map[string]struct {
		change func(*access.Person)
		want   bool
	}{
		"a member":        {func(*access.Person) {}, true},
		"an admin":        {func(p *access.Person) { p.ID = "U2" }, false},
		"a guest":         {func(p *access.Person) { p.Guest = true }, false},
		"no address":      {func(p *access.Person) { p.Email = "" }, false},
		"not confirmed":   {func(p *access.Person) { p.EmailConfirmed = false }, false},
		"other workspace": {func(p *access.Person) { p.TeamID = "T2" }, false},
	} {
		person := host
		test.change(&person)
		if got := policy.Allow(access.Subject{Person: person}); got.NeedsHost != test.want {
			t.Errorf("%s: %+v, want NeedsHost %t", name, got, test.want)
		}
	}
}
