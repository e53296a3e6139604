package manifest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"
)

// names are those that a command may have, from the shortest to the longest.
var names = []string{"/e", DefaultCommand, "/over-time_2", "/延长会议", "/" + strings.Repeat("x", longestCommand-1)}

// The schema is Slack's, and not ours to keep here.
const schemaFile = "../../../shared/reference/slack-manifest.schema.json"

func TestManifestIsValid(t *testing.T) {
	if _, err := os.Stat(schemaFile); errors.Is(err, fs.ErrNotExist) && os.Getenv("CI") != "true" {
		t.Skip("Slack's schema is not here")
	}
	compiler := jsonschema.NewCompiler()
	compiler.UseRegexpEngine(func(pattern string) (jsonschema.Regexp, error) {
		if compiled, err := regexp.Compile(pattern); err == nil {
			return compiled, nil
		}
		return unreadable(pattern), nil
	})
	schema, err := compiler.Compile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	check := func(text []byte) error {
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		return schema.Validate(value)
	}
	for _, name := range names {
		if err := check(encoded(t, New(name))); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for what, spoil := range map[string]func(*Manifest){
		"a long name":       func(m *Manifest) { m.Features.SlashCommands[0].Command += strings.Repeat("x", longestCommand) },
		"no description":    func(m *Manifest) { m.Features.SlashCommands[0].Description = "" },
		"a long shortcut":   func(m *Manifest) { m.Features.Shortcuts[0].Name = strings.Repeat("x", 25) },
		"a type of its own": func(m *Manifest) { m.Features.Shortcuts[0].Type = "local" },
	} {
		broken := New(DefaultCommand)
		if spoil(&broken); check(encoded(t, broken)) == nil {
			t.Errorf("the schema takes %s: nothing is proven", what)
		}
	}
}

// unreadable is a pattern of the schema that looks ahead, as Go's do not: that of domains, of which we have none. It fits nothing.
type unreadable string

func (u unreadable) String() string { return string(u) }

func (unreadable) MatchString(string) bool { return false }

func encoded(t *testing.T, m Manifest) []byte {
	t.Helper()
	text, err := m.JSON()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// JSON, YAML and what the address fills in are the same manifest.
func TestFormsAgree(t *testing.T) {
	for _, name := range names {
		var want any
		if err := json.Unmarshal(encoded(t, New(name)), &want); err != nil {
			t.Fatal(err)
		}
		text, err := New(name).YAML()
		if err != nil {
			t.Fatal(err)
		}
		address, err := New(name).Address()
		if err != nil {
			t.Fatal(err)
		}
		parsed, err := url.Parse(address)
		if err != nil || parsed.Host != "api.slack.com" || parsed.Query().Get("new_app") != "1" || strings.ContainsAny(address, " +#") {
			t.Errorf("%s: %v, %s", name, err, address)
		}
		for form, text := range map[string]string{"YAML": text, "address": parsed.Query().Get("manifest_yaml")} {
			if diff := cmp.Diff(want, reread(t, text)); diff != "" {
				t.Errorf("%s, %s (-JSON +%s):\n%s", name, form, form, diff)
			}
		}
	}
}

// reread is YAML as JSON would have it.
func reread(t *testing.T, text string) (value any) {
	t.Helper()
	if err := yaml.Load([]byte(text), &value); err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	again, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(again, &value); err != nil {
		t.Fatal(err)
	}
	return value
}

// Each scope and each event has its reason on its line, and the manifest has no other.
func TestEveryScopeHasItsReason(t *testing.T) {
	text, err := New(DefaultCommand).YAML()
	if err != nil {
		t.Fatal(err)
	}
	wants := make(map[string]string)
	for _, scope := range Scopes() {
		wants[scope.Name] = scope.Reason
	}
	for _, event := range events {
		wants[event.Name] = event.Reason
		for _, scope := range event.Scopes {
			if wants[scope] == "" {
				t.Errorf("%s takes %s, which the manifest has not", event.Name, scope)
			}
		}
	}
	for name, reason := range wants {
		if reason == "" || strings.Count(text, "- "+name+" # "+reason+"\n") != 1 {
			t.Errorf("%s: want %q on its line, once", name, reason)
		}
	}
	if got := strings.Count(text, " # "); got != len(wants) {
		t.Errorf("%d comments, want %d", got, len(wants))
	}
}

// Core scopes are first. What is missing is told by its name, whatever Slack puts between the granted ones.
func TestMissing(t *testing.T) {
	core := slices.DeleteFunc(Scopes(), func(s Scope) bool { return !s.Core() })
	if want := []string{"commands", "chat:write", "users:read"}; !slices.Equal(Names(core), want) || !slices.Equal(Names(Scopes())[:3], want) {
		t.Errorf("core scopes: %v, in %v", Names(core), Names(Scopes()))
	}
	all := Names(Scopes())
	for i, name := range all {
		for _, between := range []string{",", ", ", " "} {
			granted := strings.Join(slices.Delete(slices.Clone(all), i, i+1), between)
			if got := Names(Missing(granted)); !slices.Equal(got, []string{name}) {
				t.Errorf("without %s: %v", name, got)
			}
		}
	}
	if got := Missing(""); got != nil {
		t.Errorf("nothing is known: %v", got)
	}
	if got := Missing(strings.Join(all, ",") + ",im:write"); len(got) > 0 {
		t.Errorf("more than needed: %v", got)
	}
}

func TestCheckCommand(t *testing.T) {
	for _, name := range names {
		if err := CheckCommand(name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, name := range []string{
		"", "/", "extend", "//extend", "/Extend", "/extend now", "/extend\n", "/extend.now", "/extend?", "/<extend>", " /extend",
		"/\u200bextend", "/" + strings.Repeat("x", longestCommand), "/\xff",
	} {
		if CheckCommand(name) == nil {
			t.Errorf("%q is taken", name)
		}
	}
}
