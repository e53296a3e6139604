// Overtime is a Slack bot that keeps Huawei Cloud meetings from being cut off.
//
// This is the tour. Data travels one way, and results come back:
//
//	Slack ─▶ bot/socket ─▶ bot: inbox ─ ack ─ desk: parse ─ authorise ─▶ extension.Extend ─▶ meeting ─▶ Huawei
//	cron ──▶ scheduler: look ─ decide ─ act ───────────────────────────▶ extension.Extend ─▶ meeting ─▶ Huawei
//	                                                                           └▶ notices ─▶ bot ─▶ Slack
//
// Imports run the same way, and imports_test.go holds them:
//
//	meeting ← scheduler/extension ← scheduler ← scheduler/store ← bot ← cmd/overtime
//
// bot/grammar, bot/title, bot/pace, bot/access and bot/manifest are below bot. Each package has a doc.go that says where
// to begin.
//
// # A command, from the key press to the answer
//
// Somebody types "/extend 914083136 30". Slack sends an envelope over one of the sockets that bot/socket keeps
// open (each is replaced before it is closed). bot.Inbox (inbox.go) stores the envelope, and when Receive returns the
// socket sends the ack; a repeated envelope ends here. A worker (run.go) hands it to bot.Desk (desk.go), which works the
// answer out:
//
//   - bot/grammar understands what was typed: Parse.
//   - The table (table.go) names the handler of each command and button: extend.go, list.go, status.go, watch.go and so on.
//   - bot/access decides from IDs alone who may: Policy.Allow. finder.go finds the meeting, for those who may.
//   - The handler returns a Reply, a value (reply.go). Sentences are in bot/i18n, refusals in refusals.go.
//   - The messenger (messenger.go) sends it to its place (place.go): the response_url (responseurl.go), the channel for the
//     person's eyes alone, or the direct message. bot/trusted carries all calls to Slack, and to nobody else.
//
// A mention and a direct message come as events (events.go), and go the same way. "/extend" alone opens a dialog
// (dialogopening.go); what is filled in there is carried out as the command that it stands for (dialogsubmission.go).
//
// # An extension
//
// extension.Extender.Extend (scheduler/extension/extend.go) is the one door. It claims the run of the meeting by
// inserting a row (claim.go), reads the end (reads.go shares reads among those who ask together), writes the target
// down, sends the one PUT, and reads the end back. What stays in doubt is settled by a timer (settle.go, verdict.go), by
// reading alone, and the person is told a second time (bot/secondanswer.go). scheduler/store keeps the rows;
// scheduler/storetest is the contract that every store passes.
//
// # Before a meeting ends
//
// Package scheduler has a loop (loop.go), which looks as the schedule says (schedule.go) while this replica holds the
// lease. A look (look.go) lists the running meetings, passes over those that are not near their end, and has plan.go say
// what must begin now under the quota. For what is due it recalls rules, rows, messages and next bookings (records.go,
// bookings.go). Decide (decide.go), a pure function, says what to do and why; why.go prints the same chain for people.
// It goes by the newest wish (wish.go). Foresee (outlook.go) runs it at the time when it will act: every sentence about the
// future is worded from such an outlook (bot/outlook.go).
// Then the look asks or extends (act.go, by the same door as everybody, at the pace of pacing.go). It tells of trouble
// (alarms.go), and has the messages follow their meetings (follow.go, at once after a press: refresh.go).
//
// bot.Announcer (announcer.go) writes the words: recipients.go finds who reads, prompt.go and alarm.go word the messages,
// and shown.go says what each shows by now. promptbuttons.go carries out what is pressed under them. The announcer also
// asks again whether the owner of a rule may extend, or the person who chose to keep extending a run (scheduler:
// authorise.go).
//
// # The meeting service
//
// Package meeting is the client. Its doc.go says which file does what: reading, extending, both logins, control tokens,
// the quota, the service's errors, and what people paste.
//
// # This package
//
// main.go reads the command line (helpcommand.go and man.go explain it, package completion has shells complete it),
// config.go and its neighbours the configuration. doctorexam.go and its neighbours look at everything that the bot needs,
// for package doctor to judge. start.go waits for what the bot needs.
// program.go joins the parts and runs them, and hands what happens in one part to the others. slack.go says what a refusal of
// Slack means, and bottoken.go ends the bot at one that is for good; health.go, view.go and
// metrics.go are for those who operate it.
// demo.go and its neighbours run the real bot against the stand-ins, which are bot/slacksim (Slack, and a page to
// click) and meeting/meetingtest (the meeting service). The stand-ins speak the wire and import nothing of ours.
// deploy/release builds what is published; deploy/sbom is a program of its own that says what it is made of.
package main
