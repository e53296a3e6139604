package main

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/overtime-bot/overtime/bot/manifest"
	"github.com/overtime-bot/overtime/bot/slacksim"
)

// The README shows the manifest that the command prints, and the address that has it filled in.
func TestReadmeHasTheManifest(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	text, err := manifest.New(manifest.DefaultCommand).YAML()
	if err != nil {
		t.Fatal(err)
	}
	address, err := manifest.New(manifest.DefaultCommand).Address()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"```yaml\n" + text + "```\n", "](" + address + ")"} {
		if !bytes.Contains(readme, []byte(want)) {
			t.Errorf("the README has not what overtime manifest prints:\n%s", want)
		}
	}
}

// Slack's stand-in has the app of the manifest: what the manifest grants and subscribes to, and nothing else.
func TestStandInHasTheAppOfTheManifest(t *testing.T) {
	app, has := manifest.New(manifest.DefaultCommand), slacksim.Defaults()
	if diff := cmp.Diff(app.OAuthConfig.Scopes.Bot, has.Scopes); diff != "" {
		t.Errorf("scopes (-manifest +stand-in):\n%s", diff)
	}
	if diff := cmp.Diff(app.Settings.Events.Bot, has.Events); diff != "" {
		t.Errorf("events (-manifest +stand-in):\n%s", diff)
	}
	if diff := cmp.Diff([]string{manifest.AppScope}, has.AppScopes); diff != "" {
		t.Errorf("scopes of the app-level token (-manifest +stand-in):\n%s", diff)
	}
	var commands []string
	for _, command := range app.Features.SlashCommands {
		commands = append(commands, command.Command)
	}
	if diff := cmp.Diff(commands, has.Commands); diff != "" {
		t.Errorf("commands (-manifest +stand-in):\n%s", diff)
	}
	var shortcuts []slacksim.Shortcut
	for _, shortcut := range app.Features.Shortcuts {
		shortcuts = append(shortcuts, slacksim.Shortcut{Name: shortcut.Name, CallbackID: shortcut.CallbackID, Message: shortcut.Type == "message"})
	}
	if diff := cmp.Diff(shortcuts, has.Shortcuts); diff != "" {
		t.Errorf("shortcuts (-manifest +stand-in):\n%s", diff)
	}
}

// The command's name is that of the flag, of the environment, of the file, or the default; and nothing else of the
// configuration is needed.
func TestNameOfTheCommandInTheManifest(t *testing.T) {
	t.Chdir(t.TempDir())
	file := write(t, "other.env", "SLACK_COMMAND=/of-the-file\nMAX_MINUTES=many\n", 0o600)
	mistyped := write(t, "mistyped.env", "SLACK_COMAND=/lost\n", 0o600)
	for _, c := range []struct {
		args, environ []string
		want, fault   string
	}{
		{want: "/extend"},
		{environ: []string{"SLACK_COMMAND=/set"}, want: "/set"},
		{args: []string{"--env-file", file}, want: "/of-the-file"},
		{args: []string{"--env-file", file}, environ: []string{"SLACK_COMMAND=/set"}, want: "/set"},
		{args: []string{"--command", "/typed"}, environ: []string{"SLACK_COMMAND=/set"}, want: "/typed"},
		{args: []string{"--command", "/typed"}, environ: []string{"SLACK_COMMAND=Wrong"}, want: "/typed"},
		{environ: []string{"SLACK_COMMAND=Wrong"}, fault: `SLACK_COMMAND is "Wrong": write the name`},
		{args: []string{"--command", "typed"}, fault: `--command "typed": write the name`},
		{args: []string{"--env-file", mistyped}, fault: "did you mean SLACK_COMMAND?"},
		{args: []string{"--env-file", "nowhere.env"}, fault: "nowhere.env cannot be read"},
	} {
		var out, problems bytes.Buffer
		status := run(t.Context(), append([]string{"manifest", "--json"}, c.args...), c.environ, &out, &problems)
		if c.fault != "" {
			if status != 1 || out.Len() > 0 || !strings.Contains(problems.String(), c.fault) {
				t.Errorf("%q %q: status %d, %q, %q", c.args, c.environ, status, out.String(), problems.String())
			}
			continue
		}
		var printed manifest.Manifest
		decoder := json.NewDecoder(&out)
		if err := decoder.Decode(&printed); status != 0 || err != nil {
			t.Fatalf("%q %q: status %d, %v, %s", c.args, c.environ, status, err, problems.String())
		}
		if _, err := decoder.Token(); err != io.EOF {
			t.Errorf("%q: something is behind the JSON", c.args)
		}
		if diff := cmp.Diff(manifest.New(c.want), printed, cmp.Exporter(func(reflect.Type) bool { return true })); diff != "" {
			t.Errorf("%q %q (-want +got):\n%s", c.args, c.environ, diff)
		}
	}
}

// The comments in front say how the app comes about and where each token is found, and YAML reads past them.
func TestManifestSaysWhereTheTokensAre(t *testing.T) {
	var out, problems bytes.Buffer
	if status := run(t.Context(), []string{"manifest", "--command", "/prolong"}, nil, &out, &problems); status != 0 {
		t.Fatalf("%d %s", status, &problems)
	}
	app := manifest.New("/prolong")
	text, err := app.YAML()
	must(t, err)
	address, err := app.Address()
	must(t, err)
	head, found := strings.CutSuffix(out.String(), text)
	if !found {
		t.Fatalf("the manifest is not at the end of\n%s", &out)
	}
	for line := range strings.Lines(head) {
		if !strings.HasPrefix(line, "# ") {
			t.Errorf("no comment: %q", line)
		}
	}
	wantContains(t, head, "\n# "+address+"\n", "From a manifest", "OAuth & Permissions) to SLACK_BOT_TOKEN", "Basic Information, App-Level",
		manifest.AppScope+" and copy it to SLACK_APP_TOKEN", "App Manifest", "install the app again", "Overtime "+version)
}
