package grammar

import (
	"cmp"
	"slices"
	"strings"
)

// Parse reads what was typed after the command's name:
//
//	[<meeting>] [30 | 1h | 1h30m | until 15:30 | max]
//	[<meeting>] auto [30 | 1h | 1h30m]
//	status [<meeting>] | unwatch [<meeting>] | why [<meeting>] [30 | 1h | 1h30m]
//	watch [<meeting>] ask|auto [30 | 1h | 1h30m] [max <minutes>]
//	history [<meeting>] [from 2026-11-27]
//	list [all] | pause | resume | help [verb]
//
// and nothing at all, which is VerbDialog. A meeting is a number, a link or a title. Errors are *ParseError.
//
// A first word that is a verb is a verb. What is neither a number nor an amount is a title, and so is what stands in quotes.
// Behind a title, a number of up to three digits is minutes.
//
// It forgives what comes from pasting and from keyboards: join links (with Slack's <…|…> around them), dial strings, labels,
// spaces and dashes in an ID, full-width digits, invisible marks, curly quotes, dashes of all kinds, formatting marks, HTML
// entities, a mention or a command's name in front. It forgives politeness, too: "could you extend my meeting, please". It
// reads lengths as people say them: "half an hour", "15 more minutes". A pasted invitation asks for the status of its meeting.
//
// It never guesses at numbers. A meeting ID in groups is three or more words of three digits, nine digits or more.
// One in a single word has six digits or more. Where the words can be read in two ways, the error shows both:
// "914083 136" is the meeting 914083136, or 136 minutes for the meeting 914083.
func Parse(text string) (Command, error) {
	words := plainly(wordsOf(text))
	if len(words) == 0 {
		return Command{}, nil
	}
	first, arguments := words[0], words
	verb, ok := verbOf(first)
	switch {
	case ok:
		arguments = words[1:]
	case isLink(first) || strings.ContainsFunc(first, isDigit) || meaningOf(first) != meaningNone,
		hasName(words) && meetingIn(words) == "", len(readingsOf(afterLabels(words))) > 0:
		verb = VerbExtend
	}
	command, fault := parseArguments(verb, arguments)
	if id := FindMeeting(text); fault != nil && id != "" && isInvitation(words, fault) {
		return Command{Verb: VerbStatus, Meeting: id}, nil
	}
	if fault != nil {
		fault.Verb, fault.Meeting = cmp.Or(fault.Verb, verb), cmp.Or(fault.Meeting, meetingIn(words))
		return Command{}, fault
	}
	return command, nil
}

// longestWish is how many words people type to the bot. In more of them a meeting is mentioned, as in a pasted invitation.
const longestWish = 10

// isInvitation says that a text which names a meeting was not written as a command.
func isInvitation(words []string, fault *ParseError) bool {
	return len(words) > longestWish && hasName(words) && (fault.Problem == UnknownVerb || fault.Problem == BadMeeting)
}

// Misspelt is what may have been meant by a text that begins with a word which is almost a verb.
func Misspelt(text string) []Command {
	words := plainly(wordsOf(text))
	if len(words) == 0 || isVerb(words[0]) {
		return nil
	}
	return misspelt(words).Suggestions
}

// parseArguments reads what follows the verb; for VerbDialog that begins with a word which is no verb.
func parseArguments(verb Verb, words []string) (Command, *ParseError) {
	command := Command{Verb: verb}
	switch verb {
	case VerbDialog:
		return command, misspelt(words)
	case VerbExtend, VerbAuto, VerbStatus, VerbUnwatch, VerbWatch, VerbWhy:
		return parseMeeting(command, words)
	case VerbHistory:
		return parseHistory(command, words)
	case VerbList:
		if len(words) > 0 && slices.Contains(allWords, strings.ToLower(words[0])) {
			command.All, words = true, words[1:]
		}
		return command, tooMany(words)
	case VerbPause, VerbResume:
		return command, tooMany(words)
	case VerbHelp:
		if len(words) == 0 {
			return command, nil
		}
		topic, ok := verbOf(words[0])
		if command.HelpOn = string(topic); ok {
			return command, tooMany(words[1:])
		}
		fault := problem(UnknownVerb, words[0])
		for _, like := range verbsLike(words[0]) {
			command.HelpOn = string(like)
			fault.Suggestions = append(fault.Suggestions, command)
		}
		return command, fault
	}
	return command, nil
}

// misspelt suggests the verbs that may have been meant, with what follows as far as that can be read.
func misspelt(words []string) *ParseError {
	fault := problem(UnknownVerb, words[0])
	like := verbsLike(words[0])
	if len(like) == 1 {
		fault.Verb = like[0]
	}
	for _, verb := range like {
		command, unread := parseArguments(verb, words[1:])
		if unread == nil {
			fault.Suggestions = append(fault.Suggestions, command)
			continue
		}
		fault.Suggestions = append(fault.Suggestions, unread.Suggestions...)
	}
	return fault
}
