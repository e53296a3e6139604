// Package socket keeps Slack Socket Mode connections open: several of them, and each is replaced before it is closed. So
// a command always finds an open socket.
//
// It hands every envelope to a Receiver, and sends the acknowledgement (the ack) when the Receiver returns. It does not
// look into payloads and does not drop repeated envelopes: that is the inbox's work. It imports nothing of ours.
//
// Begin with Run in socket.go: it starts a keeper for each connection (keeper.go), which dials (dial.go) and waits for the
// hello. connection.go reads and pings, frames.go understands what was read, and receive.go and ack.go take an envelope
// to the Receiver and back.
//
// Time is the machine's, and no clock is handed in: the network's deadlines cannot be moved, and a demo that jumps an
// hour ahead must not lose its sockets.
//
// The wire format: https://docs.slack.dev/apis/events-api/using-socket-mode.
package socket
