package storetest

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// StartPgBouncer starts Debian's PgBouncer before the server, in its transaction mode: one after the other, the
// transactions of all clients share so many connections to the server. It ends with the test, and is skipped as
// StartPostgres is. The URL is of the database "postgres".
func StartPgBouncer(t testing.TB, server *Postgres, connections int, more ...string) *url.URL {
	t.Helper()
	directory := filepath.Join(server.directory, "pgbouncer")
	if err := os.Mkdir(directory, 0o755); err != nil {
		t.Fatal(err)
	}
	settings := filepath.Join(directory, "pgbouncer.ini")
	if err := os.WriteFile(settings, fmt.Appendf(nil, `[databases]
* = host=%s user=postgres
[pgbouncer]
listen_port = 6432
unix_socket_dir = %s
auth_type = any
pool_mode = transaction
default_pool_size = %d
max_client_conn = 1000
%s
`, server.directory, directory, connections, strings.Join(more, "\n")), 0o644); err != nil {
		t.Fatal(err)
	}
	if server.as != nil {
		if err := os.Chown(directory, int(server.as.Uid), int(server.as.Gid)); err != nil {
			t.Fatal(err)
		}
	}
	bouncer := command(t, server.as, "pgbouncer", settings)
	drained := serve(t, bouncer, "process up")
	t.Cleanup(func() {
		if err := bouncer.Process.Signal(syscall.SIGINT); err != nil {
			t.Error(err)
		}
		<-drained
		_ = bouncer.Wait() // it counts a signal as a failure
	})
	return &url.URL{
		Scheme: "postgres", Path: "/postgres",
		RawQuery: url.Values{"host": {directory}, "port": {"6432"}, "user": {"postgres"}}.Encode(),
	}
}
