package doctor

import (
	"fmt"
	"regexp"

	"github.com/slack-go/slack"
)

// Words say what an error of a service means and what to do about it, without a secret.
type Words func(err error) (seen, remedy string)

// BotToken judges the answer to auth.test.
func BotToken(who *slack.AuthTestResponse, err error, words Words) Check {
	if err != nil {
		return Join(SlackBotToken, Fault(words(err)))
	}
	return Join(SlackBotToken, Found(fmt.Sprintf("Slack knows it as @%s in %s (%s)", who.User, who.Team, who.TeamID)))
}

// tokenOfApp is an app-level token whose app can be read off it. Slack does not promise that form.
var tokenOfApp = regexp.MustCompile(`^xapp-\d+-(A[A-Z0-9]{5,20})-`)

// AppOf is the app that an app-level token belongs to; "" if that cannot be read off it.
func AppOf(token string) string {
	if parts := tokenOfApp.FindStringSubmatch(token); parts != nil {
		return parts[1]
	}
	return ""
}

// AppToken judges the answer to apps.connections.open, and whether both tokens are of one app. An app that is not known is
// "". Given says that Slack took the token, whatever came of the socket.
func AppToken(refused error, given bool, ofApp, ofBot string, words Words) Check {
	switch {
	case refused != nil && !given:
		return Join(SlackAppToken, Fault(words(refused)))
	case ofApp != "" && ofBot != "" && ofApp != ofBot:
		return Join(SlackAppToken, twoApps(ofApp, ofBot))
	case ofApp != "" && ofApp == ofBot:
		return Join(SlackAppToken, Found("Slack takes it, and it is of the same app as the bot token, "+ofApp))
	}
	return Join(SlackAppToken, Found("Slack takes it"))
}

func twoApps(ofApp, ofBot string) Finding {
	return Fault(fmt.Sprintf("SLACK_APP_TOKEN is of the app %s and SLACK_BOT_TOKEN of %s: what people type would go to the one, and the "+
		"other would answer", ofApp, ofBot), "copy both tokens from one app at api.slack.com/apps")
}
