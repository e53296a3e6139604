package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// approvalsContract is the contract of store.Approvals.
var approvalsContract = []part{
	{"approval is stored", approvalIsStored},
	{"approval with a mistake is refused", approvalWithMistake},
	{"the same wish waits once", approvalWaitsOnce},
	{"every decision after every other", approvalIsDecidedOnce},
	{"outcome of an approval", approvalHasOutcome},
	{"card and what was told", approvalIsShown},
	{"decided while the card is posted", approvalIsDecidedWhileShown},
	{"approval is due", approvalIsDue},
	{"approvals are listed", approvalsAreListed},
	{"old approvals are pruned", approvalsArePruned},
	{"one of many asks for an approval", raceToAsk},
	{"one of many decides an approval", raceToDecide},
	{"one of many takes an approval over", raceForDueApprovals},
}

const claimedFor = time.Minute

// beyondLimit is a wish with every field that its caller gives.
func beyondLimit(number int) store.Approval {
	return store.Approval{
		Envelope: fmt.Sprint("envelope ", number), Run: fmt.Sprint("run ", number), MeetingID: "914083136",
		End: time.Date(2026, 3, 1, 15, 0, 0, 0, time.UTC), Minutes: 180, Actor: extension.Actor{Team: "T1", User: "U1"},
		Host: "host", Room: "980001", Subject: "Weekly 'sync' 日本 ?", AskedIn: "C1", Reason: "the customer 'stays' 日本 ?", Beyond: extension.LimitRun,
	}
}

func ask(t *testing.T, s *store.Store, wish store.Approval, want bool) store.Approval {
	t.Helper()
	found, fresh, err := s.Approvals.Ask(t.Context(), wish, claimedFor)
	succeed(t, err)
	equal(t, "asked with "+wish.Envelope, fresh, want)
	return found
}

func decide(t *testing.T, s *store.Store, id int64, to store.ApprovalState, want bool) store.Approval {
	t.Helper()
	var by extension.Actor
	if to == store.Approved || to == store.ApprovalDenied {
		by = extension.Actor{Team: "T2", User: "U2"}
	}
	found, won, err := s.Approvals.Decide(t.Context(), id, to, by, "because", claimedFor)
	succeed(t, err)
	equal(t, "decided "+string(to), won, want)
	return found
}

func readApproval(t *testing.T, s *store.Store, id int64) store.Approval {
	t.Helper()
	found, err := s.Approvals.Approval(t.Context(), id)
	succeed(t, err)
	return found
}

func dueApprovals(t *testing.T, s *store.Store) []int64 {
	t.Helper()
	found, err := s.Approvals.Due(t.Context(), claimedFor, 10)
	succeed(t, err)
	var ids []int64
	for _, approval := range found {
		ids = append(ids, approval.ID)
	}
	return ids
}

func approvalIsStored(t *testing.T, db Database) {
	s, other := db.Open(t), db.Open(t)
	wish := beyondLimit(1)
	given := wish
	given.End = wish.End.In(time.FixedZone("elsewhere", 3600))
	given.ID, given.State, given.By, given.Outcome, given.Told = 77, store.Approved, extension.Actor{User: "U9"}, "confirmed", "all" // not the caller's to say
	asked := ask(t, s, given, true)
	madeNow(t, s, "approval", asked.Created)
	wish.ID, wish.Created, wish.State = asked.ID, asked.Created, store.ApprovalAsked
	equal(t, "asked", asked, wish)
	equal(t, "read elsewhere", readApproval(t, other, asked.ID), wish)
	_, err := s.Approvals.Approval(t.Context(), asked.ID+1)
	failsWith(t, err, store.ErrNoApproval)
}

func approvalWithMistake(t *testing.T, db Database) {
	s := db.Open(t)
	for name, spoil := range map[string]func(*store.Approval){
		"no envelope": func(a *store.Approval) { a.Envelope = "" }, "no run": func(a *store.Approval) { a.Run = "" },
		"no minutes": func(a *store.Approval) { a.Minutes = 0 }, "fewer than none": func(a *store.Approval) { a.Minutes = -1 },
		"nobody": func(a *store.Approval) { a.Actor = extension.Actor{} }, "no end": func(a *store.Approval) { a.End = time.Time{} },
	} {
		wish := beyondLimit(1)
		spoil(&wish)
		if _, fresh, err := s.Approvals.Ask(t.Context(), wish, claimedFor); err == nil || fresh {
			t.Errorf("%s: %v, %v", name, fresh, err)
		}
	}
	asked := ask(t, s, beyondLimit(1), true)
	for _, to := range []store.ApprovalState{"", store.ApprovalAsked, store.Approved, store.ApprovalDenied} { // by nobody
		if _, won, err := s.Approvals.Decide(t.Context(), asked.ID, to, extension.Actor{}, "", claimedFor); err == nil || won {
			t.Errorf("%q by nobody: %v, %v", to, won, err)
		}
	}
	_, _, err := s.Approvals.Decide(t.Context(), asked.ID+1, store.ApprovalExpired, extension.Actor{}, "", claimedFor)
	failsWith(t, err, store.ErrNoApproval)
	_, _, err = s.Approvals.Outcome(t.Context(), asked.ID, "confirmed", 7, claimedFor) // of what nobody approved
	failsWith(t, err, store.ErrNoApproval)
	equal(t, "state", readApproval(t, s, asked.ID).State, store.ApprovalAsked)
}

// Whatever else differs, a wish is the same by its run, end, minutes and person. It may be asked for again once it is decided.
func approvalWaitsOnce(t *testing.T, db Database) {
	s := db.Open(t)
	first := ask(t, s, beyondLimit(1), true)
	again := beyondLimit(1)
	again.Envelope, again.Reason, again.AskedIn = "envelope 2", "", "C2"
	equal(t, "the same wish", ask(t, s, again, false).ID, first.ID)
	for number, differ := range []func(*store.Approval){
		func(a *store.Approval) { a.Run = "run 9" }, func(a *store.Approval) { a.Minutes++ },
		func(a *store.Approval) { a.End = a.End.Add(time.Minute) }, func(a *store.Approval) { a.Actor.User = "U9" },
		func(a *store.Approval) { a.Actor.Team = "T9" },
	} {
		another := beyondLimit(1)
		another.Envelope = fmt.Sprint("other ", number)
		differ(&another)
		if ask(t, s, another, true).ID == first.ID {
			t.Errorf("wish %d is the first", number)
		}
	}
	decide(t, s, first.ID, store.ApprovalDenied, true)
	equal(t, "the first envelope, repeated", ask(t, s, beyondLimit(1), false).State, store.ApprovalDenied)
	if ask(t, s, again, true).ID == first.ID {
		t.Error("asked for again, it is the old one")
	}
}

var decisions = []store.ApprovalState{
	store.Approved, store.ApprovalDenied, store.ApprovalExpired, store.ApprovalMoved, store.ApprovalLapsed, store.ApprovalUnsent,
}

func approvalIsDecidedOnce(t *testing.T, db Database) {
	s := db.Open(t)
	for number, first := range decisions {
		asked := ask(t, s, beyondLimit(number), true)
		db.Advance(t, time.Second)
		decided := decide(t, s, asked.ID, first, true)
		madeNow(t, s, "decision", decided.Decided)
		want := asked
		want.State, want.Note, want.Decided, want.Waited = first, "because", decided.Decided, decided.Waited
		if first == store.Approved || first == store.ApprovalDenied {
			want.By = extension.Actor{Team: "T2", User: "U2"}
		}
		equal(t, "decided", decided, want)
		db.Advance(t, time.Minute)
		for _, second := range decisions {
			stands := decide(t, s, asked.ID, second, false)
			if stands.Waited < time.Minute || stands.Waited > 2*time.Minute {
				t.Errorf("decided %v ago", stands.Waited)
			}
			want.Waited = stands.Waited
			equal(t, "still decided", stands, want)
		}
	}
}

// Of what several processes learn of the same extension, the last word stays, and one of them hears that it stored it.
func approvalHasOutcome(t *testing.T, db Database) {
	s := db.Open(t)
	steps := []struct {
		outcome   string
		extension int64
		rank      int // without an extension, in doubt, its last word
	}{{"failed", 0, 1}, {"late", 0, 1}, {"accepted", 7, 2}, {"unknown", 7, 2}, {"confirmed", 7, 3}, {"void", 7, 3}}
	number := 0
	for _, first := range steps {
		for _, second := range steps {
			number++
			asked := ask(t, s, beyondLimit(number), true)
			decide(t, s, asked.ID, store.Approved, true)
			found, won, err := s.Approvals.Outcome(t.Context(), asked.ID, first.outcome, first.extension, claimedFor)
			succeed(t, err)
			equal(t, "first "+first.outcome, []any{found.Outcome, found.Extension, won}, []any{first.outcome, first.extension, true})
			want, replaces := first, second.rank > first.rank || second.rank == 2 && first.rank == 2 && second != first
			if replaces {
				want = second
			}
			found, won, err = s.Approvals.Outcome(t.Context(), asked.ID, second.outcome, second.extension, claimedFor)
			succeed(t, err)
			equal(t, second.outcome+" after "+first.outcome, []any{found.Outcome, found.Extension, won}, []any{want.outcome, want.extension, replaces})
		}
	}
	for _, state := range decisions[1:] {
		number++
		other := ask(t, s, beyondLimit(number), true)
		decide(t, s, other.ID, state, true)
		_, _, err := s.Approvals.Outcome(t.Context(), other.ID, "confirmed", 7, claimedFor)
		failsWith(t, err, store.ErrNoApproval)
	}
}

func approvalIsShown(t *testing.T, db Database) {
	s := db.Open(t)
	asked := ask(t, s, beyondLimit(1), true)
	card := store.Card{Channel: "C2", Timestamp: "1700000000.000100", Shown: "asked"}
	asked.Card, asked.Told = card, "denied"
	succeed(t, s.Approvals.Show(t.Context(), asked))
	succeed(t, s.Approvals.Tell(t.Context(), asked.ID, "denied"))
	equal(t, "shown", readApproval(t, s, asked.ID), asked)
}

// Who posts a card and who decides may not know of each other: the second of them leaves the card to be looked after.
func approvalIsDecidedWhileShown(t *testing.T, db Database) {
	s := db.Open(t)
	for number, restsFirst := range []bool{true, false} {
		asked := ask(t, s, beyondLimit(number), true)
		posted := asked
		posted.Card = store.Card{Channel: "C2", Timestamp: fmt.Sprint("1700000000.00010", number), Shown: "asked"}
		decided := decide(t, s, asked.ID, store.ApprovalDenied, true)
		if restsFirst {
			succeed(t, s.Approvals.Rest(t.Context(), decided, 0))
		}
		succeed(t, s.Approvals.Show(t.Context(), posted))
		if !restsFirst {
			equal(t, "while somebody looks after it", dueApprovals(t, s), []int64(nil))
			succeed(t, s.Approvals.Rest(t.Context(), decided, 0))
		}
		succeed(t, s.Approvals.Rest(t.Context(), posted, time.Hour)) // who posted it knows less
		equal(t, "decided while shown", dueApprovals(t, s), []int64{asked.ID})
		decided.Card = posted.Card
		succeed(t, s.Approvals.Show(t.Context(), decided))
		succeed(t, s.Approvals.Rest(t.Context(), decided, 0))
		db.Advance(t, time.Hour)
		equal(t, "looked after", dueApprovals(t, s), []int64(nil))
	}
}

// Who asks, decides or stores an outcome looks after the approval, for a while. Who lets it rest says when it is due next:
// unless somebody else has moved it on by then.
func approvalIsDue(t *testing.T, db Database) {
	s, other := db.Open(t), db.Open(t)
	asked := ask(t, s, beyondLimit(1), true)
	dueNow := func(what string, want ...int64) {
		t.Helper()
		equal(t, what, dueApprovals(t, other), want)
	}
	lapse := func(what string) {
		t.Helper()
		dueNow(what)
		db.Advance(t, claimedFor+time.Second)
		dueNow(what+", a while ago", asked.ID)
	}
	lapse("asked for")
	lapse("taken over")
	succeed(t, s.Approvals.Rest(t.Context(), asked, claimedFor))
	lapse("resting")
	decided := decide(t, s, asked.ID, store.Approved, true)
	lapse("decided")
	after, _, err := s.Approvals.Outcome(t.Context(), asked.ID, "unknown", 7, claimedFor)
	succeed(t, err)
	lapse("with an outcome")
	for _, seen := range []store.Approval{asked, decided} {
		succeed(t, s.Approvals.Rest(t.Context(), seen, 0))
		lapse("rested by somebody who knows less")
	}
	succeed(t, s.Approvals.Rest(t.Context(), after, 0))
	db.Advance(t, time.Hour)
	dueNow("for good")
}

func approvalsAreListed(t *testing.T, db Database) {
	s := db.Open(t)
	var newest []store.Approval
	for number := range 4 {
		wish := beyondLimit(number)
		wish.MeetingID, wish.Room = []string{"914083136", "920417765"}[number%2], []string{"", "980001", "980001", "920417765"}[number]
		newest = append([]store.Approval{ask(t, s, wish, true)}, newest...)
	}
	for _, c := range []struct {
		meeting string
		limit   int
		want    []store.Approval
	}{
		{"", 10, newest},
		{"", 1, newest[:1]},
		{"920417765", 10, []store.Approval{newest[0], newest[2]}},
		{"914083136", 1, newest[1:2]},
		{"1", 10, nil},
		{"980001", 10, newest[1:3]},
		{"980001", 1, newest[1:2]},
		{"914083136", -1, nil},
		{"", -1, nil},
	} {
		found, err := s.Approvals.List(t.Context(), c.meeting, c.limit)
		succeed(t, err)
		equal(t, fmt.Sprintf("%d of %q", c.limit, c.meeting), found, c.want)
	}
}

func approvalsArePruned(t *testing.T, db Database) {
	s := db.Open(t)
	old := ask(t, s, beyondLimit(1), true)
	db.Advance(t, 23*time.Hour)
	succeed(t, s.Prune(t.Context(), 1))
	readApproval(t, s, old.ID)
	db.Advance(t, 2*time.Hour)
	newer := ask(t, s, beyondLimit(2), true)
	succeed(t, s.Prune(t.Context(), 0))
	readApproval(t, s, old.ID)
	succeed(t, s.Prune(t.Context(), 1))
	readApproval(t, s, newer.ID)
	_, err := s.Approvals.Approval(t.Context(), old.ID)
	failsWith(t, err, store.ErrNoApproval)
}

func raceToAsk(t *testing.T, db Database) {
	stores := several(t, db)
	for round := range rounds {
		oneWins(t, race(t, stores, func(s *store.Store, racer int) error {
			wish := beyondLimit(round)
			wish.Envelope = fmt.Sprintf("envelope %d of %d", racer, round)
			_, fresh, err := s.Approvals.Ask(t.Context(), wish, claimedFor)
			return won(fresh, err)
		}), isLost)
	}
}

// Whatever they decide, one decision is made, and the others learn that very one.
func raceToDecide(t *testing.T, db Database) {
	stores := several(t, db)
	for round := range rounds {
		asked := ask(t, stores[0], beyondLimit(round), true)
		stands := make([]store.Approval, racingStores*racersByStore)
		oneWins(t, race(t, stores, func(s *store.Store, racer int) error {
			to := decisions[racer%len(decisions)]
			var by extension.Actor
			if to == store.Approved || to == store.ApprovalDenied {
				by = extension.Actor{Team: "T1", User: fmt.Sprint("U", racer)}
			}
			found, first, err := s.Approvals.Decide(t.Context(), asked.ID, to, by, "", claimedFor)
			found.Waited = 0
			stands[racer] = found
			return won(first, err)
		}), isLost)
		decided := readApproval(t, stores[0], asked.ID)
		decided.Waited = 0
		for racer, found := range stands {
			equal(t, fmt.Sprint("what racer learned: ", racer), found, decided)
		}
	}
}

func raceForDueApprovals(t *testing.T, db Database) {
	const things = 20
	stores := several(t, db)
	for number := range things {
		ask(t, stores[0], beyondLimit(number), true)
	}
	db.Advance(t, claimedFor+time.Second)
	eachOnce(t, stores, things, func(s *store.Store, _, limit int) (ids []string, err error) {
		found, err := s.Approvals.Due(t.Context(), claimedFor, limit)
		for _, approval := range found {
			ids = append(ids, fmt.Sprint(approval.ID))
		}
		return ids, err
	})
}
