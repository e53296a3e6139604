// Package bot is the Slack side. It takes envelopes, asks who may, has the extender and the scheduler do it, and says in
// each person's language what came of it. Three types share the work:
//
//   - An [Inbox] takes envelopes from the sockets and stores them. Its workers send the answers, the second ones too.
//   - A [Desk] works an answer out from what was typed or pressed, and returns it as a [Reply]. It sends none.
//   - An [Announcer] says what automation does, and has its messages follow their meetings.
//
// Begin with table.go, which lists every command and button with its handler. A new one is a file with the handler, and
// a row there. config.go lists what the bot needs of others. messenger.go sends every message, and rendering.go lays it
// out. The sentences are in package i18n.
package bot
