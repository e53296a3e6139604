package main

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

func TestVariables(t *testing.T) {
	names := map[string]bool{}
	for _, variable := range Variables() {
		if names[variable.Name] || variable.Help == "" || strings.HasSuffix(variable.Help, ".") {
			t.Errorf("%+v", variable)
		}
		names[variable.Name] = true
		if variable.Default != "" && !variable.Secret && !variable.accepts(variable.Default) {
			t.Errorf("%s does not accept its own default", variable.Name)
		}
	}
	if len(names) != 41 {
		t.Errorf("%d variables: %v", len(names), slices.Sorted(maps.Keys(names)))
	}
}
