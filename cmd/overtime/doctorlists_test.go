package main

import (
	"strings"
	"testing"
	"time"
)

// What serve starts with is looked up too: what does not exist gives rights to nobody, silently.
func TestServeWarnsOfWhatSlackDoesNotHave(t *testing.T) {
	p := newStagedPlay(t)
	p.start("ALLOWED_GROUPS=S0NONE", "ADMIN_USERS=U0NONE", "APPROVAL_CHANNEL=C0NONE")
	every := time.NewTicker(10 * time.Millisecond)
	defer every.Stop()
	parts := []string{"APPROVAL_CHANNEL C0NONE: there is no such channel", "ALLOWED_GROUPS S0NONE: there is no such user group", "ADMIN_USERS U0NONE: there is no such person"}
	for begun := time.Now(); time.Since(begun) < 10*time.Second && !containsAll(p.log.String(), parts); {
		<-every.C
	}
	wantContains(t, p.log.String(), parts...)
	wantContains(t, p.log.String(), "Copy member ID")
}

// A name in the file that is nobody's is told, and those of Go's libraries are known.
func TestUnknownNamesInTheFile(t *testing.T) {
	file := write(t, "config.env", "COLOUR=blue\nHTTPS_PROXY=\nTZ=\nALLOWED_USERS=*\nSLACK_BOT_TOKEN_FILE=\n", 0o600)
	_, warnings, faults := load(t, enough("GREETING=hello"), file)
	if len(faults) > 0 || len(warnings) != 2 {
		t.Errorf("%v %q", faults, warnings)
	}
	wantContains(t, warnings[0], "COLOUR in "+file, "ignored")
}

func containsAll(text string, parts []string) bool {
	for _, part := range parts {
		if !strings.Contains(text, part) {
			return false
		}
	}
	return true
}
