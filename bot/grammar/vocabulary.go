package grammar

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// meaning is what a word of a command stands for; a verb's is the verb itself.
type meaning string

const (
	meaningNone    meaning = ""
	meaningMinutes meaning = "(minutes)"
	meaningHours   meaning = "(hours)"
	meaningUntil   meaning = "(until)"
	meaningMax     meaning = "(max)"
	meaningAsk     meaning = "(ask)" // a mode; the other one is the verb auto
	meaningAM      meaning = "(am)"
	meaningPM      meaning = "(pm)"
	meaningFor     meaning = "(for)"     // says nothing, before an amount
	meaningArticle meaning = "(article)" // says nothing, before a time
	meaningMeeting meaning = "(meeting)" // says nothing, before an ID
)

// vocabulary lists the words of commands in the languages of the bot, in lower case. The first word of a verb
// is its name. A word that could be taken for something else is not here.
var vocabulary = map[meaning][]string{
	meaning(VerbExtend):  {"extend", "prolong", "extender", "ampliar", "prolongar", "延长", "延時", "延时", "延長"},
	meaning(VerbList):    {"list", "ls", "lista", "listar", "列表"},
	meaning(VerbStatus):  {"status", "estado", "状态", "狀態"},
	meaning(VerbHelp):    {"help", "?", "-h", "-help", "--help", "ayuda", "帮助", "幫助"},
	meaning(VerbAuto):    {"auto", "automatic", "automático", "automatico", "自动", "自動"},
	meaning(VerbHistory): {"history", "historial", "历史", "歷史"},
	meaning(VerbWhy):     {"why", "porqué", "为什么", "為什麼"},
	meaning(VerbWatch):   {"watch", "vigilar", "vigila", "关注", "關注"},
	meaning(VerbUnwatch): {"unwatch", "desvigilar", "取消关注", "取消關注"},
	meaning(VerbPause):   {"pause", "pausar", "暂停", "暫停"},
	meaning(VerbResume):  {"resume", "reanudar", "恢复", "恢復"},

	meaningMinutes: {"m", "min", "mins", "minute", "minutes", "minuto", "minutos", "分", "分钟", "分鐘"},
	meaningHours:   {"h", "hr", "hrs", "hour", "hours", "hora", "horas", "小时", "小時", "个小时", "個小時"},
	meaningUntil:   {"until", "till", "til", "hasta", "到", "至", "直到"},
	meaningMax:     {"max", "maximum", "máx", "máximo", "maximo", "最大", "最长", "最長", "最多"},
	meaningAsk:     {"ask", "preguntar", "pregunta", "询问", "詢問", "提问", "提問"},
	meaningAM:      {"am", "a.m", "a.m."},
	meaningPM:      {"pm", "p.m", "p.m."},
	meaningFor:     {"for", "by", "por"},
	meaningArticle: {"la", "las"},
	meaningMeeting: {"meeting", "id", "reunión", "reunion", "会议", "会议号", "會議", "會議號"},
}

// meanings is the vocabulary by word.
var meanings = func() map[string]meaning {
	byWord := make(map[string]meaning)
	for means, words := range vocabulary {
		for _, word := range words {
			byWord[word] = means
		}
	}
	return byWord
}()

// meaningOf looks a word up.
func meaningOf(word string) meaning { return meanings[strings.ToLower(word)] }

// verbs are the names of the verbs, in the order of the help.
func verbs() []Verb {
	return []Verb{
		VerbExtend, VerbList, VerbStatus, VerbHelp, VerbAuto, VerbHistory, VerbWhy, VerbWatch, VerbUnwatch, VerbPause,
		VerbResume,
	}
}

func verbOf(word string) (Verb, bool) {
	verb := Verb(meaningOf(word))
	return verb, slices.Contains(verbs(), verb)
}

// nearVerbs are the verbs for which a word may be a slip of the fingers.
func nearVerbs(word string) []Verb {
	word = strings.ToLower(word)
	var near []Verb
	for _, verb := range verbs() {
		for _, name := range vocabulary[meaning(verb)] {
			if slip(word, name) {
				near = append(near, verb)
				break
			}
		}
	}
	return near
}

// slip says that two words are one mistake apart, or two if they are long.
func slip(word, name string) bool {
	a, b := []rune(word), []rune(name)
	switch {
	case len(a) > 2*len(b) || len(b) < 4:
		return false
	case len(b) < 6:
		return distance(a, b) == 1
	}
	return distance(a, b) <= 2
}

// distance counts the letters to add, drop, change or swap with a neighbour to come from a to b.
func distance(a, b []rune) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			change := 1
			if a[i-1] == b[j-1] {
				change = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}

// slackLink is a link as Slack writes it into text: <target> or <target|what is shown>.
var slackLink = regexp.MustCompile(`<([a-z][a-z+.-]*:[^|>\s]*)(?:\|([^>]*))?>`)

// entities undoes Slack's escaping.
var entities = strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">")

// wordsOf takes the text apart, free of what comes of pasting and of keyboards.
func wordsOf(text string) []string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	text = slackLink.ReplaceAllStringFunc(text, unwrapLink)
	text = entities.Replace(text)
	text = strings.Map(plainRune, width.Fold.String(text))
	var words []string
	for _, word := range strings.Fields(text) {
		if word = bare(word); isLink(word) {
			words = append(words, word)
			continue
		}
		for _, part := range strings.Fields(splitScripts(word)) {
			words = append(words, bare(part))
		}
	}
	return words
}

// unwrapLink keeps where a link leads, never what it shows, which could be anything; but a telephone number is
// only what Slack took an ID for.
func unwrapLink(link string) string {
	parts := slackLink.FindStringSubmatch(link)
	target, shown := parts[1], parts[2]
	number, isNumber := strings.CutPrefix(target, "tel:")
	switch {
	case isNumber && shown != "":
		return " " + shown + " "
	case isNumber:
		return " " + number + " "
	}
	return " " + target + " "
}

// plainRune drops invisible marks and makes one space of all spaces and one dash of all dashes.
func plainRune(r rune) rune {
	switch {
	case unicode.IsSpace(r) || unicode.Is(unicode.Zs, r):
		return ' '
	case unicode.Is(unicode.Pd, r) || r == '\u2212': // the minus sign is no dash to Unicode
		return '-'
	case unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r):
		return -1
	case unicode.IsControl(r):
		return ' '
	}
	return r
}

// bare takes off the formatting, quotes, brackets and punctuation around a word, unless it is nothing else.
func bare(word string) string {
	const around = "`*_~\"'“”„‘’‚«»「」<>()[]{}"
	inner := strings.TrimLeft(word, around+"#:")
	inner = strings.TrimRight(inner, around+",;:!?.。、")
	if inner == "" {
		return word
	}
	return inner
}

// splitScripts puts spaces between Chinese characters and anything else, since Chinese is written without.
// So it does after the label in "ID:914083136".
func splitScripts(word string) string {
	if label, rest, cut := strings.Cut(word, ":"); cut && meaningOf(label) == meaningMeeting {
		word = label + " " + rest
	}
	var split strings.Builder
	var before rune
	for _, r := range word {
		if before != 0 && unicode.Is(unicode.Han, r) != unicode.Is(unicode.Han, before) {
			split.WriteByte(' ')
		}
		split.WriteRune(r)
		before = r
	}
	return chineseMax.Replace(split.String())
}

// chineseMax sets the words for a maximum apart, which stand behind a unit without a space.
var chineseMax = strings.NewReplacer("最多", " 最多 ", "最长", " 最长 ", "最長", " 最長 ", "最大", " 最大 ")

// skipGreeting drops a mention of the bot and a command's name in front.
func skipGreeting(words []string) []string {
	for len(words) > 0 && isGreeting(words[0]) {
		words = words[1:]
	}
	return words
}

func isGreeting(word string) bool {
	rest, found := strings.CutPrefix(word, "@")
	if !found {
		rest, found = strings.CutPrefix(word, "/")
	}
	return found && !strings.Contains(rest, "/") && strings.ContainsFunc(rest, isLetter)
}

func isLink(word string) bool { return strings.Contains(word, "/") }

// isDigits says that the word is digits of ASCII: the ones that the meeting service counts with.
func isDigits(word string) bool {
	return word != "" && !strings.ContainsFunc(word, func(r rune) bool { return !isDigit(r) })
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

func isLetter(r rune) bool { return unicode.IsLetter(r) }
