package access

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"slices"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/slack-go/slack"
)

// DirectoryAPI is what a Directory asks of Slack's Web API; *slack.Client has it.
type DirectoryAPI interface {
	GetUserInfoContext(ctx context.Context, user string, options ...slack.GetUserInfoOption) (*slack.User, error)
	GetUserGroupMembersContext(ctx context.Context, group string, options ...slack.GetUserGroupMembersOption) ([]string, error)
	GetConversationInfoContext(ctx context.Context, input *slack.GetConversationInfoInput) (*slack.Channel, error)
	GetUserByEmailContext(ctx context.Context, email string) (*slack.User, error)
}

var _ DirectoryAPI = (*slack.Client)(nil)

// DirectoryConfig is what a Directory needs.
type DirectoryConfig struct {
	API    DirectoryAPI
	Policy Policy // only its groups are looked up
	Now    func() time.Time
	Logger *slog.Logger
}

// Directory looks up people, user groups and channels in Slack, and keeps the answers for five minutes. It looks people
// up again when what is known of them is older than 30 s, as long as Slack has room for it: what is kept stands where
// Slack does not tell. It is safe for concurrent use. One look-up serves all who wait for it, and none takes longer than
// 3 s.
type Directory struct {
	api        DirectoryAPI
	groups     []string // each once
	log        *slog.Logger
	people     *lookups[Person]
	members    *lookups[[]string] // by group, sorted
	channels   *lookups[Channel]
	identities *lru.Cache[string, Person] // the IDs of people, which stay what they are
	emails     *lookups[string]           // the account's ID by its address; empty where nobody has it
}

const (
	mostEntries = 4096 // of a kind that are kept

	freshPerson = 30 * time.Second
	personCalls = 100 // of users.info that Slack allows in a minute (tier 4)
)

// NewDirectory makes a Directory; it asks nothing yet.
func NewDirectory(config DirectoryConfig) *Directory {
	groups := slices.Concat(config.Policy.AdminGroups, config.Policy.AllowedGroups)
	slices.Sort(groups)
	people := newLookups[Person](mostEntries, config.Now)
	people.fresh, people.budget = freshPerson, &budget{most: personCalls}
	people.denies = func(p Person) bool { return p.Deleted }
	identities, err := lru.New[string, Person](mostEntries)
	if err != nil {
		panic(err) // mostEntries is not positive
	}
	return &Directory{
		identities: identities,
		api:        config.API,
		groups:     slices.Compact(groups),
		log:        config.Logger,
		people:     people,
		members:    newLookups[[]string](mostEntries, config.Now),
		channels:   newLookups[Channel](mostEntries, config.Now),
		emails:     newLookups[string](mostEntries, config.Now),
	}
}

// Person looks up an account with https://docs.slack.dev/reference/methods/users.info (scopes users:read,
// users:read.email). With an error the Person has its IDs, as far as they were ever known, and is not Known.
func (d *Directory) Person(ctx context.Context, id string) (Person, error) {
	person, err := d.people.get(ctx, id, func(ctx context.Context) (Person, error) {
		user, err := d.api.GetUserInfoContext(ctx, id)
		if err != nil {
			return Person{}, fmt.Errorf("look up person %s: %w", id, err)
		}
		if user.ID != id && user.Enterprise.ID != id {
			return Person{}, fmt.Errorf("look up person %s: answer is about %q", id, user.ID)
		}
		before, _ := d.identities.Get(id)
		identity := Person{ID: id, GridID: cmp.Or(user.Enterprise.ID, before.GridID)}
		if user.ID != id {
			identity.LocalID = user.ID
		}
		d.identities.Add(id, identity)
		return Person{
			ID:             id,
			LocalID:        identity.LocalID,
			GridID:         identity.GridID,
			Known:          true,
			TeamID:         user.TeamID,
			EnterpriseID:   user.Enterprise.EnterpriseID,
			Email:          user.Profile.Email,
			EmailConfirmed: user.IsEmailConfirmed,
			Guest:          user.IsRestricted || user.IsUltraRestricted,
			Bot:            user.IsBot || user.IsWorkflowBot || user.IsConnectorBot || id == "USLACKBOT", // which calls itself none
			Deleted:        user.Deleted,
			Stranger:       user.IsStranger,
			Locale:         user.Locale,
			Zone:           user.TZ,
			ZoneOffset:     user.TZOffset,
		}, nil
	})
	if err != nil {
		identity, _ := d.identities.Get(id)
		identity.ID = id
		return identity, err
	}
	return person, nil
}

// ByEmail looks up the account that has an e-mail address, in any case of its letters, with
// https://docs.slack.dev/reference/methods/users.lookupByEmail (scope users:read.email). Where nobody has it the Person
// is not Known, and that is no error. Whether the address is confirmed, and the account an ordinary one, is for the
// caller to ask.
func (d *Directory) ByEmail(ctx context.Context, email string) (Person, error) {
	email = address(email)
	id, err := d.emails.get(ctx, email, func(ctx context.Context) (string, error) {
		user, err := d.api.GetUserByEmailContext(ctx, email)
		if refused, ok := errors.AsType[slack.SlackErrorResponse](err); ok && refused.Err == "users_not_found" {
			return "", nil
		}
		if broken, ok := errors.AsType[*url.Error](err); ok {
			err = broken.Err // the address that was called has the e-mail in it
		}
		if err != nil {
			return "", fmt.Errorf("look up a person by e-mail: %w", err)
		}
		if user.ID == "" {
			return "", errors.New("look up a person by e-mail: the answer names nobody")
		}
		return user.ID, nil // it tells no locale: Person asks for the rest
	})
	if err != nil || id == "" {
		return Person{}, err
	}
	return d.Person(ctx, id)
}

// Known gives an account that was looked up recently, without a look-up.
func (d *Directory) Known(id string) (Person, bool) {
	found, ok := d.people.kept(id)
	return found.value, ok
}

// Channel looks up a channel with https://docs.slack.dev/reference/methods/conversations.info (scopes channels:read,
// groups:read): the prefix of an ID does not tell what kind of channel it is. With an error the Channel has its ID and
// is not Known.
func (d *Directory) Channel(ctx context.Context, id string) (Channel, error) {
	found, err := d.channels.get(ctx, id, func(ctx context.Context) (Channel, error) {
		channel, err := d.api.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: id})
		if err != nil {
			return Channel{}, fmt.Errorf("look up channel %s: %w", id, err)
		}
		if channel.ID != id {
			return Channel{}, fmt.Errorf("look up channel %s: answer is about %q", id, channel.ID)
		}
		return Channel{
			ID:        id,
			Known:     true,
			ExtShared: channel.IsExtShared || channel.IsPendingExtShared,
			IM:        channel.IsIM || channel.IsMpIM,
		}, nil
	})
	if err != nil {
		return Channel{ID: id}, err
	}
	return found, nil
}

// Groups tells the person's membership of each group of the policy. It looks them all up at the same time. A look-up
// that failed is logged here, and its membership is MembershipUnknown.
func (d *Directory) Groups(ctx context.Context, user string) map[string]Membership {
	found := make([]Membership, len(d.groups))
	var waiting sync.WaitGroup
	for i, group := range d.groups {
		waiting.Go(func() { found[i] = d.membership(ctx, group, user) })
	}
	waiting.Wait()
	memberships := make(map[string]Membership, len(d.groups))
	for i, group := range d.groups {
		memberships[group] = found[i]
	}
	return memberships
}

// membership reads https://docs.slack.dev/reference/methods/usergroups.users.list (scope usergroups:read, 20 calls a
// minute, paid plans only).
func (d *Directory) membership(ctx context.Context, group, user string) Membership {
	members, err := d.members.get(ctx, group, func(ctx context.Context) ([]string, error) {
		members, err := d.api.GetUserGroupMembersContext(ctx, group)
		if err != nil {
			return nil, fmt.Errorf("look up members of group %s: %w", group, err)
		}
		if members == nil { // an empty group is an empty list
			return nil, fmt.Errorf("look up members of group %s: the answer has no list", group)
		}
		members = slices.Clone(members)
		slices.Sort(members)
		return members, nil
	})
	if err != nil {
		d.log.WarnContext(ctx, "a group could not be looked up", "group", group, "error", err)
		return MembershipUnknown
	}
	if _, found := slices.BinarySearch(members, user); found && user != "" {
		return Member
	}
	return NotMember
}
