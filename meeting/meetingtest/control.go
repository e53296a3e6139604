package meetingtest

import (
	"encoding/base64"
	"maps"
	"net/http"
	"strings"
	"time"
)

// The range of an extension in minutes, and what it is if none is given.
const (
	shortestExtension = 1
	longestExtension  = 1440
	defaultExtension  = 15
)

// prolonged is the body of a successful extension: 39 bytes that say nothing.
const prolonged = `{"returnCode":0,"returnDesc":"success"}`

// controlToken lets its holder control one run of a meeting.
type controlToken struct {
	token   string
	run     *run
	chair   bool
	expires time.Time
}

// ExpireControlTokens ends the life of every control token.
func (s *Server) ExpireControlTokens() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.controls)
}

// controlToken is CreateConfToken [0027]. It needs no access token.
func (s *Server) controlToken(c *call) answer {
	header := c.request.Header
	if header.Get("X-Login-Type") != "1" || c.meeting == "" {
		return headerMissing.answer()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.book.advance(c.now)
	if kept := s.controlOf(c); kept != nil && kept.run.running { // keep-alive, password unseen
		kept.expires = c.now.Add(s.config.ControlLife)
		return ok(kept.wire(s.config, s.readings))
	}
	password := header.Get("X-Password")
	if password == "" {
		return passwordNeeded.answer()
	}
	r := s.book.byID[c.meeting]
	if r == nil {
		return s.noRun(c.meeting).answer()
	}
	if !r.running {
		return notRunning.answer()
	}
	return s.admit(r, password, c.now)
}

// noRun tells an ended meeting from one that never was: that one may as well be a wrong password.
func (s *Server) noRun(id string) refusal {
	for _, r := range s.book.past {
		if r.ID == id {
			return notRunning
		}
	}
	return s.readings.wrongPassword()
}

// admit checks the password, and locks the meeting's control login after too many wrong ones.
func (s *Server) admit(r *run, password string, now time.Time) answer {
	if now.Before(r.locked) {
		return controlLocked.answer()
	}
	chair := same(password, r.ChairPassword)
	if !chair && !same(password, r.GuestPassword) {
		if r.wrong++; r.wrong >= mostWrong {
			r.wrong, r.locked = 0, now.Add(s.config.ControlLockFor)
		}
		return s.readings.wrongPassword().answer()
	}
	if !chair && s.readings.GuestsRefused {
		return guestRefused.answer()
	}
	r.wrong = 0
	if len(s.controls)%1024 == 1023 { // now and then, forget the dead ones
		maps.DeleteFunc(s.controls, func(_ string, t *controlToken) bool { return !now.Before(t.expires) })
	}
	t := &controlToken{token: "cnr" + token(24), run: r, chair: chair, expires: now.Add(s.config.ControlLife)}
	s.controls[t.token] = t
	return ok(t.wire(s.config, s.readings))
}

func (t *controlToken) wire(config Config, readings Readings) any {
	data := map[string]any{
		"token": t.token, "tmpWsToken": token(16), "wsURL": "wss://127.0.0.1/cms/open/websocket/confctl/increment/conn",
		"expireTime": t.expires.UnixMilli(), "userID": t.run.Host.UUID, "orgID": "651543334",
		"participantID": "", "confTokenExpireTime": int(config.ControlLife.Seconds()), "vmrCurrentConfID": t.run.ID,
		"supportNotifyType": []string{"ConfBasicInfoNotify", "ConfDynamicInfoNotify", "ParticipantsNotify"},
	}
	readings.addRole(data, t.chair)
	return map[string]any{"data": data, "addressToken": token(16), "gloablPublicIP": "meeting.huaweicloud.com"}
}

// controlOf finds the live token of X-Conference-Authorization, plain or "Basic " with its base64,
// if it is of the meeting that is asked for.
func (s *Server) controlOf(c *call) *controlToken {
	value := c.request.Header.Get("X-Conference-Authorization")
	if encoded, basic := strings.CutPrefix(value, "Basic "); basic {
		decoded, err := base64.StdEncoding.DecodeString(encoded)
		if err != nil {
			return nil
		}
		value = string(decoded)
	}
	t := s.controls[value]
	if t == nil || !c.now.Before(t.expires) || t.run.ID != c.meeting {
		return nil
	}
	return t
}

// controlled finds the running meeting that the call may control.
func (s *Server) controlled(c *call) (*run, answer) {
	s.book.advance(c.now)
	if c.request.Header.Get("X-Conference-Authorization") == "" {
		return nil, controlMissing.answer()
	}
	t := s.controlOf(c)
	switch {
	case t == nil:
		return nil, controlRefused.answer()
	case !t.run.running && s.book.byID[c.meeting] != nil && s.book.byID[c.meeting].running: // of a run before
		return nil, controlRefused.answer()
	case !t.run.running:
		return nil, notRunning.answer()
	case !t.chair:
		return nil, guestRefused.answer()
	}
	return t.run, answer{}
}

type extendRequest struct {
	Auto     *int `json:"auto"`
	Duration *int `json:"duration"` // minutes to add
}

// extend is ProlongMeeting [0038].
func (s *Server) extend(c *call) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, refused := s.controlled(c)
	if r == nil {
		return refused
	}
	var body extendRequest
	if refused, fine := c.decode(&body, emptyBody, badJSON); !fine {
		return refused
	}
	minutes := defaultExtension
	if body.Duration != nil {
		minutes = *body.Duration
	}
	switch {
	case body.Auto == nil || *body.Auto != 0 && *body.Auto != 1:
		return autoRefused.answer()
	case !s.readings.allows(minutes):
		return durationRefused.answer()
	}
	return s.prolong(r, minutes, *body.Auto == 1, c.now)
}

// prolong applies an extension. With auto the platform extends from now on, each time at the end.
func (s *Server) prolong(r *run, minutes int, auto bool, now time.Time) answer {
	end := r.End.Add(time.Duration(minutes) * time.Minute)
	e := Effect{At: now, RunStart: r.Start, Minutes: minutes, Auto: auto, Before: r.End, After: end}
	switch {
	case auto:
		e.After = r.End
		r.AutoMinutes, r.autoOnce = minutes, s.readings.AutoOnce
	case r.tooLong(end):
		return tooLong.answer()
	case !s.readings.Overlaps && s.book.taken(r, end):
		return roomTaken.answer()
	default:
		s.book.moveEnd(r, now, end)
	}
	s.book.effects[r.ID] = append(s.book.effects[r.ID], e)
	s.record.changed()
	return answer{status: http.StatusOK, raw: []byte(prolonged)}
}

// stop is StopMeeting.
func (s *Server) stop(c *call) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, refused := s.controlled(c)
	if r == nil {
		return refused
	}
	s.book.finish(r, c.now)
	return answer{status: http.StatusOK}
}
