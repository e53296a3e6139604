package bot

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/overtime-bot/overtime/bot/title"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// named is a running meeting with its names made comparable.
type named struct {
	meeting     meeting.Meeting
	title, host title.Title
}

// running keeps the names of the running meetings, which are made comparable once for each list that is read. It is safe
// for concurrent use.
type running struct {
	extender Extender
	now      func() time.Time

	mu   sync.Mutex
	of   []meeting.Meeting // the list that the names are from
	at   time.Time
	list []named // earliest end first
}

const (
	freshNames = 30 * time.Second // for somebody who is still typing: what they choose is read again
	oldNames   = 5 * time.Minute  // where the service does not answer in time
)

// listed gives the running meetings of the last seconds.
func (r *running) listed(ctx context.Context) ([]named, error) {
	return r.younger(ctx, extension.RecentFor)
}

// lately gives the running meetings as somebody needs them who is still typing, and cannot wait.
func (r *running) lately(ctx context.Context) ([]named, error) {
	list, err := r.younger(ctx, freshNames)
	if err == nil {
		return list, nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if age := r.now().Sub(r.at); !r.at.IsZero() && age >= 0 && age < oldNames {
		return r.list, nil
	}
	return nil, err
}

func (r *running) younger(ctx context.Context, than time.Duration) ([]named, error) {
	list, err := r.extender.Listed(ctx, than)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if !sameList(r.of, list) {
		r.of, r.list = list, namesOf(list, r.list)
	}
	r.at = r.now()
	return r.list, nil
}

// sameList says that two lists are one: nobody changes a list that was read.
func sameList(a, b []meeting.Meeting) bool {
	return len(a) == len(b) && len(a) > 0 && &a[0] == &b[0]
}

// namesOf makes names comparable. Most of them are among those of the list before.
func namesOf(list []meeting.Meeting, before []named) []named {
	known := make(map[string]*named, len(before))
	for i := range before {
		known[before[i].meeting.ID] = &before[i]
	}
	names := make([]named, len(list))
	for i, m := range list {
		names[i] = named{meeting: m}
		if same := known[m.ID]; same != nil && same.meeting.Subject == m.Subject && same.meeting.HostName == m.HostName {
			names[i].title, names[i].host = same.title, same.host
			continue
		}
		names[i].title, names[i].host = title.Of(m.Subject), title.Of(m.HostName)
	}
	slices.SortStableFunc(names, func(a, b named) int { return a.meeting.End.Compare(b.meeting.End) })
	return names
}

// sought is what somebody looks for, by whatever name.
type sought struct {
	title  title.Title
	number string // digits; empty if it is none
	slips  bool   // in the title are forgiven
}

// leastDigits is how many digits of a number are looked for: shorter ones are in most.
const leastDigits = 3

func soughtIn(text string) sought {
	s := sought{title: title.Asked(text)}
	digits := strings.ReplaceAll(s.title.String(), " ", "")
	if len(digits) >= leastDigits && !strings.ContainsFunc(digits, func(r rune) bool { return r < '0' || r > '9' }) {
		s.number = digits
	}
	return s
}

// Ranks of what somebody looks for. More is better; 0 fits in no way.
const (
	rankInside = 1 + iota // in the title and the host's name together
	rankOfHost            // the host's name, in whole words
	rankBegun             // the title, or the number, by beginnings
	rankWords             // the title, by whole words in order
	rankWhole             // all of the title, or of the number
)

// rank says how well a meeting fits.
func (n *named) rank(s sought) int {
	rank := rankOfTitle[n.title.Fit(s.title)]
	if rank < rankOfHost && n.host.Fit(s.title) >= title.Begun {
		rank = rankOfHost
	}
	if rank == 0 && (title.Among(s.title, n.title, n.host) || s.slips && n.title.Near(s.title)) {
		rank = rankInside
	}
	if s.number != "" {
		rank = max(rank, rankOfNumber(n.meeting.ID, s.number), rankOfNumber(n.meeting.RoomID, s.number))
	}
	return rank
}

var rankOfTitle = map[title.Fit]int{title.Inside: rankInside, title.Begun: rankBegun, title.Words: rankWords, title.Whole: rankWhole}

func rankOfNumber(id, number string) int {
	switch {
	case id == number:
		return rankWhole
	case strings.HasPrefix(id, number):
		return rankBegun
	case strings.Contains(id, number):
		return rankInside
	}
	return 0
}
