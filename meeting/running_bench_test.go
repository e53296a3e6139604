package meeting_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/meeting/meetingtest"
)

// crowded is a stand-in with so many meetings that run.
func crowded(meetings int) *meetingtest.Server {
	server := meetingtest.New(meetingtest.Config{Account: "bot@example", Password: loginPassword, Quota: -1})
	now := time.Now()
	for i := range meetings {
		server.Add(meetingtest.Meeting{
			ID: strconv.Itoa(900_000_000 + i), Subject: fmt.Sprint("Weekly of team ", i%97), RoomID: strconv.Itoa(980_000_000 + i%5000),
			Start: now.Add(-time.Duration(meetings-i) * time.Millisecond), End: now.Add(24 * time.Hour), People: 3,
			Host: meetingtest.Host{Account: fmt.Sprint("host", i%2000), Name: fmt.Sprint("Host ", i%2000), UUID: fmt.Sprintf("%032d", i%2000)},
		})
	}
	return server
}

// pages answers with the pages of a stand-in, recorded: what remains is the client's own cost.
type pages struct {
	login  []byte
	bodies map[string][]byte // by offset
	size   int64
}

func recorded(tb testing.TB, meetings int) *pages {
	tb.Helper()
	server := crowded(meetings)
	defer server.Close()
	p := &pages{bodies: make(map[string][]byte)}
	ask := func(method, path, body string, header ...string) []byte {
		r := httptest.NewRequestWithContext(tb.Context(), method, path, strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		r.SetBasicAuth("bot@example", loginPassword)
		for i := 0; i < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		w := httptest.NewRecorder()
		server.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			tb.Fatal(w.Body.String())
		}
		return w.Body.Bytes()
	}
	p.login = ask(http.MethodPost, loginPath, `{"account":"bot@example","clientType":72}`)
	var session map[string]any
	if err := json.Unmarshal(p.login, &session); err != nil {
		tb.Fatal(err)
	}
	for offset := 0; offset < meetings; offset += 500 {
		key := strconv.Itoa(offset)
		p.bodies[key] = ask(http.MethodGet, listPath+"?queryAll=true&limit=500&offset="+key, "", "X-Access-Token", session["accessToken"].(string))
		p.size += int64(len(p.bodies[key]))
	}
	return p
}

func (p *pages) RoundTrip(r *http.Request) (*http.Response, error) {
	body := p.bodies[r.URL.Query().Get("offset")]
	switch {
	case r.URL.Path == loginPath:
		body = p.login
	case r.URL.Path != listPath:
		body = nil
	}
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body)),
	}, nil
}

func (p *pages) client(tb testing.TB) *meeting.Client {
	tb.Helper()
	client, err := meeting.New(meeting.Config{
		BaseURL: "https://api.example", Account: "bot@example", Password: loginPassword, Transport: p, QueryAll: true,
	})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = client.Close(context.Background()) })
	return client
}

// floor reads the same bytes and finds the entries of each page, and does nothing with them.
func (p *pages) floor(tb testing.TB, buffer []byte) int {
	tb.Helper()
	entries := 0
	for _, body := range p.bodies {
		n, err := io.ReadFull(bytes.NewReader(body), buffer[:len(body)])
		if err != nil {
			tb.Fatal(err)
		}
		in := jsontext.NewDecoder(bytes.NewBuffer(buffer[:n]))
		for in.PeekKind() != '[' {
			if _, err := in.ReadToken(); err != nil {
				tb.Fatal(err)
			}
		}
		_, _ = in.ReadToken()
		for ; in.PeekKind() == '{'; entries++ {
			if _, err := in.ReadValue(); err != nil {
				tb.Fatal(err)
			}
		}
	}
	return entries
}

// BenchmarkRunning reads a list that has not changed since it was read last, and beside it the floor.
func BenchmarkRunning(b *testing.B) {
	for _, meetings := range []int{1_000, 10_000, 100_000} {
		b.Run(strconv.Itoa(meetings), func(b *testing.B) {
			recorded := recorded(b, meetings)
			buffer := make([]byte, 4<<20)
			var floor, took time.Duration
			client := recorded.client(b)
			running(b, client, meetings)
			b.SetBytes(recorded.size)
			b.ReportAllocs()
			for b.Loop() {
				begun := time.Now()
				running(b, client, meetings)
				took += time.Since(begun)
				begun = time.Now()
				if got := recorded.floor(b, buffer); got != meetings {
					b.Fatal(got)
				}
				floor += time.Since(begun)
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(float64(took.Microseconds())/1e3/float64(b.N), "ms/list")
			b.ReportMetric(float64(floor.Microseconds())/1e3/float64(b.N), "floor-ms/list")
			b.ReportMetric(float64(took)/float64(floor), "of-floor")
		})
	}
}

// BenchmarkRunningAnew reads a list of which every entry is new: the first of a process.
func BenchmarkRunningAnew(b *testing.B) {
	recorded := recorded(b, 10_000)
	b.SetBytes(recorded.size)
	b.ReportAllocs()
	for b.Loop() {
		running(b, recorded.client(b), 10_000)
	}
}

func running(tb testing.TB, client *meeting.Client, want int) {
	tb.Helper()
	got, err := client.Running(tb.Context())
	if err != nil || len(got) != want {
		tb.Fatalf("%d meetings, %v", len(got), err)
	}
}

// serveCrowd is the other side of BenchmarkRunningOnTheWire, in a process of its own: it serves until it is killed.
const serveCrowd = "MEETING_TEST_SERVE"

func serveMeetings(meetings string) {
	count, _ := strconv.Atoi(meetings)
	url, err := crowded(count).Start()
	if err != nil {
		panic(err)
	}
	fmt.Println(url)
	select {}
}

// BenchmarkRunningOnTheWire is the whole cost of the client's process: connection, reading, and what stays in memory.
func BenchmarkRunningOnTheWire(b *testing.B) {
	const meetings = 10_000
	child := exec.CommandContext(b.Context(), os.Args[0])
	child.Env = append(os.Environ(), serveCrowd+"="+strconv.Itoa(meetings))
	out, err := child.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := child.Start(); err != nil {
		b.Fatal(err)
	}
	defer func() { _ = child.Process.Kill(); _ = child.Wait() }()
	var url string
	if _, err := fmt.Fscanln(out, &url); err != nil {
		b.Fatal(err)
	}
	before := heap()
	client, err := meeting.New(meeting.Config{BaseURL: url, Account: "bot@example", Password: loginPassword, QueryAll: true})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = client.Close(context.Background()) }()
	running(b, client, meetings)
	retained := heap() - before
	begun := processor(b)
	for b.Loop() {
		running(b, client, meetings)
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64((processor(b)-begun).Microseconds())/1e3/float64(b.N), "processor-ms/list")
	b.ReportMetric(float64(retained)/(1<<20), "retained-MB")
}

func heap() int64 {
	runtime.GC()
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}

func processor(tb testing.TB) time.Duration {
	tb.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
