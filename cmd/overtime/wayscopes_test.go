package main

import (
	"bytes"
	"log/slog"
	"slices"
	"strings"
	"testing"
)

// Each scope that the bot can do without is missed in the log, with what it costs; without Slack's header nobody knows.
func TestMissingScopesAreNamed(t *testing.T) {
	all := slices.Clone(coreScopes)
	for _, optional := range optionalScopes {
		all = append(all, optional.scope)
	}
	for _, optional := range optionalScopes {
		var out bytes.Buffer
		granted := slices.DeleteFunc(slices.Clone(all), func(scope string) bool { return scope == optional.scope })
		if err := checkScopes(strings.Join(granted, ", "), slog.New(slog.NewTextHandler(&out, nil))); err != nil {
			t.Errorf("%s: %v", optional.scope, err)
		}
		if got := strings.Count(out.String(), "\n"); got != 1 || !strings.Contains(out.String(), "scope="+optional.scope) {
			t.Errorf("%s: %s", optional.scope, out.String())
		}
	}
	for _, scope := range wayScopes {
		if got := missingScopes("commands,chat:write", []string{scope}); !slices.Equal(got, []string{scope}) || missingScopes("", wayScopes) != nil {
			t.Errorf("%s: %v", scope, got)
		}
	}
}
