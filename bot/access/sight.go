package access

import (
	"context"
	"fmt"
	"time"

	"github.com/overtime-bot/overtime/meeting"
)

// Sight is what a reader may know of meetings beyond their numbers: what they are called, and who hosts them. A Gate alone
// gives one that shows anything, to a reader whom it authorised, and a Sight alone tells those names. The zero Sight shows
// nothing.
type Sight struct {
	all   bool      // every meeting that the account sees
	id    string    // else one run of one meeting
	start time.Time // of the run
}

func sightOf(m meeting.Meeting) Sight { return Sight{id: m.ID, start: m.Start} }

// Shows says whether the reader may know the run of the meeting.
func (s Sight) Shows(m meeting.Meeting) bool {
	return s.all || s.id != "" && s.id == m.ID && s.start.Equal(m.Start)
}

// Subject is what the meeting is called; empty if the reader may not know. It is foreign text.
func (s Sight) Subject(m meeting.Meeting) string {
	if s.Shows(m) {
		return m.Subject
	}
	return ""
}

// HostName is the name of the meeting's host; empty if the reader may not know. It is foreign text.
func (s Sight) HostName(m meeting.Meeting) string {
	if s.Shows(m) {
		return m.HostName
	}
	return ""
}

// Booked is what a booking is called; empty if the reader may not know. It is foreign text. Who may know one meeting alone
// may not know what comes after it.
func (s Sight) Booked(b meeting.Booking) string {
	if s.all {
		return b.Subject
	}
	return ""
}

// Watch is a rule as far as it gives sight: whose it is, by ID, and the channel that reads of it. The zero Watch is none.
type Watch struct {
	Owner, Channel string
}

// Sight is what a person may know of a meeting. watch is the meeting's rule: it counts if they ask from its channel. An
// error says that the host could not be looked up.
func (g *Gate) Sight(ctx context.Context, s Subject, m meeting.Meeting, watch Watch) (Sight, error) {
	verdict := g.Allow(s)
	switch {
	case verdict.SeesAll:
		return Sight{all: true}, nil
	case verdict.Sees(false, g.watches(ctx, s, m, watch)):
		return sightOf(m), nil
	case !verdict.SeesOwn:
		return Sight{}, nil
	}
	host, err := g.Hosts.For(ctx, s.Person, m)
	if err == nil && s.Person.Hosts(host.Email) {
		return sightOf(m), nil
	}
	return Sight{}, err
}

// Sights is Sight for any number of meetings, from one look-up of the person's own accounts. An error says that those could
// not be found out: then nothing shows that the person hosts.
func (g *Gate) Sights(ctx context.Context, s Subject) (func(m meeting.Meeting, watch Watch) Sight, error) {
	verdict := g.Allow(s)
	if verdict.SeesAll {
		return func(meeting.Meeting, Watch) Sight { return Sight{all: true} }, nil
	}
	hosts := func(meeting.Meeting) bool { return false }
	var err error
	if verdict.SeesOwn {
		hosts, err = g.Hosts.hosted(ctx, s.Person)
	}
	return func(m meeting.Meeting, watch Watch) Sight {
		if verdict.Sees(hosts(m), false) || verdict.Sees(false, g.watches(ctx, s, m, watch)) {
			return sightOf(m)
		}
		return Sight{}
	}, err
}

// Hosting says which meetings a person hosts. An error says that it could not be found out.
func (g *Gate) Hosting(ctx context.Context, s Subject) (func(meeting.Meeting) bool, error) {
	return g.Hosts.hosted(ctx, s.Person)
}

// watches says whether the channel that somebody acts from watches this run of the meeting.
func (g *Gate) watches(ctx context.Context, s Subject, m meeting.Meeting, watch Watch) bool {
	return watch.Channel != "" && watch.Channel == s.Channel.ID && g.mayOwn(ctx, watch, m)
}

// ReaderSight is what a person may know who reads a direct message about a run: the owner of its rule, its host, and those
// who see every meeting.
func (g *Gate) ReaderSight(ctx context.Context, person Person, watch Watch, m meeting.Meeting) Sight {
	if person.Is(watch.Owner) && g.mayOwn(ctx, watch, m) {
		return sightOf(m)
	}
	if g.Allow(g.Subject(ctx, person, "", "")).SeesAll {
		return Sight{all: true}
	}
	host, err := g.Hosts.For(ctx, person, m)
	if err == nil && person.Hosts(host.Email) && g.mayBeHost(ctx, person) {
		return sightOf(m)
	}
	return Sight{}
}

// mayBeHost says that somebody is told of their own meetings: an ordinary member whom nobody excluded.
func (g *Gate) mayBeHost(ctx context.Context, person Person) bool {
	subject := g.Subject(ctx, person, "", "")
	return !subject.Unidentified && g.Policy.outsider(subject) == "" && g.Allow(subject).Refusal != Denied
}

// ChannelSight is what a channel may know of a run that it watches: what the rule's owner may, since a rule of a room covers
// other people's meetings too. People of another workspace read in a shared channel.
func (g *Gate) ChannelSight(ctx context.Context, watch Watch, m meeting.Meeting) Sight {
	if watch.Channel != "" && g.mayOwn(ctx, watch, m) && g.ours(ctx, watch.Channel) {
		return sightOf(m)
	}
	return Sight{}
}

// OperatorSight is what a channel may know that the configuration names: every meeting, unless people of another workspace
// read there.
func (g *Gate) OperatorSight(ctx context.Context, channel string) Sight {
	return Sight{all: g.ours(ctx, channel)}
}

// mayOwn says whether the owner of a rule may extend the run.
func (g *Gate) mayOwn(ctx context.Context, watch Watch, m meeting.Meeting) bool {
	if watch.Owner == "" {
		return false
	}
	verdict, err := g.Authorise(ctx, watch.Owner, watch.Channel, m)
	if err != nil {
		g.Logger.WarnContext(ctx, "whether the owner of a rule may extend a meeting could not be found out: messages go without its title",
			"user", watch.Owner, "meeting", m.ID, "error", err)
	}
	return err == nil && verdict.Allowed
}

// ours says that nobody of another workspace reads a channel.
func (g *Gate) ours(ctx context.Context, channel string) bool {
	found, err := g.People.Channel(ctx, channel)
	if err != nil {
		g.Logger.WarnContext(ctx, "a channel could not be looked up: messages there go without titles", "channel", channel, "error", err)
	}
	return err == nil && found.Known && !found.ExtShared
}

// HostOf finds the account of a meeting's host, and what they may know: an ordinary member of this workspace, with the
// confirmed address that the meeting service has. It is false where there is none, with an error if that could not be found
// out.
func (g *Gate) HostOf(ctx context.Context, m meeting.Meeting) (Person, Sight, bool, error) {
	host, err := g.Hosts.Lookup(ctx, m)
	if err != nil || host.Email == "" {
		return Person{}, Sight{}, false, err
	}
	person, err := g.People.ByEmail(ctx, host.Email)
	if err != nil {
		return Person{}, Sight{}, false, fmt.Errorf("looking up the host of meeting %s in Slack: %w", m.ID, err)
	}
	if person.Known && !person.EmailConfirmed {
		g.Logger.WarnContext(ctx, "nobody passes as a host whose e-mail address Slack has not confirmed", "meeting", m.ID, "user", person.ID)
	}
	if !person.Hosts(host.Email) || g.Policy.outsider(Subject{Person: person}) != "" {
		return Person{}, Sight{}, false, nil
	}
	if !g.mayBeHost(ctx, person) {
		return person, Sight{}, true, nil
	}
	return person, sightOf(m), true, nil
}
