package main

import (
	"context"
	"time"
)

const readyWithin = time.Second // for all checks together

// A check tells why the bot is not ready, in words for who operates it; "" if it is.
type check struct {
	name   string
	reason func(ctx context.Context) string
}

// The names of the checks.
const (
	checkOfSockets  = "sockets"
	checkOfDatabase = "database"
	checkOfLogin    = "meeting_login"
	checkOfMeetings = "meetings"
	checkOfLooks    = "looks"
	checkOfClock    = "clock"
)

var checkNames = []string{checkOfSockets, checkOfDatabase, checkOfLogin, checkOfMeetings, checkOfLooks, checkOfClock}
