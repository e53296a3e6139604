package bot

import (
	"context"
	"math"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"golang.org/x/time/rate"
)

// looks are the commands that read and change nothing. What they ask the meeting service comes behind what extends.
var looks = map[grammar.Verb]bool{grammar.VerbList: true, grammar.VerbStatus: true, grammar.VerbWhy: true}

const (
	looksAMinute = 30     // by one person, at once or one by one
	mostLookers  = 10_000 // who are remembered
)

// looking limits how often one person looks, so that nobody uses up what all share.
type looking struct {
	now    func() time.Time
	people *lru.Cache[extension.Actor, *rate.Limiter]
}

func newLooking(now func() time.Time) *looking {
	people, _ := lru.New[extension.Actor, *rate.Limiter](mostLookers) // fails for no size alone
	return &looking{now: now, people: people}
}

// allow counts a look, or says how long the person has to wait for one.
func (l *looking) allow(by extension.Actor) time.Duration {
	if _, known := l.people.Get(by); !known {
		l.people.ContainsOrAdd(by, rate.NewLimiter(rate.Every(time.Minute/looksAMinute), looksAMinute))
	}
	bucket, known := l.people.Get(by)
	if !known { // so many others came in between
		return 0
	}
	now := l.now()
	look := bucket.ReserveN(now, 1)
	wait := look.DelayFrom(now)
	if wait > 0 {
		look.CancelAt(now)
	}
	return wait
}

// look carries a command out that only reads.
func (t *table) look(ctx context.Context, in interaction, row entry) Reply {
	if wait := t.looking.allow(in.actor()); wait > 0 {
		return in.reply(Refusal, i18n.LimitLooks, i18n.LimitLooksNext, i18n.Data{
			"Count": looksAMinute, "Seconds": int(math.Ceil(wait.Seconds())),
		})
	}
	return row.handle(meeting.Looking(ctx), in)
}
