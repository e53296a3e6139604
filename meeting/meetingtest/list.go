package meetingtest

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
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

// onlineList is SearchOnlineMeetings [0025].
func (s *Server) onlineList(c *call, u *user) answer {
	return s.list(c, u, selection{all: s.book.running, of: u})
}

// notEndedList is SearchMeetings [0017].
func (s *Server) notEndedList(c *call, u *user) answer {
	days := map[string]int{"": 0, "ALL": 0, "ADAY": 1, "AWEEK": 7, "AMONTH": 30}
	span, known := days[c.query.Get("queryConfMode")]
	if !known {
		return badRequest.answer()
	}
	from := selection{all: s.book.notEnded(), of: u}
	if span > 0 {
		until := c.now.AddDate(0, 0, span)
		from.within = func(r *run) bool { return r.Start.Before(until) }
	}
	if other := c.query.Get("userUUID"); other != "" && u.isAdmin() { // has no effect for an ordinary account
		from.of, from.oneUser = &user{uuid: other}, true
	}
	return s.list(c, u, from)
}

// historyList is SearchHisMeetings [0051]: the runs that began between startDate and endDate.
func (s *Server) historyList(c *call, u *user) answer {
	from, errFrom := strconv.ParseInt(c.query.Get("startDate"), 10, 64)
	to, errTo := strconv.ParseInt(c.query.Get("endDate"), 10, 64)
	if errFrom != nil || errTo != nil || from > to {
		return badRequest.answer()
	}
	within := func(r *run) bool { return r.Start.UnixMilli() >= from && r.Start.UnixMilli() <= to }
	return s.list(c, u, selection{all: slices.SortedFunc(slices.Values(s.book.past), byStart), of: u, within: within})
}

// selection is what a list is made of: runs, sorted by start.
type selection struct {
	all     []*run
	of      *user           // whose they are, unless the whole enterprise's are asked for
	oneUser bool            // they are not asked for, whatever queryAll says
	within  func(*run) bool // nil: all of them
}

// list answers with a page of the runs.
func (s *Server) list(c *call, u *user, from selection) answer {
	p, fine := c.readPage(20, 500, "searchKey")
	whole, known := map[string]bool{"": false, "false": false, "true": true}[c.query.Get("queryAll")]
	sortType := c.query.Get("sortType")
	switch {
	case !fine || !known || sortType != "" && sortType != "ASC_StartTIME" && sortType != "DSC_StartTIME":
		return badRequest.answer()
	}
	if whole {
		var refused *refusal
		if whole, refused = s.mayQueryAll(u); refused != nil {
			return refused.answer()
		}
	}
	whole = whole && !from.oneUser
	all := from.all
	if !whole || p.search != "" || from.within != nil {
		all = nil
		for _, r := range from.all {
			if (whole || r.concerns(from.of)) && r.matches(p.search) && (from.within == nil || from.within(r)) {
				all = append(all, r)
			}
		}
	}
	if sortType == "DSC_StartTIME" {
		all = slices.Clone(all)
		slices.Reverse(all)
	}
	shown := cut(all, p)
	response := &entryPage{page: p, count: len(all), entries: make([]json.RawMessage, 0, len(shown))}
	for _, r := range shown {
		response.entries = append(response.entries, r.entry(u, c.now, s.lag, s.readings))
	}
	return answer{status: http.StatusOK, list: response}
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
