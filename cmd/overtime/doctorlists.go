package main

import (
	"context"
	"log/slog"
	"slices"

	"github.com/overtime-bot/overtime/cmd/overtime/doctor"
	"github.com/slack-go/slack"
)

// listCheck looks up what some variables name in Slack.
type listCheck struct {
	name      string
	variables []string
	ids       []doctor.Listed
	look      func(ctx context.Context, api *slack.Client, ids []doctor.Listed) doctor.Check
}

func (l listCheck) check(ctx context.Context, api *slack.Client) doctor.Check {
	return l.look(ctx, api, l.ids)
}

// listChecks are the checks of channels, groups and users. Serve makes them, too.
func listChecks(config Config) []listCheck {
	access := config.Access
	return []listCheck{
		{
			name: doctor.Channels, variables: []string{"NOTIFY_CHANNEL", "APPROVAL_CHANNEL", "ALLOWED_CHANNELS"},
			ids: doctor.List(slices.Concat(doctor.Wanted("NOTIFY_CHANNEL", config.NotifyChannel),
				doctor.Wanted("APPROVAL_CHANNEL", config.Limits.ApprovalChannel), doctor.Wanted("ALLOWED_CHANNELS", access.AllowedChannels...))...),
			look: func(ctx context.Context, api *slack.Client, ids []doctor.Listed) doctor.Check {
				return doctor.CheckChannels(ctx, api, ids, slackWords)
			},
		},
		{
			name: doctor.Groups, variables: []string{"ALLOWED_GROUPS", "ADMIN_GROUPS"},
			ids: doctor.List(slices.Concat(doctor.Wanted("ALLOWED_GROUPS", access.AllowedGroups...), doctor.Wanted("ADMIN_GROUPS", access.AdminGroups...))...),
			look: func(ctx context.Context, api *slack.Client, ids []doctor.Listed) doctor.Check {
				return doctor.CheckGroups(ctx, api, ids, slackWords)
			},
		},
		{
			name: doctor.Users, variables: []string{"ALLOWED_USERS", "DENIED_USERS", "ADMIN_USERS"},
			ids: doctor.List(slices.Concat(doctor.Wanted("ALLOWED_USERS", access.AllowedUsers...), doctor.Wanted("DENIED_USERS", access.DeniedUsers...),
				doctor.Wanted("ADMIN_USERS", access.AdminUsers...))...),
			look: func(ctx context.Context, api *slack.Client, ids []doctor.Listed) doctor.Check {
				return doctor.CheckUsers(ctx, api, ids, slackWords)
			},
		},
	}
}

// warnOfLists warns of channels, groups and people of the configuration that Slack does not have: they give rights to
// nobody, silently.
func warnOfLists(ctx context.Context, config Config, api *slack.Client, logger *slog.Logger) {
	for _, list := range listChecks(config) {
		if len(list.ids) == 0 {
			continue
		}
		if check := list.check(ctx, api); check.Result != doctor.OK && ctx.Err() == nil {
			logger.Warn("the configuration and Slack do not agree", "check", check.Name, "seen", check.Seen, "remedy", check.Remedy)
		}
	}
}
