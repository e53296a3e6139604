package bot

import (
	"context"
	"testing"

	"go.uber.org/goleak"
	"modernc.org/sqlite"
)

func TestMain(m *testing.M) {
	// Nothing is to survive these tests, so their databases do not wait for the disk.
	sqlite.RegisterConnectionHook(func(connection sqlite.ExecQuerierContext, _ string) error {
		_, err := connection.ExecContext(context.Background(), "PRAGMA synchronous = OFF", nil)
		return err
	})
	// net/http lingers half a second over a connection whose request it did not read to the end.
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("net/http.(*conn).closeWriteAndWait"))
}

// slow skips a test that takes seconds: make quick does without it, and so does the race detector.
func slow(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("slow: make test runs it")
	}
}
