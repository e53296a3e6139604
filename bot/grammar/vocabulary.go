package grammar

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/overtime-bot/overtime/scheduler"
)

// What stands in the examples.
const (
	exampleMeeting = "914083136"
	exampleMinutes = 30
	exampleMaximum = 60
)

// verbs are the verbs that can be typed. Their words are in the languages of the bot, in
// lower case. Words that could mean something else are left out.
var verbs = []struct {
	verb    Verb
	example Command
	words   []string
}{
	{VerbExtend, Command{Verb: VerbExtend, Meeting: exampleMeeting, Amount: Amount{Kind: ForMinutes, Count: exampleMinutes}}, []string{"extend", "prolong", "extender", "extiende", "alarga", "alargar", "amplía", "amplia", "ampliar", "prolonga", "prolongar", "延长", "延時", "延时", "延長"}},
	{VerbList, Command{Verb: VerbList}, []string{"list", "ls", "lista", "listar", "列表"}},
	{VerbStatus, Command{Verb: VerbStatus, Meeting: exampleMeeting}, []string{"status", "estado", "状态", "狀態"}},
	{VerbHelp, Command{Verb: VerbHelp}, []string{"help", "?", "-h", "-help", "--help", "ayuda", "帮助", "幫助"}},
	{VerbAuto, Command{Verb: VerbAuto, Meeting: exampleMeeting}, []string{"auto", "automatic", "automático", "automatico", "自动", "自動"}},
	{VerbHistory, Command{Verb: VerbHistory}, []string{"history", "historial", "历史", "歷史"}},
	{VerbWhy, Command{Verb: VerbWhy, Meeting: exampleMeeting}, []string{"why", "porqué", "为什么", "為什麼"}},
	{VerbWatch, Command{Verb: VerbWatch, Meeting: exampleMeeting, Mode: scheduler.ModeAsk}, []string{"watch", "vigilar", "vigila", "关注", "關注"}},
	{VerbUnwatch, Command{Verb: VerbUnwatch, Meeting: exampleMeeting}, []string{"unwatch", "desvigilar", "取消关注", "取消關注", "不再关注", "不再關注"}},
	{VerbPause, Command{Verb: VerbPause}, []string{"pause", "pausar", "暂停", "暫停"}},
	{VerbResume, Command{Verb: VerbResume}, []string{"resume", "reanudar", "恢复", "恢復"}},
}

// meaning is what a word of a command means. A verb's is the verb itself.
type meaning string

const (
	meaningNone    meaning = ""
	meaningMinutes meaning = "(minutes)"
	meaningHours   meaning = "(hours)"
	meaningUntil   meaning = "(until)"
	meaningMax     meaning = "(max)"
	meaningAsk     meaning = "(ask)" // a mode; the other one is the verb auto
	meaningAuto            = meaning(VerbAuto)
	meaningAM      meaning = "(am)"
	meaningPM      meaning = "(pm)"
	meaningFrom    meaning = "(from)"
	meaningFor     meaning = "(for)"     // says nothing, before an amount
	meaningArticle meaning = "(article)" // says nothing, before a time
	meaningMeeting meaning = "(meeting)" // says nothing, before an ID
)

// otherWords are the words that are no verbs.
var otherWords = map[meaning][]string{
	meaningMinutes: {"m", "min", "mins", "minute", "minutes", "minuto", "minutos", "分", "分钟", "分鐘"},
	meaningHours:   {"h", "hr", "hrs", "hour", "hours", "hora", "horas", "小时", "小時", "个小时", "個小時"},
	meaningUntil:   {"until", "till", "til", "hasta", "到", "至", "直到"},
	meaningMax:     {"max", "maximum", "máx", "máximo", "maximo", "最大", "最长", "最長", "最多"},
	meaningAsk:     {"ask", "preguntar", "pregunta", "询问", "詢問", "提问", "提問"},
	meaningAM:      {"am", "a.m", "a.m."},
	meaningPM:      {"pm", "p.m", "p.m."},
	meaningFrom:    {"from", "since", "desde", "从", "自", "從"},
	meaningFor:     {"for", "by", "por"},
	meaningArticle: {"la", "las"},
	meaningMeeting: {
		"meeting", "id", "meeting-id", "meeting_id", "meetingid", "conferenceid", "confid", "conference-id", "vmr",
		"reunión", "reunion", "会议", "会议号", "会议号码", "会议室", "會議", "會議號", "會議號碼",
	},
}

// allWords follow VerbList alone: elsewhere they may be part of a title.
var allWords = []string{"all", "todas", "todo", "全部", "所有"}

// meanings is the vocabulary by word.
var meanings = func() map[string]meaning {
	byWord := make(map[string]meaning)
	for _, known := range verbs {
		for _, word := range known.words {
			byWord[word] = meaning(known.verb)
		}
	}
	for means, words := range otherWords {
		for _, word := range words {
			byWord[word] = means
		}
	}
	return byWord
}()

// more are the words that say only that a length is added: "15 more minutes", "otra media hora".
var more = wordSet("more", "another", "extra", "additional", "más", "mas", "otro", "otra", "otros", "otras", "adicionales")

func wordSet(words ...string) map[string]bool {
	set := make(map[string]bool, len(words))
	for _, word := range words {
		set[word] = true
	}
	return set
}

func isIn(set map[string]bool, word string) bool { return set[strings.ToLower(word)] }

// meaningOf looks a word up.
func meaningOf(word string) meaning { return meanings[strings.ToLower(word)] }

// verbOf looks a verb up.
func verbOf(word string) (Verb, bool) {
	means := meaningOf(word)
	return Verb(means), means != meaningNone && otherWords[means] == nil
}

// ExampleOf is an example of a verb, for the meeting that was named if there was one. What is no verb has that of
// VerbExtend.
func ExampleOf(verb Verb, meeting string) Command {
	example := verbs[0].example
	for _, known := range verbs {
		if known.verb == verb {
			example = cmp.Or(known.example, example)
		}
	}
	if example.Meeting != "" {
		example.Meeting = cmp.Or(meeting, example.Meeting)
	}
	return example
}

// verbsLike are the verbs that a misspelt word may mean: it is one slip away, or two from a
// name of six letters.
func verbsLike(word string) []Verb {
	word = strings.ToLower(word)
	letters := utf8.RuneCountInString(word)
	var like []Verb
	for _, known := range verbs {
		if slices.ContainsFunc(known.words, func(name string) bool {
			length, slips := utf8.RuneCountInString(name), 1
			if length >= 6 {
				slips = 2
			}
			return length >= 4 && letters <= 2*length && Distance(word, name) <= slips
		}) {
			like = append(like, known.verb)
		}
	}
	return like
}

// Distance counts the letters to add, drop, change or swap with a neighbour to come from a to b.
func Distance(a, b string) int {
	from, to := []rune(a), []rune(b)
	before, last, row := make([]int, len(to)+1), make([]int, len(to)+1), make([]int, len(to)+1)
	for j := range row {
		row[j] = j
	}
	for i := range from {
		before, last, row = last, row, before
		row[0] = i + 1
		for j := range to {
			change := 1
			if from[i] == to[j] {
				change = 0
			}
			row[j+1] = min(last[j+1]+1, row[j]+1, last[j]+change)
			if i > 0 && j > 0 && from[i] == to[j-1] && from[i-1] == to[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
	}
	return row[len(to)]
}
