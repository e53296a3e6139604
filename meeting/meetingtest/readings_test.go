package meetingtest_test

import (
	"reflect"
	"testing"

	"github.com/overtime-bot/overtime/meeting/meetingtest"
)

// Each reading as it is on the wire.
func TestReadingsOnTheWire(t *testing.T) {
	s := running(t, nil)
	for _, test := range []struct {
		readings   meetingtest.Readings
		start, end any
	}{
		{meetingtest.Readings{}, "2026-03-02 14:00", "2026-03-02 15:00"},
		{meetingtest.Readings{Times: meetingtest.RFC3339}, "2026-03-02T15:00:00+01:00", "2026-03-02T16:00:00+01:00"},
		{meetingtest.Readings{Times: meetingtest.Milliseconds}, 1772460000000.0, 1772463600000.0},
		{meetingtest.Readings{Times: meetingtest.MillisecondsAsText}, "1772460000000", "1772463600000"},
		{meetingtest.Readings{Times: meetingtest.WithBlanks}, " 2026-03-02  14:00 ", " 2026-03-02  15:00 "},
	} {
		s.SetReadings(test.readings)
		for _, path := range []string{onlinePath + "?queryAll=true", listPath + "?queryAll=true"} {
			entry := s.get(path)
			if start, end := entry.at("data", 0, "startTime"), entry.at("data", 0, "endTime"); start != test.start || end != test.end {
				t.Errorf("%+v: %v to %v", test.readings, start, end)
			}
		}
	}
	for role, want := range map[meetingtest.Role]any{
		meetingtest.RoleAsNumber: 1.0, meetingtest.RoleAsText: "1", meetingtest.RoleAbsent: nil, meetingtest.RoleNull: nil,
	} {
		s.SetReadings(meetingtest.Readings{Role: role})
		data, _ := s.tokenWith(meetingID, "111111").at("data").(map[string]any)
		if got, told := data["role"]; got != want || told == (role == meetingtest.RoleAbsent) {
			t.Errorf("%v: %v", role, data)
		}
	}
	s.SetReadings(meetingtest.Readings{PeopleUntold: true, ProlongUntold: true, Passwords: meetingtest.ToNobody})
	entry, _ := s.get(onlinePath+"?queryAll=true").at("data", 0).(map[string]any)
	if _, told := entry["onlineAttendeeAmount"]; told || len(entry["passwordEntry"].([]any)) != 1 || entry["chairJoinUri"] != nil {
		t.Error(entry)
	}
}

// What becomes of queryAll, of passwords and of the login's user.
func TestReadingsOfAnOrdinaryAccount(t *testing.T) {
	for _, test := range []struct {
		queryAll meetingtest.QueryAll
		status   int
		count    any // of the list; nil: refused
	}{
		{meetingtest.ForAdmins, 403, nil}, {meetingtest.Refused, 403, nil}, {meetingtest.Ignored, 200, 0.0}, {meetingtest.Honoured, 200, 1.0},
	} {
		s := running(t, func(c *meetingtest.Config) {
			c.NotAdmin, c.AccountUUID, c.Readings = true, "uuid-other", meetingtest.Readings{QueryAll: test.queryAll}
		})
		if got := s.get(onlinePath + "?queryAll=true"); got.status != test.status || got.at("count") != test.count && test.status == 200 {
			t.Errorf("%v: %v", test.queryAll, got.json())
		}
	}
	s := running(t, nil)
	for _, status := range []int{400, 401, 403, 404, 422} {
		s.SetReadings(meetingtest.Readings{QueryAll: meetingtest.Refused, QueryAllStatus: status})
		if got := s.get(onlinePath + "?queryAll=true"); got.status != status {
			t.Errorf("%d: %v", status, got.json())
		}
		if got := s.get(onlinePath); got.status != 200 {
			t.Errorf("the token works elsewhere: %v", got.json())
		}
	}
	s.SetReadings(meetingtest.Readings{PasswordStatus: 401, LongCodes: true, GuestsRefused: true, AccountUntold: true, Longest: 60})
	s.tokenWith(meetingID, "000").want(401, "MMC.111072065")
	s.tokenWith(meetingID, "222222").want(403, "MMC.111072070")
	control := s.control(meetingID)
	s.extend(control, `{"auto":0,"duration":61}`).want(400, "MMC.111071015")
	s.extend(control, `{"auto":0,"duration":60}`).want(200, "")
	if user := s.loginAs(account, password, loginBody).json()["user"]; user != nil {
		t.Error(user)
	}
	s.ExpireTokens()
	s.get(onlinePath).want(401, "USG.200000004")
}

// No reading is forgotten: each field of Readings is played by the alternatives.
func TestAlternativesPlayEveryFact(t *testing.T) {
	played := make(map[string]bool)
	for _, readings := range meetingtest.Alternatives() {
		for field, value := range reflect.ValueOf(readings).Fields() {
			played[field.Name] = played[field.Name] || !value.IsZero()
		}
	}
	for name, is := range played {
		if !is {
			t.Errorf("%s is never other than usual", name)
		}
	}
	if len(played) == 0 {
		t.Error("no alternatives")
	}
}
