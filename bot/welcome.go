package bot

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/bot/i18n"
)

// greetings are what people write to somebody whom they do not know yet.
var greetings = []string{
	"hi", "hello", "hey", "hallo", "hello there", "hi there", "good morning", "thanks", "thank you", "ok", "okay", "great", "cool",
	"hola", "buenas", "buenos días", "buenos dias", "buenas tardes", "gracias", "vale", "perfecto", "genial",
	"你好", "您好", "嗨", "哈喽", "哈囉", "大家好", "早上好", "谢谢", "謝謝", "好的", "好", "收到", "明白",
}

// noWords are emoji, and the command's name alone.
var noWords = regexp.MustCompile(`:[a-z0-9_+'-]+:|^\s*/\S+\s*$`)

// isGreeting says that a text is nothing but a greeting, or nothing at all.
func isGreeting(text string) bool {
	words := strings.FieldsFunc(noWords.ReplaceAllString(strings.ToLower(text), " "), func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsPunct(r) || unicode.IsSymbol(r)
	})
	said := strings.Join(words, " ")
	return said == "" || slices.Contains(greetings, said)
}

// hello is a hint in one line, for those who mention the bot or write to it without asking for anything.
func hello(in interaction, example grammar.Command) Reply {
	return in.reply(Telling, i18n.Hello, "", i18n.Data{
		"Command": in.typed(example.String()), "Count": example.Amount.Count, "Help": in.typed(string(grammar.VerbHelp)),
	})
}

// welcome says in two lines what the bot can do in a channel that it has just joined. All who are there read it.
func welcome(say i18n.Printer, command, bot string, example grammar.Command) Reply {
	watch := grammar.ExampleOf(grammar.VerbWatch, "").Of("").String()
	data := i18n.Data{
		"Command": commandText(command, example.String()), "Count": example.Amount.Count, "Mention": commandText(bot, example.String()),
		"Watch": commandText(command, watch), "Help": commandText(command, string(grammar.VerbHelp)),
	}
	return Reply{Tone: Telling, Text: say.Say(i18n.Welcome, data), Next: say.Say(i18n.WelcomeNext, data)}
}
