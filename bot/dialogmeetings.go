package bot

import (
	"context"
	"slices"
	"strings"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/bot/dialog"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// hosted lists the running meetings that a person hosts.
func (d *dialogs) hosted(ctx context.Context, in interaction) ([]meeting.Meeting, error) {
	running, err := d.finder.extender.Listed(ctx, extension.RecentFor)
	if err != nil {
		return nil, err
	}
	hosts, err := d.gate.Hosted(ctx, in.subject)
	return slices.DeleteFunc(slices.Clone(running), func(m meeting.Meeting) bool { return !hosts(m) }), err
}

// optionOf is a meeting to choose.
func optionOf(in interaction, sight access.Sight, m meeting.Meeting, secret meeting.Secret) dialog.Option {
	option := dialog.Option{
		Value: dialog.Seal(secret.Reveal(), dialog.Choice{Meeting: m.ID, Start: m.Start, End: m.End}), Text: m.ID,
	}
	var about []string
	if title := sight.Subject(m); title != "" {
		option.Text, about = plain(title, buttonLimit), append(about, m.ID)
	}
	if in.zone != nil {
		about = append(about, in.say.Say(i18n.DialogEnds, i18n.Data{"Time": m.End.In(in.zone).Format("15:04")}))
	}
	if host := sight.HostName(m); host != "" {
		about = append(about, plain(host, 40))
	}
	option.Description = strings.Join(about, " · ")
	return option
}
