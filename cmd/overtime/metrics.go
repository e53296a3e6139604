package main

import (
	"cmp"
	"strconv"
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
	commands   *prometheus.CounterVec
	answers    prometheus.Histogram
	extensions *prometheus.CounterVec
	calls      *prometheus.HistogramVec
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
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	register := promauto.With(registry)
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return register.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
	}
	gauge := func(name, help string) prometheus.Gauge {
		return register.NewGauge(prometheus.GaugeOpts{Name: name, Help: help})
	}
	histogram := func(name, help string, buckets ...float64) prometheus.Histogram {
		return register.NewHistogram(prometheus.HistogramOpts{Name: name, Help: help, Buckets: buckets})
	}
	return &metrics{
		registry: registry,
		commands: counter("overtime_commands_total", "Commands answered, by verb and kind of answer.", "verb", "answer"),
		answers: histogram("overtime_answer_seconds", "Time from a command's arrival to its answer.",
			.05, .1, .25, .5, 1, 2, 4, 8, 15, 30),
		extensions: counter("overtime_extensions_total", "States that extensions reached, by origin.", "state", "origin"),
		calls: register.NewHistogramVec(prometheus.HistogramOpts{
			Name: "overtime_meeting_call_seconds", Help: "Calls to the meeting service, by operation and HTTP status (0 = no answer).",
			Buckets: []float64{.025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, []string{"operation", "status"}),
		events: counter("overtime_socket_events_total", "What happened on the sockets to Slack.", "event"),
		acks: histogram("overtime_ack_seconds", "Time from an envelope's arrival to its ack.",
			.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2, 3),
		ticks: counter("overtime_ticks_total", "Looks at the running meetings, by result: ok, failed (in part), blind (nothing was seen).", "outcome"),
		tickTime: histogram("overtime_tick_seconds", "Time that a look at the running meetings took.",
			.05, .1, .25, .5, 1, 2.5, 5, 10, 20, 60),
		lastTick: gauge("overtime_last_tick_timestamp_seconds", "When this process last saw the running meetings; 0 while another replica does."),
		meetings: gauge("overtime_meetings_running", "Meetings that ran at the last look; 0 if automation is off and nobody looked."),
		decisions: register.NewGaugeVec(prometheus.GaugeOpts{
			Name: "overtime_decisions", Help: "Meetings at the last look, by what was decided about them.",
		}, []string{"reason"}),
		alarms: counter("overtime_automation_troubles_total", "Failures of automation, by kind.", "trouble"),
	}
}

func (m *metrics) tick(report scheduler.TickReport) {
	m.tickTime.Observe(report.Took.Seconds())
	for trouble, times := range report.Alarms {
		m.alarms.WithLabelValues(string(trouble)).Add(float64(times))
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
	m.decisions.Reset()
	for reason, number := range report.Reasons {
		m.decisions.WithLabelValues(string(reason)).Set(float64(number))
	}
}

// watch adds the gauges that are read at each scrape.
func (m *metrics) watch(sockets *socket.Client) {
	register := promauto.With(m.registry)
	register.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "overtime_sockets_live", Help: "Sockets to Slack that are past their hello.",
	}, func() float64 { return float64(sockets.Live()) })
	register.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "overtime_socket_silence_seconds", Help: "Time since anything came from Slack on any socket, pings included.",
	}, func() float64 {
		if last := sockets.LastFrame(); !last.IsZero() {
			return time.Since(last).Seconds()
		}
		return 0
	})
}

func (m *metrics) command(verb grammar.Verb, tone bot.Tone, took time.Duration) {
	m.commands.WithLabelValues(cmp.Or(string(verb), "none"), tone.Name()).Inc()
	m.answers.Observe(took.Seconds())
}

func (m *metrics) extension(e extension.Extension) {
	m.extensions.WithLabelValues(string(e.State), string(e.Origin)).Inc()
}

func (m *metrics) call(operation string, status int, took time.Duration) {
	m.calls.WithLabelValues(operation, strconv.Itoa(status)).Observe(took.Seconds())
}

func (m *metrics) socket(event socket.Event) {
	m.events.WithLabelValues(string(event.Kind)).Inc()
	if event.Kind == socket.EventAcked {
		m.acks.Observe(event.Duration.Seconds())
	}
}
