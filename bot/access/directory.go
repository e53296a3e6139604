package access

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/slack-go/slack"
	"golang.org/x/sync/singleflight"
)

// DirectoryAPI is what a Directory asks of Slack's Web API; *slack.Client has it.
type DirectoryAPI interface {
	GetUserInfoContext(ctx context.Context, user string, options ...slack.GetUserInfoOption) (*slack.User, error)
	GetUserGroupMembersContext(ctx context.Context, group string, options ...slack.GetUserGroupMembersOption) ([]string, error)
	GetConversationInfoContext(ctx context.Context, input *slack.GetConversationInfoInput) (*slack.Channel, error)
	GetUserByEmailContext(ctx context.Context, email string) (*slack.User, error)
}

var _ DirectoryAPI = (*slack.Client)(nil)

const (
	lookupTimeout = 3 * time.Second // of one look-up
	directoryAge  = 5 * time.Minute // for which an answer is believed (design section 7)
	directorySize = 4096            // entries of a kind that are kept
	longestHold   = time.Minute     // for which a throttled look-up is not asked again, at most
)

// DirectoryConfig is what a Directory needs.
type DirectoryConfig struct {
	API    DirectoryAPI
	Policy Policy // only its groups are looked up
	Now    func() time.Time
	Logger *slog.Logger
}

// Directory looks up people, user groups and channels in Slack, and keeps the answers for five minutes. It is
// safe for concurrent use, one look-up serves all who wait for it, and none takes longer than 3 s.
type Directory struct {
	groups   []string // each once
	log      *slog.Logger
	people   *lookups[Person]
	members  *lookups[[]string] // by group, sorted
	channels *lookups[Channel]
	emails   *lookups[string] // the account's ID by its address; empty where nobody has it
}

// NewDirectory makes a Directory; it asks nothing yet.
func NewDirectory(config DirectoryConfig) *Directory {
	api := config.API
	groups := slices.Concat(config.Policy.AdminGroups, config.Policy.AllowedGroups)
	slices.Sort(groups)
	return &Directory{
		groups: slices.Compact(groups),
		log:    config.Logger,
		people: newLookups(config.Now, func(ctx context.Context, id string) (Person, error) {
			return fetchPerson(ctx, api, id)
		}),
		members: newLookups(config.Now, func(ctx context.Context, group string) ([]string, error) {
			return fetchMembers(ctx, api, group)
		}),
		channels: newLookups(config.Now, func(ctx context.Context, id string) (Channel, error) {
			return fetchChannel(ctx, api, id)
		}),
		emails: newLookups(config.Now, func(ctx context.Context, email string) (string, error) {
			return fetchByEmail(ctx, api, email)
		}),
	}
}

// Person looks up an account with users.info. With an error the Person has its ID and is not Known.
func (d *Directory) Person(ctx context.Context, id string) (Person, error) {
	person, err := d.people.get(ctx, id)
	if err != nil {
		return Person{ID: id}, err
	}
	return person, nil
}

// ByEmail looks up the account that has an e-mail address, in any case of its letters. Where nobody has it the Person
// is not Known, and that is no error. Whether the address is confirmed, and the account an ordinary one, is the
// caller's to ask.
func (d *Directory) ByEmail(ctx context.Context, email string) (Person, error) {
	id, err := d.emails.get(ctx, address(email))
	if err != nil || id == "" {
		return Person{}, err
	}
	return d.Person(ctx, id)
}

// Known gives an account that was looked up of late, without a look-up.
func (d *Directory) Known(id string) (Person, bool) {
	kept, ok := d.people.kept(id)
	return kept.value, ok && kept.err == nil
}

// Channel looks up a channel with conversations.info. With an error the Channel has its ID and is not Known.
func (d *Directory) Channel(ctx context.Context, id string) (Channel, error) {
	channel, err := d.channels.get(ctx, id)
	if err != nil {
		return Channel{ID: id}, err
	}
	return channel, nil
}

// Groups tells the person's membership of each group of the policy, all looked up at the same time. A look-up
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

func (d *Directory) membership(ctx context.Context, group, user string) Membership {
	members, err := d.members.get(ctx, group)
	if err != nil {
		d.log.WarnContext(ctx, "a group could not be looked up", "group", group, "error", err)
		return MembershipUnknown
	}
	if _, found := slices.BinarySearch(members, user); found && user != "" {
		return Member
	}
	return NotMember
}

// fetchPerson reads https://docs.slack.dev/reference/methods/users.info (scopes users:read, users:read.email).
func fetchPerson(ctx context.Context, api DirectoryAPI, id string) (Person, error) {
	user, err := api.GetUserInfoContext(ctx, id)
	if err != nil {
		return Person{}, fmt.Errorf("look up person %s: %w", id, err)
	}
	if user.ID != id {
		return Person{}, fmt.Errorf("look up person %s: answer is about %q", id, user.ID)
	}
	return Person{
		ID:             id,
		Known:          true,
		TeamID:         user.TeamID,
		EnterpriseID:   user.Enterprise.EnterpriseID,
		Email:          user.Profile.Email,
		EmailConfirmed: user.IsEmailConfirmed,
		Guest:          user.IsRestricted || user.IsUltraRestricted,
		Bot:            isBot(user),
		Deleted:        user.Deleted,
		Stranger:       user.IsStranger,
		Locale:         user.Locale,
		Zone:           user.TZ,
	}, nil
}

// fetchByEmail reads https://docs.slack.dev/reference/methods/users.lookupByEmail (scope users:read.email). It tells
// no locale, so that the ID alone is of use. The error does not quote the address.
func fetchByEmail(ctx context.Context, api DirectoryAPI, email string) (string, error) {
	user, err := api.GetUserByEmailContext(ctx, email)
	var refused slack.SlackErrorResponse
	switch {
	case errors.As(err, &refused) && refused.Err == "users_not_found":
		return "", nil
	case err != nil:
		return "", fmt.Errorf("look up a person by e-mail: %w", WithoutURL(err))
	}
	return user.ID, nil
}

// withoutURL leaves out of a transport's error the address that it called, which quotes what was asked for.
func WithoutURL(err error) error {
	var broken *url.Error
	if errors.As(err, &broken) {
		return broken.Err
	}
	return err
}

// isBot knows all the kinds of accounts that nobody sits at. Slackbot does not call itself a bot.
func isBot(user *slack.User) bool {
	return user.IsBot || user.IsWorkflowBot || user.IsConnectorBot || user.ID == "USLACKBOT"
}

// fetchMembers reads https://docs.slack.dev/reference/methods/usergroups.users.list (scope usergroups:read,
// 20 calls a minute, paid plans only).
func fetchMembers(ctx context.Context, api DirectoryAPI, group string) ([]string, error) {
	members, err := api.GetUserGroupMembersContext(ctx, group)
	if err != nil {
		return nil, fmt.Errorf("look up members of group %s: %w", group, err)
	}
	members = slices.Clone(members)
	slices.Sort(members)
	return members, nil
}

// fetchChannel reads https://docs.slack.dev/reference/methods/conversations.info (scopes channels:read,
// groups:read). The prefix of an ID does not tell what kind of channel it is.
func fetchChannel(ctx context.Context, api DirectoryAPI, id string) (Channel, error) {
	channel, err := api.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: id})
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
}

// lookups keeps the answers of one kind of look-up. Failures are not kept, but one that Slack throttled is not
// asked again for as long as Slack says.
type lookups[T any] struct {
	now    func() time.Time
	fetch  func(ctx context.Context, id string) (T, error)
	flight singleflight.Group

	mutex    sync.Mutex
	findings map[string]finding[T]
}

// finding is an answer, valid from when it was asked for: what Slack says may be as old as that.
type finding[T any] struct {
	value        T
	err          error // throttled
	asked, until time.Time
}

func newLookups[T any](now func() time.Time, fetch func(context.Context, string) (T, error)) *lookups[T] {
	return &lookups[T]{now: now, fetch: fetch, findings: map[string]finding[T]{}}
}

// get gives the answer that is kept, or asks. Whoever asks does so for all who wait, so that the look-up goes
// on until its own time limit even if the context ends.
func (l *lookups[T]) get(ctx context.Context, id string) (T, error) {
	var none T
	if id == "" {
		return none, errors.New("look up: no ID")
	}
	if err := ctx.Err(); err != nil {
		return none, err
	}
	if kept, ok := l.kept(id); ok {
		return kept.value, kept.err
	}
	value, err, _ := l.flight.Do(id, func() (any, error) { return l.ask(ctx, id) })
	if err != nil {
		return none, err
	}
	return value.(T), nil
}

func (l *lookups[T]) kept(id string) (finding[T], bool) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	kept, ok := l.findings[id]
	return kept, ok && kept.valid(l.now())
}

// valid is false also before it was asked: the clock was put back, and its age is not known.
func (a finding[T]) valid(now time.Time) bool { return !now.Before(a.asked) && now.Before(a.until) }

func (l *lookups[T]) ask(ctx context.Context, id string) (T, error) {
	if kept, ok := l.kept(id); ok { // by one who was in flight until just now
		return kept.value, kept.err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lookupTimeout)
	defer cancel()
	asked := l.now()
	value, err := l.fetch(ctx, id)
	var throttled *slack.RateLimitedError
	switch {
	case err == nil:
		l.Keep(id, finding[T]{value: value, asked: asked, until: asked.Add(directoryAge)})
	case errors.As(err, &throttled):
		l.Keep(id, finding[T]{err: err, asked: asked, until: asked.Add(min(throttled.RetryAfter, longestHold))})
	}
	return value, err
}

func (l *lookups[T]) Keep(id string, a finding[T]) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if _, ok := l.findings[id]; !ok && len(l.findings) >= directorySize {
		l.makeRoom(a.asked)
	}
	l.findings[id] = a
}

// makeRoom drops what is no longer valid, or else the oldest.
func (l *lookups[T]) makeRoom(now time.Time) {
	oldest, found := "", false
	for id, a := range l.findings {
		if !a.valid(now) {
			delete(l.findings, id)
		} else if !found || a.asked.Before(l.findings[oldest].asked) {
			oldest, found = id, true
		}
	}
	if len(l.findings) >= directorySize {
		delete(l.findings, oldest)
	}
}
