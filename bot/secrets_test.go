package bot

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/meeting/meetingtest"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

const (
	secretWord = "Kestrel" // in the title of a meeting, and in its host's name
	theRoom    = "771234"
	hanna      = "U0HANNA" // hosts the meeting that is secret
)

// ofHanna makes theMeeting one of somebody else's, in a room where the owner of the rule met before.
func ofHanna(w *world) {
	w.meetings[0].RoomID, w.meetings[0].Subject = theRoom, secretWord+" layoffs"
	w.meetings[0].Host = meetingtest.Host{UUID: "host-9", Account: "hanna", Name: "Hanna " + secretWord, Email: "hanna@acme.example"}
	w.people.people[hanna] = ordinary(hanna, "hanna@acme.example", "en-US", "Europe/Berlin")
	own := booked("920417765", "Theirs")
	own.Host.UUID = "host-1"
	w.meetings = append(w.meetings, own)
}

// secretly is an occasion about it, under a rule of the room.
func secretly(o scheduler.Occasion, rule scheduler.Rule) scheduler.Occasion {
	o.Meeting.RoomID, o.Meeting.HostUUID = theRoom, "host-9"
	if !o.Over {
		o.Meeting.Subject, o.Meeting.HostName = secretWord+" layoffs", "Hanna "+secretWord
	}
	rule.Mode = o.Rule.Mode
	o.Rule = rule
	return o
}

// A reader of the automation's messages, and whether they may know what the meeting is called.
type secretReader struct {
	name string
	set  func(*world)
	rule scheduler.Rule
	may  bool
}

func secretReaders() []secretReader {
	shared := func(w *world) { w.people.channel.ExtShared = true }
	unknown := func(w *world) { w.people.channelErr = errors.New("missing_scope") }
	listed := func(w *world) { w.policy.AllowedUsers = []string{owner} }
	denied := func(user string) func(*world) { return func(w *world) { w.policy.DeniedUsers = []string{user} } }
	of := func(user, channel string) scheduler.Rule {
		return scheduler.Rule{Of: theRoom, Owner: actor(user), Channel: channel}
	}
	return []secretReader{
		{"channel of the host's rule", nil, of(hanna, theChannel), true},
		{"channel of the host's rule, shared", shared, of(hanna, theChannel), false},
		{"channel of the host's rule, not to be known", unknown, of(hanna, theChannel), false},
		{"channel of the host's rule, who is denied", denied(hanna), of(hanna, theChannel), false},
		{"channel of another's rule", nil, of(owner, theChannel), false},
		{"channel of a listed person's rule", listed, of(owner, theChannel), true},
		{"channel of a listed person's rule, who left", both(listed, changed(owner, func(p *access.Person) { p.Deleted = true })), of(owner, theChannel), false},
		{"channel of a rule whose owner is not to be known", both(listed, func(w *world) { w.people.err = errors.New("not now") }), of(owner, theChannel), false},
		{"channel, and whose account is not to be known", hostUnknown, of(hanna, theChannel), false},
		{"the host by direct message", nil, of(hanna, ""), true},
		{"another by direct message", nil, of(owner, ""), false},
		{"an administrator by direct message", nil, of(admin, ""), true},
		{"NOTIFY_CHANNEL", notifying, scheduler.Rule{}, true},
		{"NOTIFY_CHANNEL, shared", both(notifying, shared), scheduler.Rule{}, false},
		{"NOTIFY_CHANNEL, not to be known", both(notifying, unknown), scheduler.Rule{}, false},
		{"NOTIFY_CHANNEL, which watches for another", notifying, of(owner, "C0NOTIFY"), true},
		{"the host, whom nobody's rule names", nil, scheduler.Rule{}, true},
		{"the host, denied", denied(hanna), scheduler.Rule{}, false},
	}
}

// Whatever automation has to say: what a meeting is called stays with the readers who may know of this run.
func TestMessagesKeepSecrets(t *testing.T) {
	for _, reader := range secretReaders() {
		inBubble(t, both(ofHanna, reader.set), func(t *testing.T, w *world) {
			hears := func(what string, certain bool, say func() error) {
				w.poster.forget()
				w.must(say())
				said := append(w.poster.all(), w.poster.edited()...)
				if len(said) == 0 {
					t.Fatalf("%s, %s: nothing was said", reader.name, what)
				}
				for _, heard := range said {
					text := heard.all() + string(encoded(heard.blocks))
					if strings.Contains(text, secretWord) && !reader.may || !strings.Contains(text, theID) && !strings.Contains(text, theRoom) {
						t.Errorf("%s, %s: %s", reader.name, what, text)
					}
				}
				last := said[len(said)-1]
				if certain && reader.may && !strings.Contains(last.all(), secretWord+" layoffs") {
					t.Errorf("%s, %s, who may know, reads %s", reader.name, what, last.all())
				}
			}
			for _, s := range occasionScenes() {
				o := secretly(s.occasion, reader.rule)
				if s.name == "ask, hostile subject" {
					continue
				}
				hears(s.name, !o.Over, func() error {
					posted, err := w.posts(o)
					o.Prompt.Posted, o.Prompt.Shown = posted, scheduler.Shown{}
					return err
				})
				hears(s.name+", followed", !o.Over, func() error { _, err := w.follows(o); return err })
			}
			if reader.rule.Of != "" {
				rule := reader.rule
				rule.Paused.Reason = scheduler.PausedOwnerMay
				hears("rule paused", true, func() error { return w.tellsOfPause(rule, secretly(askedAt(), rule).Meeting) })
			}
		})
	}
}

// Whatever somebody types or presses: they read of the meeting what they may, and so does the channel.
func TestCommandsKeepSecrets(t *testing.T) {
	roomRule := ruledBy(owner, func(r *scheduler.Rule) { r.Of = theRoom })
	commands := []string{"list", "", "unwatch 914083136", "unwatch " + theRoom}
	for _, id := range []string{theID, theRoom} {
		for _, rest := range []string{"", " 15", " 9999", " max", " until 15:00", " until 12:01", " 1.5"} {
			commands = append(commands, id+rest)
		}
		for _, verb := range []grammar.Verb{grammar.VerbStatus, grammar.VerbWhy, grammar.VerbWatch} {
			commands = append(commands, string(verb)+" "+id, string(verb)+" "+id+" ask", string(verb)+" "+id+" auto 500")
		}
	}
	for _, test := range []struct {
		name, user string
		set        func(*world)
		may        bool
	}{
		{"in no list", stranger, nil, false},
		{"in no list, with a rule for the room", owner, roomRule, false},
		{"in an allowed channel", stranger, allowedChannel(general), false},
		{"in an allowed channel, not one that watches", stranger, both(allowedChannel(general), roomRule), false},
		{"denied host", hanna, func(w *world) { w.policy.DeniedUsers = []string{hanna} }, false},
		{"excluded by a look-up", hanna, hostUnknown, false},
		{"host", hanna, nil, true},
		{"administrator", admin, nil, true},
	} {
		inBubble(t, both(ofHanna, test.set), func(t *testing.T, w *world) {
			told := false
			check := func(what string) {
				for _, line := range w.script.lines() {
					text := line.all() + string(encoded(line.blocks))
					if strings.Contains(text, secretWord) {
						told = true
						if !test.may {
							t.Errorf("%s, %s: %s %s", test.name, what, line.what, text)
						}
					}
				}
			}
			for _, command := range commands {
				if strings.HasPrefix(command, "watch") && !test.may && strings.HasPrefix(test.name, "in an allowed channel") {
					continue // a channel may know of what it watches
				}
				w.asks(test.user, command)
			}
			check("commands")
			for _, button := range w.everyButton() {
				if button.Verb != "typed" || test.may {
					w.presses(test.user, button.ID)
				}
			}
			check("buttons")
			w.must(w.settles(extension.Notice{Meeting: secretly(askedAt(), theRule()).Meeting, Extension: extension.Extension{
				ID: 77, Run: extension.RunOf(theMeeting()), MeetingID: theID, Actor: actor(test.user), Minutes: 15, State: extension.Confirmed, After: noon.Add(time.Hour),
			}}))
			check("second answer")
			if told != test.may {
				t.Errorf("%s: reads it: %t", test.name, told)
			}
		})
	}
}

// What a meeting is called, and whose it is, is read in package access alone, where a reader is authorised first. running.go
// makes names comparable, which are compared before it is known who may know of them, and are shown to nobody.
func TestTitlesAreReadWhereReadersAreAuthorised(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) < 40 {
		t.Fatal(len(files), err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") || name == "running.go" {
			continue
		}
		set := gotoken.NewFileSet()
		file, err := parser.ParseFile(set, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		called := make(map[ast.Expr]bool)
		ast.Inspect(file, func(node ast.Node) bool {
			switch node := node.(type) {
			case *ast.CallExpr:
				called[node.Fun] = true // sight.Subject(m), gate.Subject(…)
			case *ast.SelectorExpr:
				of, _ := node.X.(*ast.Ident)
				isType := of != nil && of.Name == "access"
				if secret := node.Sel.Name == "Subject" || node.Sel.Name == "HostName"; secret && !called[node] && !isType {
					t.Errorf("%s reads %s", set.Position(node.Pos()), fmt.Sprint(node.Sel))
				}
			}
			return true
		})
	}
}
