// Package pace calls Slack no faster than Slack wants. [Throttled] reads what a refused call says of that, and [Lines]
// make callers wait: each method by itself, and what matters first goes first.
package pace
