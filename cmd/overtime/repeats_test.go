package main

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// The repeats: so many wishes over so many meetings, each envelope repeated so often at the most.
const (
	repeatedWishes   = 60
	repeatedMeetings = 12
	mostRepeats      = 5
)

// Envelopes repeated and reordered at random over two bots with a store each on one database come to the same as
// envelopes that come once, in order, to one bot.
func TestRepeatsAndReordersChangeNothing(t *testing.T) {
	t.Parallel()
	chance := seeded(t)
	inOrder := make([]int, repeatedWishes)
	for i := range inOrder {
		inOrder[i] = i
	}
	want := outcomeOfWishes(t, 1, inOrder, nil)
	for round := range 3 {
		t.Run(fmt.Sprint("round ", round), func(t *testing.T) {
			got := outcomeOfWishes(t, 2, chance.Perm(repeatedWishes), chance)
			if !slices.Equal(got, want) {
				t.Errorf("with repeats: %v\nwithout: %v", got, want)
			}
		})
	}
}

// outcomeOfWishes lets bots do all the wishes, in an order, and says for each what came of it and what was said, and
// for each meeting by how much it was extended.
func outcomeOfWishes(t *testing.T, bots int, order []int, chance *rand.Rand) []string {
	t.Helper()
	tr := newTrial(t, filepath.Join(t.TempDir(), "overtime.db"))
	var running []*process
	for range bots {
		running = append(running, tr.start("MEETING_TIMEOUT=10s")) // nothing may fail for want of time
	}
	meetings := make([]string, repeatedMeetings)
	for i := range meetings {
		meetings[i] = tr.meeting()
	}
	j := newJudge(tr)
	made := make([]wish, repeatedWishes)
	last := make(map[int]wish)
	for _, i := range order {
		if before, ok := last[i%repeatedMeetings]; ok {
			tr.waitAnswered(j, before) // two wishes for one meeting at a time are another matter
		}
		w, ok := tr.asks(meetings[i%repeatedMeetings], 1+i/repeatedMeetings)
		if !ok {
			t.Fatal("the bots have no socket")
		}
		made[i], last[i%repeatedMeetings] = w, w
		tr.repeat(chance)
	}
	tr.waitFinal(j, 40*time.Second)
	tr.repeat(chance) // what is answered long ago
	for _, bot := range running {
		bot.stop()
	}
	return tr.outcome(j, made, meetings)
}

// repeat delivers some of the envelopes so far again, in any order, to any bot.
func (tr *trial) repeat(chance *rand.Rand) {
	if chance == nil {
		return
	}
	wishes := tr.wishes()
	for range chance.IntN(mostRepeats) {
		if err := tr.slack.Redeliver(wishes[chance.IntN(len(wishes))].envelope); err != nil {
			tr.t.Error(err)
		}
	}
}

func (tr *trial) outcome(j *judge, made []wish, meetings []string) []string {
	rulings := j.rule()
	var told []string
	for i, w := range made {
		r := rulings[w.envelope]
		said := fmt.Sprintf("wish %d: %d effects, %d puts, said", i, len(r.effects), len(r.puts))
		for _, a := range r.answers {
			if a.says != saysLater { // that it takes long is no outcome
				said += " " + a.key
			}
		}
		told = append(told, said)
	}
	for i, id := range meetings {
		end, _ := tr.service.End(id)
		told = append(told, fmt.Sprintf("meeting %d: longer by %v", i, end.Sub(tr.firstEnd(id))))
	}
	return told
}
