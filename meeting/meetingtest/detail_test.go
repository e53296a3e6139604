package meetingtest_test

import (
	"testing"

	"github.com/overtime-bot/overtime/meeting/meetingtest"
)

func TestDetailNamesTheHost(t *testing.T) {
	s := running(t, nil)
	m := usual(s)
	m.UUID = "run-1"
	m.Invited = []meetingtest.Person{{Name: "Trap", Email: "trap@example.org", Chair: true}}
	s.Add(m)
	r := s.get(detailPath+meetingID).want(200, "")
	if r.at("conferenceData", "userUUID") != "uuid-ana" || r.at("conferenceData", "onlineAttendeeAmount") != nil ||
		r.at("conferenceData", "confUUID") != "run-1" || r.at("conferenceData", "confType") != "IMMEDIATELY" {
		t.Errorf("conferenceData: %s", r.text)
	}
	if r.at("data", "count") != 2.0 || r.at("data", "limit") != 20.0 || r.at("data", "offset") != 0.0 {
		t.Errorf("participants: %s", r.text)
	}
	var host map[string]any
	for _, p := range r.at("data", "data").([]any) {
		if p := p.(map[string]any); p["userUUID"] == "uuid-ana" {
			host = p
		}
	}
	if host["email"] != "ana@example.com" || host["accountId"] != "ana@example" || host["role"] != 1.0 || host["state"] != "MEETTING" {
		t.Errorf("host: %v", host)
	}
	m.HostUnlisted = true
	s.Add(m)
	if got := s.get(detailPath+meetingID).at("data", "count"); got != 1.0 {
		t.Errorf("participants without the host: %v", got)
	}
	if got := s.get(detailPath+meetingID+"&searchKey=Nobody").at("data", "count"); got != 0.0 {
		t.Errorf("searched: %v", got)
	}
}

func TestDetailOfNothing(t *testing.T) {
	s := running(t, nil)
	s.get(detailPath+"123456789").want(400, "MMC.111070005")
	s.get(detailPath).want(400, "MMC.112100029")
	room := usual(s)
	room.ID, room.RoomID = "900000001", "0251234"
	s.Add(room)
	s.get(detailPath+"0251234").want(400, "MMC.111070005")
	s.Remove(meetingID)
	s.get(detailPath+meetingID).want(400, "MMC.111070005")
	s.tokenWith(meetingID, "111111").want(400, "MMC.111072065")
}

func TestAttendeesAreInSnakeCase(t *testing.T) {
	s := running(t, nil)
	m := usual(s)
	m.Attendees = []meetingtest.Person{{UUID: "uuid-ana", Account: "ana@example", Name: "Ana", Chair: true}}
	s.Add(m)
	const path = "/v1/mmc/management/conferences/online/conf-attendee?conf_id="
	r := s.get(path+meetingID).want(200, "")
	if r.at("count") != 3.0 || r.at("limit") != 20.0 {
		t.Errorf("attendees: %s", r.text)
	}
	for name, want := range map[string]any{"name": "Ana", "role": 1.0, "account": "ana@example", "user_id": "uuid-ana"} {
		if got := r.at("data", 0, name); got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	if r.at("data", 2, "role") != 0.0 || r.at("data", 2, "participant_id") == r.at("data", 1, "participant_id") {
		t.Errorf("guests: %s", r.text)
	}
	if got := s.get(path + meetingID + "&limit=2&offset=2").at("data").([]any); len(got) != 1 {
		t.Errorf("second page: %v", got)
	}
	if got := s.get(path + meetingID + "&search_key=Ana").at("count"); got != 1.0 {
		t.Errorf("searched: %v", got)
	}
	s.EndMeeting(meetingID)
	s.get(path+meetingID).want(400, "MMC.111070005")
}

func TestAddressBook(t *testing.T) {
	s := running(t, nil)
	s.AddPerson(meetingtest.Person{UUID: "uuid-ben", Account: "ben@example", Name: "Ben", Email: "ben@example.com"})
	r := s.get("/v1/usg/abs/users?searchKey=ben@").want(200, "")
	if r.at("count") != 1.0 || r.at("limit") != 10.0 || r.at("data", 0, "account") != "ben@example" ||
		r.at("data", 0, "email") != "ben@example.com" || r.at("data", 0, "id") != "uuid-ben" {
		t.Errorf("address book: %s", r.text)
	}
	if got := s.get("/v1/usg/abs/users").at("count"); got != 3.0 { // the bot, the host, Ben
		t.Errorf("everybody: %v", got)
	}
}

func TestMemberAndRooms(t *testing.T) {
	s := running(t, nil)
	own := usual(s)
	own.ID, own.RoomID, own.Host = "900000001", "0251234", meetingtest.Host{UUID: "uuid-bot", Account: account, Name: "Bot"}
	s.Add(own)
	other := usual(s)
	other.RoomID = "0259999"
	s.Add(other)
	me := s.get("/v1/usg/dcs/member").want(200, "")
	if me.at("adminType") != 0.0 || me.at("userAccount") != account || me.at("id") != "uuid-bot" {
		t.Errorf("member: %s", me.text)
	}
	r := s.get("/v1/usg/dcs/member/vmr").want(200, "")
	if r.at("count") != 1.0 || r.at("data", 0, "vmrId") != "0251234" || r.at("data", 0, "chairPwd") != "111111" ||
		r.at("data", 0, "gustPwd") != "222222" {
		t.Errorf("rooms: %s", r.text)
	}
	listed := s.get(onlinePath + "?searchKey=0251234")
	if listed.at("data", 0, "vmrID") != r.at("data", 0, "id") {
		t.Errorf("vmrID differs: %s", listed.text)
	}
}
