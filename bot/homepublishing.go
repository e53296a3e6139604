package bot

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/overtime-bot/overtime/bot/pace"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/slack-go/slack"
)

const (
	openFor      = 10 * time.Minute // after it was opened, a Home follows what others do
	mostOpen     = 200              // Homes that do
	refreshPause = 3 * time.Second  // between two rounds
	refreshEvery = time.Minute      // though nothing happened here: something may have in another process
	homeBudget   = 15 * time.Second // for one Home
	noticeStays  = time.Minute      // what came of a press stays, whatever others do meanwhile
)

// homes publishes the Homes of people: when they open them, after what they do, and while they look, after what others do: at
// once, or within a minute where another process did it.
type homes struct {
	views      *homeViews
	messenger  *messenger
	looking    *looking
	understand func(ctx context.Context, from sender) interaction // and judge
	now        func() time.Time
	logger     *slog.Logger
	wake       chan struct{}

	mu      sync.Mutex
	open    map[string]opened // by user
	trouble string            // with the last one that was published; "" = none
}

// opened is a Home that somebody looks at.
type opened struct {
	team      string
	at        time.Time
	signature string // of what it showed last
	acts      int    // of the person there, so that no round that read before them takes the place of what they see
	interrupt func() // the round that is under way for this Home; nil = none was
	notice    *Reply // what came of the person's last press
	noticed   time.Time
}

// said is what came of the last press, for as long as it is shown.
func (o opened) said(now time.Time) *Reply {
	if now.Sub(o.noticed) > noticeStays {
		return nil
	}
	return o.notice
}

func newHomes(views *homeViews, messenger *messenger, looking *looking, understand func(context.Context, sender) interaction) *homes {
	return &homes{
		views: views, messenger: messenger, looking: looking, understand: understand, now: views.now, logger: views.logger,
		wake: make(chan struct{}, 1), open: make(map[string]opened),
	}
}

// opens publishes the Home that somebody opens. Who opens it too often keeps what it showed last.
func (h *homes) opens(ctx context.Context, from sender) {
	in := h.understand(ctx, from)
	if h.looking.allow(in.actor()) > 0 {
		h.logger.DebugContext(ctx, "a Home is opened too often", "user", from.User)
		return
	}
	h.remember(from)
	h.publish(ctx, in, nil)
}

// unwritten shows that the store does not take what people ask, in place of a Home that would ask it much.
func (h *homes) unwritten(ctx context.Context, from sender) {
	ctx, cancel := context.WithTimeout(ctx, homeBudget)
	defer cancel()
	in := h.understand(ctx, from)
	h.remember(from)
	view := home{at: h.now(), bare: true}
	view.incomplete(in)
	h.takesOver(from.User, nil)
	h.send(ctx, in, view, pace.First)
}

// remember notes that somebody looks, in place of who has looked for longest.
func (h *homes) remember(from sender) {
	h.mu.Lock()
	defer h.mu.Unlock()
	oldest, at := "", h.now()
	for user, home := range h.open {
		if home.at.Before(at) {
			oldest, at = user, home.at
		}
	}
	if _, known := h.open[from.User]; !known && len(h.open) >= mostOpen {
		delete(h.open, oldest)
	}
	home := h.open[from.User]
	home.team, home.at, home.signature = from.Team, h.now(), ""
	h.open[from.User] = home
}

// takesOver notes what the person's own act brings to their Home. A round that read before it ends without publishing.
func (h *homes) takesOver(user string, notice *Reply) {
	h.mu.Lock()
	defer h.mu.Unlock()
	home, known := h.open[user]
	if !known {
		return
	}
	if home.interrupt != nil {
		home.interrupt()
	}
	home.acts++
	home.notice, home.noticed = notice, h.now()
	h.open[user] = home
}

// tells shows an answer in the Home of the person who pressed there. It is false if that does not suffice: Slack does not say
// whether they still look, and what was not done must not be missed.
func (h *homes) tells(ctx context.Context, user string, reply Reply) bool {
	h.mu.Lock()
	team := h.open[user].team
	h.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, homeBudget)
	defer cancel()
	published := h.publish(ctx, h.understand(ctx, sender{User: user, Team: team}), &reply)
	return published && (reply.Tone == Done && !reply.Pending || reply.Tone == Waiting && reply.Next == "")
}

// publish reads the running meetings, and publishes a Home.
func (h *homes) publish(ctx context.Context, in interaction, notice *Reply) bool {
	h.takesOver(in.from.User, notice)
	ctx = meeting.Looking(ctx)
	running, err := h.views.extender.Running(ctx)
	view := h.views.view(ctx, in, running, err)
	view.notice = notice
	return h.send(ctx, in, view, pace.First)
}

func (h *homes) send(ctx context.Context, in interaction, view home, importance pace.Importance) bool {
	err := h.messenger.publish(ctx, in.from.User, view, in, importance)
	if errors.Is(ctx.Err(), context.Canceled) {
		return false // interrupted: what came instead is noted, or the bot stops
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if home, known := h.open[in.from.User]; known && err == nil {
		home.signature = view.signature()
		h.open[in.from.User] = home
	}
	trouble := ""
	if err != nil {
		trouble = err.Error()
	}
	if trouble != h.trouble && trouble != "" {
		h.logger.WarnContext(ctx, "a Home could not be published; the next ones with the same error are not logged", "error", err)
	}
	h.trouble = trouble
	return err == nil
}

// changed has the Homes follow that are looked at, soon.
func (h *homes) changed() {
	select {
	case h.wake <- struct{}{}:
	default: // it is known already
	}
}

// run refreshes Homes until ctx ends.
func (h *homes) run(ctx context.Context) {
	again := time.NewTicker(refreshEvery)
	defer again.Stop()
	for {
		select {
		case <-h.wake:
		case <-again.C:
		case <-ctx.Done():
			return
		}
		func() {
			defer func() {
				if value := recover(); value != nil {
					logPanic(ctx, h.logger, "refreshing Homes panicked", value)
				}
			}()
			h.refresh(ctx)
		}()
		select {
		case <-time.After(refreshPause):
		case <-ctx.Done():
			return
		}
	}
}

// refresh publishes the Homes that say something else than before. All are made of one read.
func (h *homes) refresh(ctx context.Context) {
	lookers := h.lookers()
	if len(lookers) == 0 {
		return
	}
	ctx = meeting.Looking(ctx)
	running, err := h.views.extender.Running(ctx)
	if err != nil {
		h.logger.WarnContext(ctx, "Homes are not refreshed", "error", err)
		return
	}
	for user, home := range lookers {
		h.follow(ctx, user, home, running)
	}
}

// follow publishes one Home of a round if it says something else than before, unless its person acts meanwhile.
func (h *homes) follow(ctx context.Context, user string, before opened, running []meeting.Meeting) {
	ctx, cancel := context.WithTimeout(ctx, homeBudget)
	defer cancel()
	if !h.gives(user, before.acts, cancel) {
		h.changed() // what was read may be older than what the person sees
		return
	}
	in := h.understand(ctx, sender{User: user, Team: before.team})
	view := h.views.view(ctx, in, running, nil)
	view.notice = before.said(h.now())
	if ctx.Err() == nil && view.signature() != before.signature {
		h.send(ctx, in, view, pace.Last)
	}
}

// gives lets a round have a Home, until its person acts. It is false if they did since the round began.
func (h *homes) gives(user string, acts int, interrupt func()) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	home, known := h.open[user]
	if !known || home.acts != acts {
		return false
	}
	home.interrupt = interrupt
	h.open[user] = home
	return true
}

// lookers are the Homes that were opened lately.
func (h *homes) lookers() map[string]opened {
	h.mu.Lock()
	defer h.mu.Unlock()
	found := make(map[string]opened)
	for user, home := range h.open {
		if h.now().Sub(home.at) > openFor {
			delete(h.open, user)
			continue
		}
		found[user] = home
	}
	return found
}

// publish stores what the buttons of a Home do, and shows it to its person. Without a store it goes without buttons, and
// says so.
func (m *messenger) publish(ctx context.Context, user string, view home, in interaction, importance pace.Importance) error {
	if !m.stores(ctx, view.unstored()) {
		view.incomplete(in)
	}
	request := slack.PublishViewContextRequest{UserID: user, View: slack.HomeTabViewRequest{
		Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: view.blocks(in)},
	}}
	err := m.lines.Patiently(ctx, homesShown, importance, func() error {
		_, err := m.poster.PublishViewContext(ctx, request)
		return err
	})
	return withoutURL(err)
}
