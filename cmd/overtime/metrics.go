package main

import (
	"cmp"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/overtime-bot/overtime/bot"
	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/bot/socket"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// metrics counts what the parts report. The registry is its own, so that two programs in one process do not collide.
type metrics struct {
	registry   *prometheus.Registry
	standing   *standing
	commands   *prometheus.CounterVec
	answers    prometheus.Histogram
	extensions *prometheus.CounterVec
	prompts    *prometheus.CounterVec
	calls      *prometheus.HistogramVec
	slackCalls *prometheus.CounterVec
	throttled  *prometheus.CounterVec
	events     *prometheus.CounterVec
	acks       prometheus.Histogram
	ticks      *prometheus.CounterVec
	tickTime   prometheus.Histogram
	lastTick   prometheus.Gauge
	meetings   prometheus.Gauge
	decisions  *prometheus.GaugeVec
	alarms     *prometheus.CounterVec
}

func newMetrics() *metrics {
	registry := prometheus.NewRegistry()
	m := &metrics{registry: registry, standing: new(standing)}
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), m.standing)
	register := promauto.With(registry)
	register.NewGauge(prometheus.GaugeOpts{
		Name: "overtime_build_info", Help: "1, with the version of the binary.", ConstLabels: prometheus.Labels{"version": version},
	}).Set(1)
	m.register(register)
	m.begin()
	return m
}

func (m *metrics) register(register promauto.Factory) {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return register.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
	}
	gauge := func(name, help string) prometheus.Gauge {
		return register.NewGauge(prometheus.GaugeOpts{Name: name, Help: help})
	}
	histogram := func(name, help string, buckets ...float64) prometheus.Histogram {
		return register.NewHistogram(prometheus.HistogramOpts{Name: name, Help: help, Buckets: buckets})
	}
	m.commands = counter("overtime_commands_total", "Commands answered, by verb and kind of answer.", "verb", "answer")
	m.answers = histogram("overtime_answer_seconds", "Time from a command's arrival to its answer.",
		.05, .1, .25, .5, 1, 2, 4, 8, 15, 30)
	m.extensions = counter("overtime_extensions_total", "States that extensions reached, by origin.", "state", "origin")
	m.prompts = counter("overtime_prompts_total", "Messages of the automation, by what became of them.", "outcome")
	m.calls = register.NewHistogramVec(prometheus.HistogramOpts{
		Name: "overtime_meeting_call_seconds", Help: "Calls to the meeting service, by operation and HTTP status (0 = no answer).",
		Buckets: []float64{.025, .05, .1, .25, .5, 1, 2.5, 5, 10},
	}, []string{"operation", "status"})
	m.slackCalls = counter("overtime_slack_calls_total", "Calls to Slack, by method and by what Slack answered.", "method", "code")
	m.throttled = counter("overtime_throttled_total", "Calls refused because there were too many (429), by service.", "service")
	m.events = counter("overtime_socket_events_total", "What happened on the sockets to Slack.", "event")
	m.acks = histogram("overtime_ack_seconds", "Time from an envelope's arrival to its ack.",
		.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2, 3)
	m.ticks = counter("overtime_ticks_total", "Looks at the running meetings, by result: ok, failed (in part), blind (nothing was seen).", "outcome")
	m.tickTime = histogram("overtime_tick_seconds", "Time that a look at the running meetings took.",
		.05, .1, .25, .5, 1, 2.5, 5, 10, 20, 60)
	m.lastTick = gauge("overtime_last_tick_timestamp_seconds", "When this process last saw the running meetings; 0 while another replica does.")
	m.meetings = gauge("overtime_meetings_running", "Meetings that ran at the last look; 0 if automation is off and nobody looked.")
	m.decisions = register.NewGaugeVec(prometheus.GaugeOpts{
		Name: "overtime_decisions", Help: "Meetings at the last look, by what was decided about them.",
	}, []string{"reason"})
	m.alarms = counter("overtime_automation_troubles_total", "Failures of automation, by kind.", "trouble")
}

// snake is one of our words as the value of a label.
func snake[T ~string](word T) string {
	return strings.NewReplacer(" ", "_", "-", "_").Replace(string(word))
}

func (m *metrics) tick(report scheduler.TickReport) {
	m.tickTime.Observe(report.Took.Seconds())
	for trouble, times := range report.Alarms {
		m.alarms.WithLabelValues(snake(trouble)).Add(float64(times))
	}
	switch {
	case report.Blind:
		m.ticks.WithLabelValues("blind").Inc()
		return
	case report.Err != nil:
		m.ticks.WithLabelValues("failed").Inc()
	default:
		m.ticks.WithLabelValues("ok").Inc()
	}
	m.lastTick.Set(float64(report.At.Unix()))
	m.meetings.Set(float64(report.Meetings))
	for _, reason := range scheduler.Reasons() {
		m.decisions.WithLabelValues(snake(reason)).Set(float64(report.Reasons[reason]))
	}
}

func (m *metrics) command(verb grammar.Verb, tone bot.Tone, took time.Duration) {
	m.commands.WithLabelValues(verbLabel(verb), tone.Name()).Inc()
	m.answers.Observe(took.Seconds())
}

func verbLabel(verb grammar.Verb) string { return cmp.Or(snake(verb), "none") }

func (m *metrics) extension(e extension.Extension) {
	m.extensions.WithLabelValues(string(e.State), string(e.Origin)).Inc()
}

func (m *metrics) call(operation string, status int, took time.Duration) {
	m.calls.WithLabelValues(snake(operation), strconv.Itoa(status)).Observe(took.Seconds())
	if status == http.StatusTooManyRequests {
		m.throttled.WithLabelValues("meeting").Inc()
	}
}

func (m *metrics) slackCall(method, code string) {
	m.slackCalls.WithLabelValues(method, code).Inc()
	if code == slackThrottled {
		m.throttled.WithLabelValues("slack").Inc()
	}
}

func (m *metrics) prompt(outcome string, times int) {
	m.prompts.WithLabelValues(outcome).Add(float64(times))
}

func (m *metrics) socket(event socket.Event) {
	m.events.WithLabelValues(string(event.Kind)).Inc()
	if event.Kind == socket.EventAcked {
		m.acks.Observe(event.Duration.Seconds())
	}
}
