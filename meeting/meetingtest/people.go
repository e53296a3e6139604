package meetingtest

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"strings"
)

// attendee is one who is in a meeting. This answer, unlike the others, is in snake case.
type attendee struct {
	ParticipantID string `json:"participant_id"`
	Name          string `json:"name"`
	CallNumber    string `json:"call_number"`
	Role          int    `json:"role"`
	ThirdAccount  string `json:"third_account,omitempty"`
	Account       string `json:"account,omitempty"`
	UserID        string `json:"user_id,omitempty"`
}

type pageOf[T any] struct {
	Data   []T `json:"data"`
	Offset int `json:"offset"`
	Limit  int `json:"limit"`
	Count  int `json:"count"`
}

func paged[T any](all []T, p page) answer {
	return ok(pageOf[T]{append([]T{}, cut(all, p)...), p.offset, p.limit, len(all)})
}

// attendees is ListOnlineConfAttendee.
func (s *Server) attendees(c *call, u *user) answer {
	p, fine := c.readPage(20, 500, "search_key")
	r := s.book.byID[c.meeting]
	switch {
	case !fine:
		return badRequest.answer()
	case r == nil || !r.running:
		return s.missing(c)
	case !u.isAdmin() && !r.concerns(u) && s.readings.QueryAll != Honoured:
		return viewRefused.answer()
	}
	var all []attendee
	for i := range r.People {
		if a := r.attendee(i); strings.Contains(a.Name, p.search) {
			all = append(all, a)
		}
	}
	return paged(all, p)
}

// attendee is the i-th who is in: those who are told, then guests.
func (r *run) attendee(i int) attendee {
	person := Person{Name: fmt.Sprintf("Guest %d", i+1)}
	if i < len(r.Attendees) {
		person = r.Attendees[i]
	}
	number := sipNumber(fmt.Sprint(r.ID, person.UUID, person.Name, i))
	a := attendee{ParticipantID: number, Name: person.Name, CallNumber: number, Account: person.Account, UserID: person.UUID}
	if person.Chair {
		a.Role = 1
	}
	return a
}

// addressBook is SearchCorpDir.
func (s *Server) addressBook(c *call, _ *user) answer {
	p, fine := c.readPage(10, 500, "searchKey")
	if !fine {
		return badRequest.answer()
	}
	var all []map[string]any
	for _, person := range s.book.people {
		if person.matches(p.search) {
			all = append(all, person.entry())
		}
	}
	return paged(all, p)
}

// matches is fuzzy: a part of a field is enough, and capitals count for nothing.
func (p Person) matches(search string) bool {
	search = strings.ToLower(search)
	for _, field := range []string{p.Name, p.Account, p.Email} {
		if strings.Contains(strings.ToLower(field), search) {
			return true
		}
	}
	return strings.EqualFold(p.UUID, search)
}

func (p Person) entry() map[string]any {
	return map[string]any{
		"id": p.UUID, "account": p.Account, "name": p.Name, "englishName": p.Name, "email": p.Email, "phone": "",
		"deptName": "Example", "number": sipNumber(p.UUID), "isHardTerminal": false, "type": "NORMAL_USER", "hidePhone": false,
	}
}

// member is ShowMyInfo.
func (s *Server) member(_ *call, u *user) answer {
	return ok(map[string]any{
		"id": u.uuid, "userAccount": u.account, "name": u.name, "englishName": u.name, "email": u.email, "phone": "",
		"sipNum": sipNumber(u.uuid), "userType": 2, "adminType": u.adminType, "status": 0, "thirdAccount": u.thirdAccount,
		"corp": map[string]any{"id": "651543334", "name": "Example"}, "deptName": "Example", "vmrList": s.roomsOf(u),
	})
}

// rooms is SearchMemberVmr: the user's own cloud rooms, with their passwords.
func (s *Server) rooms(c *call, u *user) answer {
	p, fine := c.readPage(10, 500, "searchKey")
	if !fine {
		return badRequest.answer()
	}
	var all []map[string]any
	for _, room := range s.roomsOf(u) {
		if strings.Contains(fmt.Sprint(room["vmrName"], room["vmrId"]), p.search) {
			all = append(all, room)
		}
	}
	return paged(all, p)
}

func (s *Server) roomsOf(u *user) []map[string]any {
	rooms, seen := []map[string]any{}, map[string]bool{}
	for _, r := range s.book.notEnded() {
		if r.RoomID == "" || seen[r.RoomID] || !r.hostedBy(u) {
			continue
		}
		seen[r.RoomID] = true
		rooms = append(rooms, map[string]any{
			"id": r.room, "vmrId": r.RoomID, "vmrName": cmp.Or(r.Subject, r.RoomID), "gustPwd": r.GuestPassword,
			"gustJoinUrl": joinLink(r, "guest"), "chairPwd": r.ChairPassword, "chairJoinUrl": joinLink(r, "chair"),
			"allowGustFirst": true, "gustFirstNotice": false, "vmrMode": 1, "status": 0,
		})
	}
	return rooms
}

// sipNumber is a number that is always the same for the same one.
func sipNumber(of string) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(of)) // never fails
	return fmt.Sprintf("+99111%010d", h.Sum32())
}
