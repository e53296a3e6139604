package bot

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/slack-go/slack"
)

func slackSays(code string) error { return slack.SlackErrorResponse{Err: code} }

// Who is told: the rule's channel, its owner, NOTIFY_CHANNEL, the host; a place where the bot may not post is passed over.
func TestAnnouncedTo(t *testing.T) {
	noRule := func(o *scheduler.Occasion) { o.Rule = scheduler.Rule{Mode: scheduler.ModeAsk} }
	direct := func(o *scheduler.Occasion) { o.Rule.Channel = "" }
	refusing := func(places ...string) func(*world) {
		return func(w *world) {
			w.poster.errs = make(map[string][]error)
			for i, place := range places {
				w.poster.errs[place] = []error{slackSays([]string{"not_in_channel", "channel_not_found", "is_archived"}[i])}
			}
		}
	}
	for _, test := range []struct {
		name   string
		change func(*scheduler.Occasion)
		set    func(*world)
		want   string // where it was posted
		err    error
	}{
		{name: "channel of the rule", want: theChannel},
		{name: "owner of a rule without a channel", change: direct, set: notifying, want: owner},
		{name: "owner, where the channel refuses", set: both(notifying, refusing(theChannel)), want: owner},
		{name: "NOTIFY_CHANNEL, where both refuse", set: both(notifying, refusing(theChannel, owner)), want: "C0NOTIFY"},
		{name: "NOTIFY_CHANNEL", change: noRule, set: notifying, want: "C0NOTIFY"},
		{name: "host, where it refuses", change: noRule, set: both(notifying, refusing("C0NOTIFY")), want: owner},
		{name: "host", change: noRule, want: owner},
		{name: "nobody: all refuse", set: both(notifying, refusing(theChannel, owner, "C0NOTIFY"), func(w *world) { w.hosts.email = "" }), err: scheduler.ErrNobodyToTell},
		{name: "nobody: host without an address", change: noRule, set: func(w *world) { w.hosts.email = "" }, err: scheduler.ErrNobodyToTell},
		{name: "nobody: host not in Slack", change: noRule, set: func(w *world) { w.hosts.email = "guest@else.example" }, err: scheduler.ErrNobodyToTell},
		{name: "nobody: host's address not confirmed", change: noRule, set: changed(owner, func(p *access.Person) { p.EmailConfirmed = false }), err: scheduler.ErrNobodyToTell},
		{name: "nobody: host a guest", change: noRule, set: changed(owner, func(p *access.Person) { p.Guest = true }), err: scheduler.ErrNobodyToTell},
		{name: "nobody: host deactivated", change: noRule, set: changed(owner, func(p *access.Person) { p.Deleted = true }), err: scheduler.ErrNobodyToTell},
		{name: "nobody: host of another workspace", change: noRule, set: changed(owner, func(p *access.Person) { p.TeamID = "T0OTHER" }), err: scheduler.ErrNobodyToTell},
		{name: "nobody: host wants to be left alone", change: noRule, set: func(w *world) {
			w.rules.quiet = map[extension.Actor]bool{{Team: theTeam, User: owner}: true}
		}, err: scheduler.ErrNobodyToTell},
		{name: "host not to be found out", change: noRule, set: func(w *world) { w.hosts.err = context.DeadlineExceeded }, err: context.DeadlineExceeded},
		{name: "host's account not to be found out", change: noRule, set: func(w *world) { w.people.emailErr = context.DeadlineExceeded }, err: context.DeadlineExceeded},
		{name: "host's wish not to be found out", change: noRule, set: rulesFail, err: context.DeadlineExceeded},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t)
			both(test.set)(w)
			w.build()
			occasion := askedAt()
			if test.change != nil {
				test.change(&occasion)
			}
			posted, err := w.bot.Announce(t.Context(), occasion)
			if !errors.Is(err, test.err) || (err == nil) != (test.err == nil) {
				t.Fatalf("error %v, want %v", err, test.err)
			}
			var want []string
			if test.want != "" {
				want = []string{test.want}
			}
			if !slices.Equal(w.poster.users, want) || (err == nil) != (posted.Timestamp != "") {
				t.Errorf("posted to %q (%+v), want %q", w.poster.users, posted, want)
			}
			if passed := w.poster.tries - len(want); w.log.count(`"remedy":"`) != passed {
				t.Errorf("%d places passed over, and in the log:\n%s", passed, w.log)
			}
		})
	}
}

// Channels read in the default language, people in their own.
func TestAnnouncementsSpeakTheReadersLanguage(t *testing.T) {
	w := newWorld(t)
	w.language = "zh"
	changed(owner, func(p *access.Person) { p.Locale = "es-ES" })(w)
	w.build()
	occasion := askedAt()
	for range 2 {
		if _, err := w.bot.Announce(t.Context(), occasion); err != nil {
			t.Fatal(err)
		}
		occasion.Rule = scheduler.Rule{Mode: scheduler.ModeAsk}
	}
	wantTexts(t, w.poster.texts(), "是否继续", "¿Debe continuar?")
}

// What Slack may have taken is never posted twice; what it certainly did not take says so.
func TestPostedOnceInDoubt(t *testing.T) {
	timeout := &url.Error{Op: "Post", URL: "https://slack.com/api/chat.postMessage", Err: context.DeadlineExceeded}
	for _, test := range []struct {
		name  string
		err   error
		doubt bool
	}{
		{"no answer", timeout, true},
		{"connection cut", &net.OpError{Op: "read", Err: errors.New("connection reset by peer")}, true},
		{"no connection", &url.Error{Op: "Post", URL: "https://slack.com/api/", Err: &net.OpError{Op: "dial", Err: errors.New("connection refused")}}, false},
		{"500", slack.StatusCodeError{Code: 500}, true},
		{"Slack itself does not know", slackSays("internal_error"), true},
		{"bad token", slackSays("invalid_auth"), false},
		{"too long", slackSays("msg_too_long"), false},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t)
			w.poster.errs = map[string][]error{theChannel: {test.err}}
			w.build()
			_, err := w.bot.Announce(t.Context(), askedAt())
			if err == nil || errors.Is(err, scheduler.ErrInDoubt) != test.doubt || errors.Is(err, scheduler.ErrNobodyToTell) {
				t.Errorf("error %v, in doubt: want %v", err, test.doubt)
			}
			if w.poster.tries != 1 {
				t.Errorf("posted %d times", w.poster.tries)
			}
		})
	}
}

// A channel takes about a message a second: what is throttled waits for as long as Slack says, within the context.
func TestPostingWaitsForSlack(t *testing.T) {
	throttled := &slack.RateLimitedError{RetryAfter: 3 * time.Second}
	for _, test := range []struct {
		name   string
		within time.Duration
		tries  int
		took   time.Duration
	}{
		{"in time", 10 * time.Second, 3, 6 * time.Second},
		{"not in time", 5 * time.Second, 2, 3 * time.Second},
	} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			w.poster.errs = map[string][]error{theChannel: {throttled, throttled}}
			w.build()
			ctx, cancel := context.WithTimeout(t.Context(), test.within)
			defer cancel()
			began := time.Now()
			_, err := w.bot.Announce(ctx, askedAt())
			if took := time.Since(began); took != test.took || w.poster.tries != test.tries {
				t.Errorf("%s: %d tries in %v, want %d in %v", test.name, w.poster.tries, took, test.tries, test.took)
			}
			if (err == nil) != (test.tries == 3) || errors.Is(err, scheduler.ErrInDoubt) {
				t.Errorf("%s: error %v", test.name, err)
			}
		})
	}
}

// Blocks that Slack does not take are left out rather than the message.
func TestAnnouncedWithoutItsLayout(t *testing.T) {
	w := newWorld(t)
	w.poster.errs = map[string][]error{theChannel: {slackSays("invalid_blocks")}}
	w.build()
	if _, err := w.bot.Announce(t.Context(), askedAt()); err != nil {
		t.Fatal(err)
	}
	wantTexts(t, w.poster.texts(), "Shall it go on?")
}

// The buttons of a message are rows of their own, of its prompt, run and end, and outlive that by a while.
func TestButtonsOfAnAnnouncement(t *testing.T) {
	w := newWorld(t)
	w.build()
	occasion := askedAt()
	if _, err := w.bot.Announce(t.Context(), occasion); err != nil {
		t.Fatal(err)
	}
	var verbs []string
	for id, action := range w.inbox.actions {
		verbs = append(verbs, fmt.Sprint(action.Verb, action.Minutes))
		if action.Prompt != 7 || action.Run != occasion.Prompt.Run || !action.OfferedEnd.Equal(occasion.Prompt.End) ||
			!action.Expires.After(occasion.Prompt.End) || action.MeetingID != theID || len(id) < 20 {
			t.Errorf("%+v", action)
		}
	}
	slices.Sort(verbs)
	if want := []string{"end0", "extend15", "extend30", "extend60", "keep0"}; !slices.Equal(verbs, want) {
		t.Errorf("buttons %q, want %q", verbs, want)
	}
	w.inbox.put = func(context.Context) error { return errors.New("no store") }
	if _, err := w.bot.Announce(t.Context(), occasion); err != nil {
		t.Errorf("without its buttons: %v", err)
	}
}

// A message is edited when, and only when, it shows what is true no more.
func TestFollows(t *testing.T) {
	for _, s := range occasionScenes() {
		t.Run(s.name, func(t *testing.T) {
			w := newWorld(t)
			w.build()
			occasion := s.occasion
			occasion.Prompt.Posted = scheduler.Posted{Channel: theChannel, Timestamp: "1.1", Reader: scheduler.Reader{ID: theChannel}}
			shown, err := w.bot.Follow(t.Context(), occasion)
			if err != nil || len(w.poster.edits) != 1 {
				t.Fatalf("%v, %v, %d edits", shown, err, len(w.poster.edits))
			}
			if edit := w.poster.edits[0]; edit.channel != theChannel || edit.timestamp != "1.1" || edit.text == "" {
				t.Errorf("%+v", edit)
			}
			occasion.Prompt.Shown = shown
			if again, err := w.bot.Follow(t.Context(), occasion); again != shown || err != nil || len(w.poster.edits) != 1 {
				t.Errorf("a second time: %v after %v, %v, %d edits", again, shown, err, len(w.poster.edits))
			}
		})
	}
}

// Two states that read differently are told apart, and those that read the same are not.
func TestStages(t *testing.T) {
	open := askedAt()
	keep := with(open, answeredBy(admin, scheduler.KeepExtending))
	byAdmin, byOwner := with(open, extendedBy(admin, 15)), with(open, extendedBy(owner, 15))
	fewer := with(open, func(o *scheduler.Occasion) { o.Meeting.People, o.Decision.Left = 2, 7 })
	lagging := with(extendedAt(), func(o *scheduler.Occasion) { o.Meeting.End = o.Prompt.End })
	unsure := with(open, func(o *scheduler.Occasion) { o.Unsure = true })
	wasUnsure := with(open, func(o *scheduler.Occasion) { o.Prompt.Shown = shownOf(unsure) })
	for _, test := range []struct {
		name string
		a, b scheduler.Occasion
		same bool
	}{
		{"fewer people, less left", open, fewer, true},
		{"answered", open, keep, false},
		{"another answer", keep, with(open, answeredBy(admin, scheduler.LetEnd)), false},
		{"another person", keep, with(open, answeredBy(owner, scheduler.KeepExtending)), false},
		{"of one who may no more", keep, with(keep, lapsed), false},
		{"extended", open, byAdmin, false},
		{"extended by another", byAdmin, byOwner, false},
		{"extended further", byAdmin, with(open, extendedBy(admin, 30)), false},
		{"over", open, with(open, over), false},
		{"a list that lags", extendedAt(), lagging, true},
		{"stopped", extendedAt(), with(extendedAt(), answeredBy(admin, scheduler.StopExtending)), false},
		{"perhaps asked before", open, unsure, false},
		{"perhaps asked before, later on", unsure, wasUnsure, true},
	} {
		a, b := shownOf(test.a), shownOf(test.b)
		if (a == b) != test.same {
			t.Errorf("%s: %v and %v", test.name, a, b)
		}
	}
}

// Nobody reads of themselves as of the host: not the host who made the rule either, as far as that is known.
func TestHostReadsOfThemselves(t *testing.T) {
	byDirectMessage := func(user string) scheduler.Rule {
		rule := theRule()
		rule.Channel, rule.Owner.User = "", user
		return rule
	}
	for _, test := range []struct {
		name  string
		rule  scheduler.Rule
		known bool // who hosts the meeting
		own   bool
	}{
		{"nobody's rule", scheduler.Rule{Mode: scheduler.ModeAsk}, false, true},
		{"the host's own rule", byDirectMessage(owner), true, true},
		{"the host's own rule, host not known", byDirectMessage(owner), false, false},
		{"another's rule", byDirectMessage(admin), true, false},
		{"the host's own rule in a channel", theRule(), true, false},
	} {
		for _, trouble := range slices.Sorted(maps.Keys(troubles)) {
			w := newWorld(t)
			w.build()
			occasion := inTrouble(trouble)
			occasion.Rule = test.rule
			if test.known {
				if _, err := w.bot.gate.Hosts.Lookup(t.Context(), theMeeting()); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := w.bot.Announce(t.Context(), occasion); err != nil {
				t.Fatal(err)
			}
			text := w.poster.texts()[0]
			if ofAnother := strings.Contains(text, "he host can") || strings.Contains(text, "let the host") || strings.Contains(text, "Its host"); ofAnother && test.own {
				t.Errorf("%s, %s: %q", test.name, trouble, text)
			}
			if toHost := strings.Contains(text, "yourself") || strings.Contains(text, "You have"); toHost && !test.own {
				t.Errorf("%s, %s: %q", test.name, trouble, text)
			}
		}
	}
}

// A direct message goes on in its reader's language, with their buttons, whoever edits it.
func TestFollowsInADirectMessage(t *testing.T) {
	w := newWorld(t)
	changed(owner, func(p *access.Person) { p.Locale = "es-ES" })(w)
	w.build()
	occasion := askedAt()
	occasion.Rule = scheduler.Rule{Mode: scheduler.ModeAsk}
	posted, err := w.bot.Announce(t.Context(), occasion)
	if err != nil || !isDirect(posted.Channel) {
		t.Fatal(posted, err)
	}
	occasion.Prompt.Posted = posted
	occasion = with(occasion, answeredBy(owner, scheduler.KeepExtending))
	if _, err := w.bot.Follow(t.Context(), occasion); err != nil {
		t.Fatal(err)
	}
	if edit := w.poster.edits[0]; !strings.Contains(edit.text, "me ha dicho que la siga ampliando") {
		t.Errorf("%+v", edit)
	}
	quiet := 0
	for _, action := range w.inbox.actions {
		if action.Verb == verbQuiet {
			quiet++
		}
	}
	if quiet != 2 {
		t.Errorf("%d buttons to be left alone, want one in each message", quiet)
	}
}

// A message that nobody can edit any more is given up; other trouble is tried again by the next tick.
func TestFollowsAsFarAsSlackAllows(t *testing.T) {
	for _, test := range []struct {
		err    error
		gaveUp bool
	}{
		{slackSays("message_not_found"), true},
		{slackSays("edit_window_closed"), true},
		{slackSays("is_archived"), true},
		{slackSays("internal_error"), false},
		{errors.New("connection reset by peer"), false},
	} {
		w := newWorld(t)
		w.poster.errs = map[string][]error{theChannel: {test.err}}
		w.build()
		occasion := with(askedAt(), extendedBy(admin, 15))
		occasion.Prompt.Posted = scheduler.Posted{Channel: theChannel, Timestamp: "1.1"}
		shown, err := w.bot.Follow(t.Context(), occasion)
		if (err == nil) != test.gaveUp || (shown == scheduler.Shown{}) == test.gaveUp {
			t.Errorf("%v: %v, %v", test.err, shown, err)
		}
	}
	w := newWorld(t)
	w.build()
	if _, err := w.bot.Follow(t.Context(), askedAt()); err == nil {
		t.Error("a prompt without a message was followed")
	}
}
