package doctor

import (
	"context"
	"fmt"
	"slices"

	"github.com/slack-go/slack"
)

// GroupAPI lists user groups; *slack.Client has it.
type GroupAPI interface {
	GetUserGroupsContext(ctx context.Context, options ...slack.GetUserGroupsOption) ([]slack.UserGroup, error)
}

// CheckGroups looks at each user group: there is one, it is not disabled, and somebody is in it. It is one call.
func CheckGroups(ctx context.Context, api GroupAPI, list []Listed, words Words) Check {
	if len(list) == 0 {
		return Join(Groups, Found("none is configured"))
	}
	groups, err := api.GetUserGroupsContext(ctx, slack.GetUserGroupsOptionIncludeDisabled(true), slack.GetUserGroupsOptionIncludeCount(true))
	if err != nil {
		return Join(Groups, Fault(words(err)))
	}
	var findings []Finding
	for _, listed := range list {
		at := slices.IndexFunc(groups, func(group slack.UserGroup) bool { return group.ID == listed.ID })
		if at < 0 {
			findings = append(findings, Fault(listed.String()+": there is no such user group in the workspace",
				"copy the ID in Slack: People, User groups, ⋮, Copy group ID"))
			continue
		}
		findings = append(findings, judgeGroup(listed, groups[at]))
	}
	return Join(Groups, findings...)
}

func judgeGroup(listed Listed, group slack.UserGroup) Finding {
	name := fmt.Sprintf("%s (@%s)", listed, group.Handle)
	switch {
	case group.DateDelete != 0:
		return Fault(name+" is disabled, and lets nobody in", "enable the group in Slack, or list another one")
	case group.UserCount == 0:
		return Doubt(name+" has no members", "add people to the group in Slack, or list another one")
	}
	return Found(fmt.Sprintf("%s, members: %d", name, group.UserCount))
}
