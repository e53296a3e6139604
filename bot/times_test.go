package bot

import (
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/i18n"
)

func TestDateToken(t *testing.T) {
	at := time.Date(2026, 11, 22, 23, 30, 0, 0, time.UTC)
	for zone, want := range map[string]string{
		"Europe/Madrid": "<!date^1795390200^{time}|2026-11-23 00:30 CET>",
		"Asia/Shanghai": "<!date^1795390200^{time}|2026-11-23 07:30 CST>",
		"Asia/Kolkata":  "<!date^1795390200^{time}|2026-11-23 05:00 IST>",
		"":              "<!date^1795390200^{time}|2026-11-22 23:30 UTC>",
		"Local":         "<!date^1795390200^{time}|2026-11-22 23:30 UTC>",
		"Nowhere/Else":  "<!date^1795390200^{time}|2026-11-22 23:30 UTC>",
		"../etc/passwd": "<!date^1795390200^{time}|2026-11-22 23:30 UTC>",
	} {
		if got := dateToken(at, zoneOf(zone), at); got != want {
			t.Errorf("%q: %s, want %s", zone, got, want)
		}
	}
	if got := dateToken(at, nil, at); got != dateToken(at, time.UTC, at) {
		t.Errorf("without a zone: %s", got)
	}
}

func TestRemaining(t *testing.T) {
	catalogue, err := i18n.Load("en")
	if err != nil {
		t.Fatal(err)
	}
	for left, want := range map[time.Duration]string{
		-time.Hour:                      "ending now",
		0:                               "ending now",
		54 * time.Second:                "ending now",
		55 * time.Second:                "1 minute left",
		time.Minute:                     "1 minute left",
		114 * time.Second:               "1 minute left",
		59*time.Minute + 54*time.Second: "59 minutes left",
		time.Hour:                       "1 h 0 min left",
		25*time.Hour + 5*time.Minute:    "25 h 5 min left",
	} {
		if got := remaining(catalogue.For("en"), left); got != want {
			t.Errorf("%v: %q, want %q", left, got, want)
		}
	}
}
