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
