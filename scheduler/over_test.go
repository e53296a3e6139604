package scheduler_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/meeting/meetingtest"
	"github.com/overtime-bot/overtime/scheduler"
)

// inShort is a line of what is over, in short.
func inShort(line map[string]any) string {
	return strings.TrimSpace(fmt.Sprintf("%v %v %v %v %v %v %v %v", line["level"], line["how"], line["verb"], line["user"], line["meeting"], line["minutes"], line["outcome"], line["reason"]))
}

// Each automatic act has one line when it is over, whichever replica acts, and names the person at whose wish it was.
func TestAutomaticActsAreSaidOnce(t *testing.T) {
	for name, c := range map[string]struct {
		mode scheduler.Mode
		set  func(*office)
		want []string // without those that are repeated
		most int
	}{
		"automatically, until it asks": {scheduler.ModeAuto, nil, []string{
			"INFO automatic extend  914083136 15 confirmed", "INFO automatic ask  914083136 0 told",
		}, 5},
		"asked": {scheduler.ModeAsk, nil, []string{"INFO automatic ask  914083136 0 told"}, 1},
		"at a person's wish": {
			scheduler.ModeOff, func(o *office) { o.watch(scheduler.Rule{Mode: scheduler.ModeAuto, Minutes: 20, Max: 20}) },
			[]string{"INFO automatic extend UALICE 914083136 20 confirmed", "INFO automatic ask UALICE 914083136 0 told"},
			2,
		},
		"refused": {scheduler.ModeAuto, func(o *office) {
			o.service.Inject(meetingtest.Fault{Op: meetingtest.OpExtend, Kind: meetingtest.Refuse, Status: 400, Code: "MMC.111074003", Times: 1})
		}, []string{
			"INFO automatic extend  914083136 15 refused MMC.111074003", "INFO automatic extend  914083136 15 confirmed", "INFO automatic ask  914083136 0 told",
		}, 6},
	} {
		inOffice(t, c.mode, func(o *office) {
			if c.set != nil {
				c.set(o)
			}
			over := o.logged()
			o.start(o.replica)
			o.start(o.another())
			o.until(-3 * time.Hour)
			var lines []string
			for _, verb := range []string{"extend", "ask"} {
				for _, line := range over(verb) {
					lines = append(lines, inShort(line))
					from, err := time.Parse(time.RFC3339, line["from"].(string))
					if err != nil || line["took_seconds"].(float64) < 0 || from.Location() != time.UTC {
						t.Errorf("%s: %v", name, line)
					}
				}
			}
			if len(lines) != c.most || !slices.Equal(slices.Compact(slices.Clone(lines)), c.want) {
				t.Errorf("%s: %q, want %d of %q", name, lines, c.most, c.want)
			}
		})
	}
}

// The line says how long the act took.
func TestAutomaticActsTook(t *testing.T) {
	inOffice(t, scheduler.ModeAuto, func(o *office) {
		o.service.Inject(meetingtest.Fault{Op: meetingtest.OpExtend, Before: 2 * time.Second, Times: 1})
		over := o.logged()
		o.start(o.replica)
		o.until(0)
		if lines := over("extend"); len(lines) == 0 || lines[0]["took_seconds"].(float64) < 2 || lines[0]["took_seconds"].(float64) > 10 {
			t.Errorf("%v", lines)
		}
	})
}
