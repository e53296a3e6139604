package socket

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"
)

// Greet opens one socket, reads Slack's hello and leaves at once. As long as it is open, Slack may hand it a part of the
// app's live commands: it acks none, so that Slack may send them again. It tells whether Slack gave an address for a socket,
// which says that the token is good. It returns a *FatalError as Run does.
func Greet(ctx context.Context, opener Opener) (hello Hello, given bool, err error) {
	c := New(Config{Opener: opener})
	address, err := c.openURL(ctx)
	if fatal := Refusal(err); fatal != nil {
		return hello, false, fatal
	}
	if err != nil {
		return hello, false, err
	}
	conn, err := c.dial(ctx, address, redactor(address))
	if err != nil {
		return hello, true, err
	}
	defer conn.Close()
	hello, err = c.readHello(conn)
	goodbye := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
	_ = conn.WriteControl(websocket.CloseMessage, goodbye, time.Now().Add(c.config.WriteTimeout)) // it may be closed already
	return hello, true, err
}

func (c *Client) readHello(conn *websocket.Conn) (Hello, error) {
	conn.SetReadLimit(c.config.ReadLimit)
	if err := conn.SetReadDeadline(time.Now().Add(c.config.HelloTimeout)); err != nil {
		return Hello{}, fmt.Errorf("read the hello: %w", err)
	}
	for {
		_, frame, err := conn.ReadMessage()
		if err != nil {
			return Hello{}, fmt.Errorf("read the hello: %w", err)
		}
		switch parsed, err := parseMessage(frame); {
		case err != nil: // its text may quote the frame
			return Hello{}, errors.New("read the hello: the frame is not a JSON message")
		case parsed.Type == "hello":
			return parsed.hello(), nil
		case parsed.Type == "disconnect":
			reason := unquote(parsed.Reason)
			if fatal := newFatalError(slack.SlackErrorResponse{Err: reason}); fatal != nil {
				return Hello{}, fatal
			}
			return Hello{}, fmt.Errorf("read the hello: Slack asks for the socket back: %.64q", reason)
		}
	}
}

// Refusal is the FatalError of what Slack answered to apps.connections.open; nil where a retry may heal it.
func Refusal(err error) *FatalError {
	if refused, ok := errors.AsType[slack.SlackErrorResponse](err); ok {
		return newFatalError(refused)
	}
	return nil
}
