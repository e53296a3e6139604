package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/joho/godotenv"
)

const exampleFile = "../../config.example.env"

func readExample(t *testing.T) string {
	t.Helper()
	content, err := os.ReadFile(exampleFile)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

var assignment = regexp.MustCompile(`^#?([A-Z_]+)=(.*)$`)

// uncommented switches every variable of the example on.
var uncommented = regexp.MustCompile(`(?m)^#([A-Z_]+=)`)

func TestExampleListsEveryVariableInOrder(t *testing.T) {
	type entry struct{ Name, Default string }
	var want, got []entry
	for _, variable := range Variables() {
		if variable.Help != "" {
			want = append(want, entry{variable.Name, variable.Default})
		}
	}
	for line := range strings.Lines(readExample(t)) {
		if match := assignment.FindStringSubmatch(strings.TrimRight(line, "\n")); match != nil {
			got = append(got, entry{match[1], match[2]})
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("config.example.env differs from Config (-Config +file):\n%s", diff)
	}
}

func TestExampleSaysWhy(t *testing.T) {
	comments := 0
	for line := range strings.Lines(readExample(t)) {
		switch {
		case assignment.MatchString(strings.TrimRight(line, "\n")):
			// A pair may share its comment.
			if comments == 0 {
				t.Errorf("no comment above %s", line)
			}
		case strings.HasPrefix(line, "# "):
			comments++
		default:
			comments = 0
		}
		if len([]rune(line)) > 110 {
			t.Errorf("too wide for a terminal: %s", line)
		}
	}
}

func TestExampleNamesEverySecretFile(t *testing.T) {
	for _, variable := range Variables() {
		if variable.Secret && !strings.Contains(readExample(t), variable.Name+"_FILE") {
			t.Errorf("%s_FILE is not mentioned", variable.Name)
		}
	}
}

func TestExampleActiveLinesAreTheOnesToFillIn(t *testing.T) {
	values, err := godotenv.Unmarshal(readExample(t))
	if err != nil {
		t.Fatal("godotenv does not read the example")
	}
	want := map[string]string{
		"SLACK_BOT_TOKEN": "", "SLACK_APP_TOKEN": "", "MEETING_ACCOUNT": "", "MEETING_PASSWORD": "",
	}
	if diff := cmp.Diff(want, values); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestExampleLoads(t *testing.T) {
	fillIn := strings.NewReplacer(
		"\nSLACK_BOT_TOKEN=", "\nSLACK_BOT_TOKEN=xoxb-1-2-abc",
		"\nSLACK_APP_TOKEN=", "\nSLACK_APP_TOKEN=xapp-1-A1-2-abc",
		"\nMEETING_ACCOUNT=", "\nMEETING_ACCOUNT=bot",
		"\nMEETING_PASSWORD=", "\nMEETING_PASSWORD='pa$$ #word'",
	)
	want := defaultConfig()
	want.Slack.BotToken, want.Slack.AppToken = "xoxb-1-2-abc", "xapp-1-A1-2-abc"
	want.Meeting.Account, want.Meeting.Password = "bot", "pa$$ #word"

	copied := readExample(t)
	for name, text := range map[string]string{
		"copied and filled in":        copied,
		"with every default switched": uncommented.ReplaceAllString(copied, "$1"),
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "config.env")
			if err := os.WriteFile(path, []byte(fillIn.Replace(text)), 0o600); err != nil {
				t.Fatal(err)
			}
			config, warnings, err := LoadConfig(nil, path)
			if err != nil {
				t.Fatal(err)
			}
			if !cmp.Equal(want, config) {
				t.Errorf("want %v\n got %v", want, config)
			}
			if len(warnings) != 1 || !strings.Contains(warnings[0], "only the host") {
				t.Errorf("warnings: %q", warnings)
			}
		})
	}
}
