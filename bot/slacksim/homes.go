package slacksim

// OpenApp is a person opening the app: its tab is "home" or "messages". The app is told each time, and an app that has
// no Home tab never is of that one.
func (s *Server) OpenApp(userID, tab string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	user, channel, err := s.whoAndWhere(userID, imOf(userID))
	if err != nil {
		return err
	}
	if tab != "home" && tab != "messages" {
		return refuse("tab_not_found")
	}
	inner := object{"type": "app_home_opened", "user": user.ID, "channel": channel.ID, "tab": tab, "event_ts": s.nextTS()}
	if home := s.views.homes[user.ID]; home != nil && tab == "home" {
		inner["view"] = s.viewObject(home)
	}
	s.deliver("app_home_opened", "", inner)
	return nil
}

// Home returns what was published on a person's Home tab.
func (s *Server) Home(userID string) (OpenView, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	home, ok := s.views.homes[userID]
	if !ok {
		return OpenView{}, false
	}
	return s.shownView(home), true
}

// Invite makes the app a member of a channel, as a person does with /invite.
func (s *Server) Invite(inviterID, channelID string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	inviter, channel, err := s.whoAndWhere(inviterID, channelID)
	if err != nil {
		return err
	}
	if channel.IM || channel.has(BotUserID) {
		return refuse("already_in_channel")
	}
	channel.Members = append(channel.Members, BotUserID)
	s.post(channel, Message{User: BotUserID, Text: "<@" + BotUserID + "> was added by <@" + inviter.ID + ">."})
	kind, scope := "C", "channels:read"
	if channel.Private {
		kind, scope = "G", "groups:read"
	}
	s.deliver("member_joined_channel", scope, object{
		"type": "member_joined_channel", "user": BotUserID, "channel": channel.ID, "channel_type": kind,
		"team": s.cfg.Team.ID, "inviter": inviter.ID, "event_ts": s.nextTS(),
	})
	return nil
}
