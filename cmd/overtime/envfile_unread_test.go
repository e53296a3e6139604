package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/cmd/overtime/doctor"
)

// A file that cannot be read is the one fault: what it may set is not missing.
func TestEnvFileThatCannotBeRead(t *testing.T) {
	none := filepath.Join(t.TempDir(), "none.env")
	for name, c := range map[string]struct{ file, says string }{
		"no file":  {none, "cannot be read (no such file or directory): write --env-file and the path of a file"},
		"a folder": {t.TempDir(), "cannot be read (is a directory): "},
		"no lines": {write(t, "config.env", "this is no variable\n", 0o600), "has a fault in line 1: write NAME=value there"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, faults := load(t, nil, c.file)
			wantContains(t, faults[c.file], c.says)
			if len(faults) != 1 {
				t.Errorf("%q", faults)
			}
			report := newExamination(nil, c.file, false, time.Now).run(t.Context())
			wantContains(t, find(t, report, doctor.Configuration).Seen, c.file)
			for _, name := range []string{doctor.SlackBotToken, doctor.SlackAppToken, doctor.MeetingLogin, doctor.Store, doctor.Schedule, doctor.Users} {
				check := find(t, report, name)
				wantContains(t, check.Seen, "not checked: "+c.file+" has to be readable for it")
				if check.Result != doctor.Warn {
					t.Errorf("%+v", check)
				}
			}
		})
	}
	if _, _, faults := load(t, nil, os.DevNull); len(faults) != 3 {
		t.Errorf("without a file, three things are missing: %q", faults)
	}
}
