package main

import (
	"io"
	"maps"
	"math"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/meeting/meetingtest"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// scraped are the series that Prometheus would read now, or nil where nobody answers.
func (s *serving) scraped() map[string]float64 {
	s.t.Helper()
	status, body := s.get("/metrics")
	if status != http.StatusOK {
		return nil
	}
	return seriesIn(s.t, strings.NewReader(body))
}

func seriesIn(t *testing.T, text io.Reader) map[string]float64 {
	t.Helper()
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(text)
	must(t, err)
	return seriesOfFamilies(slices.Collect(maps.Values(families)))
}

func seriesOfFamilies(families []*dto.MetricFamily) map[string]float64 {
	series := make(map[string]float64)
	for _, family := range families {
		if !strings.HasPrefix(family.GetName(), "overtime_") {
			continue
		}
		for _, metric := range family.GetMetric() {
			series[family.GetName()+labelsOf(metric)] = valueOf(metric)
		}
	}
	return series
}

// The rules of alerts.yaml that one scrape of one replica can decide.
var (
	ruleOfNothing = regexp.MustCompile(`^absent\((overtime_[a-z_]+)\)$`)
	ruleOfOne     = regexp.MustCompile(`^(?:max|min)(?: by \(([a-z_]+)\))? ?\((overtime_[a-z_]+)((?:\{[^}]*\})?)\) (==|<|>) ([0-9.]+)$`)
	// What goes by a time or by two series needs Prometheus, and promtool tests it.
	rulesOfMore = []string{"OvertimeAutomationFailing", "OvertimeQuotaNear"}
)

// firing are the alerts that these series of a lone replica would fire if they stayed: each with the label that it goes by, if
// it goes by one.
func firing(t *testing.T, series map[string]float64) (fires []string) {
	t.Helper()
	for _, rule := range parseDeploy[alertRules](t, "prometheus/alerts.yaml").Groups[0].Rules {
		if of := ruleOfNothing.FindStringSubmatch(rule.Expr); of != nil {
			if !slices.ContainsFunc(slices.Collect(maps.Keys(series)), func(name string) bool { return strings.HasPrefix(name, of[1]+"{") || name == of[1] }) {
				fires = append(fires, rule.Alert)
			}
			continue
		}
		of := ruleOfOne.FindStringSubmatch(rule.Expr)
		if of == nil {
			if !slices.Contains(rulesOfMore, rule.Alert) {
				t.Errorf("%s: nobody here can read %s", rule.Alert, rule.Expr)
			}
			continue
		}
		fires = append(fires, firingOf(series, rule.Alert, of)...)
	}
	return fires
}

func firingOf(series map[string]float64, alert string, of []string) (fires []string) {
	label, name, selector, holds := of[1], of[2], of[3], of[4]
	than, _ := strconv.ParseFloat(of[5], 64) // the expression has digits alone
	for _, found := range slices.Sorted(maps.Keys(series)) {
		family, labels, _ := strings.Cut(found, "{")
		if family != name || selector != "" && "{"+labels != selector {
			continue
		}
		value := series[found]
		if math.IsNaN(value) || !map[string]bool{"==": value == than, "<": value < than, ">": value > than}[holds] {
			continue
		}
		fires = append(fires, alert)
		if label != "" {
			fires = append(fires, strings.TrimSuffix(strings.TrimPrefix(labels, label+`="`), `"}`))
		}
	}
	return fires
}

// What decides whether an alert fires decides it as Prometheus does, so far as one scrape tells.
func TestWhatFires(t *testing.T) {
	well := map[string]float64{
		`overtime_build_info{version="dev"}`: 1, "overtime_sockets_live": 2, "overtime_look_overdue_seconds": 0, "overtime_extensions_unsettled_oldest_seconds": math.NaN(),
		`overtime_meeting_login{state="ok"}`: 1, `overtime_meeting_login{state="refused"}`: 0, `overtime_ready{check="database"}`: 1, `overtime_ready{check="looks"}`: 1,
	}
	for series, c := range map[string]struct {
		value float64
		want  []string
	}{
		"overtime_sockets_live":                        {0, []string{"OvertimeDeaf"}},
		"overtime_look_overdue_seconds":                {91, []string{"OvertimeLookLate"}},
		"overtime_extensions_unsettled_oldest_seconds": {301, []string{"OvertimeUnsettled"}},
		`overtime_meeting_login{state="ok"}`:           {0, []string{"OvertimeLoginFailing"}},
		`overtime_meeting_login{state="refused"}`:      {1, nil},
		`overtime_ready{check="looks"}`:                {0, []string{"OvertimeNotReady", "looks"}},
	} {
		broken := maps.Clone(well)
		broken[series] = c.value
		if got := firing(t, broken); !slices.Equal(got, c.want) {
			t.Errorf("%s is %v: %v, want %v", series, c.value, got, c.want)
		}
	}
	if got := firing(t, nil); !slices.Equal(got, []string{"OvertimeDown"}) {
		t.Errorf("nobody answers: %v", got)
	}
	if got := firing(t, well); got != nil {
		t.Errorf("all is well: %v", got)
	}
}

// A meeting service that is away is noticed by the look that does not come about: 90 s late, the health page and the alert say so,
// and the login stays as it was.
func TestLooksThatAreLateAreNoticed(t *testing.T) {
	p := newPlay(t, "AUTO_EXTEND=ask")
	for ticks := time.Tick(10 * time.Millisecond); p.program.scheduler.LastTick().IsZero(); { // the first look would end after the minutes
		<-ticks
	}
	p.meetings.Inject(meetingtest.Fault{Kind: meetingtest.Reset, Times: -1})
	for range 4 {
		p.clock.Forward(time.Minute)
	}
	state := p.program.health.readiness(t.Context())
	if got := firing(t, seriesOf(t, p.program.metrics)); !slices.Equal(got, []string{"OvertimeLookLate", "OvertimeNotReady", checkOfLooks}) {
		t.Errorf("firing: %v; /readyz: %q", got, state.Reasons)
	}
	wantContains(t, strings.Join(state.Reasons, "\n"), "the running meetings were not looked at recently")
}
