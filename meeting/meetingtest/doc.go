// Package meetingtest is the stand-in for Huawei Cloud Meeting. It speaks the wire, keeps meetings, tokens and a quota,
// answers with the vendor's codes and statuses, and fails on demand. It imports nothing of ours: what it says comes from
// the vendor's API reference alone (pages meeting_21_NNNN, quoted as [NNNN]). Where the reference leaves something open,
// Config.Readings says how the service is.
//
// Begin with Config and New in server.go. A Server is an http.Handler for the root of a listener; Start opens one on
// loopback. Times are instants by Config.Now; on the wire they are UTC, to the minute. Delays (Config.Latency and those of
// a Fault) pass by the real clock.
//
//	server.go, call.go     what happens to a call: limits, quota, fault, handler, answer
//	readings.go            what the reference leaves open, in each reading
//	quota.go, refusal.go   calls a minute and path; the vendor's codes
//	record.go              what arrived, and waiting for it
//	transport.go           calls within the process, for bubbles of testing/synctest
//	fault.go               faults on demand
//	meeting.go, book.go    the meetings: how they begin, are extended, end, and are seen late
//	login.go, appid.go, session.go, account.go    access tokens
//	control.go             control tokens, the extension, the end
//	list.go, detail.go, people.go, wire.go        what can be read
//	encoded.go             entries of lists, encoded once, so that a list of 100,000 meetings costs little
package meetingtest
