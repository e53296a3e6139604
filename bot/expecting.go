package bot

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"golang.org/x/sync/errgroup"
)

// expecting tells those who expect something of automation what comes of it, after it was paused or resumed.
type expecting struct {
	foresees      *foreseeing
	gate          *access.Gate
	messenger     *messenger
	speaker       *speaker
	notifyChannel string
	logger        *slog.Logger
}

// tell tells NOTIFY_CHANNEL what an administrator did, and each reader what comes of it for the meetings of which they
// expect something.
func (e *expecting) tell(ctx context.Context, by extension.Actor, key i18n.Key) {
	var mu sync.Mutex
	read := make(map[string][]scheduler.Promise)
	if e.notifyChannel != "" {
		read[e.notifyChannel] = nil
	}
	promises, err := e.foresees.scheduler.Promises(ctx)
	if err != nil {
		e.logger.WarnContext(ctx, "those who expect something of automation are not told", "error", err)
	}
	e.each(ctx, len(promises), func(i int) {
		readers := e.readers(ctx, promises[i])
		mu.Lock()
		defer mu.Unlock()
		for _, reader := range readers {
			read[reader] = append(read[reader], promises[i])
		}
	})
	places := make([]string, 0, len(read))
	for place := range read {
		places = append(places, place)
	}
	e.each(ctx, len(places), func(i int) {
		e.messenger.tell(ctx, places[i], e.note(ctx, by, places[i], key, read[places[i]]))
	})
}

// readers are those who read of a meeting. Those of its rule read of a run that the rule's owner may extend, and of no
// other.
func (e *expecting) readers(ctx context.Context, promise scheduler.Promise) []string {
	readers, rule := promise.Readers, promise.Outlook.Wish.Rule
	if reader := readerOf(rule); reader != "" && !slices.Contains(readers, reader) {
		verdict, err := e.gate.Authorise(ctx, rule.Owner.User, rule.Channel, promise.Meeting)
		if err == nil && verdict.Allowed {
			readers = append(slices.Clone(readers), reader)
		}
	}
	return readers
}

// readerOf is the channel that reads of a rule, or else the person.
func readerOf(rule scheduler.Rule) string { return cmp.Or(rule.Channel, rule.Owner.User) }

func (e *expecting) note(ctx context.Context, by extension.Actor, place string, key i18n.Key, promises []scheduler.Promise) Reply {
	to := recipient{id: place, say: e.speaker.channel(), now: e.speaker.now()}
	if strings.HasPrefix(place, "U") || strings.HasPrefix(place, "W") {
		to.person, to.say = e.speaker.person(ctx, place)
	}
	slices.SortFunc(promises, func(a, b scheduler.Promise) int {
		return cmp.Or(a.Outlook.End.Compare(b.Outlook.End), cmp.Compare(a.Outlook.MeetingID, b.Outlook.MeetingID))
	})
	reply := Reply{Tone: Telling, Text: to.say.Say(key, i18n.Data{"Who": who(by)})}
	listed := promises[:min(len(promises), itemLimit)]
	for _, promise := range listed {
		item := headingOf(e.sight(ctx, to, promise), promise.Meeting).Name + " · " + e.foresees.says(to.speech(), promise.Outlook)
		reply.Items = append(reply.Items, Item{Text: item})
	}
	reply.Rest, reply.More = len(promises)-len(listed), saysMore(to.say)
	return reply
}

// sight is what a reader may know of a meeting: a person, a channel that watches it, or NOTIFY_CHANNEL.
func (e *expecting) sight(ctx context.Context, to recipient, promise scheduler.Promise) access.Sight {
	watch := watchOf(promise.Outlook.Wish.Rule)
	switch {
	case to.person.ID != "":
		return e.gate.ReaderSight(ctx, to.person, watch, promise.Meeting)
	case to.id == e.notifyChannel:
		return e.gate.OperatorSight(ctx, to.id)
	}
	return e.gate.ChannelSight(ctx, watch, promise.Meeting)
}

// each does something for each number below count, a few at once. A panic costs its own.
func (e *expecting) each(ctx context.Context, count int, do func(int)) {
	var group errgroup.Group
	group.SetLimit(8)
	for i := range count {
		group.Go(func() error {
			defer func() {
				if value := recover(); value != nil { // it would end the process
					logPanic(ctx, e.logger, "telling those who expect something panicked", value)
				}
			}()
			do(i)
			return nil
		})
	}
	_ = group.Wait() // no function returns an error
}
