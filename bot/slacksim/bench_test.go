package slacksim_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/gorilla/websocket"

	"github.com/overtime-bot/overtime/bot/slacksim"
)

// BenchmarkCommand is one command of 32 in flight: the envelope, its ack, and the answer by response_url.
func BenchmarkCommand(b *testing.B) {
	sim, url := serveForBenchmark(b)
	opened, err := http.DefaultClient.Do(openRequest(b, url))
	if err != nil {
		b.Fatal(err)
	}
	var link struct{ URL string }
	_ = json.NewDecoder(opened.Body).Decode(&link)
	_ = opened.Body.Close()
	conn, _, err := websocket.DefaultDialer.Dial(link.URL, nil)
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close()
	http.DefaultTransport.(*http.Transport).MaxIdleConnsPerHost = 32
	defer http.DefaultClient.CloseIdleConnections()
	work := make(chan string, 1024)
	var workers sync.WaitGroup
	for range 32 {
		workers.Go(func() {
			for reply := range work {
				response, err := http.DefaultClient.Post(reply, "application/json", strings.NewReader(`{"text":"done"}`))
				if err == nil {
					_, _ = io.Copy(io.Discard, response.Body)
					_ = response.Body.Close()
				}
			}
		})
	}
	workers.Go(func() { ackAll(conn, work) })
	b.ResetTimer()
	b.SetParallelism(16)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			id, err := sim.Command(alice, ops, "/extend 914083136 30")
			if err != nil {
				b.Error(err)
				return
			}
			if err := sim.WaitAnswer(b.Context(), id); err != nil {
				b.Error(err)
			}
		}
	})
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "commands/s")
	sim.Close()
	workers.Wait()
}

func ackAll(conn *websocket.Conn, work chan<- string) {
	defer close(work)
	for {
		_, data, err := conn.ReadMessage()
		if err != nil {
			return
		}
		var frame struct {
			ID      string `json:"envelope_id"`
			Payload struct {
				ResponseURL string `json:"response_url"`
			}
		}
		_ = json.Unmarshal(data, &frame)
		if frame.ID == "" {
			continue
		}
		_ = conn.WriteMessage(websocket.TextMessage, fmt.Appendf(nil, `{"envelope_id":%q}`, frame.ID))
		work <- frame.Payload.ResponseURL
	}
}

func openRequest(b *testing.B, url string) *http.Request {
	b.Helper()
	r, err := http.NewRequestWithContext(b.Context(), http.MethodPost, url+"/api/apps.connections.open", nil)
	if err != nil {
		b.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+appToken)
	return r
}

func serveForBenchmark(b *testing.B) (*slacksim.Server, string) {
	b.Helper()
	sim := slacksim.New(slacksim.Config{BotToken: botToken, AppToken: appToken})
	server := httptest.NewServer(sim)
	b.Cleanup(server.Close)
	sim.SetURL(server.URL)
	sim.AddUser(slacksim.User{ID: alice, Name: "alice"})
	sim.AddChannel(slacksim.Channel{ID: ops, Name: "ops", Members: []string{alice}})
	return sim, server.URL
}
