// Package trusted keeps what the bot holds of Slack, its tokens above all, with Slack. [Hosts] says which addresses count
// as Slack's. A [Carrier] carries calls to no other, follows no redirect, and reads no endless answer.
package trusted
