package meeting_test

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/meeting"
)

// heavyService lists entries of any length. Where deaf, it answers with all of them whatever is asked for.
type heavyService struct {
	entries []string
	deaf    bool
	tooLong int // pages
	calls   int
}

func (h *heavyService) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.HasSuffix(r.URL.Path, "/auth/account") {
		return answer(200, `{"accessToken":"a","validPeriod":3600}`)()
	}
	h.calls++
	offset, _ := strconv.Atoi(r.URL.Query().Get("offset"))
	limit, _ := strconv.Atoi(r.URL.Query().Get("limit"))
	if h.deaf {
		offset, limit = 0, len(h.entries)
	}
	var body bytes.Buffer
	fmt.Fprintf(&body, `{"offset":%d,"limit":%d,"count":%d,"data":[`, offset, limit, len(h.entries))
	for i, entry := range h.entries[min(offset, len(h.entries)):min(offset+limit, len(h.entries))] {
		if i > 0 {
			body.WriteByte(',')
		}
		body.WriteString(entry)
	}
	body.WriteString(`]}`)
	if body.Len() > 8<<20 {
		h.tooLong++
	}
	length := int64(body.Len())
	return &http.Response{StatusCode: 200, Header: http.Header{}, ContentLength: length, Body: io.NopCloser(&body)}, nil
}

func (h *heavyService) client(t *testing.T) *meeting.Client {
	t.Helper()
	return open(t, meeting.Config{BaseURL: "https://api.example", Account: "a", Password: "p", Transport: h, Now: func() time.Time {
		return time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	}})
}

// recurring is a daily meeting with so many times, each of some 400 bytes.
func recurring(i, times int) string {
	var entry strings.Builder
	fmt.Fprintf(&entry, `{"conferenceID":"%d","startTime":"2026-12-01 10:00","endTime":"2026-12-01 11:00","conferenceState":"Schedule","userUUID":"u%d","subConfs":[`, 900000000+i, i)
	for j := range times {
		if j > 0 {
			entry.WriteByte(',')
		}
		fmt.Fprintf(&entry, `{"cycleSubConfID":"%032d","startTime":"2026-12-%02d 10:00","endTime":"2026-12-%02d 11:00","x":"%0250d"}`, j, 1+j%28, 1+j%28, 0)
	}
	entry.WriteString(`]}`)
	return entry.String()
}

// 500 daily meetings with 60 times each are a page of more than 8 MiB, also where the service heeds no smaller size.
func TestAPageThatIsTooLongIsReadInSmallerOnes(t *testing.T) {
	for _, deaf := range []bool{false, true} {
		service := &heavyService{deaf: deaf}
		for i := range 500 {
			service.entries = append(service.entries, recurring(i, 60))
		}
		client := service.client(t)
		found, err := client.Scheduled(t.Context(), time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC))
		if err != nil || len(found) != 500*28 || service.tooLong == 0 {
			t.Errorf("deaf %t: %d bookings, %v, after %d pages that were too long", deaf, len(found), err, service.tooLong)
		}
	}
}

// Whatever the lengths of entries, a list neither loses nor doubles one, and the next list has learned from the last.
func TestRandomPageSizes(t *testing.T) {
	for seed := range uint64(3) {
		random := rand.New(rand.NewPCG(seed, 3))
		service := &heavyService{}
		typical := []int{100, 8_000, 25_000, 60_000}[random.IntN(4)]
		for i := range 300 + random.IntN(700) {
			length := int(random.ExpFloat64() * float64(typical))
			if random.IntN(200) == 0 {
				length = 1_500_000
			}
			service.entries = append(service.entries, fmt.Sprintf(
				`{"conferenceID":"9%08d","startTime":"2026-10-31 09:00","endTime":"2026-11-01 10:30","subject":"%s"}`, i, strings.Repeat("x", length)))
		}
		client := service.client(t)
		for round := range 3 {
			service.tooLong, service.calls = 0, 0
			found, err := client.Running(t.Context())
			if err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			seen := make(map[string]bool)
			for _, m := range found {
				seen[m.ID] = true
			}
			if len(found) != len(service.entries) || len(seen) != len(found) {
				t.Errorf("seed %d: %d entries, and %d of %d meetings", seed, len(found), len(seen), len(service.entries))
			}
			if round > 0 && typical <= 8_000 && service.tooLong > service.calls/3 {
				t.Errorf("seed %d: %d of %d pages were too long again", seed, service.tooLong, service.calls)
			}
			if round < 2 { // one ends, and the list moves
				service.entries = service.entries[1:]
			}
		}
	}
}

// The people who are invited fill pages too.
func TestAHostIsFoundAmongManyInvited(t *testing.T) {
	s := newService(t)
	s.on(detailPath, func(w http.ResponseWriter, r *http.Request) {
		offset, _ := strconv.Atoi(r.URL.Query().Get("offset"))
		limit, _ := strconv.Atoi(r.URL.Query().Get("limit"))
		var invited []string
		for i := offset; i < min(offset+limit, 450); i++ {
			uuid, email := "someone", "someone@example.com"
			if i == 440 {
				uuid, email = "host-uuid", "mike@example.com"
			}
			invited = append(invited, fmt.Sprintf(`{"userUUID":"%s","email":"%s","name":"%s"}`, uuid, email, strings.Repeat("x", 30_000)))
		}
		reply(200, `{"conferenceData":{"conferenceID":"`+sampleID+`","conferenceState":"Created","userUUID":"host-uuid","startTime":"2026-03-04 09:00","endTime":"2026-03-04 10:30"},`+
			`"data":{"count":450,"data":[`+strings.Join(invited, ",")+`]}}`)(w, r)
	})
	host, err := s.client(t).Host(t.Context(), sampleID)
	if err != nil || host.Email != "mike@example.com" {
		t.Errorf("%+v, %v", host, err)
	}
}
