package slacksim

func (s *Server) viewsOpen(c *call) (object, *apiError) {
	v, granted, problem := s.triggered(c)
	if problem != nil {
		return nil, problem
	}
	delete(s.views.stacks, granted.user) // a new modal takes the place of what was open
	s.views.push(v)
	return object{"view": s.viewObject(v)}, nil
}

func (s *Server) viewsPush(c *call) (object, *apiError) {
	if granted := s.triggers.byID[c.params.text("trigger_id")]; granted != nil {
		if len(s.views.stacks[granted.user]) >= maxStack {
			return nil, fail("push_limit_reached")
		}
		if s.views.find(granted.view, "") == nil {
			return nil, fail("not_found")
		}
	}
	v, _, problem := s.triggered(c)
	if problem != nil {
		return nil, problem
	}
	s.views.push(v)
	return object{"view": s.viewObject(v)}, nil
}

// triggered makes the view of a call that needs a trigger, and uses the trigger up.
func (s *Server) triggered(c *call) (*view, *trigger, *apiError) {
	fields, problem := checkView(c.params.raw("view"), inModal)
	if problem != nil {
		return nil, nil, problem
	}
	external, _ := fields["external_id"].(string)
	if external != "" && s.views.find("", external) != nil {
		return nil, nil, fail("duplicate_external_id")
	}
	granted, problem := s.triggers.exchange(c.params.text("trigger_id"), c.now)
	if problem != nil {
		return nil, nil, problem
	}
	return s.newView(granted.user, fields), granted, nil
}

func (s *Server) viewsUpdate(c *call) (object, *apiError) {
	v := s.views.find(c.params.text("view_id"), c.params.text("external_id"))
	if v == nil || v == s.views.homes[v.user] {
		return nil, fail("not_found")
	}
	if problem := v.checkHash(c); problem != nil {
		return nil, problem
	}
	fields, problem := checkView(c.params.raw("view"), inModal)
	if problem != nil {
		return nil, problem
	}
	s.fill(v, fields)
	return object{"view": s.viewObject(v)}, nil
}

// checkHash refuses a change that was made from an older state of the view.
func (v *view) checkHash(c *call) *apiError {
	if hash := c.params.text("hash"); hash != "" && hash != v.hash {
		return fail("hash_conflict")
	}
	return nil
}

func (s *Server) viewsPublish(c *call) (object, *apiError) {
	user, ok := s.people.users[c.params.text("user_id")]
	if !ok || user.Bot {
		return nil, fail("user_not_found")
	}
	home := s.views.homes[user.ID]
	if home != nil {
		if problem := home.checkHash(c); problem != nil {
			return nil, problem
		}
	}
	fields, problem := checkView(c.params.raw("view"), inHome)
	if problem != nil {
		return nil, problem
	}
	if home == nil {
		home = s.newView(user.ID, fields)
		home.root = home.id
		s.views.homes[user.ID] = home
	}
	s.fill(home, fields)
	return object{"view": s.viewObject(home)}, nil
}
