// Package scheduler runs the automation: what happens by itself before a meeting ends. At each look it lists the running
// meetings, decides about each, asks or extends, edits its messages, and reports problems.
//
// It may touch the meeting service through extension.Extender alone. It knows nothing of Slack: it hands facts
// (Occasion) to an Announcer, which writes the sentences.
//
// Begin with Decide, which says what is done with one meeting and why. Then read look.go, which is one look, and act.go,
// which carries a decision out. New in scheduler.go joins the parts.
package scheduler
