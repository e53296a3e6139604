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
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/slacksim"
	"github.com/overtime-bot/overtime/meeting/meetingtest"
)

// wish is one typed command. Nobody else types, and no other wish for its meeting has as many minutes: so each
// effect, each PUT and each answer belongs to one wish.
type wish struct {
	user, meeting string
	minutes       int
	envelope      string
}

func (w wish) String() string { return fmt.Sprintf("%s +%d by %s", w.meeting, w.minutes, w.user) }

// claimed is what an answer says came of the wish.
type claimed string

const (
	saysDone    claimed = "done"
	saysNot     claimed = "not done"
	saysUnclear claimed = "unclear"
	saysLater   claimed = "not known yet"
)

// meanings are the sentences that answers to /extend begin with, by their keys in the catalogue. A sentence that is not
// among them is no answer: also "something went wrong".
var meanings = map[string]claimed{
	"extended": saysDone, "already": saysDone, "settled_confirmed": saysDone,
	"settled_void": saysNot, "settled_nothing": saysNot, "busy": saysNot, "moved": saysNot, "ended": saysNot,
	"joined_refusal": saysNot, "denied_lookup": saysNot,
	"too_many": saysNot, "limit_run": saysNot, "limit_run_none": saysNot, "limit_person": saysNot,
	"service_refused_limit": saysNot, "service_refused_forbidden": saysNot, "service_refused_rights": saysNot,
	"service_hides_all": saysNot, "service_unreadable": saysNot, "service_refused_password": saysNot, "service_refused_invalid": saysNot, "service_refused_login": saysNot,
	"settled_watched": saysNot, "limit_room": saysNot, "limit_daily": saysNot, "limit_daily_none": saysNot, "nobody_in": saysNot,
	"service_refused_range": saysNot, "service_refused_room": saysNot, "service_refused_concurrency": saysNot, "service_delayed": saysNot,
	"not_known": saysUnclear, hasMoved: saysUnclear,
	"service_throttled": saysNot, "service_down": saysNot, "not_written": saysNot, "overloaded": saysNot,
	"settled_unclear": saysUnclear, "settled_accepted": saysUnclear, "settled_over": saysUnclear, "settled_unreadable": saysUnclear,
	"accepted": saysLater, "unknown": saysLater, "working": saysLater,
}

// stillEnds is true as long as the extension has no effect: it promises to tell of a late one.
const stillEnds = "settled_watched"

// hasMoved ends that watch, as somebody or something moved the end: more than the new end nobody can know.
const hasMoved = "settled_moved"

// sentence recognises one wording.
type sentence struct {
	key     string
	pattern *regexp.Regexp
	length  int // of what is not filled in: of two that fit, the longer is meant
}

var placeholder = regexp.MustCompile(`\\\{\\\{\\\.[A-Za-z]+\\\}\\\}`)

// readSentences reads the English catalogue as a person does: to know what the words mean.
func readSentences(t testing.TB) []sentence {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(moduleRoot, "bot", "i18n", "catalogue", "active.en.json"))
	if err != nil {
		t.Fatal(err)
	}
	var catalogue map[string]json.RawMessage
	if err := json.Unmarshal(content, &catalogue); err != nil {
		t.Fatal(err)
	}
	var sentences []sentence
	for key := range meanings {
		texts := wordings(catalogue[key])
		if len(texts) == 0 {
			t.Errorf("the catalogue has no %q any more", key)
		}
		for _, text := range texts {
			pattern := placeholder.ReplaceAllString(regexp.QuoteMeta(text), "(.+?)")
			sentences = append(sentences, sentence{key, regexp.MustCompile(`(?s)^(?:\*[^*]+\* · )?` + pattern), len(pattern)})
		}
	}
	slices.SortFunc(sentences, func(a, b sentence) int { return b.length - a.length })
	return sentences
}

func wordings(entry json.RawMessage) []string {
	var one string
	if json.Unmarshal(entry, &one) == nil && one != "" {
		return []string{one}
	}
	var forms map[string]string
	_ = json.Unmarshal(entry, &forms) // neither: no such key
	var texts []string
	for _, form := range forms {
		texts = append(texts, form)
	}
	return texts
}

// answer is one that a person read.
type answer struct {
	text, key string
	says      claimed
	end       time.Time // that it names; zero if it names none
}

func (a answer) String() string { return fmt.Sprintf("%s: %q", a.says, a.text) }

var instant = regexp.MustCompile(`<!date\^(\d+)\^`)

func readAnswer(sentences []sentence, message slacksim.Message) answer {
	read := answer{text: message.Text}
	for _, s := range sentences {
		if s.pattern.MatchString(message.Text) {
			read.key, read.says = s.key, meanings[s.key]
			break
		}
	}
	first, _, _ := strings.Cut(message.Text, "\n")
	if found := instant.FindStringSubmatch(first); found != nil {
		seconds, _ := strconv.ParseInt(found[1], 10, 64) // digits
		read.end = time.Unix(seconds, 0)
	}
	return read
}

// judge counts by what was on the wire alone. Whoever expects more of a case looks at what it returns.
type judge struct {
	trial     *trial
	sentences []sentence
	// mayBeUnclear where nobody can know better.
	mayBeUnclear bool
}

func newJudge(trial *trial) *judge { return &judge{trial: trial, sentences: readSentences(trial.t)} }

// answers are those of the bot to the wish, at its response_url or by direct message: people type in the direct
// messages, so that both stand there.
func (j *judge) answers(w wish) []answer {
	var read []answer
	for _, message := range j.trial.slack.Messages(slacksim.Filter{Channel: directOf(w.user), User: slacksim.BotUserID}) {
		read = append(read, readAnswer(j.sentences, message))
	}
	return read
}

// final says that the person knows how it came out.
func (j *judge) final(w wish) bool {
	return slices.ContainsFunc(j.answers(w), func(a answer) bool { return a.says != "" && a.says != saysLater })
}

// ruling is what became of a wish.
type ruling struct {
	effects []meetingtest.Effect
	answers []answer
	puts    []put
}

// rule judges all wishes, and that nothing else was extended.
func (j *judge) rule() map[string]ruling {
	rulings := make(map[string]ruling)
	asked := make(map[string]int)
	puts := j.trial.puts.all()
	for _, w := range j.trial.wishes() {
		rulings[w.envelope] = j.ruleOne(w, puts[putKey(w.meeting, w.minutes)])
		asked[w.meeting] += len(rulings[w.envelope].effects)
	}
	for id, count := range asked {
		if effects := j.trial.service.Effects(id); len(effects) != count {
			j.trial.t.Errorf("%s was extended %d times, and people asked for %d of them: %v", id, len(effects), count, effects)
		}
	}
	return rulings
}

func (j *judge) ruleOne(w wish, puts []put) ruling {
	r := ruling{answers: j.answers(w), puts: puts}
	for _, effect := range j.trial.service.Effects(w.meeting) {
		if effect.Minutes == w.minutes {
			r.effects = append(r.effects, effect)
		}
	}
	for _, fault := range slices.Concat(j.effectFaults(r), j.putFaults(r), j.answerFaults(w, r)) {
		j.trial.t.Errorf("%v: %s\n  effects %v\n  puts %v\n  answers %v", w, fault, r.effects, r.puts, r.answers)
	}
	return r
}

func (j *judge) effectFaults(r ruling) []string {
	if len(r.effects) > 1 {
		return []string{fmt.Sprintf("extended %d times", len(r.effects))}
	}
	return nil
}

// putFaults: only what is proven to have had no effect may be sent again.
func (j *judge) putFaults(r ruling) []string {
	for i, sent := range r.puts {
		if i < len(r.puts)-1 && !sent.provenWithoutEffect() {
			return []string{fmt.Sprintf("sent again after %v", sent)}
		}
	}
	return nil
}

func (j *judge) answerFaults(w wish, r ruling) []string {
	if len(r.answers) == 0 {
		return []string{"never answered"}
	}
	var faults []string
	for _, a := range r.answers {
		if fault := j.answerFault(w, r, a); fault != "" {
			faults = append(faults, fmt.Sprintf("%s: %q", fault, a.text))
		}
	}
	switch last := r.answers[len(r.answers)-1]; {
	case last.says == saysLater:
		faults = append(faults, "the last answer promises another")
	case last.key == stillEnds && len(r.effects) > 0:
		faults = append(faults, "nobody tells that the end has moved")
	}
	return faults
}

// answerFault says what is untrue about one answer. None may be, not only the last: people act on each.
func (j *judge) answerFault(w wish, r ruling, a answer) string {
	effect := len(r.effects) > 0
	switch {
	case a.says == "":
		return "an answer that says neither yes nor no"
	case a.says == saysUnclear && !j.mayBeUnclear && a.key != hasMoved:
		return "unclear, though it could be known"
	case a.says == saysDone && !effect:
		return "says that it was done"
	case a.says == saysNot && effect && a.key != stillEnds:
		return "says that it was not done"
	case !a.end.IsZero() && !slices.ContainsFunc(j.trueEnds(w, r, a), a.end.Equal):
		return "names an end that the meeting did not have"
	}
	return ""
}

// trueEnds are those that the meeting had while the answer could be given: for one that says done, since its effect.
func (j *judge) trueEnds(w wish, r ruling, a answer) []time.Time {
	since := time.Time{}
	ends := []time.Time{j.trial.firstEnd(w.meeting).Truncate(time.Minute)}
	if a.says == saysDone && len(r.effects) > 0 {
		since, ends = r.effects[0].At, nil
	}
	for _, effect := range j.trial.service.Effects(w.meeting) {
		if !effect.At.Before(since) {
			ends = append(ends, effect.After.Truncate(time.Minute))
		}
	}
	return ends
}
