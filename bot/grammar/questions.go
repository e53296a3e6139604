package grammar

import (
	"regexp"
	"slices"
	"strings"
)

// questions are how people ask for what a verb tells. What the group holds is the meeting, in their words.
var questions = []struct {
	verb  Verb
	asked *regexp.Regexp
}{
	{VerbStatus, regexp.MustCompile(`(?i)^(?:when|what time|at what time)(?:'s| is| does| do| will)? (.+?)(?: going to)?(?: be)? (?:end|ends|ending|over|finish|finishes|stop|stops)$`)},
	{VerbStatus, regexp.MustCompile(`(?i)^how (?:long|much longer|much time|many minutes)(?:'s| is| are)?(?: there| do| does| have)?(?: we| i| it)?(?: got| have| has)?(?: left| remaining)(?: (?:in|for|of|on|until) (.+))?$`)},
	{VerbStatus, regexp.MustCompile(`(?i)^how (?:long|much time) (?:do|have) (?:we|i) (?:have|got)$`)},
	{VerbStatus, regexp.MustCompile(`(?i)^how (?:long|much longer) (?:will|does|is) (.+?) (?:go on|last|run|running)$`)},
	{VerbStatus, regexp.MustCompile(`(?i)^how (?:long|much time) until (.+?) (?:ends|is over|finishes|stops)$`)},
	{VerbStatus, regexp.MustCompile(`(?i)^(?:time|minutes) (?:left|remaining)(?: (?:in|for|of|on) (.+))?$`)},
	{VerbStatus, regexp.MustCompile(`(?i)^(?:cu[aá]ndo|a qu[eé] hora) (?:termina|acaba|finaliza)(?: (.+))?$`)},
	{VerbStatus, regexp.MustCompile(`(?i)^cu[aá]nto(?: tiempo)?(?: nos| me| le)? (?:queda|falta)(?: (?:a|de|en|para) (.+))?$`)},
	{VerbStatus, regexp.MustCompile(`(?i)^cu[aá]ntos minutos(?: nos| me| le)? (?:quedan|faltan)(?: (?:a|de|en|para) (.+))?$`)},
	{VerbStatus, regexp.MustCompile(`^(?:请问|請問)?(.*?)(?:什么时候|什麼時候|何时|何時|几点|幾點)(?:会|會|才)?(?:结束|結束|到期|到点|到點)[呢啊吗嗎]?$`)},
	{VerbStatus, regexp.MustCompile(`^(?:请问|請問)?(.*?)(?:还剩下?|還剩下?|还有|還有|剩)(?:多久|多长时间|多長時間|几分钟|幾分鐘|多少分钟|多少分鐘|多少时间|多少時間)(?:结束|結束|到期)?[呢啊吗嗎]?$`)},
	{VerbHelp, regexp.MustCompile(`(?i)^(?:what (?:can|do) you do|what are you(?: for)?|who are you|how (?:do|can|could|should) (?:i|we|you) (?:use|extend|prolong|work|watch)(?: .+)?|how does (?:it|this) work)$`)},
	{VerbHelp, regexp.MustCompile(`(?i)^(?:qu[eé] (?:puedes hacer|sabes hacer|haces)|qui[eé]n eres|c[oó]mo (?:funciona|funcionas|te uso|se usa|(?:puedo |se |se puede )?(?:extender|extiende|extiendo|ampl[ií]a|ampl[ií]o|ampliar|alargo|alarga|alargar)(?: .+)?)(?: esto)?)$`)},
	{VerbHelp, regexp.MustCompile(`^(?:请问|請問)?(?:你(?:能|会|會|可以)?(?:做|干|幹)(?:些)?(?:什么|什麼)|你(?:会|會)(?:什么|什麼)|你是(?:谁|誰)|(?:怎么|怎麼|怎样|怎樣|如何)(?:使用|用|延长|延長)(?:会议|會議|你)?)[呢啊吗嗎]?$`)},
	{VerbList, regexp.MustCompile(`^(?:(?:列出|查看|显示|顯示|看看|看一下)(?:我的|所有|全部)?(?:会议|會議)|(?:会议|會議)(?:列表|清单|清單))$`)},
	{VerbList, regexp.MustCompile(`(?i)^(?:(?:show|list|tell)(?: me)? |what are |which are )?(?:my|our|the|all|all my)(?: current| running)? meetings$`)},
	{VerbList, regexp.MustCompile(`(?i)^(?:what|what's|which meetings|what meetings)(?: is| are)? running(?: now| right now)?$`)},
	{VerbList, regexp.MustCompile(`(?i)^(?:(?:lista|muestra|muéstrame|ver|enséñame) )?(?:mis|las|todas las|todas mis) reuniones(?: en curso)?$`)},
	{VerbList, regexp.MustCompile(`^(?:我|现在|現在|目前)?(?:有哪些|哪些)(?:会议|會議)(?:正在进行|正在進行|在进行|在進行|在开|在開)?$`)},
}

// ofMine are the words between a verb and "my meeting", as in "the status of my meeting".
var ofMine = wordSet("of", "for", "on", "about", "de", "del", "sobre", "para")

// asked reads a question as the command that answers it.
func asked(words []string) ([]string, bool) {
	if slices.ContainsFunc(words, isQuoted) {
		return nil, false
	}
	text := strings.Join(words, " ")
	for _, question := range questions {
		found := question.asked.FindStringSubmatch(text)
		if found == nil {
			continue
		}
		about := ""
		if len(found) > 1 {
			about = found[1]
		}
		return append([]string{string(question.verb)}, strings.Fields(about)...), true
	}
	return nil, false
}
