// Package doctor is what "overtime doctor" says: a report of checks, each with what was seen and what to do about it. It
// calls Slack to look things up and changes nothing. Who may be called, and with which tokens, is for cmd/overtime.
//
// Begin with report.go: a Check is ok, warn or fail, and a Report has one of each name (names.go). text.go writes it for
// people. A topic joins what it finds into one check (finding.go):
//
//	tokens.go      whether both tokens are good, and of one app
//	scopes.go      what the bot token lacks, and what that costs
//	sockets.go     whether Slack gives a socket, and who else has some
//	channels.go    the channels of the configuration
//	groups.go      its user groups
//	users.go       its people
//	service.go     the meeting service: role, host passwords, clock, quota
//	schedule.go    the next looks, and what they would miss
//	database.go    the database, as scheduler/store found it
//	network.go     proxies and certificates
//	zones.go       time zones
package doctor
