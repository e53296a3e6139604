package main

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	dto "github.com/prometheus/client_model/go"
)

// seriesOf are all series of a registry with their values: of a histogram, how often it was observed.
func seriesOf(t *testing.T, m *metrics) map[string]float64 {
	t.Helper()
	families, err := m.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	return seriesOfFamilies(families)
}

func labelsOf(metric *dto.Metric) string {
	var labels []string
	for _, label := range metric.GetLabel() {
		labels = append(labels, fmt.Sprintf("%s=%q", label.GetName(), label.GetValue()))
	}
	if labels == nil {
		return ""
	}
	return "{" + strings.Join(labels, ",") + "}"
}

func valueOf(metric *dto.Metric) float64 {
	if metric.Histogram != nil {
		return float64(metric.GetHistogram().GetSampleCount())
	}
	return metric.GetGauge().GetValue() + metric.GetCounter().GetValue()
}

// Every series exists from the first scrape: what people do makes none, but for statuses and codes that others choose.
func TestSeriesExistFromTheStart(t *testing.T) {
	slow(t)
	p := newPlay(t, "AUTO_EXTEND=ask")
	fresh := newMetrics()
	fresh.standing.learn(func(s *sources) { s.login, s.quota = p.program.loginState, p.program.meetings.QuotaLeft })
	before := seriesOf(t, fresh)
	for _, typed := range []string{"914083136 30", "list", "why 914083136", "watch 914083136 ask", "help", "dance"} {
		p.types(demoAlice, "/extend "+typed)
	}
	after := seriesOf(t, p.program.metrics)
	for series, value := range after {
		if _, there := before[series]; !there && !othersChoice.MatchString(series) {
			t.Errorf("%s (%v) does not exist from the start", series, value)
		}
	}
	for _, series := range []string{
		`overtime_build_info{version="dev"}`, `overtime_commands_total{answer="done",verb="extend"}`,
		`overtime_extensions_total{origin="command",state="confirmed"}`, `overtime_meeting_login{state="ok"}`,
		`overtime_meeting_call_seconds{operation="extend_meeting",status="200"}`, `overtime_slack_calls_total{code="ok",method="auth.test"}`,
		`overtime_slack_calls_total{code="ok",method="response_url"}`, `overtime_slack_calls_total{code="ok",method="users.info"}`,
		`overtime_ready{check="sockets"}`, `overtime_ready{check="database"}`, `overtime_sockets_live`,
	} {
		if after[series] < 1 {
			t.Errorf("%s is %v\n%s", series, after[series], strings.Join(slices.Sorted(maps.Keys(after)), "\n"))
		}
	}
	quota := `overtime_meeting_quota_left{operation="extend_meeting"}`
	if after[quota] >= before[quota] {
		t.Errorf("an extension leaves %v of %v", after[quota], before[quota])
	}
	if before[`overtime_meeting_login{state="ok"}`]+before[`overtime_meeting_login{state="starting"}`] != 1 {
		t.Error("one state of the login holds")
	}
}

var othersChoice = regexp.MustCompile(`^overtime_meeting_call_seconds\{.*status=|^overtime_slack_calls_total\{code=`)

// Every name and every value of a label is snake_case, but for versions and Slack's own names of methods.
func TestMetricsAreSnakeCase(t *testing.T) {
	snakes := regexp.MustCompile(`^[a-z0-9_]+$`)
	families, err := newMetrics().registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range families {
		if !snakes.MatchString(family.GetName()) {
			t.Errorf("%s", family.GetName())
		}
		for _, metric := range family.GetMetric() {
			for _, label := range metric.GetLabel() {
				own := label.GetName() != "version" && label.GetName() != "method"
				if !snakes.MatchString(label.GetName()) || own && !snakes.MatchString(label.GetValue()) {
					t.Errorf("%s%s", family.GetName(), labelsOf(metric))
				}
			}
		}
	}
}
