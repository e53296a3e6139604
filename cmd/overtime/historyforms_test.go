package main

import (
	"bytes"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler/extension"
)

// deedsOfAll are of a person whose name is known, of one whose name is not, and of automation that nobody asked for. Their times
// are of other zones than UTC.
func deedsOfAll() []deed {
	in := time.FixedZone("east", 8*60*60)
	asked := time.Date(2026, 11, 29, 1, 2, 3, 0, in)
	end := time.Date(2026, 11, 29, 1, 12, 0, 0, in)
	return []deed{
		{asked, "Zoë, \"Z\"", extension.Done{
			How: extension.HowTyped, Verb: "extend", Team: "T1", User: "U1", Meeting: "914083136", Minutes: 30, From: end, To: end.Add(30 * time.Minute),
			Outcome: "confirmed", Took: 1234567 * time.Microsecond, RequestID: "r-1",
		}},
		{asked.Add(-time.Hour), "", extension.Done{
			How: extension.HowButton, Verb: "extend", Team: "T1", User: "U2", Meeting: "914083137", Minutes: 15, From: end,
			Outcome: "refused", Reason: "MMC.1\x1b[2J", Took: time.Second, RequestID: "r-2",
		}},
		{asked.Add(-2 * time.Hour), "", extension.Done{How: extension.HowAutomatic, Verb: "extend", Meeting: "0123456789", Minutes: 5, Outcome: "void", Reason: "end unchanged"}},
	}
}

// What each form prints, to the letter: every key, every time in UTC, and what is not known left empty.
func TestFormsOfTheHistory(t *testing.T) {
	for name, form := range map[string]struct {
		command     historyCommand
		want, empty string
	}{
		"JSON": {historyCommand{JSON: true}, `{"at":"2026-11-28T17:02:03Z","how":"typed","verb":"extend","team":"T1","user":"U1","meeting":"914083136","minutes":30,` +
			`"from":"2026-11-28T17:12:00Z","to":"2026-11-28T17:42:00Z","outcome":"confirmed","reason":"","took_seconds":1.235,"request_id":"r-1","user_name":"Zoë, \"Z\""}
{"at":"2026-11-28T16:02:03Z","how":"button","verb":"extend","team":"T1","user":"U2","meeting":"914083137","minutes":15,` +
			`"from":"2026-11-28T17:12:00Z","to":"","outcome":"refused","reason":"MMC.1\u001b[2J","took_seconds":1,"request_id":"r-2","user_name":""}
{"at":"2026-11-28T15:02:03Z","how":"automatic","verb":"extend","team":"","user":"","meeting":"0123456789","minutes":5,` +
			`"from":"","to":"","outcome":"void","reason":"end unchanged","took_seconds":0,"request_id":"","user_name":""}
`, ""},
		"CSV": {
			historyCommand{CSV: true},
			"at,how,verb,team,user,meeting,minutes,from,to,outcome,reason,took_seconds,request_id,user_name\n" +
				"2026-11-28T17:02:03Z,typed,extend,T1,U1,914083136,30,2026-11-28T17:12:00Z,2026-11-28T17:42:00Z,confirmed,,1.235,r-1,\"Zoë, \"\"Z\"\"\"\n" +
				"2026-11-28T16:02:03Z,button,extend,T1,U2,914083137,15,2026-11-28T17:12:00Z,,refused,MMC.1\x1b[2J,1,r-2,\n" +
				"2026-11-28T15:02:03Z,automatic,extend,,,0123456789,5,,,void,end unchanged,0,,\n",
			"at,how,verb,team,user,meeting,minutes,from,to,outcome,reason,took_seconds,request_id,user_name\n",
		},
		"a table": {historyCommand{}, `ASKED (UTC)       MEETING     WHO            HOW        MINUTES  END (UTC)      OUTCOME    REASON
2026-11-28 17:02  914083136   Zoë, "Z" (U1)  typed      30       17:12 → 17:42  confirmed  
2026-11-28 16:02  914083137   U2             button     15       17:12          refused    MMC.1[2J
2026-11-28 15:02  0123456789  -              automatic  5                       void       end unchanged
`, "Nothing was extended.\n"},
	} {
		print := func(deeds ...deed) string {
			var out bytes.Buffer
			to := form.command.form(&out)
			for _, d := range deeds {
				must(t, to.add(d))
			}
			must(t, to.end())
			return out.String()
		}
		if got := print(deedsOfAll()...); got != form.want {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, form.want)
		}
		if got := print(); got != form.empty {
			t.Errorf("%s of nothing: %q, want %q", name, got, form.empty)
		}
	}
}

// Days and hours are counted back from now, and a day begins at midnight UTC.
func TestHowFarBackTheHistoryGoes(t *testing.T) {
	now := time.Date(2026, 11, 28, 1, 2, 3, 0, time.FixedZone("east", 8*60*60))
	for text, want := range map[string]time.Time{
		"": {}, "7d": now.Add(-7 * 24 * time.Hour), "12h": now.Add(-12 * time.Hour), "0h": now, "99999d": now.Add(-99999 * 24 * time.Hour),
		"2026-11-01": time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC),
	} {
		if got, err := sinceOf(text, now); err != nil || !got.Equal(want) {
			t.Errorf("%q: %v (%v), want %v", text, got, err, want)
		}
	}
}
