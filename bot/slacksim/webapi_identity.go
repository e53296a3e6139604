package slacksim

import (
	"cmp"
	"net/url"
	"strings"
	"time"
)

func (s *Server) apiTest(c *call) (object, *apiError) {
	if code := c.params.text("error"); code != "" {
		return nil, fail(code)
	}
	args := object{}
	for name := range c.params.form {
		if name != "token" {
			args[name] = c.params.form.Get(name)
		}
	}
	return object{"args": args}, nil
}

func (s *Server) authTest(*call) (object, *apiError) {
	body := object{
		"url": "https://" + s.cfg.Team.Domain + ".slack.com/", "team": s.cfg.Team.Name, "team_id": s.cfg.Team.ID,
		"user": BotName, "user_id": BotUserID, "bot_id": BotID, "is_enterprise_install": false,
	}
	if s.cfg.Team.EnterpriseID != "" {
		body["enterprise_id"] = s.cfg.Team.EnterpriseID
	}
	return body, nil
}

// connectionsOpen hands out a one-shot address of a socket.
func (s *Server) connectionsOpen(*call) (object, *apiError) {
	if s.sockets.off == Refuses {
		return nil, fail("socket_mode_not_enabled") // as apps.manifest.create calls it
	}
	query := url.Values{"ticket": {s.sockets.ticket(time.Now())}, "app_id": {AppID}}
	base := cmp.Or(s.foreign, "ws"+strings.TrimPrefix(s.base, "http"))
	answer := object{"url": base + "/link/?" + query.Encode()}
	if s.sockets.off == Warns {
		answer["response_metadata"] = object{"messages": []string{socketModeWarning}}
	}
	return answer, nil
}

func (s *Server) botsInfo(c *call) (object, *apiError) {
	if id := c.params.text("bot"); id != "" && id != BotID {
		return nil, fail("bot_not_found")
	}
	return object{"bot": object{
		"id": BotID, "deleted": false, "name": BotName, "updated": 0, "app_id": AppID, "user_id": BotUserID,
		"icons": object{},
	}}, nil
}

func (s *Server) teamInfo(c *call) (object, *apiError) {
	if id := c.params.text("team"); id != "" && id != s.cfg.Team.ID {
		return nil, fail("team_not_found")
	}
	team := object{
		"id": s.cfg.Team.ID, "name": s.cfg.Team.Name, "domain": s.cfg.Team.Domain, "email_domain": "",
		"icon": object{"image_default": true},
	}
	if s.cfg.Team.EnterpriseID != "" {
		team["enterprise_id"], team["enterprise_name"] = s.cfg.Team.EnterpriseID, s.cfg.Team.EnterpriseName
	}
	return object{"team": team}, nil
}
