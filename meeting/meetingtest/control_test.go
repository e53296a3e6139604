package meetingtest_test

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/meeting/meetingtest"
)

func TestControlToken(t *testing.T) {
	s := running(t, nil)
	r := s.tokenWith(meetingID, "111111").want(200, "")
	want := map[string]any{
		"role": 1.0, "confTokenExpireTime": 1800.0, "userID": "uuid-ana", "vmrCurrentConfID": meetingID,
		"expireTime": float64(s.clock.Now().Add(30 * time.Minute).UnixMilli()),
	}
	for name, value := range want {
		if got := r.at("data", name); got != value {
			t.Errorf("%s: %v, want %v", name, got, value)
		}
	}
	if r.at("gloablPublicIP") == nil || r.at("addressToken") == nil {
		t.Errorf("answer %s", r.text)
	}
}

func TestControlTokenRefusals(t *testing.T) {
	s := running(t, nil)
	s.Add(meetingtest.Meeting{ID: "900000001", Start: s.clock.Now().Add(time.Hour), ChairPassword: "111111"})
	s.Add(meetingtest.Meeting{ID: "900000002", ChairPassword: "111111"})
	s.EndMeeting("900000002")
	s.tokenWith("900000001", "111111").want(400, "MMC.111072005")
	s.tokenWith("900000002", "111111").want(400, "MMC.111072005")
	s.tokenWith("999999999", "111111").want(400, "MMC.111072065")
	s.tokenWith(meetingID, "333333").want(400, "MMC.111072065")
	s.call("GET", tokenPath+meetingID, "", "X-Login-Type", "1").want(400, "MMC.111070009")
	s.call("GET", tokenPath+meetingID, "", "X-Password", "111111").want(400, "MMC.112100029")
}

func TestFiveWrongPasswordsLockTheControlLogin(t *testing.T) {
	s := running(t, nil)
	for range 4 {
		s.tokenWith(meetingID, "333333").want(400, "MMC.111072065")
	}
	s.control(meetingID) // a right one forgives
	for range 5 {
		s.tokenWith(meetingID, "333333").want(400, "MMC.111072065")
	}
	s.tokenWith(meetingID, "111111").want(400, "MMC.111072064")
	s.clock.Advance(5 * time.Minute)
	s.control(meetingID)
	s.LockControl(meetingID)
	s.tokenWith(meetingID, "111111").want(400, "MMC.111072064")
}

func TestExtendAddsMinutes(t *testing.T) {
	s := running(t, nil)
	control := s.control(meetingID)
	r := s.extend(control, `{"auto":0,"duration":40}`).want(200, "")
	if len(r.text) != 39 {
		t.Errorf("body of %d bytes: %q", len(r.text), r.text)
	}
	s.wantEnd(meetingID, "15:40")
	if got := s.shownEnd(); got != "2026-03-02 15:40" {
		t.Errorf("shown end %q", got)
	}
	encoded := "Basic " + base64.StdEncoding.EncodeToString([]byte(control))
	s.extend(encoded, `{"auto":0}`).want(200, "")
	s.wantEnd(meetingID, "15:55")
	effects := s.Effects(meetingID)
	if len(effects) != 2 || effects[0].Minutes != 40 || effects[1].Minutes != 15 || effects[1].Auto ||
		!effects[1].Before.Equal(effects[0].After) || !effects[0].RunStart.Equal(s.clock.Now()) {
		t.Errorf("effects %+v", effects)
	}
}

func TestExtendRefusesBadBodies(t *testing.T) {
	s := running(t, nil)
	control := s.control(meetingID)
	for body, code := range map[string]string{
		`{"duration":30}`:                 "MMC.111071036",
		`{"auto":2,"duration":30}`:        "MMC.111071036",
		`{"auto":-1}`:                     "MMC.111071036",
		`{"auto":null,"duration":30}`:     "MMC.111071036",
		`{"auto":0,"duration":0}`:         "MMC.111071015",
		`{"auto":0,"duration":-15}`:       "MMC.111071015",
		`{"auto":0,"duration":1441}`:      "MMC.111071015",
		`{"auto":0,"duration":"30"}`:      "MMC.111071062",
		`{"auto":0,"duration":1.5}`:       "MMC.111071062",
		`{"auto":false}`:                  "MMC.111071062",
		`[]`:                              "MMC.111071062",
		` `:                               "MMC.111072057",
		``:                                "MMC.111072057",
		`{"auto":0,"duration":` + "1440}": "",
	} {
		if code == "" {
			s.extend(control, body).want(200, "")
			continue
		}
		s.extend(control, body).want(400, code)
	}
	s.wantEffects(1)
	s.call("PUT", durationPath+meetingID, `{"auto":0}`, "X-Conference-Authorization", control, "Content-Type", "text/plain").
		want(400, "MMC.111071062")
	s.extend(control, `{"auto":0,"x":"`+strings.Repeat("x", 65<<10)+`"}`).want(413, "APIG.0201")
	s.wantEffects(1)
	s.call("PUT", durationPath+meetingID, `{"auto":0}`, "X-Conference-Authorization", control, "Content-Type", "Application/JSON").
		want(200, "")
	s.wantEffects(2)
}

func TestExtendWantsTheMeetingsOwnToken(t *testing.T) {
	s := running(t, nil)
	s.Add(meetingtest.Meeting{ID: "900000001", ChairPassword: "111111", GuestPassword: "222222"})
	body := `{"auto":0,"duration":15}`
	s.call("PUT", durationPath+meetingID, body, "X-Access-Token", s.access).want(401, "MMC.111070111")
	s.extend(s.access, body).want(401, "MMC.111070004")
	s.extend(s.control("900000001"), body).want(401, "MMC.111070004")
	s.extend("Basic %%%", body).want(401, "MMC.111070004")
	guest := s.tokenWith(meetingID, "222222").want(200, "")
	if guest.at("data", "role") != 0.0 {
		t.Errorf("guest's token: %s", guest.text)
	}
	s.extend(guest.at("data", "token").(string), body).want(403, "MMC.111072070")
	s.wantEffects(0)
}

func TestControlTokensDie(t *testing.T) {
	s := running(t, nil)
	s.SetEnd(meetingID, s.clock.Now().Add(5*time.Hour))
	control := s.control(meetingID)
	s.clock.Advance(29 * time.Minute)
	s.extend(control, `{"auto":0}`).want(200, "")
	kept := s.call("GET", tokenPath+meetingID, "", "X-Login-Type", "1", "X-Conference-Authorization", control).want(200, "")
	if kept.at("data", "token") != control {
		t.Error("keep-alive gave another token")
	}
	s.clock.Advance(29 * time.Minute)
	s.extend(control, `{"auto":0}`).want(200, "")
	s.clock.Advance(time.Minute)
	s.extend(control, `{"auto":0}`).want(401, "MMC.111070004")
	control = s.control(meetingID)
	s.ExpireControlTokens()
	s.extend(control, `{"auto":0}`).want(401, "MMC.111070004")
	s.wantEffects(2)
}

func TestATokenBelongsToItsRun(t *testing.T) {
	s := running(t, nil)
	control := s.control(meetingID)
	s.EndMeeting(meetingID)
	s.extend(control, `{"auto":0}`).want(400, "MMC.111072005")
	s.Add(usual(s))
	s.extend(control, `{"auto":0}`).want(401, "MMC.111070004")
	s.wantEffects(0)
}

func TestExtendUpToTheLimit(t *testing.T) {
	s := running(t, nil)
	m := usual(s)
	m.MaxTotalMinutes = 90
	s.Add(m)
	control := s.control(meetingID)
	s.extend(control, `{"auto":0,"duration":31}`).want(400, "MMC.111074003")
	s.extend(control, `{"auto":0,"duration":30}`).want(200, "")
	s.extend(control, `{"auto":0,"duration":1}`).want(400, "MMC.111074003")
	m.MaxTotalMinutes = 0
	s.Add(m)
	control = s.control(meetingID)
	s.extend(control, `{"auto":0,"duration":1440}`).want(200, "")
	s.extend(control, `{"auto":0,"duration":301}`).want(400, "MMC.111074003")
	m.MaxTotalMinutes = -1
	s.Add(m)
	control = s.control(meetingID)
	for range 3 {
		s.extend(control, `{"auto":0,"duration":1440}`).want(200, "")
	}
}

func TestExtendNotIntoTheRoomsNextBooking(t *testing.T) {
	s := running(t, nil)
	m := usual(s)
	m.RoomID = "0251234"
	s.Add(m)
	s.Add(meetingtest.Meeting{ID: "900000001", RoomID: "0251234", Start: m.End.Add(30 * time.Minute)})
	s.Add(meetingtest.Meeting{ID: "900000002", RoomID: "0259999", Start: m.End})
	control := s.control(meetingID)
	s.extend(control, `{"auto":0,"duration":31}`).want(400, "MMC.111071005")
	s.extend(control, `{"auto":0,"duration":30}`).want(200, "")
}

func TestStop(t *testing.T) {
	s := running(t, nil)
	control := s.control(meetingID)
	if r := s.call("PUT", "/v1/mmc/control/conferences/stop?conferenceID="+meetingID, "", "X-Conference-Authorization", control); r.status != 200 || r.text != "" {
		t.Fatalf("stop: %+v", r)
	}
	s.get(detailPath+meetingID).want(400, "MMC.111070005")
}
