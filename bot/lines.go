package bot

import (
	"context"

	"github.com/overtime-bot/overtime/bot/pace"
	"github.com/slack-go/slack"
)

// What Slack counts together. Source: https://docs.slack.dev/apis/web-api/rate-limits
var (
	whispers    = pace.Line{Method: "chat.postEphemeral"}
	edits       = pace.Line{Method: "chat.update"}
	viewsOpened = pace.Line{Method: "views.open"}
	viewsFilled = pace.Line{Method: "views.update"}
	homesShown  = pace.Line{Method: "views.publish"}
)

// postsTo are the messages to one channel, or to one person.
func postsTo(channel string) pace.Line {
	return pace.Line{Method: "chat.postMessage", Channel: channel}
}

// pacedViews opens and fills views as fast as Slack wants. Where that is too late for who waits, it fails at once.
type pacedViews struct {
	Views
	lines *pace.Lines
}

func (v pacedViews) OpenViewContext(ctx context.Context, trigger string, view slack.ModalViewRequest) (opened *slack.ViewResponse, err error) {
	err = v.lines.Patiently(ctx, viewsOpened, pace.First, func() (err error) {
		opened, err = v.Views.OpenViewContext(ctx, trigger, view)
		return err
	})
	return opened, err
}

func (v pacedViews) UpdateViewContext(
	ctx context.Context, view slack.ModalViewRequest, externalID, hash, viewID string,
) (updated *slack.ViewResponse, err error) {
	err = v.lines.Patiently(ctx, viewsFilled, pace.First, func() (err error) {
		updated, err = v.Views.UpdateViewContext(ctx, view, externalID, hash, viewID)
		return err
	})
	return updated, err
}
