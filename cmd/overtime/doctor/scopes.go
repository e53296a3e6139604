package doctor

import (
	"strings"

	"github.com/overtime-bot/overtime/bot/manifest"
)

const addScope = "add it at api.slack.com/apps under OAuth & Permissions and install the app again, or paste what overtime manifest prints"

// CheckScopes compares what Slack granted (its header X-OAuth-Scopes) with what this build uses.
func CheckScopes(granted string) Check {
	if strings.TrimSpace(granted) == "" {
		return Join(SlackScopes, Doubt("Slack did not say which scopes the token has", "compare them with what overtime manifest prints"))
	}
	var findings []Finding
	for _, scope := range manifest.Missing(granted) {
		if scope.Core() {
			findings = append(findings, Fault("the bot token lacks "+scope.Name+", without which the bot does not start", addScope))
			continue
		}
		findings = append(findings, Doubt("the bot token lacks "+scope.Name+": "+scope.Without, addScope))
	}
	if findings == nil {
		findings = append(findings, Found("all that this build uses: "+strings.Join(manifest.Names(manifest.Scopes()), ", ")))
	}
	return Join(SlackScopes, findings...)
}
