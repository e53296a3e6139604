package slacksim

import (
	"cmp"
	"slices"
	"strings"
)

// User is a person (or a bot) that the workspace knows. TeamID and EnterpriseID default to the workspace's own.
type User struct {
	ID, Name, RealName, Email string
	// GridID is the person's ID in the organisation; the same as ID if empty. Slack sends one or the other: who has both is
	// here twice, with the same GridID.
	GridID                      string
	Locale, TZ                  string // default en-US and UTC
	Title                       string
	TeamID, EnterpriseID        string
	Restricted, UltraRestricted bool // guest of several channels, guest of one
	Stranger                    bool // of another workspace, sharing no channel with ours
	Bot, Deleted                bool
	EmailUnconfirmed            bool
	// Instead is what Slack tells of the user in place of these fields, as "tz" or "profile.email": nil is null, and
	// Absent leaves the field out.
	Instead map[string]any
}

// Absent is a field that Slack leaves out.
var Absent = struct{}{}

// Channel is a conversation. Members are user IDs; BotUserID among them makes the app a member.
type Channel struct {
	ID, Name  string
	Private   bool
	IM        bool
	User      string // the person of a direct message
	ExtShared bool
	Members   []string
}

// Group is a user group. Disabled ones are left out of usergroups.list unless asked for.
type Group struct {
	ID, Name, Handle string
	Members          []string
	Disabled         bool
}

// directory is who and what exists.
type directory struct {
	users    map[string]*User
	userIDs  []string
	channels map[string]*conversation
	order    []string
	groups   map[string]*Group
	groupIDs []string
}

// AddUser adds or replaces a user. People get a direct message channel with the app, "D" and the rest of their ID.
func (s *Server) AddUser(user User) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.storeUser(user)
	if !user.Bot {
		s.storeChannel(Channel{ID: imOf(user.ID), IM: true, User: user.ID, Members: []string{user.ID, BotUserID}})
	}
	s.notify()
}

// AddChannel adds or replaces a channel; one that exists keeps its messages.
func (s *Server) AddChannel(channel Channel) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.storeChannel(channel)
	s.notify()
}

// AddGroup adds or replaces a user group.
func (s *Server) AddGroup(group Group) {
	s.mu.Lock()
	defer s.mu.Unlock()
	group.Name = cmp.Or(group.Name, group.Handle)
	if _, known := s.people.groups[group.ID]; !known {
		s.people.groupIDs = append(s.people.groupIDs, group.ID)
	}
	s.people.groups[group.ID] = &group
}

func (s *Server) storeUser(user User) {
	user.RealName = cmp.Or(user.RealName, user.Name)
	user.Locale = cmp.Or(user.Locale, "en-US")
	user.TZ = cmp.Or(user.TZ, "UTC")
	if user.TeamID == "" {
		user.TeamID = s.cfg.Team.ID
		user.EnterpriseID = cmp.Or(user.EnterpriseID, s.cfg.Team.EnterpriseID)
	}
	if _, known := s.people.users[user.ID]; !known {
		s.people.userIDs = append(s.people.userIDs, user.ID)
	}
	s.people.users[user.ID] = &user
}

func (s *Server) storeChannel(channel Channel) {
	channel.Members = slices.Clone(channel.Members)
	if known, ok := s.people.channels[channel.ID]; ok {
		known.Channel = channel
		return
	}
	s.people.channels[channel.ID] = &conversation{Channel: channel, byTS: map[string]*Message{}}
	s.people.order = append(s.people.order, channel.ID)
}

func imOf(userID string) string {
	if len(userID) < 2 {
		return "D" + userID
	}
	return "D" + userID[1:]
}

// People are the users that are no bots, in the order in which they were added.
func (s *Server) People() []User {
	s.mu.Lock()
	defer s.mu.Unlock()
	var people []User
	for _, id := range s.people.userIDs {
		if user := s.people.users[id]; !user.Bot {
			people = append(people, *user)
		}
	}
	return people
}

// DirectMessage is the ID of a person's direct messages with the app.
func (s *Server) DirectMessage(userID string) string { return imOf(userID) }

// external says whether the user belongs to another workspace than the app's.
func (s *Server) external(user *User) bool { return user.TeamID != s.cfg.Team.ID }

// channelFor finds a conversation as chat.* methods name it: by ID, by #name, or by the ID of a user.
func (d *directory) channelFor(name string) *conversation {
	if channel, ok := d.channels[name]; ok {
		return channel
	}
	if user, ok := d.users[name]; ok && !user.Bot {
		return d.channels[imOf(name)]
	}
	wanted := strings.TrimPrefix(name, "#")
	for _, channel := range d.channels {
		if channel.Name != "" && channel.Name == wanted {
			return channel
		}
	}
	return nil
}

func (c Channel) has(userID string) bool { return slices.Contains(c.Members, userID) }
