package main

import (
	"net/http"
	"time"

	"github.com/overtime-bot/overtime/bot/slacksim"
	"github.com/overtime-bot/overtime/meeting/meetingtest"
)

// demoBreak is a fault that a person can cause from the page.
type demoBreak struct {
	ID    string `json:"id"`
	Label string `json:"label"`
	do    func()
}

// breaks lists the faults. Each label says what will happen.
func breaks(sim *slacksim.Server, service *meetingtest.Server) []demoBreak {
	extension := func(fault meetingtest.Fault) func() {
		fault.Op, fault.Times = meetingtest.OpExtend, 1
		return func() { service.Inject(fault) }
	}
	return []demoBreak{
		{"lose-answer", "Extend, but lose the answer", extension(meetingtest.Fault{Kind: meetingtest.HangUp, Applied: true})},
		{"refuse-500", "Answer the next extension with 500", extension(meetingtest.Fault{Kind: meetingtest.Refuse, Status: http.StatusInternalServerError})},
		{"limit", "Refuse it: longest time reached", extension(meetingtest.Fault{Kind: meetingtest.Refuse, Status: http.StatusBadRequest, Code: "MMC.111074003", Message: "IDO_OVER_CONF_MAX_DURATION"})},
		{"slow", "Take 9 seconds over the next extension", extension(meetingtest.Fault{Kind: meetingtest.Late, Before: 9 * time.Second})},
		{"drop-sockets", "Cut all sockets to Slack", func() { sim.DropSockets() }},
		{"refresh", "Let Slack ask for new sockets", func() { sim.Disconnect("refresh_requested") }},
	}
}
