package main

import "fmt"

// fatalError is a refusal of Slack that no retry can heal. Its one line quotes Slack's code.
type fatalError struct{ code, scopes, remedy string }

func (e *fatalError) Error() string {
	return fmt.Sprintf("Slack refuses: %s%s: %s", e.code, e.scopes, e.remedy)
}
