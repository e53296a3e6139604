package main

import (
	"fmt"
	"strings"
	"testing"
)

// sample is a value that a variable accepts.
func sample(variable Variable) string {
	switch name := variable.Name; {
	case strings.HasSuffix(name, "_USERS"):
		return "U012AB3CD"
	case strings.HasSuffix(name, "_GROUPS"):
		return "S012AB3CD"
	case strings.HasSuffix(name, "_CHANNELS"), strings.HasSuffix(name, "_CHANNEL"):
		return "C012AB3CD"
	case variable.Default != "":
		return variable.Default
	case name == "SLACK_BOT_TOKEN":
		return "xoxb-1-" + sentinel
	case name == "SLACK_APP_TOKEN":
		return "xapp-1-" + sentinel
	default:
		return sentinel
	}
}

// with is the least environment with the variable in it, and with nothing that goes against it.
func with(variable Variable, value string) []string {
	changes := []string{variable.Name + "=" + value}
	switch variable.Name {
	case "MEETING_APP_ID", "MEETING_APP_KEY", "MEETING_USER_ID", "MEETING_CORP_ID":
		changes = append([]string{"MEETING_ACCOUNT", "MEETING_PASSWORD", "MEETING_APP_ID=id", "MEETING_APP_KEY=key"}, changes...)
	}
	return enough(changes...)
}

func TestSamples(t *testing.T) {
	slow(t)
	for _, variable := range Variables() {
		if _, warnings, faults := load(t, with(variable, sample(variable)), ""); len(faults)+len(warnings) > 0 {
			t.Errorf("%s: %v %v", variable.Name, faults, warnings)
		}
	}
}

// carried is what a value becomes on its way.
var carried = map[string]func(string) string{
	"double quotes":      func(v string) string { return `"` + v + `"` },
	"single quotes":      func(v string) string { return `'` + v + `'` },
	"backquotes":         func(v string) string { return "`" + v + "`" },
	"smart quotes":       func(v string) string { return "“" + v + "”" },
	"German quotes":      func(v string) string { return "„" + v + "“" },
	"French quotes":      func(v string) string { return "«" + v + "»" },
	"Windows line end":   func(v string) string { return v + "\r" },
	"line end":           func(v string) string { return v + "\n" },
	"tab":                func(v string) string { return v + "\t" + v },
	"NUL":                func(v string) string { return v + "\x00" },
	"byte order mark":    func(v string) string { return "\ufeff" + v },
	"zero-width space":   func(v string) string { return v[:1] + "\u200b" + v[1:] },
	"non-breaking space": func(v string) string { return "\u00a0" + v },
	"ideographic space":  func(v string) string { return v + "\u3000" },
	"soft hyphen":        func(v string) string { return v[:1] + "\u00ad" + v[1:] },
	"direction mark":     func(v string) string { return v + "\u200e" },
	"Latin-1":            func(v string) string { return v + "\xe9" },
	"UTF-16":             func(v string) string { return "\xff\xfe" + strings.Join(strings.Split(v, ""), "\x00") },
}

// Whatever of this is in a value, and whichever variable it is: the operator reads its name, and never its value.
func TestEveryFlawOfEveryVariable(t *testing.T) {
	slow(t)
	t.Parallel()
	for _, variable := range Variables() {
		for what, carry := range carried {
			_, warnings, faults := load(t, with(variable, carry(sample(variable))), "")
			warned := len(warnings) == 1 && len(faults) == 0 && strings.HasPrefix(warnings[0], variable.Name+" ")
			if faulted := len(faults) == 1 && len(warnings) == 0 && faults[variable.Name] != ""; !faulted && (!warned || !variable.password) {
				t.Errorf("%s with %s: %v %v", variable.Name, what, faults, warnings)
			}
		}
		for _, space := range []string{" ", "  "} {
			if variable.isList() {
				continue
			}
			if _, _, faults := load(t, with(variable, sample(variable)+space), ""); len(faults) != 1 || faults[variable.Name] == "" {
				t.Errorf("%s with a space at its end: %v", variable.Name, faults)
			}
		}
	}
}

// The same in the file of a secret, and in the path of that file. A line end at the end of the file belongs to the file.
func TestEveryFlawOfEverySecretFile(t *testing.T) {
	slow(t)
	t.Parallel()
	for _, variable := range Variables() {
		if !variable.Secret {
			continue
		}
		name := variable.Name + secretFileSuffix
		through := func(path string) ([]string, map[string]string) {
			environ := append(with(variable, ""), name+"="+path)
			_, warnings, faults := load(t, environ, "")
			return warnings, faults
		}
		for what, carry := range carried {
			warnings, faults := through(write(t, "secret", carry(sample(variable)), 0o400))
			warned := len(warnings) == 1 && len(faults) == 0 && strings.HasPrefix(warnings[0], name+" ") && variable.password
			faulted := len(faults) == 1 && len(warnings) == 0 && faults[name] != ""
			if atEnd := strings.HasSuffix(what, "line end"); atEnd && len(faults)+len(warnings) > 0 || !atEnd && !faulted && !warned {
				t.Errorf("%s in a file with %s: %v %v", variable.Name, what, faults, warnings)
			}
			path := carry(write(t, "secret", sample(variable), 0o400))
			if warnings, faults := through(path); len(faults) != 1 || faults[name] == "" || len(warnings) > 0 {
				t.Errorf("%s with %s: %v %v", name, what, faults, warnings)
			}
		}
	}
}

// What the parser of the file takes away is named for each variable, and what it leaves alone is not.
func TestEveryChangeByTheFile(t *testing.T) {
	slow(t)
	t.Parallel()
	for _, variable := range Variables() {
		value := sample(variable)
		for content, warned := range map[string]bool{
			`%s="%s\e"`: true, `%s="%s$NOTHING"`: true, `%s=%s$NOTHING`: true, `%s=%s`: false, `%s='%s'`: false, `%s="%s"`: false,
		} {
			file := write(t, "config.env", fmt.Sprintf(content, variable.Name, value)+"\n", 0o600)
			var environ []string
			for _, setting := range with(variable, "") {
				if !strings.HasPrefix(setting, variable.Name+"=") {
					environ = append(environ, setting)
				}
			}
			_, warnings, _ := load(t, environ, file)
			named := len(warnings) == 1 && strings.HasPrefix(warnings[0], variable.Name+" in ")
			if warned && !named || !warned && len(warnings) > 0 {
				t.Errorf("%s: %q", fmt.Sprintf(content, variable.Name, "…"), warnings)
			}
		}
	}
}
