package meeting

import (
	"fmt"
	"testing"
	"time"
)

func TestHostPasswordsAreBounded(t *testing.T) {
	known, err := newHostPasswords(time.Now)
	if err != nil {
		t.Fatal(err)
	}
	for index := range maxEntries + 50 {
		known.remember(&Meeting{ID: fmt.Sprint(index)}, "p")
	}
	if known.runs.Len() != maxEntries {
		t.Errorf("%d kept", known.runs.Len())
	}
}

func TestTokenLasts(t *testing.T) {
	now := time.Unix(1_700_000_000, 0)
	minutes := func(n int) time.Time { return now.Add(time.Duration(n) * time.Minute) }
	for name, test := range map[string]struct {
		fetched, until, wanted int // minutes from now
		want                   bool
	}{
		"long enough":                   {-10, 18, 17, true},
		"to the minute":                 {-10, 18, 18, true},
		"too short, a new one does":     {-10, 18, 19, false},
		"expired":                       {-30, -2, -5, false},
		"none does, and it is new":      {-10, 18, 60, true},
		"none does, and it is half old": {-15, 13, 60, false},
	} {
		held := passwordUse{token: "t", fetched: minutes(test.fetched), until: minutes(test.until)}
		if got := held.lasts(minutes(test.wanted), now); got != test.want {
			t.Errorf("%s: %t", name, got)
		}
	}
	if !(&passwordUse{token: "t", until: minutes(1)}).lasts(time.Time{}, now) || (&passwordUse{until: minutes(1)}).lasts(now, now) {
		t.Error("without a time it must be good now; no token is never")
	}
}
