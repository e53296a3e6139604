package doctor

import (
	"fmt"
	"io"
	"strings"
)

// WriteText writes a line for each check, its remedy indented below, and a last line that sums up.
func (r Report) WriteText(out io.Writer) error {
	width, counts := 0, map[Result]int{}
	for _, check := range r.Checks {
		width = max(width, len(check.Name))
		counts[check.Result]++
	}
	var text strings.Builder
	for _, check := range r.Checks {
		fmt.Fprintf(&text, "%-4s  %-*s  %s\n", check.Result, width, check.Name, check.Seen)
		if check.Remedy != "" {
			fmt.Fprintf(&text, "      %-*s  → %s\n", width, "", check.Remedy)
		}
	}
	fmt.Fprintf(&text, "\n%s\n", summary(counts))
	if _, err := io.WriteString(out, text.String()); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}

func summary(counts map[Result]int) string {
	switch {
	case counts[Fail] > 0:
		return fmt.Sprintf("%d failed, %d to look at, %d ok.", counts[Fail], counts[Warn], counts[OK])
	case counts[Warn] > 0:
		return fmt.Sprintf("Nothing failed, %d to look at, %d ok.", counts[Warn], counts[OK])
	default:
		return fmt.Sprintf("All %d are ok.", counts[OK])
	}
}
