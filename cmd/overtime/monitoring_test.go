package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/overtime-bot/overtime/meeting"
)

// metricNames are all that a started bot has.
func metricNames(t *testing.T) (names []string) {
	t.Helper()
	families, err := startedMetrics().registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range families {
		names = append(names, family.GetName())
		if family.GetMetric()[0].Histogram != nil {
			for _, part := range []string{"_bucket", "_count", "_sum"} {
				names = append(names, family.GetName()+part)
			}
		}
	}
	return names
}

// Rules and dashboard ask for nothing that the bot does not tell.
func TestMonitoringAsksForMetricsThatExist(t *testing.T) {
	there, named := metricNames(t), regexp.MustCompile(`\bovertime_[a-z_]+`)
	for _, file := range []string{"prometheus/alerts.yaml", "prometheus/alerts_test.yaml", "grafana/dashboard.json"} {
		names := named.FindAllString(readDeploy(t, file), -1)
		for _, name := range names {
			if !slices.Contains(there, name) {
				t.Errorf("%s asks for %s", file, name)
			}
		}
		if len(names) < 8 {
			t.Errorf("%s asks for %d metrics: nothing is proven", file, len(names))
		}
	}
	var dashboard struct{ Panels []struct{ Title string } }
	if err := json.Unmarshal([]byte(readDeploy(t, "grafana/dashboard.json")), &dashboard); err != nil || len(dashboard.Panels) < 10 {
		t.Errorf("%d panels, %v", len(dashboard.Panels), err)
	}
}

// startedMetrics are those of a bot whose parts are there.
func startedMetrics() *metrics {
	m := newMetrics()
	m.standing.learn(func(s *sources) {
		s.login = func() string { return loginOK }
		s.quota = func() []meeting.QuotaLeft { return []meeting.QuotaLeft{{Operation: "log in"}} }
	})
	return m
}

// Each label that rules and dashboard go by is there, and each value that they choose by is one that the bot tells.
func TestMonitoringAsksForLabelsThatExist(t *testing.T) {
	var series string
	for name := range seriesOf(t, startedMetrics()) {
		series += name + "\n"
	}
	expression := regexp.MustCompile(`(?m)"?expr"?: "?(.+?)"?,?$`)
	by, chosen, named := regexp.MustCompile(`by \(([a-z_, ]+)\)`), regexp.MustCompile(`(overtime_[a-z_]+)\{([a-z_]+)!?="([a-z_]+)"\}`), regexp.MustCompile(`overtime_[a-z_]+`)
	asked := 0
	for _, file := range []string{"prometheus/alerts.yaml", "grafana/dashboard.json"} {
		for _, found := range expression.FindAllStringSubmatch(readDeploy(t, file), -1) {
			text := strings.ReplaceAll(found[1], `\"`, `"`)
			for _, choice := range chosen.FindAllStringSubmatch(text, -1) {
				asked++
				if !regexp.MustCompile(choice[1] + `\{.*\b` + choice[2] + `="` + choice[3] + `"`).MatchString(series) {
					t.Errorf("%s chooses by what there is not: %s", file, text)
				}
			}
			metric := strings.TrimSuffix(strings.TrimSuffix(named.FindString(text), "_bucket"), "_count")
			for _, labels := range by.FindAllStringSubmatch(text, -1) {
				for _, label := range strings.Split(labels[1], ", ") {
					asked++
					if label != "le" && !regexp.MustCompile(metric+`\{.*\b`+label+`="`).MatchString(series) {
						t.Errorf("%s goes by the label %s, which there is not: %s", file, label, text)
					}
				}
			}
		}
	}
	if asked < 20 {
		t.Errorf("%d labels: nothing is proven", asked)
	}
}

type alertRules struct {
	Groups []struct {
		Rules []struct{ Alert, Expr string }
	}
}

// Each alert has a test of its silence and one of its labels and words, and the operator reads what to do about each, and about each check of /readyz.
func TestEveryAlertIsExplained(t *testing.T) {
	readme, tests := readDeploy(t, "README.md"), readDeploy(t, "prometheus/alerts_test.yaml")
	rules := parseDeploy[alertRules](t, "prometheus/alerts.yaml").Groups[0].Rules
	for _, rule := range rules {
		if !strings.Contains(readme, "| `"+rule.Alert+"` |") {
			t.Errorf("README.md does not explain %s", rule.Alert)
		}
		if !strings.Contains(tests, "alertname: "+rule.Alert+"}") {
			t.Errorf("no test says when %s is silent", rule.Alert)
		}
		if !regexp.MustCompile(`alertname: ` + rule.Alert + `\n +exp_alerts:\n +- exp_labels: .+\n +exp_annotations: `).MatchString(tests) {
			t.Errorf("no test says what %s tells", rule.Alert)
		}
	}
	if len(rules) < 7 {
		t.Errorf("%d alerts", len(rules))
	}
	for _, name := range checkNames {
		if !strings.Contains(readme, "| `"+name+"` |") {
			t.Errorf("README.md does not explain the check %s of /readyz", name)
		}
	}
}

// Prometheus' own tool says that the rules fire when they should, and only then.
func TestAlertsFire(t *testing.T) {
	promtool, err := exec.LookPath("promtool")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("promtool is missing: .ci/setup installs it")
		}
		t.Skip("promtool is missing: .ci/setup says how to get it")
	}
	command := exec.CommandContext(t.Context(), promtool, "test", "rules", "alerts_test.yaml")
	command.Dir = "deploy/prometheus"
	if output, err := command.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, output)
	}
}
