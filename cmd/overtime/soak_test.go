package main

import (
	"bufio"
	"database/sql"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/slacksim"
	"github.com/overtime-bot/overtime/scheduler/storetest"
)

// soaked is what a process uses.
type soaked struct{ memory, goroutines, descriptors float64 }

// soak is traffic of all kinds, and how much the bots use meanwhile.
type soak struct {
	*traffic
	addresses []string
	samples   [replicas][]soaked
	looks     int // commands that only look or set rules
}

// startSoak starts bots that automation keeps busy too, and whose metrics can be read.
func startSoak(t *testing.T) *soak {
	t.Helper()
	s := &soak{traffic: &traffic{trial: newTrial(t, storetest.StartPostgres(t).String()), chance: seeded(t)}}
	for range trafficMeetings {
		s.meetings = append(s.meetings, s.meeting())
	}
	s.slack.AddUser(slacksim.User{ID: "U0SOAK0000", Name: "soak", TZ: "UTC"})
	for range replicas {
		address := nobody(t)
		s.addresses = append(s.addresses, address)
		s.bots = append(s.bots, s.start("HTTP_ADDR="+address, "ADMIN_USERS=U0SOAK0000", "AUTO_EXTEND=ask"))
	}
	return s
}

// looksAround is a command that extends nothing, by somebody who may do everything.
func (s *soak) looksAround() {
	id := s.meetings[s.chance.IntN(len(s.meetings))]
	commands := []string{
		"list", "history", "help", "frobnicate", "status " + id, "why " + id, "watch " + id + " ask", "watch " + id + " auto 15 max 60",
		"unwatch " + id, "pause", "resume", "Trial",
	}
	if _, err := s.slack.Command("U0SOAK0000", directOf("U0SOAK0000"), "/extend "+commands[s.chance.IntN(len(commands))]); err == nil {
		s.looks++
	}
}

// sample reads what each bot uses from its own metrics.
func (s *soak) sample() {
	s.t.Helper()
	for i, address := range s.addresses {
		used, err := readSoaked(address)
		if err != nil {
			s.t.Errorf("bot %d: %v\n%s", i, err, s.bots[i].log)
			continue
		}
		s.samples[i] = append(s.samples[i], used)
	}
}

func readSoaked(address string) (soaked, error) {
	response, err := http.Get("http://" + address + "/metrics")
	if err != nil {
		return soaked{}, fmt.Errorf("reading the metrics: %w", err)
	}
	defer response.Body.Close()
	values := make(map[string]float64)
	for lines := bufio.NewScanner(response.Body); lines.Scan(); {
		if name, value, ok := strings.Cut(lines.Text(), " "); ok {
			values[name], _ = strconv.ParseFloat(value, 64) // a comment is not asked for
		}
	}
	return soaked{values["process_resident_memory_bytes"], values["go_goroutines"], values["process_open_fds"]}, nil
}

// wantFlat compares the last third with the third before it: the first third fills the caches.
func (s *soak) wantFlat() {
	s.t.Helper()
	for i, samples := range s.samples {
		third := len(samples) / 3
		if third == 0 {
			s.t.Fatalf("only %d samples of bot %d", len(samples), i)
		}
		before, after := samples[third:2*third], samples[2*third:]
		if used := median(after, func(u soaked) float64 { return u.memory }); used > memoryLimit(s.t)*3/4 {
			s.t.Errorf("bot %d uses %.0f bytes, which is near the limit that Kubernetes sets", i, used)
		}
		for what, of := range map[string]struct {
			value func(soaked) float64
			slack float64 // beside a tenth of what it was
		}{
			"memory":      {func(u soaked) float64 { return u.memory }, 16 << 20},
			"goroutines":  {func(u soaked) float64 { return u.goroutines }, 20},
			"descriptors": {func(u soaked) float64 { return u.descriptors }, 10},
		} {
			was, is := median(before, of.value), median(after, of.value)
			s.t.Logf("bot %d: %s %.0f, then %.0f", i, what, was, is)
			if was == 0 || is > was*1.1+of.slack {
				s.t.Errorf("bot %d: %s grew from %.0f to %.0f", i, what, was, is)
			}
		}
	}
}

func median(samples []soaked, value func(soaked) float64) float64 {
	values := make([]float64, 0, len(samples))
	for _, sample := range samples {
		values = append(values, value(sample))
	}
	slices.Sort(values)
	return values[len(values)/2]
}

// wantFewRows: no table has more rows than people gave it reason to: a command leaves an envelope and an extension, and a
// few actions for its buttons.
func (s *soak) wantFewRows() {
	s.t.Helper()
	db, err := sql.Open("pgx", s.environValue("DATABASE_URL"))
	if err != nil {
		s.t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.QueryContext(s.t.Context(), "SELECT relname FROM pg_stat_user_tables ORDER BY 1")
	if err != nil {
		s.t.Fatal(err)
	}
	defer rows.Close()
	perCommand := map[string]int{"extensions": 1, "envelopes": 1, "actions": 12}
	var tables []string
	for rows.Next() {
		var table string
		if err := rows.Scan(&table); err != nil {
			s.t.Fatal(err)
		}
		tables = append(tables, table)
	}
	for _, table := range tables {
		var count int
		if err := db.QueryRowContext(s.t.Context(), "SELECT count(*) FROM "+table).Scan(&count); err != nil {
			s.t.Fatal(err)
		}
		most := 300 + perCommand[table]*(s.typed+s.looks)
		if table == "rules" { // a meeting's rule outlives it
			most += len(s.replaced)
		}
		s.t.Logf("%s: %d rows, at most %d", table, count, most)
		if count > most {
			s.t.Errorf("%s has %d rows after %d commands, want at most %d", table, count, s.typed+s.looks, most)
		}
	}
}

func (s *soak) environValue(name string) string {
	for _, entry := range s.environ {
		if value, ok := strings.CutPrefix(entry, name+"="); ok {
			return value
		}
	}
	return ""
}

// Three processes on one Postgres under mixed traffic, while sockets break, envelopes come again and the service loses
// answers: every promise holds, and memory, goroutines, descriptors and rows stay flat. OVERTIME_SOAK says for how long.
func TestSoak(t *testing.T) {
	slow(t)
	during := time.Minute
	if longer, err := time.ParseDuration(os.Getenv("OVERTIME_SOAK")); err == nil {
		during = longer
	}
	s := startSoak(t)
	every := max(1, int(during.Seconds())*trafficRate/60)
	s.run(during, func(turn int, w wish) {
		s.disturb(w)
		s.looksAround()
		if turn%every == 0 {
			s.sample()
		}
	})
	s.wantFewRows()
	s.finish()
	s.wantFlat()
}
