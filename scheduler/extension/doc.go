// Package extension is the only way to extend a meeting. Slash commands, buttons and automation all end in
// [Extender.Extend], so that caps, history and idempotency exist once.
//
// It claims the run of a meeting by a row in the [Ledger], reads the end, compares it, writes the target down, sends the
// one PUT, and reads the end back. What stays in doubt is settled by a timer, by reading alone. It knows nothing of
// Slack and of schedules: it imports package meeting alone, and hands facts to a [Notifier].
//
// Begin with extend.go; extension.go has the states of a row, and verdict.go decides how an uncertain result is settled.
package extension
