// Package access decides who may extend a meeting, and who may see it. It says so in a [Verdict]; the words for people
// are the bot's.
//
// Begin with [Policy.Allow]: the rules, which are pure. A [Directory] looks up people, groups and channels in Slack, and
// [Hosts] the hosts of meetings. A [Gate] brings these together: it gathers what the policy needs to know. A failed
// look-up never grants access.
package access
