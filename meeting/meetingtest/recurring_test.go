package meetingtest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/meeting/meetingtest"
)

// daily is the usual meeting, which runs, with two times after it.
func daily(s *service) meetingtest.Meeting {
	m := usual(s)
	m.RoomID = "0257777"
	for day := range 2 {
		m.Later = append(m.Later, meetingtest.Occurrence{
			Start: m.Start.AddDate(0, 0, day+1), End: m.End.AddDate(0, 0, day+1),
		})
	}
	return m
}

// forDays lets the access token live on.
func forDays(c *meetingtest.Config) { c.TokenLife = 7 * 24 * time.Hour }

// times lists the times of the first meeting in the list of what has not ended, and says which it is for now.
func (s *service) times() string {
	s.t.Helper()
	r := s.get(listPath+"?queryAll=true").want(200, "")
	if len(r.at("data").([]any)) == 0 {
		return "none"
	}
	var times []string
	subs, _ := r.at("data", 0, "subConfs").([]any)
	for _, sub := range subs {
		sub := sub.(map[string]any)
		text := strings.ReplaceAll(sub["startTime"].(string), "2026-03-", "") + "-" + sub["endTime"].(string)[11:]
		if sub["cycleSubConfID"] == r.at("data", 0, "cycleSubConfID") {
			text = "[" + text + "]"
		}
		times = append(times, text)
	}
	return r.at("data", 0, "conferenceState").(string) + " " + strings.Join(times, " ")
}

func (s *service) wantTimes(want string) {
	s.t.Helper()
	if got := s.times(); got != want {
		s.t.Errorf("%v: %s, want %s", s.clock.Now().Format("02 15:04"), got, want)
	}
}

func TestARecurringMeetingComesAgain(t *testing.T) {
	s := start(t, forDays)
	s.Add(daily(s))
	s.login()
	s.wantTimes("Created [02 14:00-15:00] 03 14:00-15:00 04 14:00-15:00")
	r := s.get(listPath + "?queryAll=true")
	for name, want := range map[string]any{"confType": "CYCLE", "conferenceType": 2.0, "startTime": "2026-03-02 14:00"} {
		if got := r.at("data", 0, name); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
	if got := r.at("data", 0, "cycleParams", "endDate"); got != "2026-03-04" {
		t.Errorf("endDate %v", got)
	}
	id := r.at("data", 0, "subConfs", 1, "cycleSubConfID")
	s.clock.Advance(time.Hour)
	s.wantTimes("Schedule [03 14:00-15:00] 04 14:00-15:00")
	if got := s.get(listPath+"?queryAll=true").at("data", 0, "cycleSubConfID"); got != id {
		t.Errorf("the time is called %v, was %v", got, id)
	}
	if got := s.get(onlinePath + "?queryAll=true").at("count"); got != 0.0 {
		t.Errorf("%v run", got)
	}
	s.clock.Advance(23*time.Hour + time.Minute)
	s.wantTimes("Created [03 14:00-15:00] 04 14:00-15:00")
	if m, _ := s.Meeting(meetingID); m.People != 3 || !m.Start.Equal(m.End.Add(-time.Hour)) {
		t.Errorf("the second run: %+v", m)
	}
	s.EndMeeting(meetingID)
	s.wantTimes("Schedule [04 14:00-15:00]")
	s.clock.Advance(24*time.Hour + 30*time.Minute)
	s.wantTimes("Created [04 14:00-15:00]")
	s.clock.Advance(time.Hour)
	s.wantTimes("none")
	var past []string
	history := fmt.Sprintf("%s/history?queryAll=true&startDate=0&endDate=%d", listPath, s.clock.Now().UnixMilli())
	for _, run := range s.get(history).at("data").([]any) {
		past = append(past, run.(map[string]any)["startTime"].(string))
	}
	if !slices.Equal(past, []string{"2026-03-02 14:00", "2026-03-03 14:00", "2026-03-04 14:00"}) {
		t.Errorf("history: %v", past)
	}
}

func TestRecurringInOneLeap(t *testing.T) {
	s := start(t, forDays)
	s.Add(daily(s))
	s.login()
	s.clock.Advance(49 * time.Hour)
	s.wantTimes("none")
	history := fmt.Sprintf("%s/history?queryAll=true&startDate=0&endDate=%d", listPath, s.clock.Now().UnixMilli())
	if got := s.get(history).at("count"); got != 3.0 {
		t.Errorf("%v runs", got)
	}
}

func TestARecurringMeetingThatNobodyJoins(t *testing.T) {
	s := start(t, forDays)
	m := daily(s)
	m.Scheduled, m.People = true, 0
	s.Add(m)
	s.login()
	s.clock.Advance(59 * time.Minute)
	s.wantTimes("Schedule [02 14:00-15:00] 03 14:00-15:00 04 14:00-15:00")
	s.clock.Advance(time.Minute)
	s.wantTimes("Schedule [03 14:00-15:00] 04 14:00-15:00")
	s.clock.Advance(23*time.Hour - 10*time.Minute) // joined early: it lasts as long as booked
	s.Begin(meetingID)
	s.wantTimes("Created [03 14:00-15:00] 04 14:00-15:00")
	s.wantEnd(meetingID, "14:50")
}

func TestARecurringMeetingThatIsRemovedOrReplaced(t *testing.T) {
	s := start(t, forDays)
	s.login()
	s.Add(daily(s))
	s.Remove(meetingID)
	s.wantTimes("none")
	s.Add(daily(s))
	s.Add(usual(s))
	s.clock.Advance(time.Hour)
	s.wantTimes("none")
}

// A cloud room is taken by the next time of the same meeting too.
func TestARecurringMeetingDoesNotRunIntoItself(t *testing.T) {
	s := start(t, nil)
	m := daily(s)
	m.Later[0].Start = m.End.Add(10 * time.Minute)
	s.Add(m)
	s.login()
	control := s.control(meetingID)
	s.extend(control, body15).want(400, "MMC.111071005")
	s.extend(control, `{"auto":0,"duration":10}`).want(200, "")
}

func TestTheListOfAnotherUser(t *testing.T) {
	s := running(t, nil)
	other := usual(s)
	other.ID, other.Host = "900000001", meetingtest.Host{UUID: "uuid-bo", Account: "bo@example", Name: "Bo"}
	s.Add(other)
	for query, want := range map[string][]string{
		"?userUUID=uuid-bo": {"900000001"}, "?userUUID=uuid-bo&queryAll=true": {"900000001"}, "?userUUID=nobody": nil,
		"?queryAll=true": {"900000001", meetingID}, "": nil,
	} {
		if got := ids(s.get(listPath + query)); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", query, got, want)
		}
	}
	ordinary := start(t, func(c *meetingtest.Config) { c.NotAdmin = true })
	ordinary.Add(usual(ordinary))
	ordinary.login()
	if got := ids(ordinary.get(listPath + "?userUUID=uuid-ana")); got != nil {
		t.Errorf("an ordinary user sees %v of another", got)
	}
}

// An entry is encoded once, and shows every change none the less.
func TestEntriesShowEveryChange(t *testing.T) {
	s := start(t, func(c *meetingtest.Config) { c.ListLag = time.Minute })
	m := usual(s)
	m.Scheduled, m.People, m.Subject = true, 0, `"endTime":"`
	s.Add(m)
	s.login()
	entry := func() string {
		t.Helper()
		r := s.get(listPath + "?queryAll=true")
		if subject := r.at("data", 0, "subject"); subject != m.Subject {
			t.Errorf("subject %q", subject)
		}
		return fmt.Sprint(r.at("data", 0, "conferenceState"), r.at("data", 0, "startTime"), r.at("data", 0, "endTime"), r.at("data", 0, "onlineAttendeeAmount"))
	}
	seen := []string{entry()}
	for _, change := range []func(){
		func() { s.clock.Advance(3 * time.Minute); s.Begin(meetingID) },
		func() { s.SetPeople(meetingID, 7) },
		func() { s.SetEnd(meetingID, s.clock.Now().Add(2*time.Hour)); s.clock.Advance(time.Minute) },
		func() { s.SetEnd(meetingID, s.clock.Now().Add(time.Hour)); s.clock.Advance(time.Minute) },
	} {
		change()
		seen = append(seen, entry())
	}
	want := []string{
		"Schedule2026-03-02 14:002026-03-02 15:00<nil>", "Created2026-03-02 14:032026-03-02 15:030",
		"Created2026-03-02 14:032026-03-02 15:037", "Created2026-03-02 14:032026-03-02 16:037",
		"Created2026-03-02 14:032026-03-02 15:047",
	}
	for i := range want {
		if strings.ReplaceAll(seen[i], " ", "") != strings.ReplaceAll(want[i], " ", "") {
			t.Errorf("%s, want %s", seen[i], want[i])
		}
	}
}

// The lists page through what runs and what is booked as one.
func TestPagesOfALongList(t *testing.T) {
	s := start(t, func(c *meetingtest.Config) { c.Quota = -1 })
	now := s.clock.Now()
	for i := range 1200 {
		s.Add(meetingtest.Meeting{ID: fmt.Sprintf("9%08d", i), Start: now.Add(time.Duration(i-600) * time.Minute), End: now.Add(48 * time.Hour)})
	}
	s.login()
	var all []string
	for offset := 0; offset < 1200; offset += 500 {
		r := s.get(fmt.Sprintf("%s?queryAll=true&queryConfMode=ALL&sortType=ASC_StartTIME&limit=500&offset=%d", listPath, offset)).want(200, "")
		if r.at("count") != 1200.0 {
			t.Fatalf("count %v", r.at("count"))
		}
		all = append(all, ids(r)...)
	}
	if len(all) != 1200 || !slices.IsSorted(all) {
		t.Errorf("%d entries", len(all))
	}
	if n := s.Count(meetingtest.OpList); n != 3 {
		t.Errorf("%d calls counted", n)
	}
}

// Nor does what one user was shown reach another, who may see less.
func TestEntriesAreOfWhoAsks(t *testing.T) {
	s := start(t, withApp(""))
	m := usual(s)
	m.Invited = []meetingtest.Person{{Account: "alice"}}
	s.Add(m)
	expire := s.clock.Now().Add(10 * time.Minute).Unix()
	body := fmt.Sprintf(`{"appId":"app123","clientType":72,"expireTime":%d,"nonce":"%s","userId":"alice"}`, expire, nonce)
	alice := s.call("POST", appURL, body, "Authorization", sign(fmt.Sprintf("app123:alice:%d:%s", expire, nonce))).at("accessToken").(string)
	admin := s.login()
	for _, user := range []struct {
		access string
		chair  bool
	}{{admin, true}, {alice, false}, {admin, true}} {
		s.access = user.access
		query := map[bool]string{true: "?queryAll=true", false: ""}[user.chair]
		if r := s.get(onlinePath+query).want(200, ""); strings.Contains(r.text, "111111") != user.chair || !strings.Contains(r.text, meetingID) {
			t.Errorf("administrator %t: %s", user.chair, r.text)
		}
	}
}
