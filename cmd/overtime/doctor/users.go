package doctor

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/slack-go/slack"
)

// UserAPI looks accounts up; *slack.Client has it.
type UserAPI interface {
	GetUserInfoContext(ctx context.Context, user string, options ...slack.GetUserInfoOption) (*slack.User, error)
}

// CheckUsers looks at each account: there is one, and it is active.
func CheckUsers(ctx context.Context, api UserAPI, list []Listed, words Words) Check {
	if len(list) == 0 {
		return Join(Users, Found("none is configured by ID"))
	}
	right := 0
	findings := eachListed(list, func(listed Listed) Finding {
		user, err := api.GetUserInfoContext(ctx, listed.ID)
		if err != nil {
			return noUser(listed, err, words)
		}
		found := judgeUser(listed, user)
		if found.Result == OK {
			right++
		}
		return found
	})
	check := Join(Users, findings...)
	if check.Result == OK && right == len(list) {
		check.Seen = fmt.Sprintf("all %d are there and active", right)
	}
	return check
}

func noUser(listed Listed, err error, words Words) Finding {
	if refused, ok := errors.AsType[slack.SlackErrorResponse](err); ok && strings.HasPrefix(refused.Err, "user_not_") {
		return Fault(listed.String()+": there is no such person in the workspace", "copy the ID in Slack: the profile, ⋮, Copy member ID")
	}
	seen, remedy := words(err)
	return Fault(listed.String()+": "+seen, remedy)
}

func judgeUser(listed Listed, user *slack.User) Finding {
	if user.Deleted {
		return Doubt(listed.String()+": the account is deactivated", "take it off the list, or write the ID of who has that task now")
	}
	return Found(listed.String())
}
