package storetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// promptsContract is the contract of store.Prompts.
var promptsContract = []part{
	{"prompt is stored", promptIsStored},
	{"prompt with a mistake is refused", promptWithMistake},
	{"one prompt per kind, run and end", promptOnce},
	{"prompts of runs", promptsOfRuns},
	{"prompt is posted", promptIsPosted},
	{"prompt whose poster died", promptIsUnsure},
	{"prompt that Slack did not take", promptIsUnposted},
	{"prompts that are followed", promptsFollowed},
	{"prompt shows something else", promptShows},
	{"every answer to every other", promptAnswers},
	{"of two wishes the later has the later time", wishesAreInOrder},
	{"answer lapses", promptLapses},
	{"prompt is closed", promptIsClosed},
	{"one of many claims a prompt", raceForPrompt},
	{"one of many shows a prompt", raceToShow},
	{"one of many answers a prompt", raceToAnswer},
	{"one of many gives a prompt up", raceForUnsure},
}

var promptKinds = []scheduler.PromptKind{scheduler.PromptAsk, scheduler.PromptAuto, scheduler.PromptTrouble}

// about is a prompt of a run, for an end.
func about(run string, end time.Duration) scheduler.Prompt {
	return scheduler.Prompt{
		Kind: scheduler.PromptAsk, Run: run, MeetingID: "914083136", RuleOf: "room 1", For: "C1 1700000000000",
		End: time.Date(2026, 3, 1, 15, 0, 0, 0, time.UTC).Add(end),
	}
}

// claimPrompt says whether the prompt should be new.
func claimPrompt(t *testing.T, s *store.Store, p scheduler.Prompt, want bool) scheduler.Prompt {
	t.Helper()
	claimed, won, err := s.Prompts.ClaimPrompt(t.Context(), p)
	succeed(t, err)
	equal(t, "claimed a prompt of "+p.Run, won, want)
	return claimed
}

// showing has every field.
func showing(who string) scheduler.Shown {
	return scheduler.Shown{
		Stage: scheduler.StageAnswered, End: 1_700_000_000, Who: who, Answer: scheduler.KeepExtending, State: extension.Accepted,
		Lapsed: true, Unsure: true,
	}
}

// inChannel is where most messages are.
func inChannel(who string) scheduler.Posted {
	return scheduler.Posted{Channel: "C1", Timestamp: "1700000000.000100", Reader: scheduler.Reader{ID: "C1"}, Shown: showing(who)}
}

func movePrompt(s *store.Store, id int64, to scheduler.PromptState) error {
	return s.Prompts.MovePrompt(context.Background(), id, to, scheduler.Posted{})
}

// posted claims a prompt and posts it.
func posted(t *testing.T, s *store.Store, p scheduler.Prompt, who string) scheduler.Prompt {
	t.Helper()
	claimed := claimPrompt(t, s, p, true)
	succeed(t, s.Prompts.MovePrompt(t.Context(), claimed.ID, scheduler.PromptPosted, inChannel(who)))
	return readPrompt(t, s, claimed.ID)
}

func readPrompt(t *testing.T, s *store.Store, id int64) scheduler.Prompt {
	t.Helper()
	p, err := s.Prompts.Prompt(t.Context(), id)
	succeed(t, err)
	return p
}

func promptsOf(t *testing.T, s *store.Store, runs ...string) map[string][]scheduler.Prompt {
	t.Helper()
	found, err := s.Prompts.Prompts(t.Context(), runs)
	succeed(t, err)
	return found
}

func promptIsStored(t *testing.T, db Database) {
	s, other := db.Open(t), db.Open(t)
	for number, kind := range promptKinds {
		p := about(fmt.Sprintf("run %d 日本 'x' ?", number), time.Hour)
		p.Kind = kind
		if kind == scheduler.PromptTrouble {
			p.Trouble = scheduler.TroubleSpent
		}
		asked := p
		asked.End = p.End.In(time.FixedZone("elsewhere", 3600))
		asked.ID, asked.State, asked.Posted = 77, scheduler.PromptPosted, inChannel("U9") // not the caller's to say
		claimed := claimPrompt(t, s, asked, true)
		if claimed.ID == 0 {
			t.Error("claimed without an ID")
		}
		madeNow(t, s, "prompt", claimed.Created)
		p.ID, p.Created, p.State = claimed.ID, claimed.Created, scheduler.PromptPosting
		equal(t, "claimed", claimed, p)
		equal(t, "read", readPrompt(t, other, p.ID), p)
	}
	_, err := s.Prompts.Prompt(t.Context(), 1<<40)
	failsWith(t, err, scheduler.ErrNoPrompt)
}

func promptWithMistake(t *testing.T, db Database) {
	s := db.Open(t)
	for name, mistake := range map[string]func(*scheduler.Prompt){
		"no run":       func(p *scheduler.Prompt) { p.Run = "" },
		"no end":       func(p *scheduler.Prompt) { p.End = time.Time{} },
		"no kind":      func(p *scheduler.Prompt) { p.Kind = "" },
		"unknown kind": func(p *scheduler.Prompt) { p.Kind = "joke" },
	} {
		p := about("run 1", 0)
		mistake(&p)
		if _, won, err := s.Prompts.ClaimPrompt(t.Context(), p); err == nil || won {
			t.Errorf("%s: claimed", name)
		}
	}
	equal(t, "prompts", len(promptsOf(t, s, "run 1", "")), 0)
}

func promptOnce(t *testing.T, db Database) {
	s, other := db.Open(t), db.Open(t)
	first := posted(t, s, about("run 1", 0), "shown")
	again := about("run 1", 0)
	again.MeetingID, again.RuleOf = "other", "other"
	equal(t, "the one that is there", claimPrompt(t, other, again, false), first)
	succeed(t, movePrompt(s, first.ID, scheduler.PromptClosed))
	equal(t, "state of the one that is there", claimPrompt(t, s, again, false).State, scheduler.PromptClosed)

	for _, reader := range []string{"", "C2 1700000000000", "C1 1700000000001"} {
		elsewhere := about("run 1", 0)
		elsewhere.For = reader
		claimPrompt(t, s, elsewhere, true)
		equal(t, "reader", claimPrompt(t, other, elsewhere, false).For, reader)
	}
	claimPrompt(t, s, about("run 1", time.Minute), true)
	claimPrompt(t, s, about("run 2", 0), true)
	for _, kind := range promptKinds[1:] {
		other := about("run 1", 0)
		other.Kind = kind
		claimPrompt(t, s, other, true)
		claimPrompt(t, s, other, false)
	}
}

func promptsOfRuns(t *testing.T, db Database) {
	s := db.Open(t)
	want := map[string][]scheduler.Prompt{}
	for _, end := range []time.Duration{time.Hour, 0, 30 * time.Minute} { // oldest first, whatever they are about
		for _, run := range []string{"run 1", "run 2", "other"} {
			p := claimPrompt(t, s, about(run, end), true)
			want[run] = append(want[run], p)
		}
		db.Advance(t, time.Second)
	}
	succeed(t, movePrompt(s, want["run 1"][1].ID, scheduler.PromptClosed))
	want["run 1"][1].State = scheduler.PromptClosed
	delete(want, "other")
	equal(t, "prompts", promptsOf(t, s, "run 1", "none", "run 2"), want)
}

func promptIsPosted(t *testing.T, db Database) {
	s := db.Open(t)
	p := claimPrompt(t, s, about("run 1", 0), true)
	direct := func(who string) scheduler.Posted {
		return scheduler.Posted{
			Channel: "D1", Timestamp: "1700000000.000100", Reader: scheduler.Reader{ID: "U1", Host: true}, Shown: showing(who),
		}
	}
	post := func(who string) error {
		return s.Prompts.MovePrompt(t.Context(), p.ID, scheduler.PromptPosted, direct(who))
	}
	succeed(t, post("first"))
	p.State, p.Posted = scheduler.PromptPosted, direct("first")
	equal(t, "posted", readPrompt(t, s, p.ID), p)
	failsWith(t, post("second"), extension.ErrMoved)
	succeed(t, movePrompt(s, p.ID, scheduler.PromptClosed))
	failsWith(t, post("third"), extension.ErrMoved)
	p.State = scheduler.PromptClosed
	equal(t, "closed", readPrompt(t, s, p.ID), p)
	failsWith(t, s.Prompts.MovePrompt(t.Context(), 1<<40, scheduler.PromptPosted, direct("none")), extension.ErrMoved)
	for _, nowhere := range []scheduler.PromptState{"", "joke", scheduler.PromptPosting, scheduler.PromptUnsure} {
		if err := movePrompt(s, p.ID, nowhere); err == nil {
			t.Errorf("moved to %q", nowhere)
		}
	}
}

// unsures gives prompts up that have been Posting for longer than a minute.
func unsures(t *testing.T, s *store.Store, limit int, want ...scheduler.Prompt) {
	t.Helper()
	got, err := s.Prompts.UnsurePrompts(t.Context(), time.Minute, limit)
	succeed(t, err)
	equal(t, "given up", got, want)
}

func promptIsUnsure(t *testing.T, db Database) {
	s := db.Open(t)
	var unsure []scheduler.Prompt
	for number := range 4 {
		p := claimPrompt(t, s, about(fmt.Sprint("run ", number), 0), true)
		p.State = scheduler.PromptUnsure
		unsure = append(unsure, p)
		posted(t, s, about(fmt.Sprint("posted ", number), 0), "shown")
		closed := claimPrompt(t, s, about(fmt.Sprint("closed ", number), 0), true)
		succeed(t, movePrompt(s, closed.ID, scheduler.PromptClosed))
		db.Advance(t, time.Second)
	}
	unsures(t, s, 10)
	db.Advance(t, 55*time.Second)
	unsures(t, s, 10)
	db.Advance(t, 4*time.Second)
	unsures(t, s, 0)
	unsures(t, s, 2, unsure[0], unsure[1])
	equal(t, "stored", readPrompt(t, s, unsure[0].ID), unsure[0])
	db.Advance(t, 5*time.Second)
	unsures(t, s, 10, unsure[2], unsure[3])
	db.Advance(t, time.Hour)
	unsures(t, s, 10)
	// It was only slow: Slack has it after all.
	succeed(t, s.Prompts.MovePrompt(t.Context(), unsure[0].ID, scheduler.PromptPosted, inChannel("late")))
	equal(t, "state", readPrompt(t, s, unsure[0].ID).State, scheduler.PromptPosted)
}

func promptIsUnposted(t *testing.T, db Database) {
	s := db.Open(t)
	first := claimPrompt(t, s, about("run 1", 0), true)
	shown := posted(t, s, about("run 2", 0), "shown")
	succeed(t, movePrompt(s, first.ID, scheduler.PromptUnposted))
	_, err := s.Prompts.Prompt(t.Context(), first.ID)
	failsWith(t, err, scheduler.ErrNoPrompt)
	again := claimPrompt(t, s, about("run 1", 0), true)

	db.Advance(t, 2*time.Minute)
	again.State = scheduler.PromptUnsure
	unsures(t, s, 10, again)
	succeed(t, movePrompt(s, again.ID, scheduler.PromptUnposted))
	equal(t, "state", readPrompt(t, s, again.ID).State, scheduler.PromptPosting)
	unsures(t, s, 10, again)

	succeed(t, movePrompt(s, shown.ID, scheduler.PromptUnposted))
	equal(t, "what Slack has", readPrompt(t, s, shown.ID), shown)
	succeed(t, movePrompt(s, again.ID, scheduler.PromptClosed))
	succeed(t, movePrompt(s, again.ID, scheduler.PromptUnposted))
	equal(t, "state", readPrompt(t, s, again.ID).State, scheduler.PromptClosed)
	succeed(t, movePrompt(s, 1<<40, scheduler.PromptUnposted))
}

func promptsFollowed(t *testing.T, db Database) {
	s := db.Open(t)
	follows := func(want ...scheduler.Prompt) {
		t.Helper()
		got, err := s.Prompts.FollowedPrompts(t.Context())
		succeed(t, err)
		equal(t, "followed", got, want)
	}
	follows()
	var claimed, want []scheduler.Prompt
	for number := range 4 {
		claimed = append(claimed, claimPrompt(t, s, about(fmt.Sprint("run ", number), 0), true))
		db.Advance(t, time.Second)
	}
	follows()
	for _, at := range []int{3, 1, 0} {
		succeed(t, s.Prompts.MovePrompt(t.Context(), claimed[at].ID, scheduler.PromptPosted, inChannel("shown")))
		want = append([]scheduler.Prompt{readPrompt(t, s, claimed[at].ID)}, want...)
	}
	follows(want...)
	db.Advance(t, time.Hour)
	_, err := s.Prompts.UnsurePrompts(t.Context(), time.Minute, 10)
	succeed(t, err)
	follows(want...)
	succeed(t, movePrompt(s, want[1].ID, scheduler.PromptClosed))
	follows(want[0], want[2])
}

func promptShows(t *testing.T, db Database) {
	s := db.Open(t)
	shows := func(id int64, before, shown scheduler.Shown, want bool) {
		t.Helper()
		changed, err := s.Prompts.ShowPrompt(t.Context(), id, before, shown)
		succeed(t, err)
		equal(t, fmt.Sprintf("showed %v", shown), changed, want)
	}
	p := posted(t, s, about("run 1", 0), "first")
	other := posted(t, s, about("run 2", 0), "first")
	shows(p.ID, showing("first"), showing("second"), true)
	shows(p.ID, showing("first"), showing("third"), false)
	shows(p.ID, showing("second"), showing("second"), false) // there is nothing to edit
	p.Shown = showing("second")
	equal(t, "shown", readPrompt(t, s, p.ID), p)
	for _, differ := range []func(*scheduler.Shown){
		func(s *scheduler.Shown) { s.Stage = scheduler.StageOver },
		func(s *scheduler.Shown) { s.End++ },
		func(s *scheduler.Shown) { s.Who = "" },
		func(s *scheduler.Shown) { s.Answer = scheduler.NoAnswer },
		func(s *scheduler.Shown) { s.State = extension.Confirmed },
		func(s *scheduler.Shown) { s.Lapsed = false },
		func(s *scheduler.Shown) { s.Unsure = false },
	} {
		another := p.Shown
		differ(&another)
		shows(p.ID, another, showing("third"), false)
		shows(p.ID, p.Shown, another, true)
		p.Shown = another
		equal(t, "shown", readPrompt(t, s, p.ID), p)
	}
	equal(t, "other", readPrompt(t, s, other.ID), other)
	shows(1<<40, showing("first"), showing("second"), false)

	succeed(t, movePrompt(s, p.ID, scheduler.PromptClosed))
	shows(p.ID, p.Shown, showing("third"), false)
	posting := claimPrompt(t, s, about("run 3", 0), true)
	shows(posting.ID, scheduler.Shown{}, showing("first"), false)
	db.Advance(t, 2*time.Minute)
	_, err := s.Prompts.UnsurePrompts(t.Context(), time.Minute, 10)
	succeed(t, err)
	shows(posting.ID, scheduler.Shown{}, showing("first"), false)
}

func promptIsClosed(t *testing.T, db Database) {
	s := db.Open(t)
	posting := claimPrompt(t, s, about("run 1", 0), true)
	shown := posted(t, s, about("run 2", 0), "shown")
	other := posted(t, s, about("run 3", 0), "shown")
	for _, p := range []scheduler.Prompt{posting, shown} {
		for range 2 {
			succeed(t, movePrompt(s, p.ID, scheduler.PromptClosed))
		}
		p.State = scheduler.PromptClosed
		equal(t, "closed", readPrompt(t, s, p.ID), p)
	}
	equal(t, "other", readPrompt(t, s, other.ID), other)
	db.Advance(t, time.Hour)
	unsures(t, s, 10)
	succeed(t, movePrompt(s, 1<<40, scheduler.PromptClosed))
}

func raceForPrompt(t *testing.T, db Database) {
	stores := several(t, db)
	for round := range rounds {
		ids := make([]int64, racingStores*racersByStore)
		oneWins(t, race(t, stores, func(s *store.Store, racer int) error {
			p, first, err := s.Prompts.ClaimPrompt(t.Context(), about(fmt.Sprint("run ", round), 0))
			ids[racer] = p.ID
			return won(first, err)
		}), isLost)
		for _, id := range ids {
			equal(t, "prompt that everybody saw", id, ids[0])
		}
	}
}

func raceToShow(t *testing.T, db Database) {
	stores := several(t, db)
	p := posted(t, stores[0], about("run", 0), "0")
	for round := range rounds {
		oneWins(t, race(t, stores, func(s *store.Store, _ int) error {
			return won(s.Prompts.ShowPrompt(t.Context(), p.ID, showing(fmt.Sprint(round)), showing(fmt.Sprint(round+1))))
		}), isLost)
	}
}

func raceForUnsure(t *testing.T, db Database) {
	stores := several(t, db)
	const prompts = 20
	for number := range prompts {
		claimPrompt(t, stores[0], about(fmt.Sprint("run ", number), 0), true)
	}
	db.Advance(t, 61*time.Second)
	eachOnce(t, stores, prompts, func(s *store.Store, _, limit int) ([]string, error) {
		unsure, err := s.Prompts.UnsurePrompts(t.Context(), time.Minute, limit)
		var got []string
		for _, p := range unsure {
			got = append(got, p.Run)
		}
		return got, err
	})
}
