package main

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/overtime-bot/overtime/cmd/overtime/doctor"
)

// unprivileged is the user nobody.
const unprivileged = 65534

// brokenRights are faults of files that root does not have, so that the binary runs as somebody else.
func brokenRights() map[string]broken {
	file := func(mode os.FileMode, content string) func(*testing.T, *patient) string {
		return func(t *testing.T, p *patient) string {
			path := filepath.Join(folderForAll(t), "mine.file")
			must(t, os.WriteFile(path, []byte(content), 0o600))
			chmod(t, path, mode)
			p.becomeNobody(t)
			return path
		}
	}
	return map[string]broken{
		"a file that may only be read": {do: func(t *testing.T, p *patient) {
			p.set("DATABASE_URL=" + file(0o444, "")(t, p))
		}, check: doctor.Store, result: doctor.Fail, says: []string{"mine.file", "may not write there", "ch"}, serve: ends("mine.file", "may not write there", "ch")},
		"settings of somebody else": {do: func(t *testing.T, p *patient) {
			p.envFile = file(0, "SLACK_COMMAND=/extend")(t, p)
		}, check: doctor.Configuration, result: doctor.Fail, says: []string{"mine.file", "permission denied", "--env-file"}, serve: ends("mine.file", "permission denied", "--env-file")},
		"a secret of somebody else": {
			do: func(t *testing.T, p *patient) {
				p.set("MEETING_PASSWORD=", "MEETING_PASSWORD_FILE="+file(0, sentinel)(t, p))
			}, check: doctor.MeetingLogin, result: doctor.Fail, says: []string{"MEETING_PASSWORD_FILE", "permission denied", "path of a file"}, others: []string{doctor.Configuration},
			serve: ends("MEETING_PASSWORD_FILE", "permission denied", "path of a file"),
		},
	}
}

func (p *patient) becomeNobody(t *testing.T) {
	t.Helper()
	if os.Getuid() == 0 {
		p.as = &syscall.Credential{Uid: unprivileged, Gid: unprivileged}
		p.set("DATABASE_URL=" + filepath.Join(folderForAll(t), "overtime.db"))
	}
}

// folderForAll is a folder that everybody may enter.
func folderForAll(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("/tmp", "overtime-rights-")
	must(t, err)
	chmod(t, folder, 0o777)
	t.Cleanup(func() { must(t, os.RemoveAll(folder)) })
	return folder
}

// brokenDisks are file systems that take no writes. To mount them takes root.
func brokenDisks() map[string]broken {
	mounted := func(flags uintptr, options string, filler int) func(*testing.T, *patient) {
		return func(t *testing.T, p *patient) {
			folder := t.TempDir()
			if err := syscall.Mount("tmpfs", folder, "tmpfs", flags, options); err != nil {
				t.Skipf("needs to mount a file system: %v", err)
			}
			t.Cleanup(func() { must(t, syscall.Unmount(folder, syscall.MNT_DETACH)) })
			if filler > 0 {
				must(t, os.WriteFile(filepath.Join(folder, "filler"), make([]byte, filler), 0o600))
			}
			p.set("DATABASE_URL=" + filepath.Join(folder, "mine.db"))
		}
	}
	row := func(do func(*testing.T, *patient), says ...string) broken {
		return broken{do: do, check: doctor.Store, result: doctor.Fail, says: says, serve: ends(says...)}
	}
	return map[string]broken{
		"a volume for reading": row(mounted(syscall.MS_RDONLY, "", 0), "mine.db", "mounted read-only", "mount it for writing"),
		"a full disk":          row(mounted(0, "size=64k", 64<<10), "mine.db", "the disk is full", "make room"),
	}
}
