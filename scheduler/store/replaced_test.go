package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/overtime-bot/overtime/scheduler/store"
)

// waysToLose are what people and scripts do to the files of a database in use. Each leaves something to lose.
var waysToLose = map[string]func(t *testing.T, path string){
	"removed":        func(t *testing.T, path string) { succeeds(t, os.Remove(path)) },
	"log removed":    func(t *testing.T, path string) { succeeds(t, os.Remove(path+"-wal")) },
	"index removed":  func(t *testing.T, path string) { succeeds(t, os.Remove(path+"-shm")) },
	"all removed":    func(t *testing.T, path string) { everyFile(t, path, os.Remove) },
	"folder removed": func(t *testing.T, path string) { succeeds(t, os.RemoveAll(filepath.Dir(path))) },
	"folder moved":   func(t *testing.T, path string) { moves(t, filepath.Dir(path), filepath.Dir(path)+"-old") },
	"moved":          func(t *testing.T, path string) { moves(t, path, path+".old") },
	"replaced":       func(t *testing.T, path string) { moves(t, copyOf(t, path), path) },
	"log replaced":   func(t *testing.T, path string) { moves(t, copyOf(t, path+"-wal"), path+"-wal") },
	"emptied": func(t *testing.T, path string) {
		succeeds(t, os.Remove(path))
		succeeds(t, os.WriteFile(path, nil, 0o600))
	},
}

func succeeds(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func moves(t *testing.T, from, to string) {
	t.Helper()
	succeeds(t, os.Rename(from, to))
}

func copyOf(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	succeeds(t, err)
	succeeds(t, os.WriteFile(path+".copy", content, 0o600))
	return path + ".copy"
}

func everyFile(t *testing.T, path string, do func(string) error) {
	t.Helper()
	files, err := filepath.Glob(path + "*")
	succeeds(t, err)
	for _, file := range files {
		succeeds(t, do(file))
	}
}

func TestFileThatIsNoLongerThere(t *testing.T) {
	for name, lose := range waysToLose {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "data", "overtime.db")
			succeeds(t, os.Mkdir(filepath.Dir(path), 0o700))
			s, err := store.Open(t.Context(), store.Config{URL: path})
			succeeds(t, err)
			succeeds(t, claimKey(t.Context(), s, "before"))
			succeeds(t, s.Ping(t.Context()))
			succeeds(t, s.Tend(t.Context()))
			succeeds(t, claimKey(t.Context(), s, "in the log"))
			lose(t, path)
			for what, err := range map[string]error{
				"claim": claimKey(t.Context(), s, "after"), "ping": s.Ping(t.Context()), "tend": s.Tend(t.Context()),
			} {
				if !errors.Is(err, store.ErrReplaced) || !strings.Contains(err.Error(), path) {
					t.Errorf("%s: %v", what, err)
				}
			}
			if err := s.Close(t.Context()); !errors.Is(err, store.ErrReplaced) {
				t.Errorf("closed with %v", err)
			}
		})
	}
}

// Where nothing is lost, nothing is refused: others come and go, and a connection that was lost is made again.
func TestFileThatIsStillThere(t *testing.T) {
	f := newFile(t)
	s := f.open(t)
	for number := range 3 {
		succeeds(t, claimKey(t.Context(), s, "key "+string(rune('a'+number))))
		other, err := store.Open(t.Context(), store.Config{URL: f.path})
		succeeds(t, err)
		succeeds(t, other.Tend(t.Context()))
		succeeds(t, other.Close(t.Context()))
		isSound(t, f.path)
		store.Disconnect(t, s)
	}
	for _, key := range []string{"once", "again"} {
		succeeds(t, claimKey(t.Context(), s, key))
		moves(t, f.path, f.path+".old")
		for range 2 {
			if err := s.Tend(t.Context()); !errors.Is(err, store.ErrReplaced) {
				t.Errorf("a file that was moved away: %v", err)
			}
		}
		moves(t, f.path+".old", f.path)
		succeeds(t, claimKey(t.Context(), s, key+", it is back"))
		succeeds(t, s.Tend(t.Context()))
	}
}

// A file that is written over in its place is the same file. It is noticed while the log is empty, which it is for most of
// the time; what others commit is no such thing.
func TestFileThatIsWrittenOver(t *testing.T) {
	older := newFile(t)
	succeeds(t, older.open(t).Close(t.Context()))
	backup, err := os.ReadFile(older.path)
	succeeds(t, err)
	for name, content := range map[string][]byte{"a backup": backup, "nothing": nil, "something else": make([]byte, 1<<20)} {
		t.Run(name, func(t *testing.T) {
			f := newFile(t)
			s, err := store.Open(t.Context(), store.Config{URL: f.path})
			succeeds(t, err)
			other, err := store.Open(t.Context(), store.Config{URL: f.path})
			succeeds(t, err)
			for number := range 300 {
				succeeds(t, claimKey(t.Context(), []*store.Store{s, other}[number%2], fmt.Sprint("key ", number)))
				if number%7 == 0 {
					succeeds(t, []*store.Store{other, s}[number%2].Tend(t.Context()))
					succeeds(t, s.Ping(t.Context()))
				}
			}
			succeeds(t, other.Close(t.Context()))
			succeeds(t, s.Tend(t.Context()))
			succeeds(t, os.WriteFile(f.path, content, 0o600))
			for what, err := range map[string]error{
				"claim": claimKey(t.Context(), s, "after"), "ping": s.Ping(t.Context()), "tend": s.Tend(t.Context()),
			} {
				if !errors.Is(err, store.ErrReplaced) {
					t.Errorf("%s: %v", what, err)
				}
			}
			if err := s.Close(t.Context()); !errors.Is(err, store.ErrReplaced) {
				t.Errorf("closed with %v", err)
			}
			if left, err := os.ReadFile(f.path); err != nil || !bytes.Equal(left, content) {
				t.Errorf("what was put there has changed: %d bytes, %v", len(left), err)
			}
		})
	}
}

// A backup that is put in place while the bot runs is what the next start finds: the log of the file before is not
// taken for its own.
func TestStartAfterTheFileWasReplaced(t *testing.T) {
	const rows = 300
	backup := newFile(t)
	s, err := store.Open(t.Context(), store.Config{URL: backup.path})
	succeeds(t, err)
	for number := range rows {
		succeeds(t, claimKey(t.Context(), s, fmt.Sprint("backup ", number)))
	}
	succeeds(t, s.Close(t.Context()))

	f := newFile(t)
	s, err = store.Open(t.Context(), store.Config{URL: f.path})
	succeeds(t, err)
	for number := range rows {
		succeeds(t, claimKey(t.Context(), s, fmt.Sprint("before ", number)))
	}
	moves(t, backup.path, f.path)
	if err := s.Tend(t.Context()); !errors.Is(err, store.ErrReplaced) {
		t.Error(err)
	}
	isSound(t, copyOf(t, f.path)) // as after a crash: nothing is closed
	log, err := os.ReadFile(f.path + "-wal")
	if err != nil || len(log) > 0 {
		t.Errorf("%d bytes of the old log are left: %v", len(log), err)
	}
	_ = s.Close(t.Context())
	found, err := f.open(t).History.Extensions(t.Context(), "", 2*rows)
	if err != nil || len(found) != rows || !strings.HasPrefix(found[0].Key, "backup") {
		t.Errorf("%d rows, %v", len(found), err)
	}
	isSound(t, f.path)
}

// After the file was removed or moved away, the next start does not begin with an empty database without a word.
func TestStartAfterTheFileWasLost(t *testing.T) {
	for _, name := range []string{"removed", "moved"} {
		t.Run(name, func(t *testing.T) {
			f := newFile(t)
			s, err := store.Open(t.Context(), store.Config{URL: f.path})
			succeeds(t, err)
			succeeds(t, claimKey(t.Context(), s, "early"))
			succeeds(t, s.Tend(t.Context()))
			succeeds(t, claimKey(t.Context(), s, "late"))
			waysToLose[name](t, f.path)
			_ = s.Close(t.Context())
			next, err := store.Open(t.Context(), store.Config{URL: f.path})
			if err == nil {
				_ = next.Close(t.Context())
				t.Fatal("it begins with an empty database")
			}
			if !strings.Contains(err.Error(), f.path+" is missing") {
				t.Errorf("refused with %v", err)
			}
			if name == "moved" { // and holds everything
				elsewhere := newFile(t)
				moves(t, f.path+".old", elsewhere.path)
				rows, err := elsewhere.open(t).History.Extensions(t.Context(), "", 10)
				if err != nil || len(rows) != 2 {
					t.Errorf("%d rows, %v", len(rows), err)
				}
			}
		})
	}
}

func TestLogWithoutItsFile(t *testing.T) {
	f := newFile(t)
	succeeds(t, os.WriteFile(f.path+"-wal", []byte("frames"), 0o600))
	s, err := store.Open(context.Background(), store.Config{URL: f.path})
	if err == nil {
		_ = s.Close(t.Context())
		t.Fatal("it was opened")
	}
	if !strings.Contains(err.Error(), f.path+"-wal") || errors.Is(err, store.ErrNotYet) {
		t.Errorf("refused with %v", err)
	}
	if left, _ := filepath.Glob(f.path + "*"); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
	succeeds(t, os.Remove(f.path+"-wal"))
	f.open(t)
}
