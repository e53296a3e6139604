package meetingtest_test

import (
	"slices"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/meeting/meetingtest"
)

func TestMeetingsEndByTheClock(t *testing.T) {
	s := running(t, nil)
	control := s.control(meetingID)
	s.clock.Advance(time.Hour - time.Nanosecond)
	s.get(detailPath+meetingID).want(200, "")
	s.clock.Advance(time.Nanosecond)
	s.get(detailPath+meetingID).want(400, "MMC.111070005")
	if got := s.get(onlinePath + "?queryAll=true").at("count"); got != 0.0 {
		t.Errorf("still online: %v", got)
	}
	s.tokenWith(meetingID, "111111").want(400, "MMC.111072005")
	s.login()
	s.extend(control, `{"auto":0}`).want(401, "MMC.111070004") // 60 minutes: the token is dead as well
	if len(s.Meetings()) != 0 {
		t.Errorf("meetings: %+v", s.Meetings())
	}
	if _, found := s.End(meetingID); found {
		t.Error("an ended meeting has an end to come")
	}
}

func TestThePlatformProlongsWhilePeopleAreIn(t *testing.T) {
	s := running(t, nil)
	m := usual(s)
	m.ProlongMinutes = new(15)
	s.Add(m)
	s.clock.Advance(70 * time.Minute)
	s.wantEnd(meetingID, "15:15")
	s.clock.Advance(40 * time.Minute)
	s.wantEnd(meetingID, "16:00")
	if got := s.shownEnd(); got != "2026-03-02 16:00" {
		t.Errorf("shown %s", got)
	}
	if n := len(s.Prolongations(meetingID)); n != 4 {
		t.Errorf("%d prolongations", n)
	}
	s.wantEffects(0)
	s.SetPeople(meetingID, 0)
	s.clock.Advance(10 * time.Minute)
	s.get(detailPath+meetingID).want(400, "MMC.111070005")
}

func TestThePlatformStopsAtTheLimit(t *testing.T) {
	s := running(t, nil)
	m := usual(s)
	m.ProlongMinutes, m.MaxTotalMinutes = new(15), 80
	s.Add(m)
	s.clock.Advance(74 * time.Minute)
	s.wantEnd(meetingID, "15:15")
	s.clock.Advance(time.Minute)
	if _, found := s.End(meetingID); found {
		t.Error("it goes on beyond its limit")
	}
}

func TestAutoHandsItToThePlatform(t *testing.T) {
	s := running(t, nil)
	s.extend(s.control(meetingID), `{"auto":1}`).want(200, "")
	s.wantEnd(meetingID, "15:00")
	effects := s.Effects(meetingID)
	if len(effects) != 1 || !effects[0].Auto || effects[0].Minutes != 15 || !effects[0].After.Equal(effects[0].Before) {
		t.Fatalf("effects %+v", effects)
	}
	if config := s.get(onlinePath+"?queryAll=true").at("data", 0, "confConfigInfo").(map[string]any); config["prolongLength"] != nil {
		t.Error("the mode shows in prolongLength")
	}
	s.clock.Advance(time.Hour)
	s.wantEnd(meetingID, "15:15")
	s.extend(s.control(meetingID), `{"auto":1,"duration":30}`).want(200, "")
	s.clock.Advance(15 * time.Minute)
	s.wantEnd(meetingID, "15:45")
	s.SetPeople(meetingID, 0)
	s.clock.Advance(30 * time.Minute)
	if _, found := s.End(meetingID); found {
		t.Error("it goes on without people")
	}
}

func TestListsLagBehind(t *testing.T) {
	s := running(t, func(c *meetingtest.Config) { c.ListLag = 10 * time.Second })
	control := s.control(meetingID)
	s.extend(control, `{"auto":0,"duration":15}`).want(200, "")
	s.clock.Advance(5 * time.Second)
	s.extend(control, `{"auto":0,"duration":15}`).want(200, "")
	s.wantEnd(meetingID, "15:30")
	shown := func() []any {
		return []any{
			s.shownEnd(), s.get(detailPath+meetingID).at("conferenceData", "endTime"),
			s.get(listPath+"?queryAll=true").at("data", 0, "endTime"),
		}
	}
	for _, step := range []struct {
		after time.Duration
		want  string
	}{{0, "15:00"}, {5*time.Second - 1, "15:00"}, {1, "15:15"}, {5 * time.Second, "15:30"}} {
		s.clock.Advance(step.after)
		for _, got := range shown() {
			if got != "2026-03-02 "+step.want {
				t.Errorf("after %v: %v, want %s", step.after, got, step.want)
			}
		}
	}
	s.SetEnd(meetingID, s.clock.Now().Add(2*time.Hour))
	if got := s.shownEnd(); got != "2026-03-02 15:30" {
		t.Errorf("extended by hand: %s", got)
	}
	s.SetListLag(0)
	if got := s.shownEnd(); got != "2026-03-02 16:00" {
		t.Errorf("without lag: %s", got)
	}
	s.SetListLag(time.Hour)
	if got := s.shownEnd(); got != "2026-03-02 16:00" {
		t.Errorf("what was shown is taken back: %s", got)
	}
}

func TestAMeetingThatRunsOnShowsItsOldEndWhileTheListLags(t *testing.T) {
	s := running(t, func(c *meetingtest.Config) { c.ListLag = time.Minute })
	s.clock.Advance(time.Hour - 10*time.Second)
	s.extend(s.control(meetingID), `{"auto":0,"duration":15}`).want(200, "")
	s.clock.Advance(20 * time.Second)
	if got := s.shownEnd(); got != "2026-03-02 15:00" {
		t.Errorf("shown %s", got)
	}
}

func TestBookedMeetingsBegin(t *testing.T) {
	s := start(t, nil)
	s.login()
	now := s.clock.Now()
	book := func(id string, people int) {
		s.Add(meetingtest.Meeting{ID: id, Start: now.Add(time.Hour), End: now.Add(3 * time.Hour), People: people, ChairPassword: "111111"})
	}
	book("900000001", 2)
	book("900000002", 0)
	book("900000003", 2)
	s.Begin("900000003") // early: it lasts as long as it was booked
	s.wantEnd("900000003", "16:00")
	online := func() []string { return ids(s.get(onlinePath + "?queryAll=true")) }
	if got := online(); !slices.Equal(got, []string{"900000003"}) {
		t.Errorf("online at first: %v", got)
	}
	s.clock.Advance(time.Hour)
	if got := online(); !slices.Equal(got, []string{"900000003", "900000001"}) {
		t.Errorf("online at the start: %v", got)
	}
	s.tokenWith("900000002", "111111").want(400, "MMC.111072005")
	s.clock.Advance(30 * time.Minute)
	s.Begin("900000002")
	s.wantEnd("900000002", "17:30")
	s.clock.Advance(90 * time.Minute)
	if got := online(); !slices.Equal(got, []string{"900000002"}) {
		t.Errorf("online later: %v", got)
	}
}

func TestABookingNobodyComesToGoes(t *testing.T) {
	s := start(t, nil)
	now := s.clock.Now()
	s.Add(meetingtest.Meeting{ID: meetingID, Start: now.Add(time.Hour), End: now.Add(2 * time.Hour)})
	s.clock.Advance(2 * time.Hour)
	if got := s.Meetings(); len(got) != 0 {
		t.Errorf("meetings %+v", got)
	}
}

func TestMeetingsAreCopies(t *testing.T) {
	s := running(t, nil)
	prolong := new(15)
	m := usual(s)
	m.ProlongMinutes, m.Invited = prolong, []meetingtest.Person{{Name: "A"}}
	s.Add(m)
	*prolong = 0
	m.Invited[0].Name = "B"
	got, found := s.Meeting(meetingID)
	if !found || *got.ProlongMinutes != 15 || got.Invited[0].Name != "A" {
		t.Errorf("meeting %+v", got)
	}
	*s.Meetings()[0].ProlongMinutes = 1
	if got, _ := s.Meeting(meetingID); *got.ProlongMinutes != 15 {
		t.Error("a view reaches into the book")
	}
}
