package doctor_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/overtime-bot/overtime/cmd/overtime/doctor"
	"github.com/slack-go/slack"
)

func plainWords(err error) (seen, remedy string) { return err.Error(), "see" }

// workspace knows channels, groups and people by ID. What it does not know is refused.
type workspace struct {
	channels map[string]slack.Channel
	groups   []slack.UserGroup
	users    map[string]slack.User
	refusal  error
	looked   int
}

func (w *workspace) GetConversationInfoContext(_ context.Context, input *slack.GetConversationInfoInput) (*slack.Channel, error) {
	w.looked++
	if channel, ok := w.channels[input.ChannelID]; ok {
		return &channel, nil
	}
	return nil, w.refusal
}

func (w *workspace) GetUserGroupsContext(context.Context, ...slack.GetUserGroupsOption) ([]slack.UserGroup, error) {
	return w.groups, w.refusal
}

func (w *workspace) GetUserInfoContext(_ context.Context, id string, _ ...slack.GetUserInfoOption) (*slack.User, error) {
	w.looked++
	if user, ok := w.users[id]; ok {
		return &user, nil
	}
	return nil, w.refusal
}

func TestListsAreJudged(t *testing.T) {
	archived, member := slack.Channel{}, slack.Channel{IsMember: true}
	archived.IsArchived, archived.IsMember = true, true
	channel := func(of slack.Channel, variables ...string) doctor.Check {
		w := &workspace{channels: map[string]slack.Channel{"C1": of}}
		return doctor.CheckChannels(t.Context(), w, []doctor.Listed{{ID: "C1", Variables: variables}}, plainWords)
	}
	group := func(of slack.UserGroup) doctor.Check {
		of.ID, of.Handle = "S1", "ops"
		return doctor.CheckGroups(t.Context(), &workspace{groups: []slack.UserGroup{of}}, doctor.Wanted("ALLOWED_GROUPS", "S1"), plainWords)
	}
	refused := func(code string) doctor.Check {
		w := &workspace{refusal: slack.SlackErrorResponse{Err: code}}
		return doctor.CheckUsers(t.Context(), w, doctor.Wanted("ALLOWED_USERS", "U1"), plainWords)
	}
	for name, j := range map[string]judged{
		"a channel in use":            {channel(member, "NOTIFY_CHANNEL"), doctor.OK, "NOTIFY_CHANNEL C1"},
		"an archived channel":         {channel(archived, "NOTIFY_CHANNEL"), doctor.Fail, "is archived → write the ID of a channel that is in use"},
		"mentions are not heard":      {channel(slack.Channel{}, "ALLOWED_CHANNELS"), doctor.Warn, "hears no mention"},
		"nothing can be written":      {channel(slack.Channel{}, "ALLOWED_CHANNELS", "NOTIFY_CHANNEL"), doctor.Fail, "cannot write there"},
		"a group":                     {group(slack.UserGroup{UserCount: 2}), doctor.OK, "members: 2"},
		"a group of nobody":           {group(slack.UserGroup{}), doctor.Warn, "no members"},
		"a disabled group":            {group(slack.UserGroup{UserCount: 2, DateDelete: 1}), doctor.Fail, "disabled"},
		"no such person":              {refused("user_not_found"), doctor.Fail, "Copy member ID"},
		"a person of another place":   {refused("user_not_visible"), doctor.Fail, "Copy member ID"},
		"Slack refuses in other ways": {refused("fatal_error"), doctor.Fail, "fatal_error"},
	} {
		j.verify(t, name)
	}
}

// Slack allows few lookups in a minute: of a long list only a part is looked up, and that is told.
func TestLongListsAreLookedUpInPart(t *testing.T) {
	var ids []string
	w := &workspace{users: make(map[string]slack.User)}
	for at := range 45 {
		ids = append(ids, fmt.Sprint("U", at))
		w.users[ids[at]] = slack.User{}
	}
	judged{doctor.CheckUsers(t.Context(), w, doctor.Wanted("ALLOWED_USERS", ids...), plainWords), doctor.OK, "5 more were not looked up"}.verify(t, "45 people")
	if w.looked != 40 {
		t.Errorf("%d lookups", w.looked)
	}
	w.users, w.refusal = nil, errors.New("away")
	judged{doctor.CheckUsers(t.Context(), w, doctor.Wanted("ALLOWED_USERS", "U1"), plainWords), doctor.Fail, "away"}.verify(t, "no answer")
}

func TestSummary(t *testing.T) {
	good, odd, bad := doctor.Found("good"), doctor.Doubt("odd", "look"), doctor.Fault("bad", "mend")
	for want, findings := range map[string][2]doctor.Finding{
		"All 2 are ok.":                       {good, good},
		"Nothing failed, 1 to look at, 1 ok.": {good, odd},
		"1 failed, 1 to look at, 0 ok.":       {bad, odd},
	} {
		var text bytes.Buffer
		report := doctor.NewReport(doctor.Join(doctor.Store, findings[0]), doctor.Join(doctor.Users, findings[1]))
		if err := report.WriteText(&text); err != nil || !strings.HasSuffix(text.String(), "\n"+want+"\n") {
			t.Errorf("%v: %s", err, text.String())
		}
	}
}
