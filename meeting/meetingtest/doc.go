// Package meetingtest stands in for Huawei Cloud Meeting on the wire: it keeps meetings, tokens and a
// quota, answers with the vendor's codes and statuses, and fails on demand. It imports nothing of this
// module: what it says comes from the vendor's API reference alone (pages meeting_21_NNNN, quoted as
// [NNNN]). Where the reference leaves something open it takes the reading that is harder on the client.
//
// A Server is an http.Handler to mount at the root of a listener; Start opens one on loopback.
// All times are instants by Config.Now; the wire has them in UTC to the minute. Delays (Latency, and
// those of a Fault) are waited for by the real clock.
//
//	server.go, call.go     the way of a call: limits, quota, fault, handler, answer
//	quota.go, refusal.go   calls a minute and path; the vendor's codes
//	record.go              what arrived, and waiting for it
//	transport.go           calls within the process, for bubbles of testing/synctest
//	fault.go               what may go wrong on demand
//	meeting.go, book.go    the meetings and how they begin, end, are extended, are seen late
//	login.go, appid.go, session.go, account.go    access tokens
//	control.go             control tokens, the extension, the end
//	list.go, detail.go, people.go, wire.go        what can be read
//	encoded.go             entries of lists, encoded once: a list of 100,000 meetings costs little
package meetingtest
