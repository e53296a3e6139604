// Package meeting is the client of the Huawei Cloud Meeting REST API. It lists running meetings and bookings. It extends a
// meeting, and tells who hosts and who attends it. It knows nothing of Slack or of schedules. It imports nothing of this
// module, and keeps nothing on disk.
//
// Begin with client.go: the Client and the parts it is made of. Then follow one call:
//
//	running.go, scheduled.go               the lists of running meetings and of bookings (booking.go)
//	scope.go, view.go                      whose list it is, and what the account cannot see
//	role.go, sample.go                     what doctor asks: the account's role, and a few meetings
//	listreader.go, page.go, remember.go    how a list is read page by page, and decoded
//	detail.go, host.go, attendees.go       one meeting and its people
//	extend.go, sendonce.go                 the extension, and the proof that it had no effect
//	controltoken.go, hostpassword.go       the right to extend: a token, got with the host's password
//	rooms.go                               host passwords of the account's own cloud rooms
//	login.go, sign.go                      the access token that every read needs
//	send.go, retry.go, transport.go        one HTTP exchange, and which reads are sent again
//	limiter.go, quota.go, window.go        calls a minute for each path
//	priority.go                            who goes first, and what is kept for whom
//	clock.go                               whether the service's clock and ours agree
//	sharedcall.go                          one call for all who wait for the same
//	error.go, vendorerror.go, codes.go     what the service refuses, and how it says so
//	meeting.go, secret.go, id.go, wire.go  types, what people paste, lenient decoding
//
// Page numbers (meeting_21_NNNN, or NNNN alone) are those of the vendor's API reference.
package meeting
