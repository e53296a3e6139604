package bot

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/overtime-bot/overtime/scheduler"
)

// randomWalk is several people who type and press in turn, in several ways and places, about one meeting.
type randomWalk struct {
	*world
	random *rand.Rand
}

func (k randomWalk) one(of ...string) string { return of[k.random.IntN(len(of))] }

// types has somebody type one of many commands somewhere.
func (k randomWalk) types(user string) heard {
	text := k.one("list", "status", "why 914083136 20", "history", "914083136 15", "max", "weekly product sync 30", "914083136 until 14:40",
		"914083136 240", "watch 914083136 auto", "watch 914083136 ask", "unwatch 914083136", "914083136 5")
	switch k.random.IntN(4) {
	case 0:
		k.script.does(user, "mentions the bot: "+text)
		return k.answerTo(user, mentioning(k.nextID(), user, "<@U0BOT> "+text, k.one("", "1700000000.000100")))
	case 1:
		k.script.does(user, "writes "+text)
		return k.answerTo(user, wrote(k.nextID(), user, text))
	}
	return k.asksFrom(k.one(general, theChannel), user, text)
}

var (
	endRead  = regexp.MustCompile(`(?:ends at|runs until) <!date\^(\d+)\^`)
	leftRead = regexp.MustCompile(`This meeting can get (\d+) more minutes? \(limit: (\d+)\)`)
)

// untrue is what an answer says that is not so at that moment.
func (k randomWalk) untrue(said heard) string {
	end, _ := k.service.End(theID)
	for _, read := range endRead.FindAllStringSubmatch(said.whole, -1) {
		if read[1] != fmt.Sprint(end.Unix()) {
			return "the end is " + end.String()
		}
	}
	added := 0
	for _, minutes := range k.effects() {
		added += minutes
	}
	for _, read := range leftRead.FindAllStringSubmatch(said.whole, -1) {
		left, _ := strconv.Atoi(read[1])
		if limit, _ := strconv.Atoi(read[2]); left != limit-added {
			return fmt.Sprintf("%d minutes were added", added)
		}
	}
	return ""
}

// step has somebody type, and press one of the buttons of the answer at once. It tells what was wrong.
func (k randomWalk) step() string {
	if k.random.IntN(4) == 0 {
		time.Sleep(time.Duration(k.random.IntN(5)) * time.Minute)
	}
	user := k.one(owner, admin)
	said := k.types(user)
	synctest.Wait()
	if wrong := k.untrue(said); wrong != "" {
		return wrong
	}
	controls := said.controls()
	if len(controls) == 0 || k.random.IntN(2) == 0 {
		return ""
	}
	pressed := controls[k.random.IntN(len(controls))]
	if strings.Contains(pressed.element, "dialog") {
		return ""
	}
	after := k.chooses(user, pressed)
	synctest.Wait()
	if after.tone == Refusal || after.tone == Failed {
		return "[" + pressed.label + "] is refused at once"
	}
	return k.untrue(after)
}

// Whatever several people did before, in whichever way, an answer says the end and the minutes left as they are, and does
// not refuse what it offers.
func TestNoSequenceMakesAnswersLie(t *testing.T) {
	for seed := range uint64(8) {
		inBubble(t, both(ticking, otherwise([]scheduler.Mode{scheduler.ModeOff, scheduler.ModeAsk, scheduler.ModeAuto}[seed%3])), func(t *testing.T, w *world) {
			k := randomWalk{w, rand.New(rand.NewPCG(seed, 11))}
			for range 20 {
				if wrong := k.step(); wrong != "" {
					var played strings.Builder
					for _, line := range w.script.lines() {
						played.WriteString(line.what + "\n" + line.shown())
					}
					t.Fatalf("seed %d: %s\n%s", seed, wrong, played.String())
				}
			}
		})
	}
}
