package slacksim

import (
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
)

// readable finds a conversation that the app may know of: private ones only as a member, and each kind with its scope.
func (s *Server) readable(id string) (*conversation, *apiError) {
	channel, ok := s.people.channels[id]
	if !ok || (channel.Private || channel.IM) && !channel.has(BotUserID) {
		return nil, fail("channel_not_found")
	}
	needed := "channels:read"
	switch {
	case channel.IM:
		needed = "im:read"
	case channel.Private:
		needed = "groups:read"
	}
	return channel, s.authorise(method{}, needed)
}

func (s *Server) conversationsInfo(c *call) (object, *apiError) {
	channel, problem := s.readable(c.params.text("channel"))
	if problem != nil {
		return nil, problem
	}
	info := s.channelObject(channel)
	if c.params.flag("include_num_members") {
		info["num_members"] = len(channel.Members)
	}
	return object{"channel": info}, nil
}

func (s *Server) channelObject(c *conversation) object {
	channel := object{
		"id": c.ID, "created": 0, "is_archived": false, "is_im": c.IM, "is_mpim": false, "is_private": c.Private || c.IM,
		"is_ext_shared": c.ExtShared, "is_shared": c.ExtShared, "is_org_shared": false, "is_pending_ext_shared": false,
		"context_team_id": s.cfg.Team.ID, "updated": 0,
	}
	if c.IM {
		channel["user"], channel["is_user_deleted"] = c.User, s.people.users[c.User] != nil && s.people.users[c.User].Deleted
		return channel
	}
	channel["name"], channel["name_normalized"] = c.Name, c.Name
	channel["is_channel"], channel["is_group"] = !c.Private, false
	channel["is_member"], channel["is_general"] = c.has(BotUserID), false
	return channel
}

const membersPage = 100

func (s *Server) conversationsMembers(c *call) (object, *apiError) {
	channel, problem := s.readable(c.params.text("channel"))
	if problem != nil {
		return nil, problem
	}
	start, ok := readCursor(c.params.text("cursor"), len(channel.Members))
	if !ok {
		return nil, fail("invalid_cursor")
	}
	limit := membersPage
	if wanted, err := strconv.Atoi(c.params.text("limit")); err == nil && wanted > 0 {
		limit = min(wanted, 1000)
	}
	end, next := min(start+limit, len(channel.Members)), ""
	if end < len(channel.Members) {
		next = base64.StdEncoding.EncodeToString([]byte("member:" + strconv.Itoa(end)))
	}
	return object{
		"members":           slices.Clone(channel.Members[start:end]),
		"response_metadata": object{"next_cursor": next},
	}, nil
}

func readCursor(cursor string, length int) (int, bool) {
	if cursor == "" {
		return 0, true
	}
	plain, err := base64.StdEncoding.DecodeString(cursor)
	if err != nil {
		return 0, false
	}
	start, err := strconv.Atoi(strings.TrimPrefix(string(plain), "member:"))
	return start, err == nil && start >= 0 && start <= length
}

// conversationsOpen opens a direct message. Conversations of several people need a scope that the app is not made
// with, and are not kept.
func (s *Server) conversationsOpen(c *call) (object, *apiError) {
	if id := c.params.text("channel"); id != "" {
		channel, ok := s.people.channels[id]
		if !ok || !channel.IM {
			return nil, fail("channel_not_found")
		}
		return s.openedIM(c, channel), nil
	}
	users := strings.Split(c.params.text("users"), ",")
	if len(users) > 1 {
		if problem := s.authorise(method{}, "mpim:write"); problem != nil {
			return nil, problem
		}
		return nil, fail("method_not_supported_for_channel_type")
	}
	user, ok := s.people.users[users[0]]
	switch {
	case users[0] == "":
		return nil, fail("users_list_not_supplied")
	case !ok:
		return nil, fail("user_not_found")
	case user.Bot:
		return nil, fail("cannot_dm_bot")
	case user.Deleted:
		return nil, fail("user_disabled")
	}
	return s.openedIM(c, s.people.channels[imOf(user.ID)]), nil
}

func (s *Server) openedIM(c *call, channel *conversation) object {
	if c.params.flag("return_im") {
		return object{"channel": s.channelObject(channel), "no_op": true, "already_open": true}
	}
	return object{"channel": object{"id": channel.ID}, "no_op": true, "already_open": true}
}
