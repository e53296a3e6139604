package slacksim

import (
	"cmp"
	"strings"
	"time"
)

func (s *Server) usersInfo(c *call) (object, *apiError) {
	user, ok := s.people.users[c.params.text("user")]
	if !ok {
		return nil, fail("user_not_found")
	}
	return object{"user": s.userObject(user, c.params.flag("include_locale"))}, nil
}

func (s *Server) usersLookupByEmail(c *call) (object, *apiError) {
	if problem := s.authorise(method{}, "users:read"); problem != nil {
		return nil, problem
	}
	email := c.params.text("email")
	for _, id := range s.people.userIDs {
		user := s.people.users[id]
		if email != "" && strings.EqualFold(user.Email, email) && !user.Deleted {
			return object{"user": s.userObject(user, false)}, nil
		}
	}
	return nil, fail("users_not_found")
}

// userObject is a user as users.info gives it: the locale only when asked for and never of another workspace's
// people, the e-mail only with its scope, no time zone once deactivated.
func (s *Server) userObject(u *User, withLocale bool) object {
	profile := object{
		"title": u.Title, "real_name": u.RealName, "real_name_normalized": u.RealName,
		"display_name": u.Name, "display_name_normalized": u.Name, "team": u.TeamID,
	}
	if s.has("users:read.email") && u.Email != "" {
		profile["email"] = u.Email
	}
	user := object{
		"id": u.ID, "team_id": u.TeamID, "name": u.Name, "deleted": u.Deleted, "profile": profile,
		"is_bot": u.Bot, "is_app_user": false, "updated": 0,
	}
	if u.EnterpriseID != "" {
		user["enterprise_user"] = object{"id": cmp.Or(u.GridID, u.ID), "enterprise_id": u.EnterpriseID, "teams": []string{u.TeamID}}
	}
	if u.Stranger {
		user["is_stranger"] = true
	}
	if !u.Deleted {
		s.addLivingFields(user, u)
	}
	if withLocale && !s.external(u) {
		user["locale"] = u.Locale
	}
	for name, value := range u.Instead {
		of, field := user, name
		if inner, ok := strings.CutPrefix(name, "profile."); ok {
			of, field = profile, inner
		}
		if of[field] = value; value == Absent {
			delete(of, field)
		}
	}
	return user
}

func (s *Server) addLivingFields(user object, u *User) {
	zone, offset := u.TZ, 0
	if location, err := time.LoadLocation(u.TZ); err == nil {
		zone, offset = s.cfg.Now().In(location).Zone()
	}
	user["real_name"], user["color"] = u.RealName, "9f69e7"
	user["tz"], user["tz_label"], user["tz_offset"] = u.TZ, zone, offset
	user["is_admin"], user["is_owner"], user["is_primary_owner"] = false, false, false
	user["is_restricted"], user["is_ultra_restricted"] = u.Restricted || u.UltraRestricted, u.UltraRestricted
	user["is_email_confirmed"] = u.Email != "" && !u.EmailUnconfirmed
	user["who_can_share_contact_card"] = "EVERYONE"
}

func (s *Server) usergroupsList(c *call) (object, *apiError) {
	groups := []object{}
	for _, id := range s.people.groupIDs {
		group := s.people.groups[id]
		if group.Disabled && !c.params.flag("include_disabled") {
			continue
		}
		groups = append(groups, s.groupObject(group, c.params))
	}
	return object{"usergroups": groups}, nil
}

func (s *Server) groupObject(g *Group, p params) object {
	group := object{
		"id": g.ID, "team_id": s.cfg.Team.ID, "is_usergroup": true, "name": g.Name, "handle": g.Handle,
		"description": "", "is_external": false, "date_create": 0, "date_update": 0, "date_delete": 0,
		"prefs": object{"channels": []string{}, "groups": []string{}},
	}
	if g.Disabled {
		group["date_delete"] = 1
	}
	if p.flag("include_users") {
		group["users"] = s.groupMembers(g)
	}
	if p.flag("include_count") {
		group["user_count"] = len(s.groupMembers(g))
	}
	return group
}

// groupMembers leaves out people who were deactivated, as Slack does.
func (s *Server) groupMembers(g *Group) []string {
	members := []string{}
	for _, id := range g.Members {
		if user, ok := s.people.users[id]; !ok || !user.Deleted {
			members = append(members, id)
		}
	}
	return members
}

func (s *Server) usergroupsUsersList(c *call) (object, *apiError) {
	group, ok := s.people.groups[c.params.text("usergroup")]
	if !ok || group.Disabled && !c.params.flag("include_disabled") {
		return nil, fail("no_such_subteam")
	}
	return object{"users": s.groupMembers(group)}, nil
}
