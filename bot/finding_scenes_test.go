package bot

import (
	"fmt"
	"strings"
	"testing"
)

func TestGoldenFinding(t *testing.T) { golden(t, "finding") }

// findingScenes are commands that name their meeting by its title, or not at all.
func findingScenes() []scene {
	plainly := func(i int) string { return fmt.Sprintf("Weekly planning %d", i) }
	ask := func(name, command string) scene {
		return scene{only: true, name: name, command: command, set: finding, world: "alike"}
	}
	hosts := func(name, command string) scene {
		return scene{only: true, name: name, user: owner, command: command, set: finding, world: "alike"}
	}
	scenes := []scene{
		ask("several", "sync 30"), ask("several, status", "status sync"), ask("several, watch", "watch week ask 20"),
		ask("one, weaker", "sales wee until 15:00"), ask("one, weaker, max", "produ max"), ask("a slip", "wekly product snyc 30"),
		ask("a host", "extend sam max"), ask("no match", "monthly 30"), ask("no match, why", "why monthly"),
		ask("almost a verb", "statsu weekly"), ask("another reading", "30 sales weekly"), ask("nothing named", "15"),
		hosts("nothing named, two of theirs", "until 15:00"), hosts("another's title", "sales 30"),
		hosts("a title of nobody's", "monthly 30"),
	}
	return append(scenes, []scene{
		{name: "its title", command: "weekly product sync 30"},
		{name: "words of it", command: "the weekly sync by 30 minutes", set: finding},
		{name: "the only one that they host", user: owner, command: "extend my meeting by 30 minutes"},
		{name: "status of the only one", user: owner, command: "status"},
		{only: true, name: "very many", command: "weekly", set: many(30, plainly)},
		{only: true, name: "hostile and long", command: "\"" + hostile + "\" 30", set: many(3, func(i int) string { return strings.Repeat(hostile, 1+i) })},
		{only: true, name: "a title of 500 characters", command: strings.Repeat("会", 500) + " 30"},
		{only: true, name: "nothing runs", command: "30", set: gone},
		{name: "a person's meeting", command: "<@" + owner + "> 30"},
		{only: true, name: "a person without a meeting", command: "status <@" + stranger + ">"},
		{only: true, name: "none of theirs", user: stranger, command: "30", set: nil},
		{name: "the button of a match", set: finding, play: func(w *world) { w.presses(admin, w.asks(admin, "sync 30").buttons[1].id) }},
	}...)
}
