package bot

import "github.com/overtime-bot/overtime/meeting"

// place is where the answer to somebody goes. One of the forms below, or the zero value: the bot's direct message to them.
type place struct {
	address meeting.Secret // a response_url
	channel string
	thread  string // the timestamp of its first message
	open    bool   // all who are in the channel read it
	home    bool   // the person's Home tab, and the direct message
}

// atAddress answers a command or a press where it was made.
func atAddress(address meeting.Secret) place { return place{address: address} }

// amongOthers answers in a channel, so that nobody else reads it. Slack shows that in a thread only if the thread has
// replies already.
func amongOthers(channel, thread string) place { return place{channel: channel, thread: thread} }

// inDirect answers by an ordinary message in the bot's direct message, which nobody else reads anyway.
func inDirect(channel, thread string) place {
	return place{channel: channel, thread: thread, open: true}
}

// openly says something to all of a channel, or of a thread there.
func openly(channel, thread string) place { return place{channel: channel, thread: thread, open: true} }

// atHome answers what was pressed in a Home tab, which has neither a channel nor a response_url.
func atHome() place { return place{home: true} }
