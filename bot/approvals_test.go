package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// minutesOf are what the service really added.
func (w *world) minutesOf() (minutes []int) {
	for _, effect := range w.service.Effects(theID) {
		minutes = append(minutes, effect.Minutes)
	}
	return minutes
}

func (w *world) approval() store.Approval {
	w.t.Helper()
	found, err := w.store.Approvals.Approval(w.t.Context(), 1)
	w.must(err)
	return found
}

// Where no channel is set, no refusal offers to ask; where one is, the limits of minutes do, and nothing else.
func TestWhatOffersToAsk(t *testing.T) {
	beyond := map[string]func(*world){
		"914083136 121": nil,
		"914083136 30":  used(stranger, 220),
		"914083136 max": used(stranger, 240),
		"914083136 15":  usedElsewhere(owner, 300, 1),
	}
	others := map[string]func(*world){
		"914083136 30": usedElsewhere(owner, 10, 10), "914083136 60": bookedNext(0), "914083136 15": refuses(400, "MMC.111074003", ""),
		"999999999 180": nil, "914083136 20": func(w *world) { w.policy.DeniedUsers = []string{owner} },
	}
	for _, c := range []struct {
		commands map[string]func(*world)
		set      func(*world)
		want     bool
	}{{beyond, approving, true}, {beyond, nil, false}, {others, approving, false}} {
		for command, set := range c.commands {
			inBubble(t, both(set, c.set), func(t *testing.T, w *world) {
				refusal := w.asks(owner, command)
				if refusal.tone == Done || slices.Contains(w.verbs(refusal), verbRequest) != c.want {
					t.Errorf("%s: %s %q", command, refusal.tone, refusal.labels())
				}
				if !c.want && strings.Contains(refusal.all(), "approval") {
					t.Errorf("%s: %q", command, refusal.all())
				}
			})
		}
	}
}

// Two administrators press at the same moment, each twice, and so do the one who asked and others: it is decided once, done at
// most once, and everybody who pressed reads something.
func TestAllDecideAtOnce(t *testing.T) {
	for _, verbs := range [][]string{{verbApprove, verbApprove}, {verbApprove, verbDeny}, {verbDeny, verbDeny}} {
		inBubble(t, both(approving, func(w *world) { w.workers = 16 }), func(t *testing.T, w *world) {
			card, _ := w.wants(owner, "914083136 180")
			pressed := 0
			for _, user := range []string{admin, second, owner, stranger} {
				for i, verb := range verbs {
					w.receives(clicked(fmt.Sprint(user, i), user, w.button(card, verb)))
					pressed++
				}
			}
			for range pressed {
				<-w.observed
			}
			decided := w.approval()
			want := 0
			if decided.State == store.Approved {
				want = 1
			}
			if got := w.minutesOf(); len(got) != want || !slices.Contains(verbs, map[store.ApprovalState]string{store.Approved: verbApprove, store.ApprovalDenied: verbDeny}[decided.State]) {
				t.Errorf("%v: %s, added %v", verbs, decided.State, got)
			}
			if heard := w.poster.heardBy(owner); len(heard) != 1 {
				t.Errorf("%v: who asked read %d messages", verbs, len(heard))
			}
			if edits := w.poster.edited(); len(edits) != 1 || !strings.Contains(edits[0].whole, decided.By.User) {
				t.Errorf("%v: the card was edited %d times", verbs, len(edits))
			}
		})
	}
}

// Nobody decides their own wish, by whichever of their IDs they asked and press.
func TestNobodyDecidesTheirOwn(t *testing.T) {
	const onGrid = "W0ADMIN"
	for _, asks := range []string{admin, onGrid} {
		for _, presses := range []string{admin, onGrid} {
			for _, verb := range []string{verbApprove, verbDeny} {
				inBubble(t, both(approving, func(w *world) {
					w.policy.Enterprise = "E0ACME"
					person := w.people.people[admin]
					person.GridID, person.LocalID, person.EnterpriseID = onGrid, admin, "E0ACME"
					w.people.change(admin, func(p *access.Person) { *p = person })
					w.people.change(onGrid, func(p *access.Person) { *p = person; p.ID = onGrid })
				}), func(t *testing.T, w *world) {
					card, _ := w.wants(asks, "914083136 180")
					refusal := w.presses(presses, w.button(card, verb))
					if refusal.tone != Refusal || w.approval().State != store.ApprovalAsked || len(w.minutesOf()) > 0 {
						t.Errorf("%s asks, %s presses %s: %s %q", asks, presses, verb, refusal.tone, refusal.text)
					}
					w.presses(second, w.button(card, verb))
					if w.approval().State == store.ApprovalAsked {
						t.Error("another administrator cannot decide")
					}
				})
			}
		}
	}
}

// A press that finds the right gone, the end moved or the run over does nothing, and the card and the one who asked say so.
func TestNothingIsDoneFromOldFacts(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*world)
		want   store.ApprovalState
	}{
		"moved":            {func(w *world) { w.asks(admin, "914083136 15") }, store.ApprovalMoved},
		"over":             {func(w *world) { w.service.EndMeeting(theID) }, store.ApprovalExpired},
		"deactivated":      {changed(owner, func(p *access.Person) { p.Deleted = true }), store.ApprovalLapsed},
		"no longer a host": {changed(owner, func(p *access.Person) { p.Email = "other@acme.example" }), store.ApprovalLapsed},
	} {
		inBubble(t, approving, func(t *testing.T, w *world) {
			card, _ := w.wants(owner, "914083136 180")
			c.change(w)
			before := len(w.minutesOf())
			answer := w.presses(second, w.button(card, verbApprove))
			if got := w.approval(); got.State != c.want || len(w.minutesOf()) != before || answer.silent() {
				t.Errorf("%s: %s, added %v, %q", name, got.State, w.minutesOf(), answer.text)
			}
			if edits, told := w.poster.edited(), w.poster.heardBy(owner); len(edits) != 1 || len(edits[0].buttons) > 0 || len(told) != 1 {
				t.Errorf("%s: %d edits, %d messages", name, len(edits), len(told))
			}
		})
	}
	inBubble(t, approving, func(t *testing.T, w *world) { // whether the right is gone cannot be found out: no decision
		card, _ := w.wants(owner, "914083136 180")
		w.faults.putAll(failing(errors.New("broken")), "Accounts", "Host")
		time.Sleep(50 * time.Minute)
		if answer := w.presses(admin, w.button(card, verbApprove)); answer.tone != Refusal && answer.tone != Failed || w.approval().State != store.ApprovalAsked {
			t.Errorf("%s %q, %s", answer.tone, answer.text, w.approval().State)
		}
	})
}

// A reading that still shows the end from before an extension is no end that moved: the wish waits on, and can be approved
// when the reading is right. It is one where it stays so for longer than any reading lags.
func TestAReadingThatLagsIsNoEndThatMoved(t *testing.T) {
	for lag, want := range map[time.Duration]store.ApprovalState{
		extension.LagsFor - 30*time.Second: store.ApprovalAsked, extension.LagsFor + 2*time.Minute: store.ApprovalMoved,
	} {
		inBubble(t, approving, func(t *testing.T, w *world) {
			wish := store.Approval{
				Envelope: "wish", Run: extension.RunOf(theMeeting()), MeetingID: theID, End: theMeeting().End.Add(15 * time.Minute),
				Minutes: 180, Actor: actor(owner),
			}
			_, _, err := w.store.Approvals.Ask(t.Context(), wish, time.Second) // after an extension that is not seen yet
			w.must(err)
			time.Sleep(lag)
			if got := w.approval(); got.State != want {
				t.Fatalf("after %v it is %s, want %s", lag, got.State, want)
			}
			if want != store.ApprovalAsked {
				return
			}
			w.asks(admin, "914083136 15") // by now the end is as it was asked from
			cards := w.poster.heardBy(cards)
			w.presses(second, w.button(cards[len(cards)-1], verbApprove))
			if got := w.approval(); got.State != store.Approved || !slices.Equal(w.minutesOf(), []int{15, 180}) {
				t.Errorf("approved later: %s %q, added %v", got.State, got.Outcome, w.minutesOf())
			}
		})
	}
}

// An approval is for one run. The next run of the same meeting, also one that ends at the very end, is not extended: neither
// by a press on the old card nor by an approval that was not carried out yet.
func TestAnApprovalReachesNoOtherRun(t *testing.T) {
	meetsAgain := func(w *world) {
		again := w.meetings[0]
		again.Start = again.Start.Add(40 * time.Minute)
		w.service.EndMeeting(theID)
		w.service.Add(again)
	}
	for want, play := range map[string]func(w *world){
		"expired": func(w *world) {
			card, _ := w.wants(owner, "914083136 180")
			meetsAgain(w)
			w.presses(second, w.button(card, verbApprove))
		},
		"approved ended": func(w *world) {
			meetsAgain(w)
			_, _, err := w.store.Approvals.Ask(w.t.Context(), store.Approval{
				Envelope: "wish", Run: extension.RunOf(theMeeting()), MeetingID: theID, End: theMeeting().End, Minutes: 180, Actor: actor(owner),
			}, time.Minute)
			w.must(err)
			_, _, err = w.store.Approvals.Decide(w.t.Context(), 1, store.Approved, actor(second), "", time.Second) // and then its process died
			w.must(err)
		},
	} {
		inBubble(t, approving, func(t *testing.T, w *world) {
			play(w)
			time.Sleep(time.Minute)
			if got := w.approval(); len(w.minutesOf()) > 0 || stageOf(got) != want {
				t.Errorf("%s: %q, added %v", want, stageOf(got), w.minutesOf())
			}
		})
	}
}

// A wish that nobody decides says by itself that it is over, or that the end moved.
func TestCardFollowsItsMeeting(t *testing.T) {
	for want, change := range map[store.ApprovalState]func(*world){
		store.ApprovalMoved: func(w *world) { w.asks(admin, "914083136 15") }, store.ApprovalExpired: func(w *world) { w.service.EndMeeting(theID) },
	} {
		inBubble(t, approving, func(t *testing.T, w *world) {
			w.wants(owner, "914083136 180")
			change(w)
			time.Sleep(2 * time.Minute)
			if edits, told := w.poster.edited(), w.poster.heardBy(owner); w.approval().State != want || len(edits) != 1 || len(told) != 1 {
				t.Errorf("%s: it is %s, %d edits, %d messages", want, w.approval().State, len(edits), len(told))
			}
		})
	}
}

// Who decides before it was noted where the card is does so all the same, and the card says so in the end.
func TestDecidedBeforeTheCardIsNoted(t *testing.T) {
	for _, verb := range []string{verbApprove, verbDeny} {
		for name, late := range map[string]time.Duration{"while it is carried out": 0, "when all is done": time.Second} {
			inBubble(t, approving, func(t *testing.T, w *world) {
				var decides atomic.Bool
				w.faults.put("Show", doing(func() {
					if decides.Swap(true) {
						return
					}
					posted := w.poster.heardBy(cards)
					w.inbox.Receive(t.Context(), clicked("early", admin, w.button(posted[len(posted)-1], verb)))
					for w.approval().State == store.ApprovalAsked {
						time.Sleep(time.Millisecond)
					}
					time.Sleep(late)
				}))
				w.wants(owner, "914083136 180")
				time.Sleep(5 * time.Minute)
				edits, told := w.poster.edited(), w.poster.heardBy(owner)
				if len(edits) != 1 || !strings.Contains(edits[0].whole, admin) || len(edits[0].buttons) > 0 || len(told) != 1 {
					t.Errorf("%s %s: %d edits (%+v), %d messages; it is %+v", verb, name, len(edits), edits, len(told), w.approval())
				}
				if want := map[string]int{verbApprove: 1, verbDeny: 0}[verb]; len(w.minutesOf()) != want {
					t.Errorf("%s %s: added %v", verb, name, w.minutesOf())
				}
			})
		}
	}
}

// Whatever Slack does, the card and the one who asked have the outcome in the end, once.
func TestOutcomeIsToldInTheEnd(t *testing.T) {
	down := slackSays("internal_error")
	for _, place := range []string{cards, owner} {
		inBubble(t, approving, func(t *testing.T, w *world) {
			card, _ := w.wants(owner, "914083136 180")
			w.poster.fail(place, down, down, down)
			w.presses(admin, w.button(card, verbApprove))
			time.Sleep(5 * time.Minute)
			edits, told := w.poster.edited(), w.poster.heardBy(owner)
			if len(w.minutesOf()) != 1 || len(edits) != 1 || len(told) != 1 || told[0].tone != Done {
				t.Errorf("%s: added %v, %d edits, %d messages", place, w.minutesOf(), len(edits), len(told))
			}
		})
	}
}

// In doubt the card and the one who asked say so, and say it again when it is settled.
func TestApprovedExtensionInDoubt(t *testing.T) {
	for name, c := range map[string]struct {
		set  func(*world)
		want extension.Outcome
	}{
		"lost, done": {losesAnswers(true), extension.DidConfirm}, "lost, not done": {losesAnswers(false), extension.NoEffect},
		"shown late": {lags(20 * time.Second), extension.DidConfirm},
	} {
		inBubble(t, both(approving, c.set), func(t *testing.T, w *world) {
			card, _ := w.wants(owner, "914083136 180")
			w.presses(admin, w.button(card, verbApprove))
			doubt := w.approval().Outcome
			time.Sleep(15 * time.Minute)
			told, edits := w.poster.heardBy(owner), w.poster.edited()
			if w.approval().Outcome != string(c.want) || doubt == string(c.want) || len(told) != 2 || len(edits) != 2 || told[0].tone != Waiting {
				t.Errorf("%s: %s, then %s; %d messages, %d edits", name, doubt, w.approval().Outcome, len(told), len(edits))
			}
		})
	}
}

// What was approved counts for the one who asked, and leaves the limits as they are for what comes next.
func TestApprovalIsForOneRequest(t *testing.T) {
	inBubble(t, approving, func(t *testing.T, w *world) {
		card, _ := w.wants(owner, "914083136 180")
		w.presses(admin, w.button(card, verbApprove))
		rows, err := w.store.History.Extensions(t.Context(), theID, 10)
		w.must(err)
		if len(rows) != 1 || rows[0].Origin != extension.FromApproval || rows[0].Actor != actor(owner) || rows[0].ID != w.approval().Extension {
			t.Fatalf("%+v", rows)
		}
		if again := w.asks(owner, "914083136 121"); again.tone != Refusal {
			t.Errorf("%s %q", again.tone, again.text)
		}
		left, err := w.extender.Left(t.Context(), rows[0].Run, actor(owner))
		if err != nil || left.Run != 60 {
			t.Errorf("%+v, %v", left, err)
		}
	})
}

// A process that died at any point between the decision and the last word leaves the rest to another, which does it once. What
// nobody expects any more is not done.
func TestApprovalAfterACrash(t *testing.T) {
	for _, died := range []time.Duration{10 * time.Second, freshFor - 10*time.Second, freshFor + time.Minute} {
		for _, sent := range []bool{false, true} {
			inBubble(t, approving, func(t *testing.T, w *world) {
				w.wants(owner, "914083136 180")
				ctx := context.Background()
				row, _, err := w.store.Approvals.Decide(ctx, 1, store.Approved, actor(admin), "", died)
				w.must(err)
				if sent {
					m, err := w.extender.Look(ctx, theID)
					w.must(err)
					_, err = w.extender.Extend(ctx, extension.Request{
						Key: extension.OfferKey(row.Run, row.End), Envelope: approvalEnvelope(row.ID), Meeting: m, Origin: extension.FromApproval,
						Actor: row.Actor, Minutes: row.Minutes, OfferedEnd: row.End,
					})
					w.must(err)
				}
				time.Sleep(died + time.Minute)
				want, tone := 1, Done
				if !sent && died > freshFor {
					want, tone = 0, Failed
				}
				told := w.poster.heardBy(owner)
				if len(w.minutesOf()) != want || len(told) != 1 || told[0].tone != tone || len(w.poster.edited()) != 1 {
					t.Errorf("died %v ago, sent %v: added %v, told %v, %d edits", died, sent, w.minutesOf(), told, len(w.poster.edited()))
				}
				out := "confirmed 13:12-16:12"
				if want == 0 {
					out = "expired (late)"
				}
				if lines := w.over(extension.HowApproved); len(lines) != 1 || !strings.Contains(inShort(lines[0]), out) {
					t.Errorf("died %v ago, sent %v: the log has %v, want %s once", died, sent, lines, out)
				}
			})
		}
	}
}

// What was approved before a crash, of a meeting that nobody can read since, is not done. The one who asked hears so, and so
// does the log, once.
func TestApprovalOfWhatCannotBeRead(t *testing.T) {
	inBubble(t, approving, func(t *testing.T, w *world) {
		w.wants(owner, "914083136 180")
		serviceDown(w)
		_, _, err := w.store.Approvals.Decide(t.Context(), 1, store.Approved, actor(admin), "", time.Second)
		w.must(err)
		time.Sleep(30 * time.Minute)
		told, lines := w.poster.heardBy(owner), w.over(extension.HowApproved)
		if len(told) != 1 || told[0].tone != Failed || len(w.minutesOf()) != 0 {
			t.Errorf("told %v, added %v", told, w.minutesOf())
		}
		if len(lines) != 1 || !strings.Contains(inShort(lines[0]), "refused (failed)") {
			t.Errorf("the log has %v", lines)
		}
	})
}

// Two processes that look after the same approval extend once, and one of them logs it: whether they meet on the way, or one
// of them comes when the other has sent it.
func TestTwoProcessesCarryOutOnce(t *testing.T) {
	for _, together := range []bool{true, false} {
		inBubble(t, approving, func(t *testing.T, w *world) {
			w.wants(owner, "914083136 180")
			row, _, err := w.store.Approvals.Decide(t.Context(), 1, store.Approved, actor(admin), "", time.Hour)
			w.must(err)
			var both sync.WaitGroup
			for range 2 {
				both.Go(func() { w.approvals.follow(t.Context(), row) })
				if !together {
					both.Wait()
				}
			}
			both.Wait()
			synctest.Wait()
			if got := w.minutesOf(); len(got) != 1 {
				t.Errorf("together %v: added %v", together, got)
			}
			if lines := w.over(extension.HowApproved); len(lines) != 1 {
				t.Errorf("together %v: the log has %d lines of it", together, len(lines))
			}
		})
	}
}

// The card has a title where nobody of another workspace reads it, and who asked where they may know it.
func TestTitleOnACard(t *testing.T) {
	for _, shared := range []bool{false, true} {
		inBubble(t, both(approving, func(w *world) { w.people.channel.ExtShared = shared }), func(t *testing.T, w *world) {
			card, _ := w.wants(owner, "914083136 180")
			if strings.Contains(card.all(), theMeeting().Subject) == shared {
				t.Errorf("shared %v: %q", shared, card.all())
			}
		})
	}
}
