package access

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/slack-go/slack"
)

// On Enterprise Grid one person has several IDs: one of the organisation, and one of each workspace that joined it. Slack
// sends one or another. Whatever is kept of a person is kept under the organisation's, and a list that has any of them has
// the person.

// Key is the ID under which everything is kept that is a person's: budgets, rules, wishes.
func (p Person) Key() string { return cmp.Or(p.GridID, p.ID) }

// Is says whether an ID is the person's. No ID is nobody's.
func (p Person) Is(id string) bool {
	return id != "" && (id == p.ID || id == p.LocalID || id == p.GridID)
}

// in says whether a list has the person, by any of their IDs.
func (s Subject) in(ids []string) bool { return slices.ContainsFunc(ids, s.Is) }

// Is says whether an ID is the person's, also by what the lists have.
func (s Subject) Is(id string) bool {
	return s.Person.Is(id) || id != "" && slices.Contains(s.OtherIDs, id)
}

// identify finds the IDs in the lists that are others of this person's. It is false if that cannot be found out, and
// somebody might be denied under another ID.
func (g *Gate) identify(ctx context.Context, person Person) (others []string, ok bool) {
	if g.Policy.Enterprise == "" {
		return nil, true
	}
	if !person.Known && person.GridID == "" { // nobody knows under which other ID
		return nil, len(g.Policy.DeniedUsers) == 0
	}
	ok = true
	for _, id := range slices.Concat(g.Policy.DeniedUsers, g.Policy.AllowedUsers, g.Policy.AdminUsers) {
		if id == "" || person.Is(id) {
			continue
		}
		key, known := g.keyOf(ctx, id)
		if known && key == person.Key() {
			others = append(others, id)
		}
		ok = ok && (known || !slices.Contains(g.Policy.DeniedUsers, id))
	}
	return others, ok
}

// keyOf is the key of whom an ID names, which never changes; false if Slack does not tell now.
func (g *Gate) keyOf(ctx context.Context, id string) (string, bool) {
	if key, ok := g.keys.Load(id); ok {
		return key.(string), true
	}
	person, err := g.People.Person(ctx, id)
	refused, _ := errors.AsType[slack.SlackErrorResponse](err)
	if err != nil && person.GridID == "" && refused.Err != "user_not_found" {
		g.Logger.WarnContext(ctx, "an ID of the configuration could not be looked up", "user", id, "error", err)
		return "", false
	}
	person.ID = id
	g.keys.Store(id, person.Key())
	return person.Key(), true
}

// memberships are those of the person under any of their IDs.
func (g *Gate) memberships(ctx context.Context, person Person) map[string]Membership {
	found := make(map[string]Membership)
	for i, id := range []string{person.ID, person.LocalID, person.GridID} {
		if i > 0 && (id == "" || id == person.ID) {
			continue
		}
		for group, membership := range g.People.Groups(ctx, id) {
			found[group] = max(found[group], membership)
		}
	}
	return found
}
