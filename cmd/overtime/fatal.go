package main

import (
	"errors"
	"fmt"

	"github.com/overtime-bot/overtime/bot/socket"
)

// fatalError is a refusal of Slack that no retry can heal. Its one line quotes Slack's code.
type fatalError struct{ code, scopes, remedy string }

func (e *fatalError) Error() string {
	return fmt.Sprintf("Slack refuses: %s%s: %s", e.code, e.scopes, e.remedy)
}

// asFatal words what ended the sockets.
func asFatal(err error) error {
	var fatal *socket.FatalError
	if !errors.As(err, &fatal) {
		return err
	}
	return &fatalError{code: fatal.Code, scopes: scopesOf(fatal.Needed, fatal.Provided), remedy: fatal.Hint}
}
