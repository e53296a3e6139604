package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// foretold is a sentence about the future, as somebody read it.
type foretold struct {
	at      time.Time
	meeting string
	key     string // of the catalogue
	minutes int
	when    time.Time // it is to be done
	end     time.Time // it is about, where it says so
	text    string
}

const (
	foretoldExtend  = "outlook_extend"
	foretoldAsk     = "outlook_ask"
	foretoldAsked   = "outlook_asked"
	foretoldNothing = "outlook_nothing"
)

// foreteller recognises the sentences about the future, by their keys in the catalogue and the number of the wording.
type foreteller map[string]*regexp.Regexp

var (
	aboutMeeting = regexp.MustCompile(`^\*?(?:Meeting )?(\d{9})`)
	blank        = regexp.MustCompile(`\\\{\\\{\\\.([A-Za-z]+)\\\}\\\}`)
)

// newForeteller reads the English catalogue.
func (w *week) newForeteller() foreteller {
	content, err := os.ReadFile(filepath.Join(moduleRoot, "bot", "i18n", "catalogue", "automation.en.json"))
	if err != nil {
		w.t.Fatal(err)
	}
	var catalogue map[string]json.RawMessage
	if err := json.Unmarshal(content, &catalogue); err != nil {
		w.t.Fatal(err)
	}
	known := make(foreteller)
	for _, key := range []string{foretoldExtend, foretoldExtend + "_now", foretoldAsk, foretoldAsk + "_now", foretoldAsked, foretoldNothing} {
		texts := wordings(catalogue[key])
		if len(texts) == 0 {
			w.t.Fatalf("the catalogue has no %q any more", key)
		}
		for i, text := range texts {
			known[fmt.Sprint(key, "/", i)] = regexp.MustCompile(blank.ReplaceAllStringFunc(regexp.QuoteMeta(text), func(name string) string {
				switch name = blank.FindStringSubmatch(name)[1]; name {
				case "At", "End":
					return `<!date\^(?P<` + name + `>\d+)\^[^>]*>`
				case "Count":
					return `(?P<Count>\d+)`
				}
				return `.+?`
			}))
		}
	}
	return known
}

// read finds what a text says of the future of a meeting, or of the meetings that its lines name.
func (f foreteller) read(at time.Time, meeting, text string) []foretold {
	var all []foretold
	for line := range strings.Lines(text) {
		about := meeting
		if found := aboutMeeting.FindStringSubmatch(line); found != nil {
			about = found[1]
		}
		for key, pattern := range f {
			for _, found := range pattern.FindAllStringSubmatch(line, -1) {
				name, _, _ := strings.Cut(key, "/")
				said := foretold{at: at, meeting: about, key: strings.TrimSuffix(name, "_now"), when: at, text: found[0]}
				for i, name := range pattern.SubexpNames() {
					number, _ := strconv.ParseInt(found[i], 10, 64) // digits where it has a name
					switch name {
					case "At":
						said.when = time.Unix(number, 0).UTC()
					case "End":
						said.end = time.Unix(number, 0).UTC()
					case "Count":
						said.minutes = int(number)
					}
				}
				all = append(all, said)
			}
		}
	}
	return all
}

// allForetold is what anybody read: in messages, in what became of them, and in answers.
func (w *week) allForetold() []foretold {
	f := w.newForeteller()
	var all []foretold
	for _, m := range w.wire.since(0) {
		for _, seen := range m.shown {
			all = append(all, f.read(seen.at, m.first().meeting, seen.text)...)
		}
	}
	about := make(map[string]string) // by the address of the answer
	for _, t := range w.typed {
		about[t.url] = t.meeting
	}
	for _, a := range w.wire.answers {
		if meeting, ok := about[a.url]; ok {
			all = append(all, f.read(a.at, meeting, a.text)...)
		}
	}
	return all
}

// foretold: what people read about the future is what then happened, unless something else happened before.
func (w *week) foretold(lives map[*gathering]*life) {
	counts := make(map[string]int)
	for _, said := range w.allForetold() {
		g := w.gatheringAt(said.meeting, said.at)
		if g == nil {
			continue
		}
		l := lives[g]
		until := w.undisturbed(l, said)
		if !until.After(said.at) {
			continue
		}
		fault, proven := said.against(l.happenings(), until)
		if proven {
			counts[said.key]++
		}
		if fault != "" {
			w.t.Errorf("%v: said at %s: %q; until %s: %s%s", l, said.at.Format("15:04:05"), said.text, until.Format("15:04:05"), fault, w.story(l))
		}
	}
	w.t.Logf("what was said of the future, and held: %v", counts)
	for _, key := range []string{foretoldExtend, foretoldAsk, foretoldAsked, foretoldNothing} {
		if counts[key] < len(w.plan)/1000+1 {
			w.t.Errorf("%q was hardly said: nothing is proven", key)
		}
	}
}

// undisturbed is until when nothing happened that changes what was said.
func (w *week) undisturbed(l *life, said foretold) time.Time {
	until := l.endings[len(l.endings)-1].end
	disturb := func(at time.Time) {
		if at.After(said.at) && at.Before(until) {
			until = at
		}
	}
	for _, wish := range l.wishes {
		disturb(wish.at)
	}
	for _, s := range slices.Concat(w.troubles, w.pauses) {
		if s.from.Before(said.at) && said.at.Before(s.to) && s.what != "pause" {
			return said.at
		}
		disturb(s.from)
		disturb(s.to)
	}
	disturb(l.byHand)
	disturb(l.leaves)
	return until
}

// happened is something that automation did.
type happened struct {
	key     string
	minutes int
	end     time.Time // that it was about
	at      time.Time
}

func (l *life) happenings() []happened {
	var all []happened
	for _, effect := range l.effects {
		if !l.byPerson(effect) {
			all = append(all, happened{foretoldExtend, effect.Minutes, effect.Before, effect.At})
		}
	}
	for _, prompt := range l.prompts {
		all = append(all, happened{foretoldAsk, 0, prompt.first().end, prompt.at})
	}
	slices.SortFunc(all, func(a, b happened) int { return a.at.Compare(b.at) })
	return all
}

const (
	soonerBy = 2 * time.Minute  // the quota may serve too few of those that end together
	laterBy  = 75 * time.Second // a call takes its turn, and Slack its time
)

// against is what is wrong with a sentence that holds until then, and whether it was put to the proof.
func (f foretold) against(happenings []happened, until time.Time) (fault string, proven bool) {
	for _, h := range happenings {
		nothing := f.key == foretoldAsked || f.key == foretoldNothing
		switch what := fmt.Sprintf("%s by %d about %s at %s", h.key, h.minutes, h.end.Format("15:04"), h.at.Format("15:04:05")); {
		case h.at.Before(f.at.Add(-time.Second)) || !h.at.Before(until):
		case h.at.Before(f.at.Add(time.Second)) && !f.when.Equal(f.at): // it was written while that happened
		case nothing && h.end.Equal(f.end):
			return what, true
		case nothing:
		case h.key != f.key || h.minutes != f.minutes, h.at.Before(f.when.Add(-soonerBy)), h.at.After(f.when.Add(laterBy)):
			return what, true
		default:
			return "", true
		}
	}
	switch f.key {
	case foretoldExtend, foretoldAsk:
		if f.when.Add(laterBy).Before(until) {
			return "nothing happened", true
		}
		return "", false
	}
	return "", !until.Before(f.end.Add(-2 * time.Minute))
}
