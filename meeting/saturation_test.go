package meeting_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/meeting/meetingtest"
)

// farService is the stand-in a random way off: a call arrives some time after it was sent, and its answer some time later.
type farService struct {
	transport http.RoundTripper
	random    *rand.Rand
	mutex     sync.Mutex
	arrived   map[string][]time.Time // by path
}

func (f *farService) RoundTrip(r *http.Request) (*http.Response, error) {
	f.travel()
	f.mutex.Lock()
	f.arrived[r.URL.Path] = append(f.arrived[r.URL.Path], time.Now())
	f.mutex.Unlock()
	response, err := f.transport.RoundTrip(r)
	f.travel()
	return response, err
}

func (f *farService) travel() {
	f.mutex.Lock()
	took := time.Duration(f.random.ExpFloat64() * float64(300*time.Millisecond))
	if f.random.IntN(50) == 0 {
		took += 4 * time.Second
	}
	f.mutex.Unlock()
	time.Sleep(min(took, 4*time.Second)) // the bubble's time
}

// mostInAMinute is the most calls that came within any 60 seconds.
func mostInAMinute(at []time.Time) int {
	most, first := 0, 0
	for last := range at {
		for at[last].Sub(at[first]) > time.Minute {
			first++
		}
		most = max(most, last-first+1)
	}
	return most
}

// Whatever is sent, and when, no 60 seconds have more calls than the rate, whichever minute the service counts. Where it
// allows less than the rate, its headers are enough to refuse few, and none that others did not use up.
func TestNoMinuteHasMoreThanTheRate(t *testing.T) {
	for seed := range uint64(12) {
		for minutes := range meetingtest.Sliding + 1 {
			synctest.Test(t, func(t *testing.T) {
				random := rand.New(rand.NewPCG(seed, 1))
				rate := 1 + random.IntN(60)
				quota := rate + random.IntN(2)*random.IntN(40)
				service := meetingtest.New(meetingtest.Config{Account: "a", Password: "p", Quota: quota, Readings: meetingtest.Readings{Minutes: minutes}})
				service.Add(meetingtest.Meeting{ID: "1", End: time.Now().Add(24 * time.Hour), People: 2})
				far := &farService{transport: service.Transport(), random: rand.New(rand.NewPCG(seed, 2)), arrived: make(map[string][]time.Time)}
				client, err := meeting.New(meeting.Config{BaseURL: "https://api.example", Account: "a", Password: "p", Transport: far, Rate: rate})
				if err != nil {
					t.Fatal(err)
				}
				sendAtRandom(t, client, random)
				for path, at := range far.arrived {
					if most := mostInAMinute(at); most > rate {
						t.Errorf("seed %d, minutes %d: %d calls of %s in 60 seconds, with a rate of %d", seed, minutes, most, path, rate)
					}
				}
				if len(far.arrived[listPath]) < rate/3 {
					t.Errorf("seed %d, minutes %d: only %d calls", seed, minutes, len(far.arrived[listPath]))
				}
				for _, call := range service.Calls() {
					if call.Status == http.StatusTooManyRequests {
						t.Fatalf("seed %d, minutes %d: refused %s at %v", seed, minutes, call.Op, call.At)
					}
				}
				_ = client.Close(t.Context())
				service.Close()
			})
		}
	}
}

// sendAtRandom lists and reads in bursts with pauses, for all kinds of people, for some minutes.
func sendAtRandom(t *testing.T, client *meeting.Client, random *rand.Rand) {
	var all sync.WaitGroup
	for range 30 {
		for range random.IntN(40) {
			ctx := []context.Context{t.Context(), meeting.Automatic(t.Context()), meeting.Looking(t.Context())}[random.IntN(3)]
			patience := time.Duration(1+random.IntN(90)) * time.Second
			list := random.IntN(3) > 0
			all.Go(func() {
				ctx, cancel := context.WithTimeout(ctx, patience)
				defer cancel()
				var err error
				if list {
					_, err = client.Running(ctx)
				} else {
					_, err = client.Get(ctx, "1")
				}
				if err != nil && !errors.Is(err, meeting.ErrNoTurn) && ctx.Err() == nil {
					t.Error(err)
				}
			})
		}
		time.Sleep(time.Duration(random.ExpFloat64() * float64(8*time.Second))) // the bubble's time
	}
	all.Wait()
}

// However much the others want, deadlines have a fifth at once, and those who extend a tenth, unless automation alone has
// used it up.
func TestNobodyStarves(t *testing.T) {
	const rate = 50
	kinds := map[string]func(context.Context) context.Context{
		"extending": func(ctx context.Context) context.Context { return ctx }, "deadlines": meeting.Automatic, "looking": meeting.Looking,
	}
	least := map[string]int{"extending": rate / 10, "deadlines": rate / 5}
	for flooding := 1; flooding < 8; flooding++ {
		synctest.Test(t, func(t *testing.T) {
			s := inBubble(t, rate, 1)
			ctx, stop := context.WithTimeout(t.Context(), 10*time.Minute)
			defer stop()
			for i, name := range []string{"extending", "deadlines", "looking"} {
				for range 3 * rate {
					if flooding&(1<<i) != 0 {
						s.group.Go(func() {
							for ctx.Err() == nil {
								if _, err := s.client.Running(kinds[name](ctx)); err != nil {
									time.Sleep(time.Second) // the bubble's time
								}
							}
						})
					}
				}
			}
			time.Sleep(3*time.Minute + 17*time.Second) // the bubble's time
			for i, name := range []string{"extending", "deadlines"} {
				if flooding&(1<<i) != 0 || i == 0 && flooding&2 != 0 {
					continue
				}
				begun := time.Now()
				for range least[name] {
					if _, err := s.client.Running(kinds[name](ctx)); err != nil {
						t.Error(err)
					}
				}
				if took := time.Since(begun); took > 0 {
					t.Errorf("flood %03b: %s waited %v for %d calls", flooding, name, took, least[name])
				}
			}
			stop()
			s.close()
		})
	}
}

// A token that is refused right after its login is a refused login: of 70 commands none makes one of its own.
func TestARefusedTokenCostsNoLoginForEachRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := inBubble(t, 0, 1)
		s.Inject(meetingtest.Fault{Op: meetingtest.OpOnlineDetail, Kind: meetingtest.Refuse, Status: 401, Code: "USG.000000004", Times: -1})
		s.Inject(meetingtest.Fault{Op: meetingtest.OpOnline, Kind: meetingtest.Refuse, Status: 401, Code: "USG.000000004", Times: -1})
		s.Inject(meetingtest.Fault{Op: meetingtest.OpAttendees, Kind: meetingtest.Refuse, Status: 401, Code: "USG.000000004", Times: -1})
		for i := range 70 {
			var err error
			switch i % 3 {
			case 0:
				_, err = s.client.Get(t.Context(), "1")
			case 1:
				_, err = s.client.Running(t.Context())
			case 2:
				_, err = s.client.Attendees(t.Context(), "1")
			}
			if !errors.Is(err, meeting.ErrUnauthorised) {
				t.Error(err)
			}
			if err := s.client.Login(t.Context()); !errors.Is(err, meeting.ErrUnauthorised) {
				t.Errorf("after command %d the login is called good: %v", i, err)
			}
		}
		if got := s.Count(meetingtest.OpLogin); got > 2 {
			t.Errorf("%d logins", got)
		}
		for range 24 * 60 { // a day
			_, _ = s.client.Get(t.Context(), "1")
			time.Sleep(time.Minute) // the bubble's time
		}
		if got := s.Count(meetingtest.OpLogin); got > 110 || got < 90 {
			t.Errorf("%d logins in a day", got)
		}
		s.close()
	})
}

// Where the service refuses one read alone with the status of a dead token, the others go on.
func TestOneRefusedReadLocksNobodyOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := inBubble(t, 0, 1)
		s.Inject(meetingtest.Fault{Op: meetingtest.OpAttendees, Kind: meetingtest.Refuse, Status: 401, Code: "USG.000000004", Times: -1})
		for i := range 24 * 60 {
			if _, err := s.client.Attendees(t.Context(), "1"); !errors.Is(err, meeting.ErrUnauthorised) {
				t.Fatal(err)
			}
			if _, err := s.client.Get(t.Context(), "1"); err != nil && i > 0 {
				t.Fatal(fmt.Sprint("minute ", i), err)
			}
			time.Sleep(time.Minute) // the bubble's time
			if i == 0 {
				if err := s.client.Login(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
		}
		if got := s.Count(meetingtest.OpLogin); got > 40 {
			t.Errorf("%d logins in a day", got)
		}
		s.close()
	})
}
