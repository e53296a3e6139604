package meeting

import (
	"errors"
	"testing"
)

// An operator reads what was done, what came of it, and why, with the vendor's words apart from ours.
func TestErrorReadsAsASentence(t *testing.T) {
	for want, err := range map[string]*Error{
		"extend meeting: no such meeting":                   {Op: "extend meeting", Kind: ErrNotFound},
		"log in: login or token refused (HTTP 401) USG.201": {Op: "log in", Kind: ErrUnauthorised, Status: 401, Code: "USG.201"},
		"extend meeting: limit of the meeting's plan reached (HTTP 400) MMC.1: too long": {
			Op: "extend meeting", Kind: ErrLimitReached, Status: 400, Code: "MMC.1", Message: "too long",
		},
		"get control token: account may not do this: it sees no password": {Op: "get control token", Kind: ErrForbidden, Message: "it sees no password"},
		"list meetings: service is unavailable: refused":                  {Op: "list meetings", Kind: ErrUnavailable, Err: errors.New("refused")},
	} {
		if got := err.Error(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
