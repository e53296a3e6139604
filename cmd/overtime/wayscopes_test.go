package main

import (
	"bytes"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/overtime-bot/overtime/bot/manifest"
)

// Without a core scope the bot does not start. Each other one is missed in the log, with what it costs; without Slack's header
// nobody knows.
func TestMissingScopesAreNamed(t *testing.T) {
	all := manifest.Names(manifest.Scopes())
	for _, scope := range manifest.Scopes() {
		var out bytes.Buffer
		granted := slices.DeleteFunc(slices.Clone(all), func(name string) bool { return name == scope.Name })
		err := checkScopes(strings.Join(granted, ", "), slog.New(slog.NewTextHandler(&out, nil)))
		if scope.Core() {
			if err == nil || !strings.Contains(err.Error(), "lacks "+scope.Name+";") {
				t.Errorf("%s: %v", scope.Name, err)
			}
			continue
		}
		if got := strings.Count(out.String(), "\n"); err != nil || got != 1 || !strings.Contains(out.String(), "scope="+scope.Name) {
			t.Errorf("%s: %v, %s", scope.Name, err, out.String())
		}
	}
	if err := checkScopes("", slog.New(slog.DiscardHandler)); err != nil {
		t.Errorf("without the header: %v", err)
	}
}

// The help tells of exactly those that close a way to write to the bot.
func TestClosedEntries(t *testing.T) {
	if got := closedEntries("commands,chat:write"); !slices.Equal(got, []string{"app_mentions:read", "im:history"}) {
		t.Errorf("closed: %v", got)
	}
	if got := closedEntries(""); got != nil {
		t.Errorf("closed without the header: %v", got)
	}
}
