package meetingtest_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/meeting/meetingtest"
)

func ids(r reply) []string {
	var all []string
	for _, m := range r.at("data").([]any) {
		all = append(all, m.(map[string]any)["conferenceID"].(string))
	}
	return all
}

func TestOnlineListShape(t *testing.T) {
	s := start(t, nil)
	m := usual(s)
	m.RoomID, m.ProlongMinutes = "0251234", new(15)
	s.clock.Advance(30 * time.Second)
	m.Start = m.Start.In(time.FixedZone("CST", 8*3600))
	s.Add(m)
	s.login()
	r := s.get(onlinePath+"?queryAll=true").want(200, "")
	for name, want := range map[string]any{"offset": 0.0, "limit": 20.0, "count": 1.0} {
		if got := r.at(name); got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	for name, want := range map[string]any{
		"conferenceID": meetingID, "subject": "Weekly", "startTime": "2026-03-02 14:00", "endTime": "2026-03-02 15:00",
		"conferenceState": "Created", "userUUID": "uuid-ana", "scheduserName": "Ana", "vmrFlag": 1.0, "vmrConferenceID": "0251234", "onlineAttendeeAmount": 3.0,
		"confUUID": nil, "confType": "FUTURE", "role": nil,
	} {
		if got := r.at("data", 0, name); got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	if got := r.at("data", 0, "confConfigInfo", "prolongLength"); got != 15.0 {
		t.Errorf("prolongLength: %v", got)
	}
	passwords := map[any]any{}
	for _, entry := range r.at("data", 0, "passwordEntry").([]any) {
		e := entry.(map[string]any)
		passwords[e["conferenceRole"]] = e["password"]
	}
	if passwords["chair"] != "111111" || passwords["general"] != "222222" {
		t.Errorf("passwordEntry: %v", passwords)
	}
	contains(t, r.at("data", 0, "chairJoinUri").(string), meetingID)
}

func TestProlongLengthMayBeAbsentOrZero(t *testing.T) {
	s := running(t, nil)
	config := s.get(onlinePath+"?queryAll=true").at("data", 0, "confConfigInfo").(map[string]any)
	if _, there := config["prolongLength"]; there {
		t.Error("prolongLength is there")
	}
	m := usual(s)
	m.ProlongMinutes = new(0)
	s.Add(m)
	if got := s.get(onlinePath+"?queryAll=true").at("data", 0, "confConfigInfo", "prolongLength"); got != 0.0 {
		t.Errorf("prolongLength: %v", got)
	}
}

func TestTheChairEntryMayBeHidden(t *testing.T) {
	s := running(t, nil)
	m := usual(s)
	m.HideChair = true
	s.Add(m)
	for _, path := range []string{onlinePath + "?queryAll=true", detailPath + meetingID} {
		r := s.get(path).want(200, "")
		for _, secret := range []string{"111111", "chair"} {
			if strings.Contains(r.text, secret) {
				t.Errorf("%s shows %s: %s", path, secret, r.text)
			}
		}
	}
}

func TestPagesAreSortedByStart(t *testing.T) {
	s := start(t, nil)
	s.login()
	base := s.clock.Now().Add(-time.Hour)
	for _, i := range []int{7, 2, 9, 0, 4, 1, 8, 3, 6, 5} {
		s.Add(meetingtest.Meeting{ID: fmt.Sprintf("90000000%d", i), Start: base.Add(time.Duration(i) * time.Minute), End: base.Add(3 * time.Hour)})
	}
	s.EndMeeting("900000004")
	var all []string
	for offset := 0; offset < 9; offset += 4 {
		r := s.get(fmt.Sprintf("%s?queryAll=true&offset=%d&limit=4", onlinePath, offset)).want(200, "")
		if r.at("count") != 9.0 || r.at("offset") != float64(offset) || r.at("limit") != 4.0 {
			t.Fatalf("page: %s", r.text)
		}
		all = append(all, ids(r)...)
	}
	if !slices.IsSorted(all) || len(all) != 9 {
		t.Errorf("pages: %v", all)
	}
	beyond := s.get(onlinePath+"?queryAll=true&offset=100").want(200, "")
	if len(beyond.at("data").([]any)) != 0 {
		t.Errorf("beyond the end: %s", beyond.text)
	}
	down := ids(s.get(listPath + "?queryAll=true&sortType=DSC_StartTIME"))
	slices.Reverse(down)
	if !slices.Equal(down, all) {
		t.Errorf("descending: %v", down)
	}
}

func TestListRefusesBadQueries(t *testing.T) {
	s := running(t, nil)
	for _, query := range []string{
		"limit=501", "limit=0", "limit=x", "offset=-1", "offset=x", "queryAll=yes", "sortType=UP",
		"searchKey=" + strings.Repeat("x", 129),
	} {
		s.get(onlinePath+"?"+query).want(400, "MMC.111070001")
	}
	s.get(onlinePath+"?limit=500").want(200, "")
}

func TestSearchKey(t *testing.T) {
	s := running(t, nil)
	m := usual(s)
	m.ID, m.Subject, m.RoomID, m.Host.Name = "900000001", "评审 42", "0257777", "李雷"
	s.Add(m)
	for key, want := range map[string][]string{
		"Weekly": {meetingID}, "weekly": nil, "评审": {"900000001"}, "李": {"900000001"}, "083": {meetingID},
		"0257777": {"900000001"}, "ana@": nil,
	} {
		if got := ids(s.get(onlinePath + "?queryAll=true&searchKey=" + url.QueryEscape(key))); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", key, got, want)
		}
	}
}

func TestWhoSeesWhat(t *testing.T) {
	s := start(t, func(c *meetingtest.Config) { c.NotAdmin = true })
	if got := s.loginAs(account, password, loginBody).at("user", "adminType"); got != 2.0 {
		t.Errorf("adminType %v", got)
	}
	s.Add(usual(s))
	invited := usual(s)
	invited.ID, invited.Invited = "900000001", []meetingtest.Person{{Account: account, Name: "Bot"}}
	s.Add(invited)
	own := usual(s)
	own.ID, own.Host = "900000002", meetingtest.Host{UUID: "uuid-bot", Account: account, Name: "Bot"}
	s.Add(own)
	s.login()
	s.get(onlinePath+"?queryAll=true").want(403, "MMC.111070002")
	r := s.get(onlinePath+"?queryAll=false").want(200, "")
	if got := ids(r); !slices.Equal(got, []string{"900000001", "900000002"}) {
		t.Errorf("own: %v", got)
	}
	if n := len(r.at("data", 0, "passwordEntry").([]any)); n != 1 {
		t.Errorf("an invitee sees %d passwords", n)
	}
	if n := len(r.at("data", 1, "passwordEntry").([]any)); n != 2 {
		t.Errorf("the host sees %d passwords", n)
	}
	s.get(detailPath+meetingID).want(403, "MMC.111070010")
	if got := s.get(detailPath+"900000001").at("conferenceData", "role"); got != "general" {
		t.Errorf("role of an invitee: %v", got)
	}
	if got := s.get(detailPath+"900000002").at("conferenceData", "role"); got != "chair" {
		t.Errorf("role of the host: %v", got)
	}
}

func TestAnAdministratorsOwnListIsOwn(t *testing.T) {
	s := running(t, nil)
	if got := s.get(onlinePath).want(200, "").at("count"); got != 0.0 {
		t.Errorf("own meetings: %v", got)
	}
}

func TestNotEndedListHasTheBooked(t *testing.T) {
	s := running(t, nil)
	now := s.clock.Now()
	s.Add(meetingtest.Meeting{ID: "900000002", Start: now.Add(48 * time.Hour)})
	s.Add(meetingtest.Meeting{ID: "900000001", Start: now.Add(time.Hour)})
	r := s.get(listPath+"?queryAll=true").want(200, "")
	if got := ids(r); !slices.Equal(got, []string{meetingID, "900000001", "900000002"}) {
		t.Fatalf("not ended: %v", got)
	}
	if r.at("data", 0, "conferenceState") != "Created" || r.at("data", 1, "conferenceState") != "Schedule" {
		t.Errorf("states: %s", r.text)
	}
	if r.at("data", 1, "onlineAttendeeAmount") != nil {
		t.Error("a booked meeting has attendees")
	}
	if got := ids(s.get(listPath + "?queryAll=true&queryConfMode=ADAY")); !slices.Equal(got, []string{meetingID, "900000001"}) {
		t.Errorf("a day: %v", got)
	}
	s.get(listPath+"?queryConfMode=AYEAR").want(400, "MMC.111070001")
	s.get("/v1/mmc/management/conferences/confDetail?conferenceID=900000001").want(200, "")
	s.get(detailPath+"900000001").want(400, "MMC.111070005")
}

func TestHistoryHasEachRun(t *testing.T) {
	s := running(t, nil)
	begun := s.clock.Now()
	s.clock.Advance(10 * time.Minute)
	s.EndMeeting(meetingID)
	s.Add(usual(s))
	s.clock.Advance(2 * time.Hour)
	path := fmt.Sprintf("%s/history?queryAll=true&startDate=%d&endDate=%d", listPath, begun.UnixMilli(), s.clock.Now().UnixMilli())
	r := s.get(path).want(200, "")
	if got := ids(r); !slices.Equal(got, []string{meetingID, meetingID}) {
		t.Fatalf("history: %v", got)
	}
	if r.at("data", 0, "confUUID") == r.at("data", 1, "confUUID") || r.at("data", 0, "endTime") != "2026-03-02 14:10" {
		t.Errorf("runs: %s", r.text)
	}
	detail := s.get(listPath+"/history/confDetail?confUUID="+r.at("data", 1, "confUUID").(string)).want(200, "")
	if detail.at("conferenceData", "startTime") != "2026-03-02 14:10" || detail.at("conferenceData", "conferenceState") != "Destroyed" {
		t.Errorf("detail: %s", detail.text)
	}
	s.get(listPath+"/history").want(400, "MMC.111070001")
	s.get(listPath+"/history/confDetail?confUUID=none").want(400, "MMC.111070005")
}
