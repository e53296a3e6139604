package meeting_test

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/overtime-bot/overtime/meeting"
)

const scheduledPath = "/v1/mmc/management/conferences"

// clockTime is of the day of the tests, which begin at 10:00.
func clockTime(text string) time.Time {
	if text == "" {
		return time.Time{}
	}
	instant, err := time.Parse("15:04", text)
	if err != nil {
		panic(err)
	}
	return time.Date(2026, 3, 4, instant.Hour(), instant.Minute(), 0, 0, time.UTC)
}

// plan is an entry of the list; times are of the day.
func plan(state, start, end string, subs ...string) string {
	fields := []string{
		`"conferenceID":"914083137"`, `"vmrConferenceID":"980001"`, `"subject":"Next"`, `"userUUID":"host-1"`,
		`"passwordEntry":[{"conferenceRole":"chair","password":"` + chairPassword + `"}]`,
	}
	for name, value := range map[string]string{"conferenceState": state, "startTime": start, "endTime": end} {
		if value != "" {
			if name != "conferenceState" {
				value = "2026-03-04 " + value
			}
			fields = append(fields, fmt.Sprintf("%q:%q", name, value))
		}
	}
	if subs != nil {
		fields = append(fields, `"cycleSubConfID":"s1"`, `"subConfs":[`+strings.Join(subs, ",")+`]`)
	}
	return "{" + strings.Join(fields, ",") + "}"
}

func sub(id, start, end string) string {
	return fmt.Sprintf(`{"cycleSubConfID":%q,"conferenceID":"914083137","startTime":"2026-03-04 %s","endTime":"2026-03-04 %s"}`, id, start, end)
}

func TestScheduled(t *testing.T) {
	broken := `{"conferenceID":"914083137","conferenceState":"Schedule","vmrConferenceID":"980001"}`
	for name, test := range map[string]struct {
		entries []string
		want    string // start-end of each
	}{
		"one":                           {[]string{plan("Schedule", "11:00", "12:00")}, "11:00-12:00"},
		"nothing":                       {nil, ""},
		"begins at the bound":           {[]string{plan("Schedule", "14:00", "15:00")}, ""},
		"begins just before it":         {[]string{plan("Schedule", "13:59", "15:00")}, "13:59-15:00"},
		"runs":                          {[]string{plan("Created", "11:00", "12:00"), plan("Creating", "12:00", "13:00")}, ""},
		"over":                          {[]string{plan("Destroyed", "11:00", "12:00")}, ""},
		"should have begun":             {[]string{plan("Schedule", "09:45", "10:15")}, "09:45-10:15"},
		"nobody came":                   {[]string{plan("Schedule", "09:00", "10:00")}, ""},
		"no state, later":               {[]string{plan("", "11:00", "12:00")}, "11:00-12:00"},
		"no state, has begun":           {[]string{plan("", "09:45", "12:00")}, ""},
		"no end":                        {[]string{plan("Schedule", "11:00", "")}, "11:00-"},
		"no start":                      {[]string{broken, plan("Schedule", "", "12:00"), plan("Schedule", "12:00", "13:00")}, "12:00-13:00"},
		"odd entries":                   {[]string{`7`, `null`, `[]`, `{}`, plan("Schedule", "11:00", "12:00")}, "11:00-12:00"},
		"twice the same":                {[]string{plan("Schedule", "11:00", "12:00"), plan("Schedule", "11:00", "12:00")}, "11:00-12:00"},
		"recurring":                     {[]string{plan("Schedule", "11:00", "12:00", sub("s1", "11:00", "12:00"), sub("s2", "13:00", "13:30"), sub("s3", "15:00", "16:00"))}, "11:00-12:00 13:00-13:30"},
		"recurring, without its own":    {[]string{plan("Schedule", "", "", sub("s1", "11:00", "12:00"))}, "11:00-12:00"},
		"recurring, some are over":      {[]string{plan("Schedule", "08:00", "08:30", sub("s1", "08:00", "08:30"), sub("s2", "13:00", "13:30"))}, "13:00-13:30"},
		"recurring runs":                {[]string{plan("Created", "09:55", "10:55", sub("s1", "10:30", "11:30"), sub("s2", "11:30", "12:00"))}, "11:30-12:00"},
		"recurring runs, unnamed":       {[]string{plan("Created", "09:55", "10:55", sub("x", "10:30", "11:30"), sub("s2", "11:30", "12:00"))}, "11:30-12:00"},
		"recurring runs, another named": {[]string{plan("Created", "09:55", "23:00", sub("s1", "10:30", "11:30"), sub("s2", "11:30", "12:00"))}, "11:30-12:00"},
		"recurring with an odd time":    {[]string{plan("Schedule", "11:00", "12:00", `7`, `{"startTime":"soon"}`, sub("s2", "12:00", "12:30"))}, "12:00-12:30"},
		"times that are no list":        {[]string{strings.Replace(plan("Schedule", "11:00", "12:00", "x"), `[x]`, `{"a":1}`, 1)}, "11:00-12:00"},
		"no times":                      {[]string{plan("Schedule", "11:00", "12:00", []string{}...)}, "11:00-12:00"},
	} {
		s := newService(t)
		s.on(scheduledPath, reply(200, list(test.entries...)))
		client := s.client(t)
		for range 2 { // the second time from what was kept
			got, err := client.Scheduled(t.Context(), clockTime("14:00"))
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if diff := cmp.Diff(bookings(test.want), got); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
		}
	}
}

func bookings(text string) []meeting.Booking {
	var all []meeting.Booking
	for span := range strings.FieldsSeq(text) {
		start, end, _ := strings.Cut(span, "-")
		all = append(all, meeting.Booking{
			ID: "914083137", RoomID: "980001", Subject: "Next", HostUUID: "host-1", Start: clockTime(start), End: clockTime(end),
		})
	}
	return all
}

// What may be missing is missing: a room or a host that is taken counts whatever the booking's name.
func TestScheduledWithoutFields(t *testing.T) {
	s := newService(t)
	s.on(scheduledPath, reply(200, list(`{"vmrConferenceID":980001,"startTime":"2026-03-04 11:00"}`,
		`{"conferenceID":"../x","userUUID":"host-1","startTime":"2026-03-04 11:00"}`)))
	got, err := s.client(t).Scheduled(t.Context(), clockTime("14:00"))
	want := []meeting.Booking{{RoomID: "980001", Start: clockTime("11:00")}, {HostUUID: "host-1", Start: clockTime("11:00")}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
}

func TestScheduledAsks(t *testing.T) {
	s := newService(t)
	s.on(scheduledPath, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("queryAll") == "true" {
			refuse(403, "MMC.111070002")(w, r)
			return
		}
		reply(200, list(plan("Schedule", "11:00", "12:00")))(w, r)
	})
	client := s.client(t)
	if client.SeesAll() {
		t.Error("nothing has told yet that it may")
	}
	for range 2 {
		if got, err := client.Scheduled(t.Context(), clockTime("14:00")); err != nil || len(got) != 1 {
			t.Errorf("%v, %v", got, err)
		}
	}
	if client.SeesAll() {
		t.Error("sees its own alone, and says all")
	}
	want := "limit=500&offset=0&queryAll=true&queryConfMode=ALL&sortType=ASC_StartTIME"
	if query := s.got(scheduledPath)[0].query; query != want {
		t.Error(query)
	}
	query, _ := url.ParseQuery(s.got(scheduledPath)[2].query)
	if query.Has("queryAll") || s.count(scheduledPath) != 3 {
		t.Error(query, s.count(scheduledPath))
	}
}

func TestScheduledFails(t *testing.T) {
	s := newService(t)
	client := s.client(t)
	for body, kind := range map[string]error{
		`{}`: meeting.ErrUnavailable, `garbage`: meeting.ErrUnavailable, `{"count":2,"data":null}`: meeting.ErrUnavailable,
		`{"count":1,"data":[{"startTime":`: meeting.ErrUnavailable, `{"error_code":"MMC.111070001"}`: meeting.ErrInvalid,
		`{"count":0}`: nil,
	} {
		s.on(scheduledPath, reply(200, body))
		if got, err := client.Scheduled(t.Context(), clockTime("14:00")); !errors.Is(err, kind) || len(got) != 0 {
			t.Errorf("%s: %v, %v", body, got, err)
		}
	}
}

// queue of entries that the service lists page by page; change is made before the page of that number is served.
type diary struct {
	entries []string
	change  map[int]func()
	pages   int
}

func (d *diary) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.pages++
	if change := d.change[d.pages]; change != nil {
		change()
	}
	offset, _ := strconv.Atoi(r.URL.Query().Get("offset"))
	limit, _ := strconv.Atoi(r.URL.Query().Get("limit"))
	from := min(offset, len(d.entries))
	shown := d.entries[from:min(from+limit, len(d.entries))]
	reply(200, fmt.Sprintf(`{"count":%d,"data":[%s]}`, len(d.entries), strings.Join(shown, ",")))(w, r)
}

// planned is the i-th booking, each a second... of the same minute as 59 others.
func planned(i int) string {
	start := time.Date(2026, 3, 4, 11, i/60, 0, 0, time.UTC)
	return fmt.Sprintf(`{"conferenceID":"9%08d","conferenceState":"Schedule","startTime":%q,"endTime":%q}`,
		i, start.Format("2006-01-02 15:04"), start.Add(time.Hour).Format("2006-01-02 15:04"))
}

func plannedDiary(size int) *diary {
	d := &diary{change: make(map[int]func())}
	for i := range size {
		d.entries = append(d.entries, planned(i))
	}
	return d
}

func TestScheduledReadsAsFarAsItMust(t *testing.T) {
	for name, test := range map[string]struct {
		until string
		shape func([]string)
		want  int // bookings
		pages int
	}{
		"to the first page that begins too late": {"11:05", nil, 300, 2},
		"a page further":                         {"11:09", nil, 540, 3},
		"all":                                    {"12:00", nil, 2000, 5},
		"out of order, all of it":                {"11:05", slices.Reverse[[]string], 300, 5},
		"one out of order":                       {"11:05", func(all []string) { all[3], all[1600] = all[1600], all[3] }, 300, 5},
	} {
		s := newService(t)
		d := plannedDiary(2000)
		if test.shape != nil {
			test.shape(d.entries)
		}
		s.on(scheduledPath, d.ServeHTTP)
		got, err := s.client(t).Scheduled(t.Context(), clockTime(test.until))
		if err != nil || len(got) != test.want || d.pages != test.pages {
			t.Errorf("%s: %d bookings of %d pages, %v", name, len(got), d.pages, err)
		}
	}
}

// What ends while the pages are read moves the others towards the front: none of them may be missed.
func TestScheduledMissesNothing(t *testing.T) {
	for _, ended := range []int{1, 9, 40, 300} {
		s := newService(t)
		d := plannedDiary(1500)
		d.change[2] = func() { d.entries = d.entries[ended:] }
		s.on(scheduledPath, d.ServeHTTP)
		got, err := s.client(t).Scheduled(t.Context(), clockTime("13:00"))
		if err != nil || len(got) != 1500 {
			t.Errorf("%d ended: %d bookings, %v", ended, len(got), err)
		}
	}
}

func TestScheduledIsBounded(t *testing.T) {
	s := newService(t)
	asked := 0
	s.on(scheduledPath, func(w http.ResponseWriter, r *http.Request) {
		asked++
		reply(200, `{"count":99999999,"data":[`+planned(asked)+`]}`)(w, r)
	})
	if _, err := s.client(t).Scheduled(t.Context(), clockTime("23:00")); err != nil || asked > 1000 {
		t.Errorf("%d pages read, %v", asked, err)
	}
}

func TestScheduledKeepsNoPassword(t *testing.T) {
	s := newService(t)
	var log strings.Builder
	s.on(scheduledPath, reply(200, list(plan("Schedule", "11:00", "12:00"), plan("Schedule", "", ""), `{"conferenceID":`)))
	config := s.config()
	config.Logger = slog.New(slog.NewTextHandler(&log, nil))
	client := open(t, config)
	_, err := client.Scheduled(t.Context(), clockTime("14:00"))
	s.on(scheduledPath, reply(200, list(plan("Schedule", "11:00", "12:00"), plan("Schedule", "", ""))))
	got, _ := client.Scheduled(t.Context(), clockTime("14:00"))
	if text := fmt.Sprintf("%v %+v %s", err, got, log.String()); strings.Contains(text, chairPassword) || !strings.Contains(text, "left entries out") {
		t.Error(text)
	}
	// Nor does the password of a booking open a meeting: it is read anew once that runs.
	s.on(detailPath, refuse(400, "MMC.111072005"))
	s.on(listPath, reply(200, list()))
	if err := client.Extend(t.Context(), "914083137", 5); !errors.Is(err, meeting.ErrNotRunning) {
		t.Error(err)
	}
	wantCount(t, s, controlPath, 0)
}
