package main

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"github.com/overtime-bot/overtime/meeting/meetingtest"
)

// manner is how a meeting is watched, as far as the checker must know.
type manner string

const (
	unwatched     manner = "unwatched"     // AUTO_EXTEND=ask holds
	watchedAsk    manner = "watched, ask"  // by its cloud room
	watchedAuto   manner = "watched, auto" // by its ID, a series
	platformsOwn  manner = "platform"      // prolongLength: the scheduler leaves it alone
	leftBehind    manner = "left behind"   // empty before its end
	extendedByAll manner = "by hand"       // somebody extends it in the client in the middle
	sharedRoom    manner = "shared room"   // watched by its cloud room's number, by the host of the day's first turn there
	contested     manner = "contested"     // people change their minds about it (wishes_test.go)
)

// gathering is one run of a meeting as the enterprise plans it.
type gathering struct {
	id, room, subject string
	host              meetingtest.Host
	start, end        time.Time // booked; UTC, whole minutes
	people            int
	leaves            time.Time // when all are gone; zero = they stay until they are cut off
	manner            manner
	byHand            time.Time // when somebody extends it by 20 minutes in the client; zero = never
	reply             string    // what somebody presses on a prompt: "", "+15", "+30", "keep", "end"
	script            string    // the name of what people do, of a contested one
	turn              int       // of the day, in a cloud room
}

func (g gathering) String() string {
	return fmt.Sprintf("%s (%s) %s–%s", g.id, g.manner, g.start.Format("Mon 15:04"), g.end.Format("15:04"))
}

// enterprise plans the meetings of a number of days, the same ones for the same seed.
type enterprise struct {
	random *rand.Rand
	zones  []*time.Location
	plan   []gathering
}

const (
	seriesOfIt = 200 // recurring meetings under one ID, once a working day
	roomsOfIt  = 50  // cloud rooms, each with several meetings a day
	sharedFrom = 40  // the number of the first that is watched by one of those who meet there
	perRoom    = 8
	oneOffs    = 400 // a working day, under IDs of their own
	weekendOne = 20
)

// planned is a plan of so many days from a midnight in UTC.
func planned(seed uint64, from time.Time, days int) []gathering {
	e := &enterprise{random: rand.New(rand.NewPCG(seed, 2)), zones: []*time.Location{}}
	for _, name := range []string{"America/New_York", "Europe/Berlin", "Asia/Shanghai"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			panic(err) // the test binary has the zones built in
		}
		e.zones = append(e.zones, zone)
	}
	for day := range days {
		e.day(from.AddDate(0, 0, day), day)
	}
	slices.SortStableFunc(e.plan, func(a, b gathering) int { return cmp.Or(a.start.Compare(b.start), cmp.Compare(a.id, b.id)) })
	return e.plan
}

func (e *enterprise) day(midnight time.Time, day int) {
	if weekday := midnight.Weekday(); weekday == time.Saturday || weekday == time.Sunday {
		for range weekendOne {
			e.oneOff(midnight, day)
		}
		return
	}
	for number := range seriesOfIt {
		e.series(midnight, number)
	}
	for number := range roomsOfIt {
		e.room(midnight, day, number)
	}
	for range oneOffs {
		e.oneOff(midnight, day)
	}
}

// series meets at its own time of the day where it is at home, so that a clock change moves it in UTC.
func (e *enterprise) series(midnight time.Time, number int) {
	zone := e.zones[number%len(e.zones)]
	start := time.Date(midnight.Year(), midnight.Month(), midnight.Day(), 9+number%8, number%4*15, 0, 0, zone).UTC()
	e.add(gathering{
		id: seriesID(number), subject: fmt.Sprint("Series ", number), host: hostOf(number), start: start,
		end: start.Add(time.Duration(30+number%3*15) * time.Minute), people: 3 + number%5, manner: watchedAuto,
	})
}

func seriesID(number int) string { return strconv.Itoa(910000000 + number) }

func roomID(number int) string { return strconv.Itoa(880000000 + number) }

func hostOf(number int) meetingtest.Host {
	name := fmt.Sprint("host", number)
	return meetingtest.Host{UUID: fmt.Sprintf("%032d", number+1), Account: name + "@acme", Name: name, Email: name + "@acme.example"}
}

// roomHost is the host of a room's first turn.
func roomHost(number int) int { return 1000 + number*perRoom }

// room is booked back to back, or with gaps that an extension fits into, or not whole.
func (e *enterprise) room(midnight time.Time, day, number int) {
	zone := e.zones[number%len(e.zones)]
	start := time.Date(midnight.Year(), midnight.Month(), midnight.Day(), 8, number%4*15, 0, 0, zone).UTC()
	watched := watchedAsk
	if number >= sharedFrom {
		watched = sharedRoom
	}
	for turn := range perRoom {
		end := start.Add(time.Duration(30+e.random.IntN(3)*15) * time.Minute)
		e.add(gathering{
			id: strconv.Itoa(920000000 + day*10_000 + number*100 + turn), room: roomID(number), subject: fmt.Sprint("Room ", number, " turn ", turn),
			host: hostOf(roomHost(number) + turn), start: start, end: end, people: 2 + e.random.IntN(9), manner: watched, turn: turn,
		})
		start = end.Add([]time.Duration{0, 10 * time.Minute, 20 * time.Minute, time.Hour}[e.random.IntN(4)])
	}
}

func (e *enterprise) oneOff(midnight time.Time, day int) {
	start := midnight.Add(time.Duration(6*60+e.random.IntN(14*60)) * time.Minute)
	g := gathering{
		id: strconv.Itoa(930000000 + day*10_000 + len(e.plan)%10_000), subject: fmt.Sprint("One-off ", len(e.plan)),
		host: e.busyHost(), start: start, end: start.Add(time.Duration(15+e.random.IntN(8)*15) * time.Minute),
		people: 2 + e.random.IntN(6), manner: unwatched,
	}
	switch e.random.IntN(10) {
	case 0:
		g.manner = platformsOwn
	case 1:
		g.manner, g.leaves = leftBehind, g.end.Add(-15*time.Minute)
	case 2:
		g.manner, g.byHand = extendedByAll, g.start.Add(g.end.Sub(g.start)/2).Truncate(time.Minute)
	case 3, 4:
		g.manner, g.script, g.end = contested, scriptNames[e.random.IntN(len(scriptNames))], g.start.Add(time.Hour)
		g.leaves = g.end.Add(100 * time.Minute)
	}
	e.add(g)
}

// busyHost hosts a series, too, now and then: it may be booked next.
func (e *enterprise) busyHost() meetingtest.Host {
	if e.random.IntN(10) == 0 {
		return hostOf(e.random.IntN(seriesOfIt))
	}
	return hostOf(5000 + len(e.plan))
}

// add says how people behave at the end: a third stays beyond it, some for long.
func (e *enterprise) add(g gathering) {
	if g.leaves.IsZero() {
		stay := []time.Duration{-2, 3, 12, 25, 50, 100, 300}[e.random.IntN(7)] * time.Minute
		g.leaves = g.end.Add(stay)
	}
	if g.reply = []string{"", "+15", "+15", "+30", "keep", "end"}[e.random.IntN(6)]; g.manner == contested {
		g.reply = ""
	}
	e.plan = append(e.plan, g)
}
