package meetingtest

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// page is offset and limit, and what is searched for.
type page struct {
	offset, limit int
	search        string
}

// readPage refuses what is out of range: a limit is 1 to most, a search key up to 128 characters.
func (c *call) readPage(usual, most int, searchName string) (page, bool) {
	p := page{limit: usual, search: c.query.Get(searchName)}
	offsetFine := c.number("offset", &p.offset) && p.offset >= 0
	limitFine := c.number("limit", &p.limit) && p.limit >= 1 && p.limit <= most
	return p, offsetFine && limitFine && len([]rune(p.search)) <= 128
}

// number reads a parameter of the query; without it the value stays.
func (c *call) number(name string, into *int) bool {
	if !c.query.Has(name) {
		return true
	}
	v, err := strconv.Atoi(c.query.Get(name))
	*into = v
	return err == nil
}

// cut returns the part of the list that the page shows.
func cut[T any](all []T, p page) []T {
	from := min(p.offset, len(all))
	return all[from:min(from+p.limit, len(all))]
}

type listResponse struct {
	Offset int              `json:"offset"`
	Limit  int              `json:"limit"`
	Count  int              `json:"count"`
	Data   []conferenceInfo `json:"data"`
}

// onlineList is SearchOnlineMeetings [0025].
func (s *Server) onlineList(c *call, u *user) answer {
	return s.list(c, u, s.book.running, nil)
}

// notEndedList is SearchMeetings [0017].
func (s *Server) notEndedList(c *call, u *user) answer {
	days := map[string]int{"": 0, "ALL": 0, "ADAY": 1, "AWEEK": 7, "AMONTH": 30}
	span, known := days[c.query.Get("queryConfMode")]
	if !known {
		return badRequest.answer()
	}
	until := c.now.AddDate(0, 0, span)
	within := func(r *run) bool { return span == 0 || r.Start.Before(until) }
	return s.list(c, u, s.book.notEnded(), within)
}

// historyList is SearchHisMeetings [0051]: the runs that began between startDate and endDate.
func (s *Server) historyList(c *call, u *user) answer {
	from, errFrom := strconv.ParseInt(c.query.Get("startDate"), 10, 64)
	to, errTo := strconv.ParseInt(c.query.Get("endDate"), 10, 64)
	if errFrom != nil || errTo != nil || from > to {
		return badRequest.answer()
	}
	within := func(r *run) bool { return r.Start.UnixMilli() >= from && r.Start.UnixMilli() <= to }
	return s.list(c, u, slices.SortedFunc(slices.Values(s.book.past), byStart), within)
}

// list answers with a page of the runs, which are sorted by start.
func (s *Server) list(c *call, u *user, all []*run, within func(*run) bool) answer {
	p, fine := c.readPage(20, 500, "searchKey")
	whole, known := map[string]bool{"": false, "false": false, "true": true}[c.query.Get("queryAll")]
	sortType := c.query.Get("sortType")
	switch {
	case !fine || !known || sortType != "" && sortType != "ASC_StartTIME" && sortType != "DSC_StartTIME":
		return badRequest.answer()
	case whole && !u.isAdmin():
		return notAllowed.answer()
	}
	if !whole || p.search != "" || within != nil {
		all = filtered(all, func(r *run) bool {
			return (whole || r.concerns(u)) && r.matches(p.search) && (within == nil || within(r))
		})
	}
	if sortType == "DSC_StartTIME" {
		all = slices.Clone(all)
		slices.Reverse(all)
	}
	shown := cut(all, p)
	response := listResponse{p.offset, p.limit, len(all), make([]conferenceInfo, 0, len(shown))}
	for _, r := range shown {
		response.Data = append(response.Data, s.listed(r, u, c.now))
	}
	return ok(response)
}

func (s *Server) listed(r *run, u *user, now time.Time) conferenceInfo {
	info := r.info(u, now, s.lag)
	if r.running {
		info.OnlineAttendeeAmount = new(r.People)
	}
	return info
}

func filtered(all []*run, keep func(*run) bool) []*run {
	var kept []*run
	for _, r := range all {
		if keep(r) {
			kept = append(kept, r)
		}
	}
	return kept
}

// concerns says whether the user booked it or is invited.
func (r *run) concerns(u *user) bool {
	return r.hostedBy(u) || slices.ContainsFunc(r.Invited, func(p Person) bool {
		return p.UUID != "" && p.UUID == u.uuid || p.Account != "" && p.Account == u.account
	})
}

func (r *run) hostedBy(u *user) bool {
	return r.Host.UUID == u.uuid || r.Host.Account != "" && r.Host.Account == u.account
}

// matches looks in what the reference names: subject, scheduler, ID. Letters count as they are.
func (r *run) matches(search string) bool {
	return search == "" || strings.Contains(r.Subject, search) || strings.Contains(r.Host.Name, search) ||
		strings.Contains(r.ID, search) || strings.Contains(r.RoomID, search)
}
