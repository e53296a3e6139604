package i18n

// What the bot says to somebody who greets it, and to a channel that it joins.
const (
	Hello          Key = "hello"
	Welcome        Key = "welcome"
	WelcomeNext    Key = "welcome_next"
	HelpNoMentions Key = "help_no_mentions"
	CameLate       Key = "came_late"
	HelpMentions   Key = "help_mentions"
)
