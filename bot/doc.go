// Package bot is the Slack side. It takes envelopes, checks permissions, lets the extender and the scheduler do the
// work, and says in each person's language what came of it. Three types share this:
//
//   - An [Inbox] takes envelopes from the sockets and stores them. Its workers send the answers, the second ones too.
//   - A [Desk] works an answer out from what was typed or pressed, and returns it as a [Reply]. It sends none.
//   - An [Announcer] says what automation does, and has its messages follow their meetings.
//
// The dialog of /extend alone, of the shortcuts and of the Home tab is opened and filled in dialogopening.go, and
// dialogsubmission.go does what was filled in; package bot/dialog has its views.
//
// Home tabs are made in homeviews.go, laid out in home.go, and published in homepublishing.go.
//
// naming.go and matches.go find a meeting by its title, or where none is named. place.go is where an answer goes, and
// effects.go what others read of an extension in a thread. The dialog is opened in dialogopening.go, and carried out in
// dialogsubmission.go; handover.go hands a meeting to the platform, and history.go reads what was done.
//
// Begin with table.go, which lists every command and button with its handler. A new command is a file with its handler,
// a row there, and a verb in package grammar. A new button is a row there, and a case in commandOf (buttons.go).
// approvals.go follows what is asked for beyond a limit, and reasons.go asks why. outcome.go words what came of an extension, and refusals.go and serviceerrors.go what stood in its way. messenger.go
// sends every message, and rendering.go lays it out. config.go lists what the bot needs of others. The sentences are in
// package i18n.
package bot
