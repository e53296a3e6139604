package meetingtest

import "strings"

// participant is somebody invited to a meeting, as a detail gives them.
type participant struct {
	ParticipantID string `json:"participantID"`
	Name          string `json:"name"`
	Role          int    `json:"role"`
	State         string `json:"state"` // always MEETTING, spelled so
	AttendeeType  string `json:"attendeeType"`
	AccountID     string `json:"accountId,omitempty"`
	Email         string `json:"email,omitempty"`
	DeptName      string `json:"deptName"`
	UserUUID      string `json:"userUUID,omitempty"`
	AppID         string `json:"appId,omitempty"`
	IsAutoInvite  int    `json:"isAutoInvite"`
}

type participantsPage struct {
	Data   []participant `json:"data"`
	Offset int           `json:"offset"`
	Limit  int           `json:"limit"`
	Count  int           `json:"count"`
}

type detailResponse struct {
	ConferenceData conferenceInfo   `json:"conferenceData"`
	Data           participantsPage `json:"data"`
}

// onlineDetail is ShowOnlineMeetingDetail [0026].
func (s *Server) onlineDetail(c *call, u *user) answer {
	if r := s.book.byID[c.meeting]; r != nil && r.running {
		return s.detailed(c, u, r)
	}
	return s.missing(c)
}

// detail is ShowMeetingDetail [0018].
func (s *Server) detail(c *call, u *user) answer {
	if r := s.book.byID[c.meeting]; r != nil {
		return s.detailed(c, u, r)
	}
	return s.missing(c)
}

// historyDetail is ShowHisMeetingDetail [0052].
func (s *Server) historyDetail(c *call, u *user) answer {
	uuid := c.query.Get("confUUID")
	for _, r := range s.book.past {
		if uuid != "" && r.UUID == uuid {
			return s.detailed(c, u, r)
		}
	}
	return s.missing(c)
}

func (s *Server) missing(c *call) answer {
	if c.meeting == "" && c.query.Get("confUUID") == "" {
		return headerMissing.answer()
	}
	return noSuchMeeting.answer()
}

func (s *Server) detailed(c *call, u *user, r *run) answer {
	p, fine := c.readPage(20, 500, "searchKey")
	switch {
	case !fine:
		return badRequest.answer()
	case !u.isAdmin() && !r.concerns(u) && s.readings.QueryAll != Honoured:
		return viewRefused.answer()
	}
	info := r.info(u, c.now, s.lag, s.readings)
	info.Role = "general"
	if r.hostedBy(u) {
		info.Role = "chair"
	}
	people := r.participants(p.search)
	return ok(detailResponse{info, participantsPage{
		Data: append([]participant{}, cut(people, p)...), Offset: p.offset, Limit: p.limit, Count: len(people),
	}})
}

// participants are the invited, and at last the host.
func (r *run) participants(search string) []participant {
	var all []participant
	for _, p := range r.Invited {
		all = append(all, p.invited())
	}
	if !r.HostUnlisted {
		host := Person{UUID: r.Host.UUID, Account: r.Host.Account, Name: r.Host.Name, Email: r.Host.Email, Chair: true}
		all = append(all, host.invited())
	}
	if search == "" {
		return all
	}
	var found []participant
	for _, p := range all {
		if strings.Contains(p.Name, search) || strings.Contains(p.ParticipantID, search) {
			found = append(found, p)
		}
	}
	return found
}

func (p Person) invited() participant {
	role := 0
	if p.Chair {
		role = 1
	}
	return participant{
		ParticipantID: sipNumber(p.UUID + p.Account + p.Name), Name: p.Name, Role: role, State: "MEETTING",
		AttendeeType: "normal", AccountID: p.Account, Email: p.Email, DeptName: "Example", UserUUID: p.UUID,
	}
}
