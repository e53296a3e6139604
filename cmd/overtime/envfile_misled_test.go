package main

import (
	"path/filepath"
	"testing"
)

// What makes people correct the wrong line is told: a variable that is there twice, a secret that the environment hides, a
// file that is not where it is looked for.
func TestWhatMisleadsInTheFile(t *testing.T) {
	for _, test := range []struct {
		name, file string
		environ    []string
		want       string // empty = no warning
	}{
		{"twice", "SOCKETS=3\nexport SOCKETS = 4\n", enough(), "SOCKETS is in"},
		{"a secret twice", "SLACK_BOT_TOKEN=xoxb-" + sentinel + "\nSLACK_BOT_TOKEN=\n", enough("SLACK_BOT_TOKEN=xoxb-1"), "SLACK_BOT_TOKEN is in"},
		{"in a comment", "SOCKETS=3\n#SOCKETS=4\n", enough(), ""},
		{"in another's name", "SLACK_APP_TOKEN_FILE=\nSLACK_APP_TOKEN=\n", enough(), ""},
		{"within a value", "MEETING_PASSWORD='one\nSOCKETS=5\n" + sentinel + "'\nSOCKETS=3\n", enough(), "MEETING_PASSWORD is set in the environment, too"},
		{"hidden", "SLACK_BOT_TOKEN=xoxb-2-" + sentinel + "\n", enough(), "SLACK_BOT_TOKEN is set in the environment, too"},
		{"the same in both", "SLACK_BOT_TOKEN=xoxb-1-" + sentinel + "\n", enough(), ""},
		{"no secret", "SOCKETS=3\n", enough("SOCKETS=4"), ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, warnings, faults := load(t, test.environ, write(t, "config.env", test.file, 0o600))
			if len(faults) > 0 || (len(warnings) > 0) != (test.want != "") || len(warnings) > 1 {
				t.Errorf("%q %v", warnings, faults)
			}
			if test.want != "" && len(warnings) > 0 {
				wantContains(t, warnings[0], test.want)
			}
		})
	}
}

func TestFileInAnotherFolder(t *testing.T) {
	folder := t.TempDir()
	t.Chdir(folder)
	_, warnings, faults := load(t, nil, "")
	if len(warnings) == 0 || len(faults) == 0 {
		t.Fatalf("%q %v", warnings, faults)
	}
	wantContains(t, warnings[0], "there is no config.env in "+folder, "--env-file")
	for _, environ := range [][]string{enough(), {"SLACK_BOT_TOKEN_FILE=" + filepath.Join(folder, "none")}} { // as in a container
		if _, warnings, _ := load(t, environ, ""); len(warnings) > 0 {
			t.Errorf("%q", warnings)
		}
	}
}
