package slacksim

import (
	"encoding/json"
	"slices"
)

// snapshot is the answer of /sim/state.
type snapshot struct {
	Now       int64          `json:"now"`
	Sockets   int            `json:"sockets"`
	Team      snapshotTeam   `json:"team"`
	Users     []snapshotUser `json:"users"`
	Channels  []snapshotRoom `json:"channels"`
	Messages  []Message      `json:"messages"`
	Views     []snapshotView `json:"views"` // open modals, the lowest of a stack first
	Homes     []snapshotView `json:"homes"` // what was published on Home tabs
	Commands  []string       `json:"commands"`
	Shortcuts []Shortcut     `json:"shortcuts"`
}

type snapshotTeam struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type snapshotUser struct {
	ID           string `json:"id"`
	Name         string `json:"name"`
	RealName     string `json:"real_name"`
	Locale       string `json:"locale"`
	TZ           string `json:"tz"`
	Title        string `json:"title"`
	IsBot        bool   `json:"is_bot"`
	IsRestricted bool   `json:"is_restricted"`
	TeamID       string `json:"team_id"`
}

type snapshotRoom struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	IsIM        bool   `json:"is_im"`
	IsPrivate   bool   `json:"is_private"`
	IsExtShared bool   `json:"is_ext_shared"`
	User        string `json:"user"`
	// Members are who is in it; others do not see it on the page.
	Members []string `json:"members"`
}

type snapshotView struct {
	ID     string            `json:"id"`
	User   string            `json:"user"`
	View   json.RawMessage   `json:"view"`
	Errors map[string]string `json:"errors,omitempty"`
}

func (s *Server) snapshot() snapshot {
	s.mu.Lock()
	s.postDue()
	state := snapshot{
		Now:      s.cfg.Now().UnixMilli(),
		Sockets:  len(s.sockets.live),
		Team:     snapshotTeam{s.cfg.Team.ID, s.cfg.Team.Name},
		Users:    s.snapshotUsers(),
		Channels: []snapshotRoom{},
		Messages: []Message{},
		Views:    []snapshotView{},
		Homes:    s.snapshotHomes(),
		Commands: s.cfg.Commands, Shortcuts: s.cfg.Shortcuts,
	}
	for _, id := range s.people.order {
		c := s.people.channels[id]
		state.Channels = append(state.Channels, snapshotRoom{c.ID, c.Name, c.IM, c.Private, c.ExtShared, c.User, slices.Clone(c.Members)})
	}
	s.mu.Unlock()
	state.Messages = append(state.Messages, s.Messages(Filter{})...)
	for _, open := range s.Views() {
		state.Views = append(state.Views, snapshotView(open))
	}
	return state
}

func (s *Server) snapshotHomes() []snapshotView {
	homes := []snapshotView{}
	for _, id := range s.people.userIDs {
		if home := s.views.homes[id]; home != nil {
			homes = append(homes, snapshotView(s.shownView(home)))
		}
	}
	return homes
}

func (s *Server) snapshotUsers() []snapshotUser {
	users := []snapshotUser{}
	for _, id := range s.people.userIDs {
		u := s.people.users[id]
		users = append(users, snapshotUser{
			ID: u.ID, Name: u.Name, RealName: u.RealName, Locale: u.Locale, TZ: u.TZ, Title: u.Title,
			IsBot: u.Bot, IsRestricted: u.Restricted || u.UltraRestricted, TeamID: u.TeamID,
		})
	}
	return users
}
