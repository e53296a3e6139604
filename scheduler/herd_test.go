package scheduler_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/overtime-bot/overtime/meeting/meetingtest"
	"github.com/overtime-bot/overtime/scheduler"
)

const (
	herdSize  = 1000
	herdQuota = 100 // calls a minute and path
)

// herdOf lets so many meetings run that end in the same minute, and some that end before and after.
func herdOf(service *meetingtest.Server, end time.Time) {
	for i := range herdSize + 100 {
		m := meetingtest.Meeting{ID: fmt.Sprint(910_000_000 + (i*7919)%100_000), Start: end.Add(-time.Hour), End: end, People: 3}
		switch {
		case i >= herdSize+50:
			m.End = end.Add(5 * time.Minute)
		case i >= herdSize:
			m.End = end.Add(-5 * time.Minute)
		}
		service.Add(m)
	}
}

// herdFigures is what became of a herd.
type herdFigures struct {
	extended, cutOff int // of the meetings, by the time that all would have ended
	twice            int
	refused          int // calls over the quota
	calls            map[meetingtest.Op]int
	first, last      time.Duration // extensions before the end
	disorder         int           // extensions of a later end that came more than a minute before one of an earlier end
}

func figuresOf(service *meetingtest.Server, end time.Time) herdFigures {
	f := herdFigures{calls: make(map[meetingtest.Op]int)}
	var all []meetingtest.Effect
	for i := range herdSize + 100 {
		effects := service.Effects(fmt.Sprint(910_000_000 + (i*7919)%100_000))
		switch len(effects) {
		case 0:
			f.cutOff++
		case 1:
			f.extended++
		default:
			f.twice++
		}
		all = append(all, effects...)
	}
	slices.SortFunc(all, func(a, b meetingtest.Effect) int { return a.At.Compare(b.At) })
	var latest meetingtest.Effect
	for _, effect := range all {
		if effect.Before.After(latest.Before) {
			latest = effect
		} else if effect.Before.Before(latest.Before) && effect.At.Sub(latest.At) > time.Minute {
			f.disorder++
		}
	}
	if len(all) > 0 {
		f.first, f.last = end.Sub(all[0].At), end.Sub(all[len(all)-1].At)
	}
	for _, call := range service.Calls() {
		f.calls[call.Op]++
		if call.Status == http.StatusTooManyRequests {
			f.refused++
		}
	}
	return f
}

func (f herdFigures) String() string {
	return fmt.Sprintf("%4d extended in time, %4d cut off, %d twice; %5d calls over the quota; the first %v and the last %v before the end; calls %v",
		f.extended, f.cutOff, f.twice, f.refused, f.first.Round(time.Second), f.last.Round(time.Second), f.calls)
}

// A thousand meetings that end in the same minute are all extended in time, in the order of the ends, and no call goes
// over the quota. A plain loop over the list at lead time stands beside it.
func TestHerd(t *testing.T) {
	slow(t)
	var plain, ours herdFigures
	synctest.Test(t, func(t *testing.T) { plain = plainLoop(t) })
	inOffice(t, scheduler.ModeAuto, func(o *office) {
		o.service.SetQuota(herdQuota)
		o.rate = herdQuota
		client := o.newClient()
		o.doorConfig.Meetings, o.config.Tokens, o.config.Quota = client, client, client
		o.config.Automation.Max = 15
		o.service.EndMeeting(meetingID)
		end := o.end.Add(15 * time.Minute) // 45 minutes from now
		herdOf(o.service, end)
		o.start(o.another())
		time.Sleep(time.Until(end.Add(5 * time.Minute)))
		synctest.Wait()
		ours = figuresOf(o.service, end)
		if troubles := o.announcer.of(scheduler.PromptTrouble); len(troubles) > 0 {
			t.Errorf("%d troubles, the first %s", len(troubles), troubles[0].Trouble)
		}
	})
	t.Logf("\nplain loop %v\novertime   %v", plain, ours)
	if ours.extended != herdSize+100 || ours.refused > 0 || ours.disorder > 0 {
		t.Errorf("%d of %d extended once, %d calls over the quota, %d out of order", ours.extended, herdSize+100, ours.refused, ours.disorder)
	}
	if ours.last < 0 || ours.first > 10*time.Minute+16*time.Minute {
		t.Errorf("the first %v, the last %v before the end", ours.first, ours.last)
	}
}

// plainLoop is what one writes first: every minute, go through the list and extend what ends within the lead.
func plainLoop(t *testing.T) herdFigures {
	service := meetingtest.New(meetingtest.Config{Account: "a@x", Password: "password-1", Latency: 100 * time.Millisecond, Quota: herdQuota})
	defer service.Close()
	end := time.Now().Truncate(time.Minute).Add(45 * time.Minute)
	herdOf(service, end)
	loop := plainClient{t: t, transport: service.Transport()}
	for time.Now().Before(end.Add(5 * time.Minute)) {
		next := time.Now().Truncate(time.Minute).Add(time.Minute)
		for _, m := range loop.list() {
			ends, err := time.Parse("2006-01-02 15:04", m.EndTime)
			if left := time.Until(ends); err == nil && left > 0 && left <= 10*time.Minute {
				loop.extend(m.ConferenceID, m.password())
			}
		}
		time.Sleep(time.Until(next))
	}
	return figuresOf(service, end)
}

// plainClient speaks to the service without a thought of its quota.
type plainClient struct {
	t         *testing.T
	transport http.RoundTripper
	token     string
}

type plainMeeting struct {
	ConferenceID  string `json:"conferenceID"`
	EndTime       string `json:"endTime"`
	PasswordEntry []struct{ ConferenceRole, Password string }
}

func (m plainMeeting) password() string {
	for _, entry := range m.PasswordEntry {
		if entry.ConferenceRole == "chair" {
			return entry.Password
		}
	}
	return ""
}

func (c *plainClient) call(method, path string, header map[string]string, body string, into any) int {
	request, err := http.NewRequestWithContext(c.t.Context(), method, "https://service.example"+path, bytes.NewReader([]byte(body)))
	if err != nil {
		c.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json; charset=UTF-8")
	request.Header.Set("X-Access-Token", c.token)
	for name, value := range header {
		request.Header.Set(name, value)
	}
	response, err := c.transport.RoundTrip(request)
	if err != nil {
		return 0
	}
	defer func() { _ = response.Body.Close() }()
	content, _ := io.ReadAll(response.Body)
	if into != nil {
		_ = json.Unmarshal(content, into) // an error's body has none of it
	}
	return response.StatusCode
}

func (c *plainClient) list() []plainMeeting {
	if c.token == "" {
		var login struct{ AccessToken string }
		c.call(http.MethodPost, "/v1/usg/acs/auth/account", map[string]string{"Authorization": plainAuthorization},
			`{"account":"a@x","clientType":72}`, &login)
		c.token = login.AccessToken
	}
	var all []plainMeeting
	for offset := 0; ; offset += 500 {
		var page struct{ Data []plainMeeting }
		query := url.Values{"offset": {fmt.Sprint(offset)}, "limit": {"500"}, "queryAll": {"true"}}
		c.call(http.MethodGet, "/v1/mmc/management/conferences/online?"+query.Encode(), nil, "", &page)
		all = append(all, page.Data...)
		if len(page.Data) < 500 {
			break
		}
	}
	slices.SortStableFunc(all, func(a, b plainMeeting) int { return cmp.Compare(a.EndTime, b.EndTime) })
	return all
}

func (c *plainClient) extend(id, password string) {
	var control struct{ Data struct{ Token string } }
	query := "?conferenceID=" + id
	status := c.call(http.MethodGet, "/v1/mmc/control/conferences/token"+query,
		map[string]string{"X-Password": password, "X-Login-Type": "1"}, "", &control)
	if status == http.StatusOK {
		c.call(http.MethodPut, "/v1/mmc/control/conferences/duration"+query,
			map[string]string{"X-Conference-Authorization": control.Data.Token}, `{"auto":0,"duration":15}`, nil)
	}
}

// plainAuthorization is a@x with password-1.
const plainAuthorization = "Basic YUB4OnBhc3N3b3JkLTE="

// A meeting whose control token hangs holds up no group but its own.
func TestSlowMeetingsHoldUpNoGroups(t *testing.T) {
	inOffice(t, scheduler.ModeAuto, func(o *office) {
		o.service.SetQuota(herdQuota)
		client := o.newClient()
		o.doorConfig.Meetings, o.config.Tokens, o.config.Quota = client, client, client
		o.config.Automation.Max = 15
		o.service.EndMeeting(meetingID)
		onTime, swift := 0, []string{}
		for i := range 200 {
			id := fmt.Sprint(910000000 + i)
			o.service.Add(meetingtest.Meeting{ID: id, End: o.end, People: 3, ProlongMinutes: &onTime, MaxTotalMinutes: -1})
			if i%20 == 0 {
				o.service.Inject(meetingtest.Fault{Op: meetingtest.OpControlToken, ConferenceID: id, Kind: meetingtest.Hang, Times: -1})
			} else {
				swift = append(swift, id)
			}
		}
		o.until(10 * time.Minute) // the lead: nothing is begun before
		o.start(o.another())
		o.until(0)
		var first, last time.Time
		for _, id := range swift {
			effects := o.service.Effects(id)
			if len(effects) != 1 {
				t.Fatalf("%s was extended %d times", id, len(effects))
			}
			if at := effects[0].At; first.IsZero() || at.Before(first) {
				first = at
			}
			if at := effects[0].At; at.After(last) {
				last = at
			}
		}
		if took := last.Sub(first); took > 170*time.Second {
			t.Errorf("ten groups took %v", took)
		}
	})
}
