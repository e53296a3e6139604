package main

import (
	"github.com/overtime-bot/overtime/bot"
	"github.com/overtime-bot/overtime/bot/socket"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// begin makes every series whose labels are known, at 0: a rule over one that begins at 1 would not see the first failure.
func (m *metrics) begin() {
	for _, verb := range bot.Verbs() {
		for _, tone := range bot.Tones() {
			m.commands.WithLabelValues(verbLabel(verb), tone.Name())
		}
	}
	for _, state := range extension.States {
		for _, origin := range extension.Origins {
			m.extensions.WithLabelValues(string(state), string(origin))
		}
	}
	for _, outcome := range promptOutcomes {
		m.prompts.WithLabelValues(outcome)
	}
	for _, operation := range meeting.Operations() {
		for _, status := range []string{"200", "0"} { // others are the service's choice
			m.calls.WithLabelValues(snake(operation), status)
		}
	}
	for _, method := range slackMethods {
		for _, code := range []string{slackOK, slackThrottled, slackNoAnswer} { // others are Slack's choice
			m.slackCalls.WithLabelValues(method, code)
		}
	}
	for _, service := range []string{"slack", "meeting"} {
		m.throttled.WithLabelValues(service)
	}
	for _, kind := range socket.EventKinds {
		m.events.WithLabelValues(string(kind))
	}
	for _, outcome := range []string{"ok", "failed", "blind"} {
		m.ticks.WithLabelValues(outcome)
	}
	for _, reason := range scheduler.Reasons() {
		m.decisions.WithLabelValues(snake(reason))
	}
	for _, trouble := range scheduler.Troubles() {
		m.alarms.WithLabelValues(snake(trouble))
	}
}
