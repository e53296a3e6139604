package main

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// manualPage is the page as a person reads it: each term with its text, the commands and the flags under each. The
// second return is the page as roff reads it.
func manualPage(t *testing.T) (terms map[string]string, page string) {
	t.Helper()
	var out, trouble bytes.Buffer
	if status := run(t.Context(), []string{"man"}, nil, &out, &trouble); status != 0 {
		t.Fatalf("%d %s", status, &trouble)
	}
	terms = make(map[string]string)
	lines, of := strings.Split(out.String(), "\n"), ""
	for at, line := range lines {
		name, isTerm := strings.CutPrefix(line, ".B ")
		if !isTerm || lines[at-1] != ".TP" {
			continue
		}
		switch name = unroffed(name); {
		case strings.HasPrefix(name, "overtime "):
			of = name + " "
		case strings.ContainsAny(name[:1], "-<["):
			name = of + name
		}
		terms[name] = unroffed(lines[at+1])
	}
	return terms, out.String()
}

// unroffed is what roff shows of a line of text.
func unroffed(line string) string {
	return strings.NewReplacer(`\&`, "", `\-`, "-", `\e`, `\`).Replace(line)
}

// The manual page has every command with its flags, and every variable with its choices and its default, all in words that
// roff leaves as they are.
func TestManualPageHasEverything(t *testing.T) {
	terms, page := manualPage(t)
	wants := make(map[string]string)
	for _, command := range kong.Must(&commandLine{}, kong.Name("overtime"), kong.Vars{"version": ""}).Model.Children {
		usage := "overtime " + command.Name
		for _, argument := range command.Positional {
			usage += " " + argument.Summary()
		}
		wants[usage] = command.Help
		for _, argument := range command.Positional {
			wants[usage+" "+argument.Summary()] = argument.Help
		}
		for _, flag := range command.Flags {
			name := usage + " --" + flag.Name
			switch {
			case flag.Name == "help":
				continue
			case !flag.IsBool():
				name += "=" + flag.FormatPlaceHolder()
			}
			wants[name] = flag.Help
		}
	}
	for _, variable := range Variables() {
		want := variable.Help
		if variable.oneOf != "" {
			want += " (one of " + strings.Join(strings.Fields(variable.oneOf), ", ") + ")"
		}
		if variable.Default != "" {
			want += " [" + variable.Default + "]"
		}
		wants[variable.Name] = want
	}
	for name, want := range wants {
		if got, there := terms[name]; !there || got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if terms["overtime backup <file> <file>"] == "" {
		t.Error("the argument of overtime backup is not there")
	}
	if len(terms) != len(wants) || len(wants) < 60 {
		t.Errorf("%d terms, want %d", len(terms), len(wants))
	}
	known := regexp.MustCompile(`^\.(TH OVERTIME 1 "" "overtime dev"|SH [A-Z ]+|TP|RS|RE|B .+)$`)
	for line := range strings.Lines(page) {
		line = strings.TrimSuffix(line, "\n")
		if strings.HasPrefix(line, "'") || strings.HasPrefix(line, ".") && !known.MatchString(line) {
			t.Errorf("roff takes this line for its own: %s", line)
		}
		if strings.Contains(strings.ReplaceAll(line, `\-`, ""), "-") {
			t.Errorf("a hyphen that cannot be copied: %s", line)
		}
	}
}

// What roff would read as its own is kept from it.
func TestTextInRoff(t *testing.T) {
	for text, want := range map[string]string{
		"a-b": `a\-b`, `C:\new`: `C:\enew`, ".env is a file": `\&.env is a file`, "'so": `\&'so`, "two\nlines": "two lines", "a.b's": "a.b's", `\-`: `\e\-`,
	} {
		if got := inRoff(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
