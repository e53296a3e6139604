package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

var promptKinds = []scheduler.PromptKind{scheduler.PromptAsk, scheduler.PromptAuto, scheduler.PromptTrouble}

// about is a prompt of a run, for an end.
func about(run string, end time.Duration) scheduler.Prompt {
	return scheduler.Prompt{
		Kind: scheduler.PromptAsk, Run: run, MeetingID: "914083136", RuleOf: "room 1",
		End: time.Date(2026, 3, 1, 15, 0, 0, 0, time.UTC).Add(end),
	}
}

// claimPrompt says whether the prompt should be new.
func claimPrompt(t *testing.T, s Store, p scheduler.Prompt, want bool) scheduler.Prompt {
	t.Helper()
	claimed, won, err := s.ClaimPrompt(t.Context(), p)
	succeed(t, err)
	equal(t, "claimed a prompt of "+p.Run, won, want)
	return claimed
}

// posted claims a prompt and posts it.
func posted(t *testing.T, s Store, p scheduler.Prompt, shown string) scheduler.Prompt {
	t.Helper()
	claimed := claimPrompt(t, s, p, true)
	succeed(t, s.PostedPrompt(t.Context(), claimed.ID, "C1", "1700000000.000100", shown))
	return readPrompt(t, s, claimed.ID)
}

func readPrompt(t *testing.T, s Store, id int64) scheduler.Prompt {
	t.Helper()
	p, err := s.Prompt(t.Context(), id)
	succeed(t, err)
	return p
}

func promptsOf(t *testing.T, s Store, runs ...string) map[string][]scheduler.Prompt {
	t.Helper()
	found, err := s.Prompts(t.Context(), runs)
	succeed(t, err)
	return found
}

func promptIsStored(t *testing.T, db Database) {
	s, other := db.Open(t), db.Open(t)
	for number, kind := range promptKinds {
		p := about(fmt.Sprintf("run %d 日本 'x' ?", number), time.Hour)
		p.Kind = kind
		asked := p
		asked.End = p.End.In(time.FixedZone("elsewhere", 3600))
		asked.ID, asked.State, asked.Channel, asked.Shown = 77, scheduler.PromptPosted, "C9", "shown" // not the caller's to say
		claimed := claimPrompt(t, s, asked, true)
		if claimed.ID == 0 {
			t.Error("claimed without an ID")
		}
		madeNow(t, s, "prompt", claimed.Created)
		p.ID, p.Created, p.State = claimed.ID, claimed.Created, scheduler.PromptPosting
		equal(t, "claimed", claimed, p)
		equal(t, "read", readPrompt(t, other, p.ID), p)
	}
	_, err := s.Prompt(t.Context(), 1<<40)
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
		if _, won, err := s.ClaimPrompt(t.Context(), p); err == nil || won {
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
	succeed(t, s.ClosePrompt(t.Context(), first.ID))
	equal(t, "state of the one that is there", claimPrompt(t, s, again, false).State, scheduler.PromptClosed)

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
	succeed(t, s.ClosePrompt(t.Context(), want["run 1"][1].ID))
	want["run 1"][1].State = scheduler.PromptClosed
	delete(want, "other")
	equal(t, "prompts", promptsOf(t, s, "run 1", "none", "run 2"), want)
}

func promptIsPosted(t *testing.T, db Database) {
	s := db.Open(t)
	p := claimPrompt(t, s, about("run 1", 0), true)
	post := func(shown string) error { return s.PostedPrompt(t.Context(), p.ID, "D1", "1700000000.000100", shown) }
	succeed(t, post("first"))
	p.State, p.Channel, p.Timestamp, p.Shown = scheduler.PromptPosted, "D1", "1700000000.000100", "first"
	equal(t, "posted", readPrompt(t, s, p.ID), p)
	failsWith(t, post("second"), extension.ErrMoved)
	succeed(t, s.ClosePrompt(t.Context(), p.ID))
	failsWith(t, post("third"), extension.ErrMoved)
	p.State = scheduler.PromptClosed
	equal(t, "closed", readPrompt(t, s, p.ID), p)
	failsWith(t, s.PostedPrompt(t.Context(), 1<<40, "D1", "1", "none"), extension.ErrMoved)
}

// unsures gives prompts up that have been Posting for longer than a minute.
func unsures(t *testing.T, s Store, limit int, want ...scheduler.Prompt) {
	t.Helper()
	got, err := s.UnsurePrompts(t.Context(), time.Minute, limit)
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
		succeed(t, s.ClosePrompt(t.Context(), closed.ID))
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
	succeed(t, s.PostedPrompt(t.Context(), unsure[0].ID, "C1", "1700000000.000100", "late"))
	equal(t, "state", readPrompt(t, s, unsure[0].ID).State, scheduler.PromptPosted)
}

func promptIsUnposted(t *testing.T, db Database) {
	s := db.Open(t)
	first := claimPrompt(t, s, about("run 1", 0), true)
	shown := posted(t, s, about("run 2", 0), "shown")
	succeed(t, s.UnpostedPrompt(t.Context(), first.ID))
	_, err := s.Prompt(t.Context(), first.ID)
	failsWith(t, err, scheduler.ErrNoPrompt)
	again := claimPrompt(t, s, about("run 1", 0), true)

	db.Advance(t, 2*time.Minute)
	again.State = scheduler.PromptUnsure
	unsures(t, s, 10, again)
	succeed(t, s.UnpostedPrompt(t.Context(), again.ID))
	equal(t, "state", readPrompt(t, s, again.ID).State, scheduler.PromptPosting)
	unsures(t, s, 10, again)

	succeed(t, s.UnpostedPrompt(t.Context(), shown.ID))
	equal(t, "what Slack has", readPrompt(t, s, shown.ID), shown)
	succeed(t, s.ClosePrompt(t.Context(), again.ID))
	succeed(t, s.UnpostedPrompt(t.Context(), again.ID))
	equal(t, "state", readPrompt(t, s, again.ID).State, scheduler.PromptClosed)
	succeed(t, s.UnpostedPrompt(t.Context(), 1<<40))
}

func promptsFollowed(t *testing.T, db Database) {
	s := db.Open(t)
	follows := func(want ...scheduler.Prompt) {
		t.Helper()
		got, err := s.FollowedPrompts(t.Context())
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
		succeed(t, s.PostedPrompt(t.Context(), claimed[at].ID, "C1", "1700000000.000100", "shown"))
		want = append([]scheduler.Prompt{readPrompt(t, s, claimed[at].ID)}, want...)
	}
	follows(want...)
	db.Advance(t, time.Hour)
	_, err := s.UnsurePrompts(t.Context(), time.Minute, 10)
	succeed(t, err)
	follows(want...)
	succeed(t, s.ClosePrompt(t.Context(), want[1].ID))
	follows(want[0], want[2])
}

func promptShows(t *testing.T, db Database) {
	s := db.Open(t)
	shows := func(id int64, before, shown string, want bool) {
		t.Helper()
		changed, err := s.ShowPrompt(t.Context(), id, before, shown)
		succeed(t, err)
		equal(t, fmt.Sprintf("showed %q", shown), changed, want)
	}
	p := posted(t, s, about("run 1", 0), "first")
	other := posted(t, s, about("run 2", 0), "first")
	shows(p.ID, "first", "second", true)
	shows(p.ID, "first", "third", false)
	shows(p.ID, "second", "second", false) // there is nothing to edit
	p.Shown = "second"
	equal(t, "shown", readPrompt(t, s, p.ID), p)
	equal(t, "other", readPrompt(t, s, other.ID), other)
	shows(1<<40, "first", "second", false)

	succeed(t, s.ClosePrompt(t.Context(), p.ID))
	shows(p.ID, "second", "third", false)
	posting := claimPrompt(t, s, about("run 3", 0), true)
	shows(posting.ID, "", "first", false)
	db.Advance(t, 2*time.Minute)
	_, err := s.UnsurePrompts(t.Context(), time.Minute, 10)
	succeed(t, err)
	shows(posting.ID, "", "first", false)
}

// answers stores an answer, and says whether it should have been taken.
func answers(t *testing.T, s Store, id int64, answer scheduler.Answer, by extension.Actor, want bool) scheduler.Prompt {
	t.Helper()
	p, taken, err := s.AnswerPrompt(t.Context(), id, answer, by)
	succeed(t, err)
	equal(t, "answered "+string(answer), taken, want)
	return p
}

func promptAnswers(t *testing.T, db Database) {
	s := db.Open(t)
	all := []scheduler.Answer{scheduler.KeepExtending, scheduler.LetEnd, scheduler.StopExtending}
	replaced := map[[2]scheduler.Answer]bool{
		{scheduler.KeepExtending, scheduler.StopExtending}: true,
		{scheduler.LetEnd, scheduler.KeepExtending}:        true,
		{scheduler.StopExtending, scheduler.KeepExtending}: true,
	}
	other := posted(t, s, about("other", 0), "shown")
	for _, first := range all {
		for _, second := range all {
			want := posted(t, s, about(fmt.Sprint(first, " ", second), 0), "shown")
			equal(t, "not answered", want.Answer, scheduler.NoAnswer)
			want.Answer, want.By = first, alice
			equal(t, "answered", answers(t, s, want.ID, first, alice, true), want)
			taken := replaced[[2]scheduler.Answer{first, second}]
			if taken {
				want.Answer, want.By = second, bob
			}
			equal(t, fmt.Sprintf("%s after %s", second, first), answers(t, s, want.ID, second, bob, taken), want)
			equal(t, "stored", readPrompt(t, s, want.ID), want)
		}
	}
	equal(t, "other", readPrompt(t, s, other.ID), other)
	for answer, by := range map[scheduler.Answer]extension.Actor{
		scheduler.NoAnswer: alice, "joke": alice, scheduler.LetEnd: {}, scheduler.KeepExtending: {Team: "T1"},
	} {
		if _, taken, err := s.AnswerPrompt(t.Context(), other.ID, answer, by); err == nil || taken {
			t.Errorf("%q of %v was taken", answer, by)
		}
	}
	_, _, err := s.AnswerPrompt(t.Context(), 1<<40, scheduler.LetEnd, alice)
	failsWith(t, err, scheduler.ErrNoPrompt)
}

func promptLapses(t *testing.T, db Database) {
	s := db.Open(t)
	lapses := func(id int64, by extension.Actor, want bool) {
		t.Helper()
		lapsed, err := s.LapsePrompt(t.Context(), id, by)
		succeed(t, err)
		equal(t, "lapsed", lapsed, want)
	}
	other := posted(t, s, about("other", 0), "shown")
	other = answers(t, s, other.ID, scheduler.KeepExtending, alice, true)
	for number, next := range []scheduler.Answer{scheduler.KeepExtending, scheduler.LetEnd, scheduler.StopExtending} {
		p := posted(t, s, about(fmt.Sprint("run ", number), 0), "shown")
		lapses(p.ID, alice, false)
		p = answers(t, s, p.ID, scheduler.KeepExtending, alice, true)
		lapses(p.ID, bob, false)
		lapses(p.ID, alice, true)
		lapses(p.ID, alice, false)
		p.Lapsed = true
		equal(t, "stored", readPrompt(t, s, p.ID), p)
		p.Answer, p.By, p.Lapsed = next, bob, false
		equal(t, "answered anew", answers(t, s, p.ID, next, bob, true), p)
		answers(t, s, p.ID, next, alice, false)
		lapses(p.ID, bob, next == scheduler.KeepExtending)
	}
	equal(t, "other", readPrompt(t, s, other.ID), other)
	lapses(1<<40, alice, false)
}

func promptIsClosed(t *testing.T, db Database) {
	s := db.Open(t)
	posting := claimPrompt(t, s, about("run 1", 0), true)
	shown := posted(t, s, about("run 2", 0), "shown")
	other := posted(t, s, about("run 3", 0), "shown")
	for _, p := range []scheduler.Prompt{posting, shown} {
		for range 2 {
			succeed(t, s.ClosePrompt(t.Context(), p.ID))
		}
		p.State = scheduler.PromptClosed
		equal(t, "closed", readPrompt(t, s, p.ID), p)
	}
	equal(t, "other", readPrompt(t, s, other.ID), other)
	db.Advance(t, time.Hour)
	unsures(t, s, 10)
	succeed(t, s.ClosePrompt(t.Context(), 1<<40))
}

// pruningPrompts: what is open is closed after a week, and what is closed goes when the history does.
func pruningPrompts(t *testing.T, db Database) {
	s := db.Open(t)
	var ids []int64
	for number := range 70 { // three of each make more than two batches
		run := fmt.Sprint("run ", number)
		for at, kind := range promptKinds {
			p := about(run, 0)
			p.Kind = kind
			p = claimPrompt(t, s, p, true)
			ids = append(ids, p.ID)
			if at == 1 {
				succeed(t, s.PostedPrompt(t.Context(), p.ID, "C1", "1700000000.000100", "shown"))
			}
		}
	}
	db.Advance(t, 2*time.Minute)
	_, err := s.UnsurePrompts(t.Context(), time.Minute, 70)
	succeed(t, err)
	states := func(historyDays int) map[scheduler.PromptState]int {
		t.Helper()
		succeed(t, s.Prune(t.Context(), historyDays))
		number := map[scheduler.PromptState]int{}
		for _, id := range ids {
			if p, err := s.Prompt(t.Context(), id); err == nil {
				number[p.State]++
			} else {
				failsWith(t, err, scheduler.ErrNoPrompt)
			}
		}
		return number
	}
	open := map[scheduler.PromptState]int{scheduler.PromptPosting: 70, scheduler.PromptPosted: 70, scheduler.PromptUnsure: 70}
	closed := map[scheduler.PromptState]int{scheduler.PromptClosed: 210}
	db.Advance(t, 7*24*time.Hour-time.Hour)
	equal(t, "after six days", states(1), open) // whatever the history is
	db.Advance(t, time.Hour)
	young := claimPrompt(t, s, about("young", 0), true)
	equal(t, "after seven days", states(30), closed)
	db.Advance(t, 23*24*time.Hour-time.Hour)
	equal(t, "after 29 days", states(30), closed)
	db.Advance(t, 2*time.Hour)
	equal(t, "without an end", states(0), closed)
	equal(t, "after 30 days", states(30), map[scheduler.PromptState]int{})
	equal(t, "younger one", readPrompt(t, s, young.ID).State, scheduler.PromptClosed)
	claimPrompt(t, s, about("run 1", 0), true)
}
