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
)

// metrics counts what the parts report. It has a registry of its own: two programs in one process do not collide.
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
	m := &metrics{
		registry: prometheus.NewRegistry(),
		commands: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "overtime_commands_total", Help: "Commands answered, by verb and kind of answer.",
		}, []string{"verb", "answer"}),
		answers: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "overtime_answer_seconds", Help: "Time from a command's arrival to its answer.", Buckets: []float64{.05, .1, .25, .5, 1, 2, 4, 8, 15, 30},
		}),
		extensions: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "overtime_extensions_total", Help: "States that extensions reached, by origin.",
		}, []string{"state", "origin"}),
		calls: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "overtime_meeting_call_seconds", Help: "Calls to the meeting service, by operation and HTTP status (0 = no answer).", Buckets: []float64{.025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, []string{"operation", "status"}),
		events: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "overtime_socket_events_total", Help: "What happened on the sockets to Slack.",
		}, []string{"event"}),
		acks: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "overtime_ack_seconds", Help: "Time from an envelope's arrival to its ack.", Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2, 3},
		}),
	}
	m.makeTickMetrics()
	m.registry.MustRegister(m.commands, m.answers, m.extensions, m.calls, m.events, m.acks,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// makeTickMetrics makes those of the half that works while nobody watches.
func (m *metrics) makeTickMetrics() {
	m.ticks = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "overtime_ticks_total", Help: "Looks at the running meetings, by how they came out: ok, failed (in part), blind (nothing was seen).",
	}, []string{"outcome"})
	m.tickTime = prometheus.NewHistogram(prometheus.HistogramOpts{
		Name: "overtime_tick_seconds", Help: "Time that a look at the running meetings took.", Buckets: []float64{.05, .1, .25, .5, 1, 2.5, 5, 10, 20, 60},
	})
	m.lastTick = prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "overtime_last_tick_timestamp_seconds", Help: "When this process last saw the running meetings; 0 while another replica does.",
	})
	m.meetings = prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "overtime_meetings_running", Help: "Meetings that ran at the last look; 0 where nothing is to be done by itself, and nobody looked.",
	})
	m.decisions = prometheus.NewGaugeVec(prometheus.GaugeOpts{
		Name: "overtime_decisions", Help: "Meetings at the last look, by what was decided about them.",
	}, []string{"reason"})
	m.alarms = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "overtime_automation_troubles_total", Help: "Failures of automation, by kind.",
	}, []string{"trouble"})
	m.registry.MustRegister(m.ticks, m.tickTime, m.lastTick, m.meetings, m.decisions, m.alarms)
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

// watch adds the gauges that are read when they are asked for.
func (m *metrics) watch(sockets *socket.Client) {
	m.registry.MustRegister(
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "overtime_sockets_live", Help: "Sockets to Slack that are past their hello.",
		}, func() float64 { return float64(sockets.Live()) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "overtime_socket_silence_seconds", Help: "Time since Slack was heard last on any socket, pings included.",
		}, func() float64 {
			if last := sockets.LastFrame(); !last.IsZero() {
				return time.Since(last).Seconds()
			}
			return 0
		}))
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
