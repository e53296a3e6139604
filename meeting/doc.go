// Package meeting is the client of the Huawei Cloud Meeting REST API. It lists the running meetings and the bookings,
// extends a meeting, and tells who hosts it and who is in it. It knows nothing of Slack or of schedules, imports nothing of
// this module, and keeps nothing on disk.
//
// Begin with client.go: the Client and the parts it is made of. Then follow one call:
//
//	running.go, scheduled.go           the lists; listreader.go reads their pages, page.go and remember.go decode them
//	detail.go, host.go, attendees.go   one meeting, and its people
//	extend.go, sendonce.go             the extension, and the proof that it had no effect
//	controltoken.go, hostpassword.go   the right to extend: a token for each meeting, got with its host's password
//	login.go, sign.go                  the access token that every read needs
//	send.go, retry.go, transport.go    one HTTP exchange; which reads are sent again
//	limiter.go, quota.go, priority.go  calls a minute and path; who goes first
//	sharedcall.go                      one call for all who wait for the same
//	error.go, vendorerror.go, codes.go what the service refuses, and how it says so
//	config.go, id.go, secret.go, wire.go
//
// Page numbers (meeting_21_NNNN, or NNNN alone) are those of the vendor's API reference.
package meeting
