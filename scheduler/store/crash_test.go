package store_test

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
	"go.uber.org/goleak"
)

// victimPath is set in the environment of the process that is to be killed.
const victimPath = "OVERTIME_TEST_VICTIM"

func TestMain(m *testing.M) {
	if path := os.Getenv(victimPath); path != "" {
		fmt.Fprintln(os.Stderr, victim(path))
		os.Exit(1)
	}
	if path := os.Getenv(openerPath); path != "" {
		opener(path)
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}

// victim writes until it is killed, and prints what it was told to be stored.
func victim(path string) error {
	s, err := store.Open(context.Background(), store.Config{URL: path})
	if err != nil {
		return err
	}
	failed := make(chan error)
	for worker := range 8 {
		go func() {
			for round := 0; ; round++ {
				if err := victimWrites(s, fmt.Sprintf("%d/%d/%d", os.Getpid(), worker, round)); err != nil {
					failed <- err
					return
				}
			}
		}()
	}
	return <-failed
}

func victimWrites(s *store.Store, key string) error {
	ctx := context.Background()
	row, err := s.Ledger.Claim(ctx, extension.Extension{Key: key, Run: key, Minutes: 15}, extension.Limits{}, time.Minute)
	if err != nil {
		return err
	}
	fmt.Println(row.ID, extension.Sent)
	if _, err := s.Ledger.Move(ctx, row.ID, extension.Sent, extension.Confirmed, extension.Ending{}); err != nil {
		return err
	}
	fmt.Println(row.ID, extension.Confirmed)
	return nil
}

func TestKilledProcessLosesNothing(t *testing.T) {
	f := newFile(t)
	told := map[int64]extension.State{}
	for range 5 {
		before := len(told)
		killed(t, f.path, 200, told)
		if len(told) == before {
			t.Fatal("nothing was written")
		}
		s := f.open(t)
		for id, state := range told {
			row, err := s.Ledger.Extension(t.Context(), id)
			if err != nil {
				t.Fatalf("extension %d was stored, and is lost: %v", id, err)
			}
			if state == extension.Confirmed && row.State != state {
				t.Errorf("extension %d was stored as %s, and is %s", id, state, row.State)
			}
		}
		if err := s.Close(context.Background()); err != nil {
			t.Error(err)
		}
	}
	isSound(t, f.path)
}

// killed starts a process that writes, kills it after so many lines, and adds up what it was told.
func killed(t *testing.T, path string, lines int, told map[int64]extension.State) {
	t.Helper()
	process := exec.Command(os.Args[0])
	process.Env = append(os.Environ(), victimPath+"="+path)
	process.Stderr = os.Stderr
	output, err := process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	scanner := bufio.NewScanner(output)
	for line := 0; scanner.Scan(); line++ { // also what was printed before it died
		var id int64
		var state extension.State
		if n, _ := fmt.Sscan(scanner.Text(), &id, &state); n == 2 {
			if told[id] != extension.Confirmed {
				told[id] = state
			}
		}
		if line == lines {
			if err := process.Process.Kill(); err != nil {
				t.Error(err)
			}
		}
	}
	if err := process.Wait(); err == nil {
		t.Error("the process was not killed")
	}
}

func isSound(t *testing.T, path string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var answer string
	if err := db.QueryRow("PRAGMA integrity_check").Scan(&answer); err != nil || answer != "ok" {
		t.Errorf("integrity: %q %v", answer, err)
	}
}

func TestCloseWaitsForWriters(t *testing.T) {
	f := newFile(t)
	s := f.open(t)
	var all sync.WaitGroup
	stored := make([]bool, 64)
	for number := range stored {
		all.Go(func() {
			key := fmt.Sprint(number)
			_, err := s.Ledger.Claim(context.Background(), extension.Extension{Key: key, Run: key}, extension.Limits{}, time.Minute)
			stored[number] = err == nil
		})
	}
	if err := s.Close(context.Background()); err != nil {
		t.Error(err)
	}
	all.Wait()
	rows, err := f.open(t).History.Extensions(t.Context(), "", 100)
	if err != nil {
		t.Fatal(err)
	}
	told := 0
	for _, yes := range stored {
		if yes {
			told++
		}
	}
	if told != len(rows) {
		t.Errorf("%d are stored, %d writes returned", len(rows), told)
	}
}
