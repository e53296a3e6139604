package store

import (
	"strings"
	"testing"
)

// checkPlan looks for what the plan of a query must have; a plan must not sort or walk through a table, unless
// the walk is wanted.
func checkPlan(t *testing.T, on session, text string, want []string) {
	t.Helper()
	q := on.queries.of(text)
	arguments := make([]any, strings.Count(q.text, "?"))
	rows, err := on.runner.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+q.text, arguments...)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	defer rows.Close()
	var plan strings.Builder
	for rows.Next() {
		var id, parent, unused int
		var step string
		if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
			t.Fatal(err)
		}
		plan.WriteString(step + "\n")
	}
	for _, part := range want {
		if !strings.Contains(plan.String(), part) {
			t.Errorf("%s\nis run without %q:\n%s", text, part, plan.String())
		}
	}
	wanted := strings.Join(want, " ")
	for step := range strings.Lines(plan.String()) {
		step = strings.TrimSpace(step)
		walks := strings.HasPrefix(step, "SCAN ") && step != "SCAN CONSTANT ROW"
		if strings.Contains(step, "TEMP B-TREE") || walks && !strings.Contains(wanted, step) {
			t.Errorf("%s\nwalks or sorts: %s", text, step)
		}
	}
}
