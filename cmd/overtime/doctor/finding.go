package doctor

import (
	"slices"
	"strings"
)

// A Finding is one thing that a check saw.
type Finding struct {
	Result Result
	Seen   string
	Remedy string
}

// Found is a finding of something that is right.
func Found(seen string) Finding { return Finding{Result: OK, Seen: seen} }

// Doubt is a finding of something that is likely not meant.
func Doubt(seen, remedy string) Finding { return Finding{Result: Warn, Seen: seen, Remedy: remedy} }

// Fault is a finding of something that does not work.
func Fault(seen, remedy string) Finding { return Finding{Result: Fail, Seen: seen, Remedy: remedy} }

// Join makes a check of what it found: the worst counts, and only what is not right is told where anything is not.
func Join(name string, findings ...Finding) Check {
	check := Check{Name: name, Result: OK}
	for _, finding := range findings {
		if finding.Result.worse(check.Result) {
			check.Result = finding.Result
		}
	}
	var seen, remedies []string
	for _, finding := range findings {
		if check.Result != OK && finding.Result == OK {
			continue
		}
		seen = appendNew(seen, finding.Seen)
		remedies = appendNew(remedies, finding.Remedy)
	}
	check.Seen, check.Remedy = oneLine(strings.Join(seen, "; ")), oneLine(strings.Join(remedies, "; "))
	return check
}

func appendNew(texts []string, text string) []string {
	if text == "" || slices.Contains(texts, text) {
		return texts
	}
	return append(texts, text)
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// NotChecked is a check that needs another one to be right.
func NotChecked(name, because string) Check {
	return Join(name, Unchecked(because))
}

// Unchecked is the finding of a check that needs another one to be right.
func Unchecked(because string) Finding {
	return Doubt("not checked: "+because, "put that right first, then run overtime doctor again")
}
