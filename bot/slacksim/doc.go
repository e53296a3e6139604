// Package slacksim is Slack's stand-in. It speaks the Web API, Socket Mode and response_url on the wire, keeps the state of
// a workspace in memory, enforces Slack's limits, and fails on demand. It also serves a page: a person types commands on
// it, presses buttons and reads the conversation. It imports nothing of ours.
//
// Begin with Config, New and Server in server.go. Tests add people (people.go), act as a person does (commands.go,
// says.go, interactions.go, shortcuts.go, modals.go, homes.go), read what was said (state.go), and break things (faults.go).
//
//	webapi.go and webapi_*.go                    the methods of the Web API: token, scope, rate tier, then the method
//	sockets.go, frames.go                        Socket Mode connections, down to the frames that Slack refuses
//	envelopes.go, events.go                      what the app is sent, acked, sent again
//	responseurl.go, triggers.go, schedule.go     addresses and rights that expire; messages for later
//	blockkit.go, blockshapes.go, blockelements.go   the limits of Block Kit
//	page.go, pageacts.go, snapshot.go, page/     the page, what it does and what it shows
//
// Where Slack's behaviour is not documented, a comment says what was chosen.
package slacksim
