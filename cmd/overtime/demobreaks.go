package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/overtime-bot/overtime/bot/slacksim"
	"github.com/overtime-bot/overtime/meeting/meetingtest"
)

// demoBreak is a fault that a person can cause from the page. Its label says what will happen.
type demoBreak struct {
	id, label string
	// arm lets it strike. It returns how to take it back, or nil for what happens at once and is over; struck is to be
	// called with what it hit.
	arm func(struck func(what string)) (disarm func())
	// once: the first strike uses it up.
	once bool

	disarm func()
	hits   int
	last   string
	at     time.Time
}

// panelBreak is a fault as the page shows it: whether it waits to strike, and what it has done.
type panelBreak struct {
	ID    string `json:"id"`
	Label string `json:"label"`
	Armed bool   `json:"armed"`
	Hits  int    `json:"hits"`
	Last  string `json:"last"` // what it hit
	At    int64  `json:"at"`   // when, in Unix milliseconds
}

// demoBreaks are the faults of the demo, and what they have done. mu is never held while a stand-in is called: it may be
// calling back.
type demoBreaks struct {
	now func() time.Time
	mu  sync.Mutex
	all []*demoBreak
}

// newBreaks lists the faults. database is the file of the demo's store.
func newBreaks(now func() time.Time, slack *slacksim.Server, service *meetingtest.Server, database string) *demoBreaks {
	extension := func(fault meetingtest.Fault) func(func(string)) func() {
		fault.Op, fault.Times = meetingtest.OpExtend, 1
		return meetingFault(service, fault)
	}
	return &demoBreaks{now: now, all: []*demoBreak{
		{id: "lose-answer", label: "Extend, but lose the answer", once: true, arm: extension(meetingtest.Fault{Kind: meetingtest.HangUp, Applied: true})},
		{id: "refuse-500", label: "Answer the next extension with 500", once: true, arm: extension(meetingtest.Fault{Kind: meetingtest.Refuse, Status: http.StatusInternalServerError})},
		{id: "limit", label: "Refuse it: longest time reached", once: true, arm: extension(meetingtest.Fault{Kind: meetingtest.Refuse, Status: http.StatusBadRequest, Code: "MMC.111074003", Message: "IDO_OVER_CONF_MAX_DURATION"})},
		{id: "slow", label: "Take 9 seconds over the next extension", once: true, arm: extension(meetingtest.Fault{Kind: meetingtest.Late, Before: 9 * time.Second})},
		{id: "service-down", label: "Meeting service down, until pressed again", arm: meetingFault(service, meetingtest.Fault{Kind: meetingtest.Reset, Times: -1})},
		{id: "login-refused", label: "Meeting login refused, until pressed again", arm: refuseLogin(service)},
		{id: "database-gone", label: "Database gone, until pressed again", arm: takeDatabase(database)},
		{id: "slack-throttled", label: "Slack answers 429, until pressed again", arm: throttleSlack(slack)},
		{id: "drop-sockets", label: "Cut all sockets to Slack", arm: func(struck func(string)) func() {
			struck(sockets(slack.DropSockets()))
			return nil
		}},
		{id: "refresh", label: "Let Slack ask for new sockets", arm: func(struck func(string)) func() {
			struck(sockets(slack.Disconnect("refresh_requested")))
			return nil
		}},
	}}
}

func sockets(count int) string {
	if count == 1 {
		return "1 socket"
	}
	return fmt.Sprintf("%d sockets", count)
}

func meetingFault(service *meetingtest.Server, fault meetingtest.Fault) func(func(string)) func() {
	return func(struck func(string)) func() {
		fault.Struck = func(op meetingtest.Op, meeting string) { struck(callName(op, meeting)) }
		return service.Inject(fault)
	}
}

func callName(op meetingtest.Op, meeting string) string {
	if meeting == "" {
		return string(op)
	}
	return string(op) + " " + meeting
}

// refuseLogin ends the tokens too, so that the bot has to log in again.
func refuseLogin(service *meetingtest.Server) func(func(string)) func() {
	return func(struck func(string)) func() {
		told := func(op meetingtest.Op, meeting string) { struck(callName(op, meeting)) }
		disarm := service.Inject(meetingtest.Fault{Op: meetingtest.OpLogin, Kind: meetingtest.Refuse, Times: -1, Status: http.StatusUnauthorized, Code: "USG.206010000", Struck: told})
		service.ExpireTokens()
		return disarm
	}
}

// takeDatabase takes the store's file away. What the bot has open then is no longer the file of that name.
func takeDatabase(path string) func(func(string)) func() {
	return func(struck func(string)) func() {
		if err := os.Rename(path, path+".away"); err != nil {
			struck("nothing: the file is not there")
			return nil
		}
		struck(filepath.Base(path) + " taken away")
		return func() { _ = os.Rename(path+".away", path) } // it is in the demo's own folder
	}
}

// throttleSlack refuses what the bot writes, method by method.
func throttleSlack(slack *slacksim.Server) func(func(string)) func() {
	methods := []string{"chat.postMessage", "chat.update", "chat.postEphemeral", "views.publish"}
	return func(struck func(string)) func() {
		for _, method := range methods {
			slack.FailNext(method, slacksim.Failure{RetryAfter: 5 * time.Second, Times: -1, Struck: func() { struck(method) }})
		}
		return func() { slack.ClearFailures(methods...) }
	}
}

// list is what the page shows.
func (d *demoBreaks) list() []panelBreak {
	d.mu.Lock()
	defer d.mu.Unlock()
	var shown []panelBreak
	for _, b := range d.all {
		panel := panelBreak{ID: b.id, Label: b.label, Armed: b.disarm != nil, Hits: b.hits, Last: b.last}
		if !b.at.IsZero() {
			panel.At = b.at.UnixMilli()
		}
		shown = append(shown, panel)
	}
	return shown
}

// press arms a fault, or takes back one that is armed; false if there is none of that name.
func (d *demoBreaks) press(id string) bool {
	for _, b := range d.all {
		if b.id == id {
			if !d.takeBack(b) {
				d.arm(b)
			}
			return true
		}
	}
	return false
}

func (d *demoBreaks) arm(b *demoBreak) {
	d.mu.Lock()
	before := b.hits
	d.mu.Unlock()
	disarm := b.arm(func(what string) { d.struck(b, what) })
	d.mu.Lock()
	defer d.mu.Unlock()
	if !b.once || b.hits == before { // else it has struck by now
		b.disarm = disarm
	}
}

// takeBack says whether it was armed.
func (d *demoBreaks) takeBack(b *demoBreak) bool {
	d.mu.Lock()
	disarm := b.disarm
	b.disarm = nil
	d.mu.Unlock()
	if disarm == nil {
		return false
	}
	disarm()
	return true
}

func (d *demoBreaks) struck(b *demoBreak, what string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	b.hits++
	b.last, b.at = what, d.now()
	if b.once {
		b.disarm = nil
	}
}

// mend takes back all that is armed, and forgets what was done.
func (d *demoBreaks) mend() {
	for _, b := range d.all {
		d.takeBack(b)
		d.mu.Lock()
		b.hits, b.last, b.at = 0, "", time.Time{}
		d.mu.Unlock()
	}
}
