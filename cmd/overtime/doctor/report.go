package doctor

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
)

// Result is how a check came out.
type Result string

// The results, from good to bad.
const (
	OK   Result = "ok"
	Warn Result = "warn" // the bot runs, and something is likely not as it was meant
	Fail Result = "fail" // something that the configuration asks for does not work
)

var order = []Result{OK, Warn, Fail}

func (r Result) worse(than Result) bool { return slices.Index(order, r) > slices.Index(order, than) }

// Check is one line of the report. It holds no secret.
type Check struct {
	Name   string `json:"name"`
	Result Result `json:"result"`
	Seen   string `json:"seen"`
	Remedy string `json:"remedy"` // one line; empty where the result is OK
}

// Report is everything that was checked.
type Report struct {
	Checks []Check `json:"checks"` // one of each name, in the order of Names
}

// NewReport puts the checks in order. Each name has one.
func NewReport(checks ...Check) Report {
	slices.SortFunc(checks, func(a, b Check) int { return slices.Index(Names, a.Name) - slices.Index(Names, b.Name) })
	return Report{Checks: checks}
}

// Failed are the names of the checks that failed.
func (r Report) Failed() (names []string) {
	for _, check := range r.Checks {
		if check.Result == Fail {
			names = append(names, check.Name)
		}
	}
	return names
}

// WriteJSON writes one object.
func (r Report) WriteJSON(out io.Writer) error {
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(r); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}
