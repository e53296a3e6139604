package meeting_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/overtime-bot/overtime/meeting"
)

func wantSample() meeting.Meeting {
	return meeting.Meeting{
		ID: "914083136", UUID: "u1", RoomID: "980001", Subject: "Weekly",
		Start:    time.Date(2026, 3, 4, 9, 0, 0, 0, time.UTC),
		End:      time.Date(2026, 3, 4, 10, 30, 0, 0, time.UTC),
		HostUUID: "host-1", HostName: "Ana", People: 3, ProlongMinutes: 15, Extendable: true,
	}
}

func TestRunningReadsEveryField(t *testing.T) {
	s := newService(t)
	bare := `{"conferenceID":914083137,"startTime":"2026-03-04 09:00","endTime":"2026-03-04 11:00","subject":null,
		"passwordEntry":[{"conferenceRole":"general","password":"1"}]}`
	broken := []string{
		`{"conferenceID":"1","startTime":"2026-03-04 09:00","endTime":"soon"}`, `null`, `7`, `{}`,
		`{"conferenceID":"914083139","startTime":"","endTime":"2026-03-04 11:00"}`,
		`{"conferenceID":"914083140","startTime":"2026-03-04 09:00","endTime":"2026-03-04 11:00","conferenceState":"Schedule"}`,
	}
	s.on(listPath, reply(200, list(append(broken, sample, bare)...)))
	got, err := s.client(t).Running(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := []meeting.Meeting{wantSample(), {
		ID: "914083137", Start: time.Date(2026, 3, 4, 9, 0, 0, 0, time.UTC),
		End:    time.Date(2026, 3, 4, 11, 0, 0, 0, time.UTC),
		People: -1, ProlongMinutes: meeting.ProlongUnknown,
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if query := s.got(listPath)[0].query; query != "limit=500&offset=0&queryAll=true" {
		t.Error(query)
	}
}

// numbered serves a list of as many meetings as count says, each time it is asked.
func numbered(count func(offset int) int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		offset, _ := strconv.Atoi(r.URL.Query().Get("offset"))
		limit, _ := strconv.Atoi(r.URL.Query().Get("limit"))
		all := count(offset)
		var entries []string
		for index := offset; index < min(offset+limit, all); index++ {
			entries = append(entries, fmt.Sprintf(
				`{"conferenceID":"9%08d","startTime":"2026-03-04 09:00","endTime":"2026-03-04 10:30"}`, index))
		}
		reply(200, fmt.Sprintf(`{"count":%d,"data":[%s]}`, all, strings.Join(entries, ",")))(w, r)
	}
}

func TestRunningReadsAllPages(t *testing.T) {
	for _, size := range []int{0, 1, 499, 500, 501, 1100} {
		s := newService(t)
		s.on(listPath, numbered(func(int) int { return size }))
		got, err := s.client(t).Running(t.Context())
		if err != nil || len(got) != size {
			t.Errorf("%d meetings: got %d, %v", size, len(got), err)
		}
		wantCount(t, s, listPath, max(1, (size+499)/500))
	}
}

func TestListThatChangesBetweenPages(t *testing.T) {
	s := newService(t)
	reads := 0
	s.on(listPath, numbered(func(offset int) int {
		if offset > 0 {
			reads++
		}
		if offset > 0 && reads == 1 { // shrinks once, while the second page of the first pass is read
			return 598
		}
		return 600
	}))
	got, err := s.client(t).Running(t.Context())
	if err != nil || len(got) != 600 {
		t.Errorf("got %d, %v", len(got), err)
	}
	wantCount(t, s, listPath, 4)
}

func TestListsWithoutEndAreBounded(t *testing.T) {
	s := newService(t)
	s.on(listPath, func(w http.ResponseWriter, r *http.Request) {
		reply(200, `{"count":99999999,"data":[`+sample+`]}`)(w, r)
	})
	got, err := s.client(t).Running(t.Context())
	if err != nil || len(got) != 1 {
		t.Errorf("got %d, %v", len(got), err)
	}
	if calls := s.count(listPath); calls > 600 {
		t.Errorf("%d pages read", calls)
	}
}

func TestQueryAllFallsBackToOwn(t *testing.T) {
	s := newService(t)
	s.on(listPath, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("queryAll") == "true" {
			refuse(403, "MMC.111070002")(w, r)
			return
		}
		reply(200, list(sample))(w, r)
	})
	client := s.client(t)
	for range 2 {
		if got, err := client.Running(t.Context()); err != nil || len(got) != 1 {
			t.Errorf("got %v, %v", got, err)
		}
	}
	wantCount(t, s, listPath, 3)
	s.advance(2 * time.Hour)
	if _, err := client.Running(t.Context()); err != nil {
		t.Error(err)
	}
	wantCount(t, s, listPath, 5) // rights may have been granted meanwhile
}

// Some leave an empty list out, or write null for it; the count says that it is one.
func TestEmptyListThatIsLeftOut(t *testing.T) {
	for _, body := range []string{`{"count":0}`, `{"data":null,"count":0}`, `{"data":[],"count":0}`, `{"data":[]}`} {
		s := newService(t)
		s.on(listPath, reply(200, body))
		if got, err := s.client(t).Running(t.Context()); err != nil || len(got) != 0 {
			t.Errorf("%q: %v, %v", body, got, err)
		}
	}
}

func TestAnswerThatIsNoListIsNotAnEmptyOne(t *testing.T) {
	for _, body := range []string{
		``, `null`, `{}`, `[]`, `<html>maintenance</html>`, `{"data":null}`, `{"data":null,"count":3}`, `{"data":[],"count":3}`, `{"data":{}}`, `{"data":[`,
		`{"error_code":"MMC.111070003","error_msg":"SYSTEM_FAIL"}`,
	} {
		s := newService(t)
		s.on(listPath, reply(200, body))
		if got, err := s.client(t).Running(t.Context()); !errors.Is(err, meeting.ErrUnavailable) {
			t.Errorf("%q: %v, %v", body, got, err)
		}
	}
	s := newService(t)
	s.on(listPath, reply(200, `{"count":1,"data":["`+strings.Repeat("x", 9<<20)+`"]}`))
	if _, err := s.client(t).Running(t.Context()); !errors.Is(err, meeting.ErrUnavailable) {
		t.Errorf("9 MiB: %v", err)
	}
}

func TestGet(t *testing.T) {
	other := strings.NewReplacer("914083136", "914083199", "980001", "980001234").Replace(sample)
	for name, test := range map[string]struct {
		id     string
		detail http.HandlerFunc
		list   http.HandlerFunc
		kind   error
	}{
		"by ID":                {"914083136", reply(200, detail(sample)), nil, nil},
		"by room":              {"980001", refuse(400, "MMC.111070005"), reply(200, list(other, sample)), nil},
		"room of a subject":    {"980001", refuse(400, "MMC.111070005"), reply(200, list(other)), meeting.ErrNotFound},
		"not found":            {"914083136", refuse(400, "MMC.111070005"), reply(200, list()), meeting.ErrNotFound},
		"not started":          {"914083136", refuse(400, "MMC.111072005"), reply(200, list()), meeting.ErrNotRunning},
		"ended":                {"914083136", refuse(400, "MMC.111072006"), reply(200, list()), meeting.ErrNotRunning},
		"only scheduled":       {"914083136", reply(200, detail(strings.Replace(sample, "Created", "Schedule", 1))), reply(200, list()), meeting.ErrNotRunning},
		"forbidden":            {"914083136", refuse(403, "MMC.111070010"), nil, meeting.ErrForbidden},
		"another's detail":     {"914083136", reply(200, detail(other)), nil, meeting.ErrUnavailable},
		"garbage":              {"914083136", reply(200, "garbage"), nil, meeting.ErrUnavailable},
		"broken end":           {"914083136", reply(200, detail(strings.Replace(sample, "10:30", "x", 1))), nil, meeting.ErrUnavailable},
		"participants garbage": {"914083136", reply(200, `{"conferenceData":`+sample+`,"data":7}`), nil, nil},
		"list refuses":         {"914083136", refuse(400, "MMC.111070005"), refuse(400, "MMC.111070001"), meeting.ErrInvalid},
		"bad ID":               {"9140 83", nil, nil, meeting.ErrInvalid},
		"no ID":                {"", nil, nil, meeting.ErrInvalid},
	} {
		s := newService(t)
		s.on(detailPath, test.detail)
		if test.list != nil {
			s.on(listPath, test.list)
		}
		got, err := s.client(t).Get(t.Context(), test.id)
		if !errors.Is(err, test.kind) {
			t.Errorf("%s: %v, want %v", name, err, test.kind)
		}
		if diff := cmp.Diff(wantSample(), got); err == nil && diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestGetSearchesTheRoomByKey(t *testing.T) {
	s := newService(t)
	s.on(detailPath, refuse(400, "MMC.111070005"))
	if _, err := s.client(t).Get(t.Context(), "980001"); err != nil {
		t.Fatal(err)
	}
	query, _ := url.ParseQuery(s.got(listPath)[0].query)
	if query.Get("searchKey") != "980001" || query.Get("queryAll") != "true" {
		t.Error(query)
	}
}

func TestBooked(t *testing.T) {
	const path = "/v1/mmc/management/conferences/confDetail"
	s := newService(t)
	client := s.client(t)
	for _, state := range []string{"Schedule", "Created"} {
		s.on(path, reply(200, detail(strings.Replace(sample, "Created", state, 1))))
		got, err := client.Booked(t.Context(), sampleID)
		if err != nil || got.ID != sampleID || !got.Start.Equal(wantSample().Start) {
			t.Errorf("%s: %+v, %v", state, got, err)
		}
	}
	s.on(path, refuse(400, "MMC.111070005"))
	if _, err := client.Booked(t.Context(), sampleID); !errors.Is(err, meeting.ErrNotFound) {
		t.Error(err)
	}
	s.on(path, reply(200, `{"conferenceData":{}}`))
	if _, err := client.Booked(t.Context(), sampleID); !errors.Is(err, meeting.ErrUnavailable) {
		t.Error(err)
	}
}

func TestHost(t *testing.T) {
	guest := `{"userUUID":"guest","email":"guest@example.com","name":"Ana","role":1}`
	host := `{"userUUID":"host-1","email":" ana@example.com ","name":"Ana","accountId":"ana"}`
	mute := `{"userUUID":"host-1","email":"","name":"Ana","accountId":"ana"}`
	namesake := `{"id":"other","account":"ana","name":"Ana","email":"namesake@example.com"}`
	entry := `{"id":"host-1","account":"ana","name":"Ana","email":"book@example.com"}`
	nameless := `{"account":"ana","name":"Ana","email":"account@example.com"}`
	for name, test := range map[string]struct {
		people []string
		book   http.HandlerFunc
		email  string
		kind   error
	}{
		"invited":             {[]string{guest, `7`, host}, nil, "ana@example.com", nil},
		"by user ID":          {[]string{guest, mute}, reply(200, list(namesake, entry)), "book@example.com", nil},
		"not invited":         {[]string{guest}, reply(200, list(entry)), "book@example.com", nil},
		"by account":          {[]string{mute}, reply(200, list(nameless)), "account@example.com", nil},
		"by name is no match": {nil, reply(200, list(namesake, nameless)), "", nil},
		"nowhere":             {nil, reply(200, list()), "", nil},
		"no right":            {nil, refuse(403, "USG.201000001"), "", nil},
		"book is down":        {nil, reply(500, ""), "", meeting.ErrUnavailable},
		"book is unreadable":  {nil, reply(200, list(`7`, `{}`)), "", meeting.ErrUnavailable},
	} {
		s := newService(t)
		s.on(detailPath, reply(200, detail(sample, test.people...)))
		s.on(bookPath, test.book)
		got, err := s.client(t).Host(t.Context(), "914083136")
		if !errors.Is(err, test.kind) || got.Email != test.email {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
		if err == nil && (got.UUID != "host-1" || got.Name != "Ana") {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestAccounts(t *testing.T) {
	const key = "ana@example.com"
	ana := `{"id":"host-1","account":"ana","name":"Ana","email":" ana@example.com "}`
	other := `{"id":"host-2","account":"joana","name":"Joana","email":"joana@example.com"}`
	unnamed := `{"account":"ana","name":"Ana","email":"ana@example.com"}`
	page := func(count int, people ...string) string {
		return fmt.Sprintf(`{"count":%d,"data":[%s]}`, count, strings.Join(people, ","))
	}
	first := strings.Split(strings.Repeat(other+"|", 99)+other, "|")
	paged := func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("offset") == "100" {
			reply(200, page(101, ana))(w, r)
			return
		}
		reply(200, page(101, first...))(w, r)
	}
	for name, test := range map[string]struct {
		book  http.HandlerFunc
		found int
		last  string
		kind  error
	}{
		"one":                       {reply(200, page(1, ana)), 1, "host-1", nil},
		"others too":                {reply(200, page(2, other, ana)), 2, "host-1", nil},
		"on the second page":        {paged, 101, "host-1", nil},
		"nobody":                    {reply(200, page(0)), 0, "", nil},
		"nobody, and no list":       {reply(200, `{"count":0}`), 0, "", nil},
		"no user IDs":               {reply(200, page(1, unnamed)), 0, "", meeting.ErrForbidden},
		"one without a user ID":     {reply(200, page(2, unnamed, ana)), 1, "host-1", nil},
		"no right":                  {refuse(403, "USG.201000001"), 0, "", meeting.ErrForbidden},
		"the book is down":          {reply(500, ""), 0, "", meeting.ErrUnavailable},
		"an answer without a list":  {reply(200, `{}`), 0, "", meeting.ErrUnavailable},
		"a count, and then nothing": {reply(200, page(7)), 0, "", nil},
	} {
		s := newService(t)
		s.on(bookPath, test.book)
		got, err := s.client(t).Accounts(t.Context(), key)
		if !errors.Is(err, test.kind) || len(got) != test.found || len(got) > 0 && got[len(got)-1].UUID != test.last {
			t.Errorf("%s: %d found, %v", name, len(got), err)
		}
		if query := s.got(bookPath)[0].query; !strings.Contains(query, "searchKey=ana%40example.com") {
			t.Error(query)
		}
		if err != nil && strings.Contains(err.Error(), "example.com") {
			t.Errorf("%s: the error quotes the address: %v", name, err)
		}
	}
}

func TestHostOfARoomAndOfNothing(t *testing.T) {
	s := newService(t)
	person := `{"userUUID":"host-1","email":"ana@example.com"}`
	s.on(detailPath, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("conferenceID") == "914083136" {
			reply(200, detail(sample, person))(w, r)
			return
		}
		refuse(400, "MMC.111070005")(w, r)
	})
	client := s.client(t)
	if got, err := client.Host(t.Context(), "980001"); err != nil || got.Email != "ana@example.com" {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err := client.Host(t.Context(), "777777"); !errors.Is(err, meeting.ErrNotFound) {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestAttendees(t *testing.T) {
	s := newService(t)
	s.on(attendeesPath, reply(200, list(
		`{"participant_id":"p1","name":"Ana","role":1,"account":"ana","user_id":"host-1"}`,
		`{"participant_id":"p1","name":"Ana again"}`,
		`{"participant_id":"p2","name":"Bo","role":"0","third_account":"bo"}`, `[]`)))
	got, err := s.client(t).Attendees(t.Context(), "914083136")
	if err != nil {
		t.Fatal(err)
	}
	want := []meeting.Attendee{
		{ID: "p1", Name: "Ana", Account: "ana", UserID: "host-1", Chair: true}, {ID: "p2", Name: "Bo", Account: "bo"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if query := s.got(attendeesPath)[0].query; query != "conf_id=914083136&limit=500&offset=0" {
		t.Error(query)
	}
	s.on(attendeesPath, reply(200, list(`[]`, `7`)))
	if got, err := s.client(t).Attendees(t.Context(), "914083136"); !errors.Is(err, meeting.ErrUnavailable) {
		t.Errorf("unreadable: %v, %v", got, err)
	}
	s.on(attendeesPath, refuse(400, "MMC.111072005"))
	if _, err := s.client(t).Attendees(t.Context(), "914083136"); !errors.Is(err, meeting.ErrNotRunning) {
		t.Error(err)
	}
}
