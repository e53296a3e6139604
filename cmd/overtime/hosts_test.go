package main

import (
	"fmt"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/meeting/meetingtest"
)

// crowd lets so many meetings run, each of another host.
func (p *play) crowd(count int) {
	onTime, now := 0, time.Now().Truncate(time.Minute)
	for i := range count {
		name := fmt.Sprint("h", i)
		p.meetings.Add(meetingtest.Meeting{
			Subject: fmt.Sprint("M", i), Start: now.Add(-50 * time.Minute), End: now.Add(5 * time.Minute), People: 4, ProlongMinutes: &onTime,
			Host: meetingtest.Host{UUID: fmt.Sprintf("beef%028d", i), Account: name + "@acme", Name: name, Email: name + "@acme.example"},
		})
	}
}

// People without rights who look again and again where 300 hosts meet leave the quota to those who extend.
func TestPeopleWhoLookCostNoReadsOfMeetings(t *testing.T) {
	p := newPlay(t, "AUTO_EXTEND=off", "NOTIFY_CHANNEL=")
	p.crowd(300)
	wantContains(t, p.types(demoAlice, "/extend list"), "2 of your meetings are running", "914083136", "955512340")
	wantContains(t, p.types(demoErik, "/extend list"), "None of your meetings")
	for range 3 {
		p.types(demoErik, "/extend status 914083136")
		p.types(demoAlice, "/extend 920417765 15")
	}
	if details, book := p.meetings.Count(meetingtest.OpOnlineDetail), p.meetings.Count(meetingtest.OpAddressBook); details != 0 || book != 2 {
		t.Errorf("%d details and %d searches of the address book", details, book)
	}
	began := time.Now()
	wantContains(t, p.types(demoDana, "/extend 914083136 30"), "✅ Extended by 30 minutes")
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("an administrator's command took %v", took)
	}
}

// A read that fails is no answer about whose meeting it is.
func TestAFailedReadDoesNotSayNotYours(t *testing.T) {
	for _, op := range []meetingtest.Op{meetingtest.OpOnlineDetail, meetingtest.OpOnline, meetingtest.OpAddressBook} {
		p := newPlay(t)
		p.types(demoDana, "/extend list") // the list is fresh
		p.clock.Forward(time.Minute)      // and then no longer
		p.meetings.Inject(meetingtest.Fault{Op: op, Kind: meetingtest.Refuse, Status: 500, Times: -1})
		answer := p.types(demoAlice, "/extend 914083136 15")
		wantContains(t, answer, "⚠️", "Nothing was extended. Try again in a minute")
	}
}
