package store_test

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler/store"
)

// where finds text in the files of a database.
func where(t *testing.T, path, text string) (found []string) {
	t.Helper()
	files, err := filepath.Glob(path + "*")
	succeeds(t, err)
	for _, file := range files {
		content, err := os.ReadFile(file)
		succeeds(t, err)
		if bytes.Contains(content, []byte(text)) {
			found = append(found, filepath.Base(file))
		}
	}
	return found
}

// A payload holds a response_url, which is a secret: once it is erased it is in none of the files, of whatever size it was,
// and whichever way it was erased.
func TestErasedPayloadsAreNowhere(t *testing.T) {
	erase := map[string]func(t *testing.T, f *file, s *store.Store, id string){
		"answered": func(t *testing.T, _ *file, s *store.Store, id string) {
			succeeds(t, s.Inbox.AnswerEnvelopes(t.Context(), map[string]bool{id: false}))
		},
		"pruned": func(t *testing.T, f *file, s *store.Store, _ string) {
			f.Advance(t, 31*time.Minute)
			succeeds(t, s.Prune(t.Context(), 0))
		},
		"removed with its row": func(t *testing.T, f *file, s *store.Store, _ string) {
			f.Advance(t, 8*24*time.Hour)
			succeeds(t, s.Prune(t.Context(), 0))
		},
	}
	for name, erase := range erase {
		for _, size := range []int{100, 3000, 60000} {
			t.Run(fmt.Sprint(name, " ", size), func(t *testing.T) {
				f := newFile(t)
				s := f.open(t)
				secrets := make([]string, 20) // among others, which stay
				for at := range secrets {
					secrets[at] = "hooks.slack.com/" + rand.Text()
					payload := strings.Repeat("x", size/2) + secrets[at] + strings.Repeat("x", size/2)
					e := store.Envelope{ID: fmt.Sprint(at), Type: "slash_commands", Payload: []byte(payload)}
					_, err := s.Inbox.StoreEnvelope(t.Context(), e, "one", time.Minute)
					succeeds(t, err)
					if at%5 == 0 {
						succeeds(t, s.Tend(t.Context())) // some are in the file by now
					}
				}
				for at := range secrets {
					if len(where(t, f.path, secrets[at])) == 0 {
						t.Errorf("%s is not stored in clear: this test sees nothing", secrets[at])
					}
					erase(t, f, s, fmt.Sprint(at))
				}
				succeeds(t, s.Tend(t.Context()))
				for _, secret := range secrets {
					if found := where(t, f.path, secret); len(found) > 0 {
						t.Errorf("%s is left in %v", secret, found)
					}
				}
			})
		}
	}
}

// Another process that reads all the time does not make the round fail; it is done when the way is free.
func TestTendWaitsForNobody(t *testing.T) {
	f := newFile(t)
	s := f.open(t)
	succeeds(t, claimKey(t.Context(), s, "before"))
	release := held(t, f.path, "BEGIN")
	succeeds(t, claimKey(t.Context(), s, "secret key"))
	succeeds(t, isBounded(t, "Tend", time.Second, func() error { return s.Tend(t.Context()) }))
	if len(where(t, f.path+"-wal", "secret key")) == 0 {
		t.Error("the log was emptied under a reader")
	}
	release()
	succeeds(t, s.Tend(t.Context()))
	if len(where(t, f.path+"-wal", "secret key")) != 0 {
		t.Error("the log was not emptied")
	}
}
