package access

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/slack-go/slack"
)

// People tells about accounts, groups and channels of Slack. *Directory is one.
type People interface {
	Person(ctx context.Context, user string) (Person, error)
	// ByEmail finds an account by its address; one that is not Known where nobody has it.
	ByEmail(ctx context.Context, email string) (Person, error)
	Groups(ctx context.Context, user string) map[string]Membership
	Channel(ctx context.Context, channel string) (Channel, error)
}

// Gate asks a Policy about people, and looks up what the policy needs to know of them.
type Gate struct {
	Policy Policy
	People People
	Hosts  *Hosts
	Logger *slog.Logger

	keys sync.Map // of people, by their IDs in the lists
}

// Subject gathers what the policy needs to know of a person, except for the host, which depends on the meeting. team
// is what the payload says of the person; it and channel are empty where there is none.
func (g *Gate) Subject(ctx context.Context, person Person, team, channel string) Subject {
	subject := Subject{Person: person, PayloadTeam: team, Channel: Channel{ID: channel}}
	others, identified := g.identify(ctx, person)
	subject.OtherIDs, subject.Unidentified = others, !identified
	subject.Groups = g.memberships(ctx, person)
	if !listed(g.Policy.AllowedChannels, channel) {
		return subject
	}
	found, err := g.People.Channel(ctx, channel)
	if err != nil {
		g.Logger.WarnContext(ctx, "a channel could not be looked up", "channel", channel, "error", err)
		return subject
	}
	subject.Channel = found
	return subject
}

// MayHost says whether somebody can be the host of any meeting at all: they have an account of the meeting service. An error
// says that it could not be found out.
func (g *Gate) MayHost(ctx context.Context, subject Subject) (bool, error) {
	own, err := g.Hosts.own(ctx, subject.Person)
	return own.refused || len(own.ids) > 0, err
}

// Accounts are the accounts of the meeting service that are a person's own: none where they cannot be known.
func (g *Gate) Accounts(ctx context.Context, person Person) ([]string, error) {
	own, err := g.Hosts.own(ctx, person)
	return own.ids, err
}

// Allow is the policy's answer. A deactivated account may do nothing, also where ALLOWED_USERS has its ID.
func (g *Gate) Allow(subject Subject) Verdict {
	if subject.Person.Deleted {
		return refuse(Deactivated)
	}
	return g.Policy.Allow(subject)
}

// Authorise asks whether the owner of a rule may extend the meeting now. It knows their ID and the rule's channel alone.
// An account that Slack does not know is Deactivated, and a deactivated one is never allowed. An error says that the
// answer could not be found out.
func (g *Gate) Authorise(ctx context.Context, user, channel string, m meeting.Meeting) (Verdict, error) {
	person, err := g.People.Person(ctx, user)
	if refused, ok := errors.AsType[slack.SlackErrorResponse](err); ok && (refused.Err == "user_not_found" || refused.Err == "user_not_visible") {
		return refuse(Deactivated), nil
	}
	if err != nil {
		return Verdict{}, err
	}
	subject := g.Subject(ctx, person, "", channel)
	verdict := g.Allow(subject)
	if verdict.NeedsHost {
		host, err := g.Hosts.For(ctx, person, m)
		if err != nil {
			return Verdict{}, err
		}
		subject.Host = &host
		verdict = g.Policy.Allow(subject)
	}
	if verdict.Refusal == LookupFailed || verdict.Refusal == PersonUnknown {
		return Verdict{}, fmt.Errorf("their right could not be found out: %s, failed look-ups %v", verdict.Refusal, verdict.Failed)
	}
	return verdict, nil
}
