package bot

import (
	"time"

	"github.com/overtime-bot/overtime/bot/socket"
)

// happens hands an envelope over, as something that somebody does.
func happens(user, what string, envelope func(w *world) socket.Envelope) func(*world) {
	return func(w *world) {
		w.script.does(user, what)
		w.answerTo(user, envelope(w))
	}
}

// mentions the bot in a thread.
func inThread(user, text string) func(*world) {
	return happens(user, "mentions the bot in a thread: "+text, func(w *world) socket.Envelope {
		return mentioning(w.nextID(), user, "<@U0BOT> "+text, "1700000000.000100")
	})
}

// inPrivate writes to the bot.
func inPrivate(user, text string) func(*world) {
	return happens(user, "writes to the bot: "+text, func(w *world) socket.Envelope { return wrote(w.nextID(), user, text) })
}

func wayScenes() []scene {
	return []scene{
		{name: "mention", play: inThread(admin, "extend 914083136 30")},
		{name: "mention, understood in part", play: inThread(admin, "extnd 914083136 30")},
		{name: "mention by a stranger", play: inThread(stranger, "914083136 30")},
		{name: "mention that Slack does not show", play: inThread(admin, "status 914083136"), set: mayNotPost(general)},
		{name: "mention without words", play: inThread(stranger, "")},
		{name: "direct message", play: inPrivate(owner, "extend 914083136 30")},
		{name: "direct message, a greeting", play: inPrivate(stranger, "hi")},
		{name: "direct message, late", play: happens(admin, "wrote to the bot an hour ago: 914083136 30", func(w *world) socket.Envelope {
			return happened(w.nextID(), time.Now().Add(-time.Hour), "type", "message", "channel_type", "im", "user", admin,
				"channel", directOf(admin), "text", "914083136 30")
		})},
		{name: "the bot joins a channel", play: happens(general, "has a new member", func(w *world) socket.Envelope {
			return happened(w.nextID(), time.Now(), "type", "member_joined_channel", "user", theBot, "channel", general, "inviter", admin)
		})},
		{name: "help without the scopes", command: "help", set: func(w *world) { w.missing = []string{"app_mentions:read", "im:history"} }},
	}
}
